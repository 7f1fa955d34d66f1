import { sql } from 'kysely'
import type { Db } from './open'

/** Since when this product looks: WeCom's first reading. Whoever was there before is no newcomer; null: it has not been read. */
export const looksSince = sql<Date | null>`(select min(started_at) from mirror_run)`

/**
 * Nobody of ours had them before, and they were not passed on, are not on their way, and were told by no handover; add `relation` of
 * one member. Of a departure that was called off nothing is left but a notice that was sent.
 */
const isNew = sql<boolean>`(relation.since >= ${looksSince}
  and not exists (select 1 from relation o where o.customer_id = relation.customer_id and o.since < ${looksSince})
  and not exists (
    select 1 from handover h join departure d on d.id = h.departure_id left join notice n on n.handover_id = h.id
     where h.customer_id = relation.customer_id
       and (d.ended_at is null or h.created_at <= relation.since or n.sent_at is not null)))`

/** Of several of ours, whoever had them first answers for them. */
const isFirst = sql<boolean>`not exists (
  select 1 from relation o where o.customer_id = relation.customer_id and o.ended_at is null
     and (o.since, o.member_id) < (relation.since, relation.member_id))`

const isTold = sql<boolean>`exists (
  select 1 from first_notice n where n.customer_id = relation.customer_id and n.outcome = 'sent')`

const followed = (db: Db) =>
  db
    .selectFrom('relation')
    .innerJoin('customer', 'customer.id', 'relation.customerId')
    .where('relation.endedAt', 'is', null)
    .where('customer.restrictedAt', 'is', null)

/** Newcomers whom nobody has told, of whoever answers for them. Add a `select`. */
export const untoldNewcomers = (db: Db) =>
  followed(db)
    .where(isNew)
    .where(isFirst)
    .where(({ not }) => not(isTold))

/** How the first contact stands with a customer of this member's: null, nobody owes them a word. */
export async function firstContactOf(
  db: Db,
  memberId: string,
  customerId: string,
): Promise<{ sentAt: Date | null; by: string | null } | null> {
  const row = await followed(db)
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('firstNotice')
          .innerJoin('member', 'member.id', 'firstNotice.preparedBy')
          .select(['firstNotice.outcomeAt as sentAt', 'member.name as by'])
          .whereRef('firstNotice.customerId', '=', 'relation.customerId')
          .where('firstNotice.outcome', '=', 'sent')
          .orderBy('firstNotice.outcomeAt')
          .limit(1)
          .as('told'),
      (join) => join.onTrue(),
    )
    .select(['told.sentAt', 'told.by', isNew.as('isNew')])
    .where('relation.memberId', '=', memberId)
    .where('relation.customerId', '=', customerId)
    .executeTakeFirst()
  return row && (row.sentAt || row.isNew) ? { sentAt: row.sentAt, by: row.by } : null
}
