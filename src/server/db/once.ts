import { AsyncLocalStorage } from 'node:async_hooks'
import { sql } from 'kysely'
import type { Db } from './open'

/** So long a key is answered the same: longer than the 24 hours that WeCom lets customers think (quality.md B1). */
export const KEPT_DAYS = 7

/**
 * The one effect a request with a key may have (lib/once.ts). `act` asks it: at its beginning whether somebody else is at it,
 * at its end to write down what was answered, in the same transaction.
 */
interface Effect {
  member: string
  begin(tx: Db): Promise<void>
  /** `subjects`: what the effect's entries in the log are about. */
  end(tx: Db, result: unknown, subjects: readonly string[]): Promise<void>
}

/** Of the request that is running; whatever it wakes runs outside of it. */
export const effects = new AsyncLocalStorage<Effect>()

export interface KeptAnswer {
  keyHash: string
  memberId: string
  inputHash: string
  status: number
  /** Null: it was done, and what was answered is not kept. */
  body: string | null
  customerId: string | null
  mark: string | null
  at: Date
}

export const keptAnswer = (db: Db, keyHash: string, since: Date): Promise<KeptAnswer | undefined> =>
  db.selectFrom('keptAnswer').selectAll().where('keyHash', '=', keyHash).where('at', '>', since).executeTakeFirst()

/** What is said last counts; an older one of the same key has run out. */
export const keepAnswer = (db: Db, row: KeptAnswer) =>
  db
    .insertInto('keptAnswer')
    .values(row)
    .onConflict((conflict) => conflict.column('keyHash').doUpdateSet(row))
    .execute()

/** Held until the transaction ends; false: somebody else holds it. */
export async function takeKey(tx: Db, keyHash: string): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${keyHash}, 40)) as mine`.execute(tx)
  return rows[0]?.mine ?? false
}

/** Which customer these ids are of, or the one whose handover, notice or promise they are. */
export async function customerAmong(db: Db, ids: readonly string[]): Promise<string | null> {
  const list = sql`${sql.val([...ids])}::text[]`
  const { rows } = await sql<{ id: string }>`
    select id from customer where id = any(${list})
    union select customer_id from handover where id = any(${list})
    union select customer_id from promise where id = any(${list})
    limit 2`.execute(db)
  return rows.length === 1 ? (rows[0]?.id ?? null) : null
}
