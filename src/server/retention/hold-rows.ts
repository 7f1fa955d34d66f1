import type { Insertable, Updateable } from 'kysely'
import type { Db, Tx } from '../db/open'
import type { LegalHold } from '../db/tables'

/** Newest first. */
export const listHolds = (db: Db, after: string | null, limit: number) =>
  db
    .selectFrom('legalHold')
    .innerJoin('member as placer', 'placer.id', 'legalHold.beganBy')
    .leftJoin('member as releasing', 'releasing.id', 'legalHold.releasedBy')
    .leftJoin('departure', 'departure.id', 'legalHold.subjectId')
    .leftJoin('member as leaving', 'leaving.id', 'departure.memberId')
    .leftJoin('customer', 'customer.id', 'legalHold.subjectId')
    .selectAll('legalHold')
    .select(['placer.name as beganByName', 'releasing.name as releaser', 'leaving.name as leaver'])
    .select('customer.name as customer')
    .$if(after !== null, (q) => q.where('legalHold.id', '<', after ?? ''))
    .orderBy('legalHold.id', 'desc')
    .limit(limit)
    .execute()
export type HoldRow = Awaited<ReturnType<typeof listHolds>>[number]

/** The subject's row is held: what is just being deleted cannot be put on hold any more. */
export const subjectExists = (tx: Tx, kind: 'departure' | 'customer', id: string) =>
  kind === 'customer'
    ? tx.selectFrom('customer').select('id').where('id', '=', id).forShare().executeTakeFirst()
    : tx.selectFrom('departure').select('id').where('id', '=', id).forShare().executeTakeFirst()

export const insertHold = (tx: Tx, row: Insertable<LegalHold>) => tx.insertInto('legalHold').values(row).execute()

export const openHold = (tx: Tx, id: string) =>
  tx
    .selectFrom('legalHold')
    .select(['id', 'reason'])
    .where('id', '=', id)
    .where('releasedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst()

export const setHold = (tx: Tx, id: string, change: Updateable<LegalHold>) =>
  tx.updateTable('legalHold').set(change).where('id', '=', id).execute()
