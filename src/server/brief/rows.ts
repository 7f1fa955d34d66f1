import { sql, type Expression } from 'kysely'
import type { Match } from '../../shared/allocation'
import { historyAfter, type HistoryRow } from '../db/history'
import { passerGone } from '../db/handover'
import { prepared } from '../db/prepared'
import { handoversIn, inheritedBy } from '../db/standing'
import type { Db } from '../db/open'

/** The customer's newest handover to this member, with all that fits in one row of what a brief may show. */
export const briefOf = async (db: Db, successor: string, customer: string) =>
  (await briefRow(db, { successor, customer }))[0]

/** The same of one handover, whoever the successor is, if it is this customer's. */
export const briefAt = (db: Db, handoverId: string, customerId: string) =>
  whole(
    handoversIn(db).where('handover.id', '=', handoverId).where('handover.customerId', '=', customerId),
  ).executeTakeFirst()

const whole = (handovers: ReturnType<typeof handoversIn>) =>
  handovers
    .leftJoin('relation', (join) =>
      join.onRef('relation.memberId', '=', 'leaver.id').onRef('relation.customerId', '=', 'customer.id'),
    )
    .leftJoin('plan', 'plan.id', 'transfer.planId')
    .leftJoin('member as planner', 'planner.id', 'plan.draftedBy')
    .leftJoin('member as approver', 'approver.id', 'plan.decidedBy')
    .select([passerGone.as('gone'), passerLeft.as('leftAt'), 'departure.endedAt'])
    .select(['planner.name as planner', 'approver.name as approver', 'plan.decidedAt'])
    .select(['customer.name', 'customer.kind', 'customer.company', 'customer.title'])
    .select(['relation.since', 'relation.remark', 'relation.description', 'relation.mobiles'])
    .select('relation.company as remarkCompany')
    .select([wishOf.as('wish'), 'notice.why as undelivered'])
    .select([tagsOf.as('tags'), historyCount.as('historyCount'), openPromises.as('openPromises')])
    .select(rawCount.as('rawCount'))

const briefRow = prepared((db, of: { successor: string; customer: string }) =>
  whole(inheritedBy(db, of.successor).where('handover.customerId', '=', of.customer)).compile(),
)

/** Who passes on at a customer's wish has no last day. */
const passerLeft = sql<Date>`case when handover.from_id is null then departure.left_at else handover.created_at end`

const wishOf = sql<{ at: string; text: string | null } | null>`(
  select json_build_object('at', o.at, 'text', case when o.share then nullif(o.text, '') end)
    from objection o where o.handover_id = handover.id and o.handled_at is null and o.origin = 'page'
   order by o.at desc limit 1)`
const tagsOf = sql<{ group: string; name: string }[]>`(
  select coalesce(json_agg(json_build_object('group', group_name, 'name', name) order by group_name, name), '[]')
    from tag where tag.id = any(relation.tag_ids) and not tag.deleted)`
const historyCount = sql<number>`(select count(*) from history where history.customer_id = customer.id)`
const rawCount = sql<number>`(select count(*) from raw_record where raw_record.customer_id = customer.id)`
const openPromises = sql<number>`(
  select count(*) from promise where promise.customer_id = customer.id and promise.kept_at is null)`

/**
 * Open ones first, the next due first; then the kept ones, the last kept first. Names one by one: joined, PostgreSQL reads all
 * members where it does not know that a customer's promises are few.
 */
const promisesOf = (db: Db, customerId: string) =>
  db
    .selectFrom('promise')
    .select(['promise.id', 'promise.text', 'promise.due', nameOf('made_by').as('madeBy'), 'promise.madeAt'])
    .select(['promise.source', 'promise.keptAt', nameOf('taken_by').as('takenBy')])
    .where('promise.customerId', '=', customerId)
    .orderBy(sql`promise.kept_at is not null`)
    .orderBy('promise.keptAt', 'desc')
    .orderBy(sql`promise.due asc nulls last`)
    .orderBy('promise.id')
    .limit(100)
const nameOf = (column: 'made_by' | 'taken_by') =>
  sql<string>`(select name from member where member.id = ${sql.ref(`promise.${column}`)})`

export const FIRST_HISTORY = 20

/** What a brief holds beside its one row, in one round trip: promises, and the newest of the history (one more than it shows). */
export const depthOf = async (db: Db, reader: string, customer: string): Promise<Depth> =>
  (await depth(db, { reader, customer }))[0]!
export interface Depth {
  /** Named as the database does, since it wrote this JSON. */
  promises: {
    id: string
    text: string
    due: string | null
    made_by: string
    made_at: string
    source: string
    kept_at: string | null
    taken_by: string | null
  }[]
  history: HistoryRow[]
}
const asJson = (query: Expression<unknown>) => sql`(select coalesce(json_agg(one), '[]') from ${query} one)`
const depth = prepared((db, of: { reader: string; customer: string }) =>
  sql<Depth>`
    select ${asJson(promisesOf(db, of.customer))} as promises,
           ${asJson(historyAfter(db, of.customer, of.reader, undefined, FIRST_HISTORY))} as history`.compile(db),
)

/** Old chats that were kept for whoever serves next; read only where the customer agreed. */
export const rawRecordsOf = (db: Db, customerId: string) =>
  db
    .selectFrom('rawRecord')
    .innerJoin('member', 'member.id', 'rawRecord.authorId')
    .select(['rawRecord.id', 'rawRecord.at', 'member.name as author', 'rawRecord.text'])
    .where('rawRecord.customerId', '=', customerId)
    .orderBy('rawRecord.at', 'desc')
    .orderBy('rawRecord.id', 'desc')
    .limit(50)
    .execute()

/** The member's own customer: somebody they follow now. */
export const ownCustomer = (db: Db, memberId: string, customerId: string) =>
  db
    .selectFrom('relation')
    .innerJoin('customer', 'customer.id', 'relation.customerId')
    .select(['customer.name', 'customer.kind', 'customer.company', 'customer.title', 'relation.since'])
    .select('customer.restrictedAt')
    .where('relation.memberId', '=', memberId)
    .where('relation.customerId', '=', customerId)
    .where('relation.endedAt', 'is', null)
    .executeTakeFirst()

/** Of somebody who is announced to leave: who takes over, as approved, and whether the customer was told (M1). */
export const farewellOf = (db: Db, memberId: string, customerId: string) =>
  db
    .selectFrom('handover')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
    .innerJoin('notice', 'notice.handoverId', 'handover.id')
    .innerJoin('member as successor', 'successor.id', 'transfer.successorId')
    .select(['handover.id as handover', 'successor.name as to'])
    .select(sql<boolean>`notice.sent_at is not null`.as('told'))
    .where('departure.memberId', '=', memberId)
    .where('handover.customerId', '=', customerId)
    .where('departure.gone', '=', false)
    .where('departure.endedAt', 'is', null)
    .where('transfer.state', 'in', ['approved', 'submitted', 'waiting'])
    .executeTakeFirst()

/**
 * 0 to tell, 1 to tell but not in a chat (WeCom opens none with who is no friend; a manager tells them otherwise), 2 waiting for WeCom,
 * 3 told, 4 the customer said no (DESIGN 3: what must be done stands first).
 */
const rank = sql<number>`case
  when transfer.state = 'refused' or exists (
    select 1 from objection where objection.handover_id = handover.id and objection.handled_at is null) then 4
  when transfer.state <> 'taken_over' then 2
  when notice.state = 'alt_channel' or (notice.state = 'unreachable' and notice.why = 'not_friend') then 1
  when notice.state in ('due', 'prompted', 'unreachable', 'changed') then 0
  else 3 end`

export const inheritedList = (db: Db, successorId: string, after: { rank: number; id: string } | null, limit: number) =>
  inheritedBy(db, successorId)
    .select(['customer.name', 'customer.company', rank.as('rank'), openPromises.as('promisesDue')])
    .where('customer.restrictedAt', 'is', null)
    .$if(after !== null, (q) => q.where(sql<boolean>`(${rank}, handover.id) > (${after?.rank}, ${after?.id})`))
    .orderBy(rank)
    .orderBy('handover.id')
    .limit(limit + 1)
    .execute()

export const inheritedTotals = (db: Db, successorId: string) =>
  db
    .selectFrom(
      inheritedBy(db, successorId).where('customer.restrictedAt', 'is', null).select(rank.as('rank')).as('mine'),
    )
    .select((eb) => [
      eb.fn.countAll<number>().as('total'),
      eb.fn.countAll<number>().filterWhere('mine.rank', '<', 2).as('toTell'),
      eb.fn.countAll<number>().filterWhere('mine.rank', '=', 0).as('inChat'),
    ])
    .executeTakeFirstOrThrow()

/** What the run said that chose this successor, as far as it is for them (compliance 7.4). */
export async function chosenFor(db: Db, handoverId: string, successorId: string): Promise<Match[] | null> {
  const { rows } = await sql<{ matched: Match[] }>`
    select r.why->'matched' as matched from transfer t
      join plan_reason r on r.plan_id = t.plan_id and r.handover_id = t.handover_id
     where t.handover_id = ${handoverId} and t.successor_id = ${successorId} and r.chosen = ${successorId}`.execute(db)
  return rows[0]?.matched ?? null
}
