import type { Db, Tx } from '../db/open'

export interface NewPromise {
  id: string
  customerId: string
  madeBy: string
  madeAt: Date
  text: string
  due: string | null
}

/** Nothing comes back when the same member has already promised the same for the same day. */
export const addPromise = (tx: Tx, promise: NewPromise) =>
  tx
    .insertInto('promise')
    .values({ ...promise, source: 'member' })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()

export const samePromise = (db: Db, { customerId, madeBy, text, due }: NewPromise) =>
  db
    .selectFrom('promise')
    .selectAll()
    .where('customerId', '=', customerId)
    .where('madeBy', '=', madeBy)
    .where('text', '=', text)
    .where('due', due === null ? 'is' : '=', due)
    .executeTakeFirstOrThrow()

export const promiseById = (db: Db, id: string) =>
  db.selectFrom('promise').select(['id', 'customerId', 'text']).where('id', '=', id).executeTakeFirst()

/** Nothing comes back when it was kept before. */
export const keepPromise = (tx: Tx, id: string, by: string, at: Date) =>
  tx
    .updateTable('promise')
    .set({ keptAt: at, keptBy: by })
    .where('id', '=', id)
    .where('keptAt', 'is', null)
    .returning('id')
    .executeTakeFirst()
