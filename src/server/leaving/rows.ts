import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'

/** The announcement that has neither come true nor been withdrawn; held, so that two answers at once stand one after the other. */
export const holdAnnounced = (tx: Tx, memberId: string) =>
  tx
    .selectFrom('departure')
    .select(['id', 'leftAt'])
    .where('memberId', '=', memberId)
    .where('gone', '=', false)
    .where('endedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst()

export interface OwnRow {
  customer: string
  name: string
  company: string | null
  memoAt: Date | null
  promises: number
  /** Set once somebody is approved to take over. */
  to: string | null
  told: boolean
}

/** Of each customer the member follows: the memo, open promises, who takes over and whether the customer was told of it. */
const own = (departureId: string, memberId: string) => sql`
  select c.id as customer, c.name, c.company, s.name as "to", coalesce(n.sent_at is not null, false) as told,
         (select max(note.written_at) from note
           where note.customer_id = c.id and note.author_id = ${memberId} and note.kind = 'memo' and note.withdrawn_at is null) as memo_at,
         (select count(*)::int from promise p where p.customer_id = c.id and p.kept_at is null) as promises
    from relation r
    join customer c on c.id = r.customer_id
    left join handover h on h.departure_id = ${departureId} and h.customer_id = c.id and h.from_id is null
    left join transfer t on t.handover_id = h.id and t.state in ('approved', 'submitted', 'waiting')
    left join member s on s.id = t.successor_id
    left join notice n on n.handover_id = t.handover_id
   where r.member_id = ${memberId} and r.ended_at is null and c.restricted_at is null`

export async function ownAfter(
  db: Db,
  { departureId, memberId }: { departureId: string; memberId: string },
  after: readonly [string, string] | null,
  limit: number,
): Promise<OwnRow[]> {
  const written = sql`(case when mine.memo_at is null then '0' else '1' end)`
  const { rows } = await sql<OwnRow>`
    select * from (${own(departureId, memberId)}) mine
     where ${after ? sql`(${written}, mine.customer) > (${after[0]}, ${after[1]})` : sql`true`}
     order by ${written}, mine.customer limit ${limit + 1}`.execute(db)
  return rows
}

export interface OwnCounts {
  customers: number
  memos: number
  promises: number
  toTell: number
  told: number
}
export async function ownCounts(
  db: Db,
  { departureId, memberId }: { departureId: string; memberId: string },
): Promise<OwnCounts> {
  const { rows } = await sql<OwnCounts>`
    select count(*)::int as customers, count(memo_at)::int as memos, coalesce(sum(promises), 0)::int as promises,
           count(*) filter (where "to" is not null and not told)::int as to_tell,
           count(*) filter (where told)::int as told
      from (${own(departureId, memberId)}) mine`.execute(db)
  return rows[0]!
}

/** The member's own customer, now. */
export const ownCustomer = (db: Db, memberId: string, customerId: string) =>
  db
    .selectFrom('relation')
    .innerJoin('customer', 'customer.id', 'relation.customerId')
    .select(['customer.id', 'customer.name', 'customer.company', 'customer.restrictedAt'])
    .where('relation.memberId', '=', memberId)
    .where('relation.customerId', '=', customerId)
    .where('relation.endedAt', 'is', null)
    .executeTakeFirst()

export const ownMemos = (db: Db, memberId: string, customerId: string) =>
  db
    .selectFrom('note')
    .innerJoin('history', 'history.id', 'note.id')
    .select(['note.id', 'note.writtenAt', 'note.withdrawnAt'])
    .select(sql<string | null>`case when note.withdrawn_at is null then history.body->>'text' end`.as('text'))
    .where('note.customerId', '=', customerId)
    .where('note.authorId', '=', memberId)
    .where('note.kind', '=', 'memo')
    .orderBy('note.writtenAt', 'desc')
    .limit(20)
    .execute()

export const openPromises = (db: Db, customerId: string) =>
  db
    .selectFrom('promise')
    .innerJoin('member as maker', 'maker.id', 'promise.madeBy')
    .leftJoin('member as taker', 'taker.id', 'promise.takenBy')
    .select(['promise.id', 'promise.text', 'promise.due', 'promise.madeAt', 'promise.source'])
    .select(['maker.name as madeBy', 'taker.name as takenBy'])
    .where('promise.customerId', '=', customerId)
    .where('promise.keptAt', 'is', null)
    .orderBy(sql`promise.due asc nulls last`)
    .orderBy('promise.id')
    .limit(50)
    .execute()
