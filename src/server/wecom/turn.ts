import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'
import type { Deps } from '../deps'
import { AnswerLost } from './client'

/** So long one waits for somebody else's turn, as groups and customers of one successor do; a call takes less. */
const PATIENCE_MS = 6000
/** PostgreSQL's code for a lock that was not had in time. */
const LOCK_NOT_AVAILABLE = '55P03'

/**
 * Does the work while nobody else, in any process, works for this successor: WeCom refuses parallel assignments to one
 * member (facts 4.3, 45035), and a call that has no answer yet must not be taken for one that was lost. The turn is a row
 * lock of an open transaction, so it ends with the process that holds it, however that ends. A turn that does not come in
 * time: no work, and the next run tries again.
 */
export async function inTurn(db: Db, successorId: string, work: () => Promise<void>): Promise<void> {
  await db.transaction().execute(async (turn) => {
    if (await isMine(turn, successorId)) await work()
  })
}

async function isMine(turn: Tx, successorId: string): Promise<boolean> {
  await sql`select set_config('lock_timeout', ${`${PATIENCE_MS}`}, true)`.execute(turn)
  try {
    const mine = await turn
      .selectFrom('member')
      .select('id')
      .where('id', '=', successorId)
      .forNoKeyUpdate()
      .executeTakeFirst()
    return mine !== undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE) return false
    throw error
  }
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
