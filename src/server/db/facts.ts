import { sql } from 'kysely'
import type { Colleague, Passing } from '../../shared/allocation'
import { chinaDay } from '../../shared/day'
import {
  CASES_MIN,
  fitOf,
  inSpan,
  winsorised,
  yearsSince,
  type CustomerFacts,
  type MemberFacts,
} from '../../shared/fact'
import { plannable } from '../../shared/transfer'
import { customerFactsOf, memberFactsOf, topTiersOf } from './fact-rows'
import type { Db } from './open'

/** WeCom tells nobody how many customers a member may have; this is what it gives at most. */
const WECOM_MOST = 20_000
/** WeCom gives customers only to whoever signed in within the year before (facts 4.3). */
const LOGIN_DAYS = 365
/** For so long we believe that somebody who was full still is. */
const FULL_DAYS = 30
/** People in a group, so few that those in it know each other. */
const SMALL_GROUP = 20
const DAY_MS = 86_400_000

const everybody = sql`select id from member`

/** Members as possible successors. What is not known of somebody removes nobody, but for children, who need a permission. */
export async function colleaguesOf(db: Db, memberIds: readonly string[] | 'all', now: Date): Promise<Colleague[]> {
  const rows = await membersNow(db, memberIds, now)
  const facts = await memberFactsOf(db, everybody)
  const tops = await topTiersOf(db)
  const measured = [...facts].filter(([, f]) => f.performance !== undefined && (f.cases ?? 0) >= CASES_MIN)
  const performance = winsorised(new Map(measured.map(([id, f]) => [id, f.performance!])))
  return rows.map((row) => {
    const known = facts.get(row.id) ?? {}
    return {
      id: row.id,
      hurdles: hurdlesOf(row, known, now),
      customers: row.customers,
      topTier: tops.get(row.id) ?? 0,
      capacity: Math.min(known.capacity ?? WECOM_MOST, row.full ? row.customers : WECOM_MOST),
      entity: known.entity ?? null,
      regions: known.region ?? [],
      industries: known.industry ?? [],
      languages: known.language ?? [],
      minors: known.minors ?? false,
      tenureYears: known.joined ? yearsSince(known.joined, now) : 0,
      performance: performance.get(row.id) ?? null,
      contribution: known.contribution === undefined ? null : known.contribution / 100,
    }
  })
}

type MemberRow = Awaited<ReturnType<typeof membersNow>>[number]

function hurdlesOf(row: MemberRow, known: MemberFacts, now: Date): Colleague['hurdles'] {
  const signedIn = [known.last_login, row.signedIn && chinaDay(row.signedIn)]
    .filter((d): d is string => Boolean(d))
    .sort()
  const last = signedIn.at(-1)
  const found: [Colleague['hurdles'][number], boolean][] = [
    ['left', row.status === 'left'],
    ['leaving', row.leaving],
    ['not_active', row.status !== 'left' && (row.status !== 'active' || row.blocked)],
    ['real_name', known.real_name === false],
    ['login', last !== undefined && last < chinaDay(new Date(now.getTime() - LOGIN_DAYS * DAY_MS))],
    ['out_of_range', !row.follows],
    ['training', known.trained_until !== undefined && known.trained_until < chinaDay(now)],
    ['on_leave', known.leave !== undefined && inSpan(known.leave, now)],
  ]
  return found.flatMap(([hurdle, is]) => (is ? [hurdle] : []))
}

async function membersNow(db: Db, memberIds: readonly string[] | 'all', now: Date) {
  const { rows } = await sql<{
    id: string
    status: string
    follows: boolean
    blocked: boolean
    leaving: boolean
    signedIn: Date | null
    customers: number
    full: boolean
  }>`
    select m.id, m.status, m.follows, m.blocked_at is not null as blocked,
      exists (select 1 from departure d where d.member_id = m.id and d.ended_at is null and not d.gone) as leaving,
      (select max(s.created_at) from session s where s.member_id = m.id) as signed_in,
      (select count(*) from relation r where r.member_id = m.id and r.ended_at is null)
        + (select count(*) from transfer t where t.successor_id = m.id
             and t.state in ('planned', 'pending_approval', 'approved', 'submitted', 'waiting')) as customers,
      exists (select 1 from transfer t where t.full_before = m.id
               and coalesce(t.asked_at, t.submitted_at) > ${new Date(now.getTime() - FULL_DAYS * DAY_MS)}) as full
      from member m
     where ${memberIds === 'all' ? sql`true` : sql`m.id = any(${sql.val([...memberIds])}::text[])`}
     order by m.id`.execute(db)
  return rows
}

/** Which handovers are read: those that can be planned now, or all that ever were (to try rules on). */
export type Which = 'plannable' | 'all'

/** Customers of these departures as they are to be passed on. Those who go at their own wish are planned by name. */
export async function passingOf(
  db: Db,
  departureIds: readonly string[],
  _now: Date,
  which: Which = 'plannable',
): Promise<Passing[]> {
  const wanted = handovers(departureIds, which)
  const rows = await sql<{ handover: string; customer: string; minor: boolean; restricted: boolean }>`
    select h.id as handover, h.customer_id as customer, u.restricted_at is not null as restricted,
           exists (select 1 from child c where c.customer_id = h.customer_id) as minor
      from ${wanted} join customer u on u.id = h.customer_id order by h.id`.execute(db)
  const customers = sql`select h.customer_id from ${wanted}`
  const facts = await customerFactsOf(db, customers)
  const members = await memberFactsOf(db, everybody)
  const knows = await knownBy(db, departureIds, which)
  const not = await notFor(db, departureIds, which)
  const fits = fitter(members)
  return rows.rows.map(({ handover, customer, minor, restricted }) => {
    const known = facts.get(customer) ?? {}
    return {
      ...{ handover, customer, minor },
      entity: known.entity ?? null,
      region: known.region ?? null,
      industry: known.industry ?? null,
      language: known.language ?? null,
      tier: restricted ? null : (known.tier ?? null),
      wants: known.wants ?? null,
      knows: knows.get(customer) ?? [],
      not: {
        ...Object.fromEntries((known.relatives ?? []).map((m) => [m, 'relative' as const])),
        ...not.get(customer),
      },
      fit: fits(known),
      // Who asked for restriction is stored, served and no more: nobody reckons with them (compliance 7.5).
      unscored: restricted || (known.unscored ?? false),
    }
  })
}

const handovers = (departureIds: readonly string[], which: Which) => sql`
  handover h join transfer t on t.handover_id = h.id
   and h.departure_id = any(${sql.val([...departureIds])}::text[]) and h.from_id is null
   ${which === 'all' ? sql`` : sql`and t.state = any(${sql.val([...plannable])}::text[])`}`

/** Customers who prefer the same share one object: there are few different wishes, and many customers. */
function fitter(members: ReadonlyMap<string, MemberFacts>): (known: CustomerFacts) => Readonly<Record<string, number>> {
  const made = new Map<string, Readonly<Record<string, number>>>()
  return ({ language, times, contact }) => {
    const key = JSON.stringify([language, times, contact])
    const wish = { ...(language && { language }), ...(times && { times }), ...(contact && { contact }) }
    const fit =
      made.get(key) ??
      Object.fromEntries(
        [...members].flatMap(([id, known]) => {
          const one = fitOf(wish, known)
          return one === null ? [] : [[id, one] as const]
        }),
      )
    made.set(key, fit)
    return fit
  }
}

/**
 * Colleagues beside the leaver who know the customer: who serve them now, and not because they got them from this very leaver; or who
 * are in a small group with them (a large one is for announcements, and whoever is in it knows nobody by that).
 */
async function knownBy(db: Db, departureIds: readonly string[], which: Which): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ customer: string; members: string[] }>`
    with wanted as (
      select h.customer_id as customer, d.member_id as leaver,
             case when t.state = 'taken_over' then t.successor_id end as taken_by
        from ${handovers(departureIds, which)} join departure d on d.id = h.departure_id)
    select customer, array_agg(distinct member order by member) as members from (
      select w.customer, r.member_id as member
        from wanted w join relation r on r.customer_id = w.customer and r.ended_at is null
       where r.member_id <> w.leaver and r.member_id is distinct from w.taken_by
      union all
      select w.customer, m.id
        from wanted w
        join group_customer gc on gc.customer_id = w.customer
        join group_chat g on g.chat_id = gc.chat_id and g.members <= ${SMALL_GROUP}
        join member m on m.userid = any(g.staff)
       where m.id <> w.leaver and m.id is distinct from w.taken_by) as known
     group by customer`.execute(db)
  return new Map(rows.map((row) => [row.customer, row.members]))
}

/**
 * Whom a customer has said no to or complained about, ever: that it was settled does not mean that they want this one back
 * (plan/README.md).
 */
async function notFor(db: Db, departureIds: readonly string[], which: Which): Promise<Map<string, Passing['not']>> {
  const { rows } = await sql<{ customer: string; said: Passing['not'] }>`
    with asked as (select distinct h.customer_id as customer from ${handovers(departureIds, which)}),
    past as (
      select a.customer, h.id, t.successor_id, t.refused_before, t.state
        from asked a join handover h on h.customer_id = a.customer join transfer t on t.handover_id = h.id)
    select customer, jsonb_object_agg(member, why) as said from (
      select distinct on (customer, member) customer, member, why from (
        select customer, refused_before as member, 'refused' as why, 1 as rank from past
        union all select customer, successor_id, 'refused', 1 from past where state = 'refused'
        union all select p.customer, p.successor_id, 'objected', 2 from past p
          join objection o on o.handover_id = p.id and o.origin = 'page'
        union all select p.customer, k.about_id, 'complaint', 3 from past p join complaint k on k.handover_id = p.id) as no
       where member is not null order by customer, member, rank) as first
     group by customer`.execute(db)
  return new Map(rows.map((row) => [row.customer, row.said]))
}
