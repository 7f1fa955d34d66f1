import { sql } from 'kysely'
import type { Db } from '../db/open'
import { memberFactsOf, topTiersAmong } from '../db/fact-rows'
import { leaverFor, type Reader } from '../db/scope'

/** `lateBefore`: whoever was taken over until then and is not told is late, by the calendar (task.ts). */
export interface Times {
  since: Date
  now: Date
  lateBefore: Date
}

/**
 * Takeovers of a reader's leavers, one row each: when it began and, if so, when the friendship ended (not by being passed
 * on), when the customer was first written to, and what they complained of.
 */
const takeovers = (reader: Reader, { since, lateBefore }: Times) => sql`
  select t.handover_id, t.successor_id, h.customer_id, t.settled_at as taken_at, n.sent_at as told_at, coalesce(p.automatic, false) as automatic,
         d.left_at, d.gone, run.rules,
         exists (select 1 from plan_override o
                  where o.plan_id = t.plan_id and o.handover_id = t.handover_id and o.to_id = t.successor_id) as changed,
         exists (select 1 from plan_reason w where w.plan_id = t.plan_id and w.handover_id = t.handover_id) as explained,
         (select r.ended_at from relation r
           where r.member_id = t.successor_id and r.customer_id = h.customer_id and r.ended_at is not null
             and r.ended_at >= t.settled_at and coalesce(r.ended_by, 'unknown') not in ('transfer', 'departure')) as lost_at,
         (select count(*) from complaint c where c.handover_id = h.id) as complaints,
         (select count(*) from objection o where o.handover_id = h.id and o.origin = 'page') as objections,
         n.sent_at is null and n.state not in ('waived') and t.settled_at <= ${lateBefore} as late
    from transfer t
    join handover h on h.id = t.handover_id
    join departure d on d.id = h.departure_id
    join member leaver on leaver.id = d.member_id
    join notice n on n.handover_id = h.id
    left join plan p on p.id = t.plan_id
    left join plan_run run on run.plan_id = t.plan_id
   where t.state = 'taken_over' and t.settled_at >= ${since} and ${leaverFor(reader)}`

const within = (days: number, now: Date) =>
  sql`taken_at <= ${now}::timestamptz - make_interval(days => ${sql.lit(days)})`
const lost = (days: number, now: Date) =>
  sql`${within(days, now)} and lost_at < taken_at + make_interval(days => ${sql.lit(days)})`
const outcome = (now: Date) => sql`
  count(*)::int as taken,
  count(*) filter (where ${within(30, now)})::int as after30,
  count(*) filter (where ${lost(30, now)})::int as lost30,
  count(*) filter (where ${within(90, now)})::int as after90,
  count(*) filter (where ${lost(90, now)})::int as lost90,
  coalesce(sum(complaints), 0)::int as complaints,
  coalesce(sum(objections), 0)::int as objections,
  percentile_cont(0.5) within group (order by extract(epoch from told_at - taken_at) / 3600)
    filter (where told_at is not null) as first_contact,
  count(*) filter (where lost_at is not null)::int as lost,
  percentile_cont(0.5) within group (order by extract(epoch from taken_at - left_at) / 86400)
    filter (where gone and taken_at >= left_at) as wait,
  count(*) filter (where late)::int as late`

export interface OutcomeRow {
  taken: number
  after30: number
  lost30: number
  after90: number
  lost90: number
  complaints: number
  objections: number
  firstContact: number | null
  wait: number | null
  /** Ended since, however long after. */
  lost: number
  late: number
}

export async function totals(db: Db, reader: Reader, times: Times): Promise<OutcomeRow> {
  const { rows } = await sql<OutcomeRow>`
    select ${outcome(times.now)} from (${takeovers(reader, times)}) one`.execute(db)
  return rows[0]!
}

export async function bySuccessor(db: Db, reader: Reader, times: Times) {
  const { rows } = await sql<OutcomeRow & { member: string; name: string; now: number; coming: number }>`
    select m.id as member, m.name, o.*,
           (select count(*)::int from relation r where r.member_id = m.id and r.ended_at is null) as now,
           (select count(*)::int from transfer t where t.successor_id = m.id
              and t.state in ('planned', 'pending_approval', 'approved', 'submitted', 'waiting')) as coming
      from (select successor_id, ${outcome(times.now)} from (${takeovers(reader, times)}) one group by successor_id) o
      join member m on m.id = o.successor_id
     order by o.taken desc, m.id`.execute(db)
  return rows
}

/** Of these members: how many customers each may have, as far as that is known; the top tiers now and among what was taken over. */
export async function roomsOf(db: Db, reader: Reader, times: Times, members: readonly string[]) {
  const those = sql`select unnest(${sql.val([...members])}::text[])`
  const facts = await memberFactsOf(db, those)
  const top = await topTiersAmong(
    db,
    sql`select member_id, customer_id from relation where ended_at is null and member_id in (${those})`,
  )
  const taken = await topTiersAmong(
    db,
    sql`select successor_id as member_id, customer_id from (${takeovers(reader, times)}) one where lost_at is null`,
  )
  return (member: string) => ({
    capacity: facts.get(member)?.capacity ?? null,
    topNow: top.get(member) ?? 0,
    topBefore: Math.max(0, (top.get(member) ?? 0) - (taken.get(member) ?? 0)),
  })
}

/** Of what rules proposed: how many customers have their reasons written down. */
export async function explanations(
  db: Db,
  reader: Reader,
  times: Times,
): Promise<{ ruled: number; explained: number }> {
  const { rows } = await sql<{ ruled: number; explained: number }>`
    select count(*)::int as ruled, count(*) filter (where explained)::int as explained
      from (${takeovers(reader, times)}) one where rules is not null`.execute(db)
  return rows[0]!
}

/** Who approved what rules had proposed, and how much of it a person had changed before; the latest state of each customer counts. */
export async function byApprover(db: Db, reader: Reader, { since }: Times) {
  const { rows } = await sql<{ member: string; name: string; customers: number; changed: number }>`
    select m.id as member, m.name, count(*)::int as customers,
           count(*) filter (where exists (
             select 1 from plan_override o
              where o.plan_id = i.plan_id and o.handover_id = i.handover_id and o.to_id = i.successor_id))::int as changed
      from approval a
      join approval_vote v on v.approval_id = a.id and v.vote = 'approve'
      join member m on m.id = v.member_id
      join plan_run run on run.plan_id = a.plan_id
      join plan_item i on i.plan_id = a.plan_id
      join plan p on p.id = a.plan_id
      join departure d on d.id = p.departure_id
      join member leaver on leaver.id = d.member_id
     where a.outcome = 'approved' and a.ended_at >= ${since} and ${leaverFor(reader)}
     group by m.id, m.name
     order by customers desc, m.id`.execute(db)
  return rows
}

export async function byOrigin(db: Db, reader: Reader, times: Times) {
  const { rows } = await sql<OutcomeRow & { origin: 'automatic' | 'by_hand' }>`
    select case when automatic then 'automatic' else 'by_hand' end as origin, ${outcome(times.now)}
      from (${takeovers(reader, times)}) one group by automatic order by automatic`.execute(db)
  return rows
}

/** Of a version of the rules what nobody changed; whoever was put in by hand is nobody's version. */
export async function byRule(db: Db, reader: Reader, times: Times) {
  const { rows } = await sql<OutcomeRow & { how: 'rules' | 'changed' | 'by_hand'; rules: string | null }>`
    select how, rules, ${outcome(times.now)}
      from (select one.*, case when one.rules is null then 'by_hand' when changed then 'changed' else 'rules' end as how
              from (${takeovers(reader, times)}) one) decided
     group by how, rules
     order by array_position(array['rules', 'changed', 'by_hand'], how), max(taken_at) desc`.execute(db)
  return rows
}

export async function lateAfter(
  db: Db,
  reader: Reader,
  times: Times,
  { after, limit }: { after: readonly [string, string] | null; limit: number },
) {
  const { rows } = await sql<{
    handover: string
    customer: string
    name: string
    successor: string
    leaver: string
    departure: string
    takenAt: Date
  }>`
    select one.handover_id as handover, c.id as customer, c.name, s.name as successor, leaver.name as leaver,
           d.id as departure, one.taken_at
      from (${takeovers(reader, times)}) one
      join handover h on h.id = one.handover_id
      join departure d on d.id = h.departure_id
      join member leaver on leaver.id = d.member_id
      join customer c on c.id = h.customer_id
      join member s on s.id = one.successor_id
     where one.late ${after ? sql`and (one.taken_at, one.handover_id) > (${after[0]}::timestamptz, ${after[1]})` : sql``}
     order by one.taken_at, one.handover_id limit ${limit + 1}`.execute(db)
  return rows
}
