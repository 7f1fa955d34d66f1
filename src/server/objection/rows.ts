import { sql } from 'kysely'
import { livingPlans } from '../../shared/plan'
import type { Db, Tx } from '../db/open'
import { leaverFor, type Reader } from '../db/scope'
import { objectionOpen, type StandingRow } from '../db/standing'

export interface ObjectionRow extends StandingRow {
  id: string
  departure: string
  customer: string
  origin: 'page' | 'wecom'
  at: Date
  about: string | null
  due: string
  text: string
  outcome: string | null
  answer: string | null
  handledAt: Date | null
  handledBy: string | null
  toldAt: Date | null
  name: string
  company: string | null
  restricted: boolean
  leaver: string
  successorId: string | null
  successorName: string | null
  successorHere: boolean
  passing: { handover: string; transfer: string; successor: string | null; plan: string | null } | null
}

/** The last attempt to pass the customer on since, unless it was called off. */
const passing = sql`(
  select json_build_object('handover', p.id, 'transfer', pt.state, 'successor', ps.name, 'plan', pt.plan_id)
    from handover p
    join transfer pt on pt.handover_id = p.id
    left join member ps on ps.id = pt.successor_id
   where p.customer_id = handover.customer_id and p.from_id = t.successor_id and pt.state <> 'cancelled'
     and p.created_at >= o.at
   order by p.created_at desc, p.id desc limit 1)`

/** About customers of leavers the reader knows of; never one about the reader. */
const objections = (reader: Reader) => sql`
  select o.id, handover.id as handover, handover.departure_id as departure, c.id as customer, o.origin, o.at, o.about,
         to_char(o.due, 'YYYY-MM-DD') as due, o.text, o.outcome, o.answer, o.handled_at, h.name as handled_by, o.told_at,
         c.name, c.company, c.restricted_at is not null as restricted, leaver.name as leaver, s.id as successor_id, s.name as successor_name,
         coalesce(s.status = 'active', false) as successor_here, ${passing} as passing,
         t.state as transfer, n.state as notice, t.submitted_at, t.takeover_at, t.settled_at, t.errcode,
         n.sent_at, n.opened_at, n.answered_at, null::timestamptz as called_at, ${objectionOpen} as objection_open
    from objection o
    join handover on handover.id = o.handover_id
    join departure on departure.id = handover.departure_id
    join member leaver on leaver.id = departure.member_id
    join customer c on c.id = handover.customer_id
    join transfer t on t.handover_id = handover.id
    join notice n on n.handover_id = handover.id
    left join member s on s.id = t.successor_id
    left join member h on h.id = o.handled_by
   where ${leaverFor(reader)} and t.successor_id is distinct from ${reader.id}`

/** Open: what is due first stands first. Done: the last first. */
export async function listed(
  db: Db,
  reader: Reader,
  open: boolean,
  after: { at: string; id: string } | null,
  limit: number,
): Promise<ObjectionRow[]> {
  const place = after && sql`(${after.at}::timestamptz, ${after.id})`
  const { rows } = open
    ? await sql<ObjectionRow>`${objections(reader)} and o.handled_at is null
        and ${place ? sql`(o.due_at, o.id) > ${place}` : sql`true`} order by o.due_at, o.id limit ${limit}`.execute(db)
    : await sql<ObjectionRow>`${objections(reader)} and o.handled_at is not null
        and ${place ? sql`(o.handled_at, o.id) < ${place}` : sql`true`}
      order by o.handled_at desc, o.id desc limit ${limit}`.execute(db)
  return rows
}

export async function objectionById(db: Db, reader: Reader, id: string): Promise<ObjectionRow | undefined> {
  return (await sql<ObjectionRow>`${objections(reader)} and o.id = ${id}`.execute(db)).rows[0]
}

/** Held until the end of the transaction: of two who answer, the second sees what the first has done. */
export const holdObjection = (tx: Tx, id: string) =>
  tx.selectFrom('objection').select('id').where('id', '=', id).forUpdate().executeTakeFirst()

export async function openCounts(db: Db, reader: Reader, now: Date): Promise<{ open: number; late: number }> {
  const { rows } = await sql<{ open: number; late: number }>`
    select count(*) as open, count(*) filter (where o.due_at < ${now}) as late
      from objection o
      join handover on handover.id = o.handover_id
      join departure on departure.id = handover.departure_id
      join member leaver on leaver.id = departure.member_id
      join transfer t on t.handover_id = handover.id
     where o.handled_at is null and ${leaverFor(reader)} and t.successor_id is distinct from ${reader.id}`.execute(db)
  return rows[0] ?? { open: 0, late: 0 }
}

/** Open ones whose managers have not heard of this step yet, with whom not to tell. */
export async function toTell(db: Db, now: Date, dueBefore: Date) {
  const { rows } = await sql<{
    id: string
    step: 'new' | 'due' | 'late'
    departments: number[]
    successor: string | null
    leaver: string
  }>`
    select w.id, w.want as step, leaver.department_ids as departments, t.successor_id as successor, leaver.id as leaver
      from (select o.*, case when o.due_at < ${now} then 'late' when o.due_at < ${dueBefore} then 'due' else 'new' end as want
              from objection o where o.handled_at is null) w
      join handover h on h.id = w.handover_id
      join departure d on d.id = h.departure_id
      join member leaver on leaver.id = d.member_id
      join transfer t on t.handover_id = h.id
     where w.step <> w.want and not (w.step = 'late') and not (w.step = 'due' and w.want = 'new')
     order by w.id limit 200`.execute(db)
  return rows
}

/** The departure's plan that is not decided yet. */
export const livingPlan = (db: Db, departureId: string) =>
  db
    .selectFrom('plan')
    .select(['id', 'state', 'draftedBy'])
    .where('departureId', '=', departureId)
    .where('state', 'in', livingPlans)
    .executeTakeFirst()

export const setStep = (tx: Tx, id: string, step: string) =>
  tx.updateTable('objection').set({ step }).where('id', '=', id).execute()
