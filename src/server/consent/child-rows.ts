import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'
import { inheritedCustomer } from '../db/standing'

export const customerExists = (db: Db, id: string) =>
  db.selectFrom('customer').select('id').where('id', '=', id).executeTakeFirst()

/** As successor, or because the customer is their own. */
export const serves = async (db: Db, customerId: string, memberId: string): Promise<boolean> =>
  Boolean((await inheritedCustomer(db, memberId, customerId)) ?? (await follows(db, customerId, memberId)))

/** The member's own customer. */
export const follows = (db: Db, customerId: string, memberId: string) =>
  db
    .selectFrom('relation')
    .select('customerId')
    .where('customerId', '=', customerId)
    .where('memberId', '=', memberId)
    .where('endedAt', 'is', null)
    .executeTakeFirst()

export const addRaw = (tx: Tx, raw: { id: string; customerId: string; authorId: string; at: Date; text: string }) =>
  tx.insertInto('rawRecord').values(raw).execute()

export const mark = (tx: Tx, child: { customerId: string; callName: string; markedBy: string; markedAt: Date }) =>
  tx
    .insertInto('child')
    .values(child)
    .onConflict((c) => c.column('customerId').doUpdateSet({ callName: child.callName }))
    .execute()

export const unmark = (tx: Tx, customerId: string) =>
  tx.deleteFrom('child').where('customerId', '=', customerId).returning('customerId').executeTakeFirst()

/** A child whom this member serves, or is about to. */
export const childWith = (db: Db, customerId: string, memberId: string) =>
  db
    .selectFrom('child')
    .innerJoin('handover', 'handover.customerId', 'child.customerId')
    .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
    .select('child.customerId')
    .where('child.customerId', '=', customerId)
    .where('transfer.successorId', '=', memberId)
    .executeTakeFirst()

export const decide = (
  tx: Tx,
  decision: {
    id: string
    customerId: string
    memberId: string
    granted: boolean
    until: Date | null
    reason: string
    decidedBy: string
    decidedAt: Date
  },
) => tx.insertInto('childAccess').values(decision).execute()

export interface ChildRow {
  customer: string
  callName: string
  member: string | null
  memberName: string | null
  guardian: boolean
  approvedUntil: Date | null
  reason: string | null
}
/** Each child with whoever serves them now; by customer. */
export const children = async (db: Db, now: Date, after: string | undefined, limit: number): Promise<ChildRow[]> =>
  (
    await sql<ChildRow>`
      select child.customer_id as customer, child.call_name, member.id as member, member.name as member_name,
             coalesce(consent.state = 'given' and consent.until > ${now} and consent.subject_id = member.id, false) as guardian,
             decision.until as approved_until, decision.reason
        from child
        left join lateral (
          select t.successor_id from handover h join transfer t on t.handover_id = h.id
           where h.customer_id = child.customer_id and t.state in ('approved', 'submitted', 'waiting', 'taken_over')
           order by h.created_at desc, h.id desc limit 1) served on true
        left join member on member.id = served.successor_id
        left join consent on consent.customer_id = child.customer_id and consent.purpose = 'serve'
        left join lateral (
          select a.until, a.reason from child_access a
           where a.customer_id = child.customer_id and a.member_id = member.id
           order by a.decided_at desc, a.id desc limit 1) decision on true
       where child.customer_id > ${after ?? ''}
       order by child.customer_id limit ${limit + 1}`.execute(db)
  ).rows
