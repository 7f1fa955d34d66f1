import type { Insertable, Selectable } from 'kysely'
import type { Db, Tx } from '../db/open'
import type { Customer, Promise as PromiseTable, Relation } from '../db/tables'

export type CustomerRow = Selectable<Customer>
export type RelationRow = Omit<Selectable<Relation>, 'personalTags' | 'endedBy'>

export const membersByUserid = (db: Db, userids: readonly string[]) =>
  db.selectFrom('member').select(['id', 'userid', 'status']).where('userid', 'in', userids).execute()

export const customersByContact = (db: Db, externalUserids: readonly string[]) =>
  db
    .selectFrom('wecomContact')
    .innerJoin('customer', 'customer.id', 'wecomContact.customerId')
    .selectAll('customer')
    .select('wecomContact.externalUserid')
    .where('wecomContact.externalUserid', 'in', externalUserids)
    .execute()

export const relationsBetween = (db: Db, memberIds: readonly string[], customerIds: readonly string[]) =>
  db
    .selectFrom('relation')
    .selectAll()
    .where('memberId', 'in', memberIds)
    .where('customerId', 'in', customerIds)
    .execute()

export const tagNames = (db: Db, ids: readonly string[]) =>
  db.selectFrom('tag').select(['id', 'name']).where('id', 'in', ids).execute()

/** Whoever is about to change what is known of these customers holds them until the end of the transaction. */
export const lockCustomers = (tx: Tx, ids: readonly string[]) =>
  tx.selectFrom('customer').select('id').where('id', 'in', ids).orderBy('id').forNoKeyUpdate().execute()

export const saveCustomers = (tx: Tx, rows: CustomerRow[]) =>
  tx
    .insertInto('customer')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        name: eb.ref('excluded.name'),
        kind: eb.ref('excluded.kind'),
        company: eb.ref('excluded.company'),
        title: eb.ref('excluded.title'),
      })),
    )
    .execute()

export const saveRelations = (tx: Tx, rows: RelationRow[]) =>
  tx
    .insertInto('relation')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['memberId', 'customerId']).doUpdateSet((eb) => ({
        remark: eb.ref('excluded.remark'),
        description: eb.ref('excluded.description'),
        company: eb.ref('excluded.company'),
        mobiles: eb.ref('excluded.mobiles'),
        tagIds: eb.ref('excluded.tagIds'),
        addWay: eb.ref('excluded.addWay'),
        since: eb.ref('excluded.since'),
        endedAt: eb.ref('excluded.endedAt'),
      })),
    )
    .execute()

/**
 * A promise that is there already is not made again, whoever made it: a description that was passed on to a successor, by
 * WeCom or by us, carries the predecessor's promises with it. Answers the new ones.
 */
export async function addPromises(tx: Tx, rows: Insertable<PromiseTable>[]) {
  const known = await tx
    .selectFrom('promise')
    .select(['customerId', 'text', 'due'])
    .where('customerId', 'in', [...new Set(rows.map((r) => r.customerId))])
    .where('source', '=', 'description')
    .execute()
  const key = (p: Pick<Insertable<PromiseTable>, 'customerId' | 'text' | 'due'>) =>
    JSON.stringify([p.customerId, p.text, p.due ?? null])
  const made = new Set(known.map(key))
  const fresh = rows.filter((row) => !made.has(key(row)))
  if (!fresh.length) return []
  return tx
    .insertInto('promise')
    .values(fresh)
    .onConflict((conflict) => conflict.doNothing())
    .returning(['customerId', 'madeBy', 'madeAt', 'text', 'due'])
    .execute()
}

interface End {
  memberId: string
  customerIds: readonly string[] | 'all'
  by: string
  at: Date
}
/** Ends what is still open: of one member all, or only with these customers. Answers whom it ended with. */
export const closeRelations = (tx: Tx, { memberId, customerIds, by, at }: End) =>
  tx
    .updateTable('relation')
    .set({ endedAt: at, endedBy: by })
    .where('memberId', '=', memberId)
    .where('endedAt', 'is', null)
    .$if(customerIds !== 'all', (q) => q.where('customerId', 'in', customerIds as string[]))
    .returning('customerId')
    .execute()

/** The customers a member still follows, with WeCom's id of each. */
export const openContacts = (db: Db, memberId: string) =>
  db
    .selectFrom('relation')
    .innerJoin('wecomContact', 'wecomContact.customerId', 'relation.customerId')
    .select(['relation.customerId', 'wecomContact.externalUserid'])
    .where('relation.memberId', '=', memberId)
    .where('relation.endedAt', 'is', null)
    .execute()
