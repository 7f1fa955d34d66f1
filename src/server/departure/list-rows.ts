import { sql } from 'kysely'
import { DOUBT_MS, UNANSWERED_MS } from '../../shared/transfer'
import type { Db } from '../db/open'
import { leaverFor, type Reader } from '../db/scope'
import { objectionOpen, type StandingRow } from '../db/standing'
import { groupsOfLeaver, groupsToAssign } from './group-rows'

const departures = (db: Db, reader: Reader) =>
  db
    .selectFrom('departure')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .leftJoin('member as announcer', 'announcer.id', 'departure.announcedBy')
    .leftJoin('department', (join) => join.on(sql<boolean>`department.id = leaver.department_ids[1]`))
    .select(['departure.id', 'departure.leftAt', 'departure.knownBy', 'departure.memberId', 'leaver.name'])
    .select(['departure.gone', 'departure.endedAt', 'departure.announcedAt', 'announcer.name as announcer'])
    .select(['leaver.departmentIds', 'department.name as department'])
    .select([groupsOfLeaver.as('groups'), groupsToAssign.as('groupsToAssign')])
    .where(leaverFor(reader))

export type DepartureRow = Awaited<ReturnType<typeof departuresAfter>>[number]

/** Who left or will leave last stands first. A withdrawn announcement is only of interest while something came of it. */
export const departuresAfter = (db: Db, reader: Reader, after: readonly [string, string] | null, limit: number) =>
  departures(db, reader)
    .where(
      sql<boolean>`(departure.gone or departure.ended_at is null or exists (
        select 1 from handover join transfer on transfer.handover_id = handover.id
         where handover.departure_id = departure.id and transfer.state <> 'cancelled'))`,
    )
    .$if(after !== null, (q) =>
      q.where(sql<boolean>`(departure.left_at, departure.id) < (${after?.[0]}::timestamptz, ${after?.[1]})`),
    )
    .orderBy('departure.leftAt', 'desc')
    .orderBy('departure.id', 'desc')
    .limit(limit)
    .execute()

export const departureById = (db: Db, reader: Reader, id: string) =>
  departures(db, reader).where('departure.id', '=', id).executeTakeFirst()

const DAYS_BEFORE = 30

/** Who deleted whom in the days before this departure, as far as events said. */
export async function deletedBefore(db: Db, { memberId, leftAt }: { memberId: string; leftAt: Date }) {
  const since = new Date(leftAt.getTime() - DAYS_BEFORE * 86_400_000)
  const { rows } = await sql<{ byMember: number; byCustomer: number }>`
    select count(*) filter (where ended_by = 'member') as by_member, count(*) filter (where ended_by = 'customer') as by_customer
    from relation
    where member_id = ${memberId} and ended_by in ('member', 'customer') and ended_at between ${since} and ${leftAt}`.execute(
    db,
  )
  return rows[0] ?? { byMember: 0, byCustomer: 0 }
}

export const planOf = (db: Db, departureId: string) =>
  db
    .selectFrom('plan')
    .select('id')
    .where('departureId', '=', departureId)
    .where('state', '!=', 'discarded')
    .orderBy('draftedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

/** What a label is made of (shared/handover.ts), so that labels can be counted and looked for without being stored. */
export interface Facet {
  transfer: string
  notice: string
  objectionOpen: boolean
  answerMissing: boolean
  doubtful: boolean
}

const missing = sql<boolean>`(b.sent_at is not null and b.answered_at is null)`
/** Whether silence lasts too long already, for the answer to a call or for its result. */
const doubtful = (now: Date) => sql<boolean>`coalesce(case
  when t.state = 'approved' then ${missing} and b.sent_at < ${new Date(now.getTime() - UNANSWERED_MS)}
  else t.submitted_at < ${new Date(now.getTime() - DOUBT_MS)} end, false)`
const handovers = sql`handover
  join transfer t on t.handover_id = handover.id
  join notice n on n.handover_id = handover.id
  left join transfer_batch b on b.id = t.batch_id`

/** A customer who was passed on at their wish stands in the list once: with whom they are. */
const once = sql<boolean>`((handover.from_id is null or t.state = 'taken_over') and not exists (
  select 1 from handover later join transfer again on again.handover_id = later.id
   where later.departure_id = handover.departure_id and later.customer_id = handover.customer_id
     and later.from_id is not null and again.state = 'taken_over'
     and (later.created_at, later.id) > (handover.created_at, handover.id)))`

export async function facetsOf(
  db: Db,
  ids: readonly string[],
  now: Date,
): Promise<(Facet & { departureId: string; n: number })[]> {
  const { rows } = await sql<Facet & { departureId: string; n: number }>`
    select handover.departure_id, t.state as transfer, n.state as notice, ${objectionOpen} as objection_open, ${missing} as answer_missing,
      ${doubtful(now)} as doubtful, count(*) as n
    from ${handovers}
    where handover.departure_id = any(${[...ids]}) and ${once}
    group by 1, 2, 3, 4, 5, 6`.execute(db)
  return rows
}

export interface HandoverFacts extends StandingRow {
  customer: string
  name: string
  company: string | null
  successorId: string | null
  successorName: string | null
  objectedAt: Date | null
  complaint: string | null
  /** Asked for: stored and no more. */
  restricted: boolean
}

/** In the order they were made; `only` keeps those with one of these facets. */
export async function handoversAfter(
  db: Db,
  departureId: string,
  only: readonly Facet[] | null,
  after: string | null,
  limit: number,
  now: Date,
): Promise<HandoverFacts[]> {
  if (only && !only.length) return []
  const wanted = (only ?? []).map(
    (f) =>
      sql`(${f.transfer}, ${f.notice}, ${f.objectionOpen}::boolean, ${f.answerMissing}::boolean, ${f.doubtful}::boolean)`,
  )
  const { rows } = await sql<HandoverFacts>`
    select handover.id as handover, c.id as customer, c.name, c.company, c.restricted_at is not null as restricted, t.state as transfer, n.state as notice, ${objectionOpen} as objection_open,
      case when ${missing} then b.sent_at end as called_at, t.submitted_at, t.takeover_at, t.settled_at, t.errcode,
      n.sent_at, n.opened_at, n.answered_at, s.id as successor_id, s.name as successor_name,
      (select max(o.at) from objection o where o.handover_id = handover.id and o.handled_at is null and o.origin = 'page') as objected_at,
      (select max(k.number) from complaint k where k.handover_id = handover.id) as complaint
    from ${handovers}
    join customer c on c.id = handover.customer_id
    left join member s on s.id = t.successor_id
    where handover.departure_id = ${departureId} and ${once} and ${after === null ? sql`true` : sql`handover.id > ${after}`}
      and ${only ? sql`(t.state, n.state, ${objectionOpen}, ${missing}, ${doubtful(now)}) in (${sql.join(wanted)})` : sql`true`}
    order by handover.id
    limit ${limit}`.execute(db)
  return rows
}

const ARRIVING = ['planned', 'pending_approval', 'approved', 'submitted', 'waiting']

/** Members who work with customers, and the leaver's own department; nearest first. */
export async function candidatesFor(db: Db, leaver: { memberId: string; departmentIds: readonly number[] }) {
  const { rows } = await sql<{
    id: string
    name: string
    position: string
    status: string
    follows: boolean
    department: string | null
    customers: number
    arriving: number
  }>`
    select m.id, m.name, m.position, m.status, m.follows, d.name as department,
      (select count(*) from relation r where r.member_id = m.id and r.ended_at is null) as customers,
      (select count(*) from transfer t where t.successor_id = m.id and t.state = any(${ARRIVING})) as arriving
    from member m
    left join department d on d.id = m.department_ids[1]
    where m.status <> 'left' and m.id <> ${leaver.memberId}
      and (m.follows or m.department_ids && ${[...leaver.departmentIds]}::int[])
    order by not (m.department_ids && ${[...leaver.departmentIds]}::int[]), m.name, m.id`.execute(db)
  return rows
}
