import type { Db } from '../db/open'
import type { Deps } from '../deps'
import { AnswerLost } from './client'

/**
 * Does the work while nobody else, in any process, works for this successor: WeCom refuses parallel assignments to one
 * member (facts 4.3, 45035), and a call that has no answer yet must not be taken for one that was lost. The turn is a row
 * lock of an open transaction, so it ends with the process that holds it, however that ends. Somebody else's turn: no work.
 */
export async function inTurn(db: Db, successorId: string, work: () => Promise<void>): Promise<void> {
  await db.transaction().execute(async (turn) => {
    const mine = await turn
      .selectFrom('member')
      .select('id')
      .where('id', '=', successorId)
      .forNoKeyUpdate()
      .skipLocked()
      .executeTakeFirst()
    if (mine) await work()
  })
}

/** So many calls in a row without an answer: WeCom cannot be reached, and the rest waits for the next run. */
const GIVE_UP = 3

/** One after the other, each in its successor's turn. What fails is logged and does not stop the others. */
export async function eachInTurn<T extends { successorId: string }>(
  { db, log }: Deps,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  let lost = 0
  for (const item of items) {
    try {
      await inTurn(db, item.successorId, () => work(item))
      lost = 0
    } catch (err) {
      if (!(err instanceof AnswerLost)) {
        log.error({ err, successor: item.successorId }, 'transfers')
        continue
      }
      log.warn({ path: err.path, why: err.why, successor: item.successorId }, 'no answer from WeCom')
      if (++lost === GIVE_UP) return
    }
  }
}
