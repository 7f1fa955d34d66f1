import type { Deps } from '../deps'
import { inTurn } from '../wecom/turn'
import { restoreHandover } from './restore'
import * as rows from './rows'

/** Successors at once, customers in one turn, customers in one run: what somebody asks for meanwhile need not wait long. */
const LANES = 3
const SLICE = 20
const MOST = 1000
/** So many in a row for whom WeCom could not be asked: the rest waits for the next run. */
const GIVE_UP = 3

/**
 * Restores what was asked for and is due, one member's customers at a time (45035), a few members beside each other. Every
 * step stands in the rows before it is taken, so a run may end anywhere and another goes on, in whatever process.
 */
export async function restoreJob(deps: Deps): Promise<void> {
  // Tags WeCom refused during this run: the next customer's call goes without them.
  const refused = new Set<string>()
  const resting = new Set<string>()
  let served = 0
  let troubles = 0

  async function lane(): Promise<void> {
    while (served < MOST && troubles < GIVE_UP) {
      const next = await rows.nextSuccessor(deps.db, deps.now(), [...resting])
      if (!next) return
      const { successorId } = next
      // Another lane was quicker to take this one.
      if (resting.has(successorId)) continue
      resting.add(successorId)
      await inTurn(deps.db, successorId, async () => {
        for (const { handoverId } of await rows.dueOf(deps.db, successorId, deps.now(), SLICE)) {
          served++
          if (!(await restoreHandover(deps, refused, handoverId))) return void troubles++
          troubles = 0
        }
        resting.delete(successorId)
      })
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  if (served >= MOST) deps.wake('restore')
}
