import { sql } from 'kysely'
import type { Outcome } from '../../shared/complaint'
import type { complaintViews } from '../../shared/complaintdesk'
import type { Db, Tx } from '../db/open'

type View = (typeof complaintViews)[number]
export interface Place {
  rank: number
  by: string
  number: string
}

const OPEN = sql<boolean>`complaint.state not in ('result_informed', 'closed')`
/** First what is beyond the hard stop; then whatever has a clock; then what only waits to be closed. */
const rank = (today: string) => sql<number>`case
  when ${OPEN} and complaint.stop_by < ${today}::date then 0 when ${OPEN} then 1 else 2 end`
/** What is done goes by when it came, the last first: days before the year 9999. */
const by = sql<string>`case when ${OPEN} then coalesce(complaint.next_by, '0001-01-01')::text
  else lpad((999999 - extract(day from complaint.at - timestamptz '2000-01-01'))::int::text, 6, '0') end`

const bounced = sql<boolean>`exists (
  select 1 from complaint_mail m where m.number = complaint.number and m.state in ('bounced', 'failed', 'unknown'))`

const shown = (db: Db) =>
  db
    .selectFrom('complaint')
    .leftJoin('handover', 'handover.id', 'complaint.handoverId')
    .leftJoin('member as about', 'about.id', 'complaint.aboutId')
    .leftJoin('member as owner', 'owner.id', 'complaint.ownerId')
    .selectAll('complaint')
    .select(['about.name as about', 'owner.name as owner', 'handover.customerId as customer', bounced.as('bounced')])

/** Never one that is about the reader: to them it does not exist. */
const notAbout = (readerId: string) => sql<boolean>`complaint.about_id is distinct from ${readerId}`

export const complaintQueue = (
  db: Db,
  ask: { reader: string; view: View; today: string; after: Place | null; limit: number },
) => {
  const { reader, view, today, after } = ask
  return shown(db)
    .select([rank(today).as('rank'), by.as('by')])
    .where(notAbout(reader))
    .where(view === 'done' ? sql<boolean>`not ${OPEN}` : OPEN)
    .$if(view === 'mine', (q) => q.where('complaint.ownerId', '=', reader))
    .$if(view === 'unassigned', (q) => q.where('complaint.ownerId', 'is', null))
    .$if(view === 'due', (q) =>
      q.where(sql<boolean>`(complaint.next_by <= ${today}::date + 1 or complaint.stop_by < ${today}::date)`),
    )
    .$if(after !== null, (q) =>
      q.where(
        sql<boolean>`(${rank(today)}, ${by}, complaint.number) > (${after?.rank}::int, ${after?.by}, ${after?.number})`,
      ),
    )
    .orderBy(rank(today))
    .orderBy(by)
    .orderBy('complaint.number')
    .limit(ask.limit)
    .execute()
}
export type ShownRow = Awaited<ReturnType<typeof complaintQueue>>[number]

export const complaintByNumber = (db: Db, number: string, reader: string) =>
  shown(db).where('complaint.number', '=', number).where(notAbout(reader)).executeTakeFirst()

export const countOpen = (db: Db, reader: string, today: string) =>
  db
    .selectFrom('complaint')
    .select([
      sql<number>`count(*)::int`.as('open'),
      sql<number>`count(*) filter (where owner_id is null)::int`.as('unassigned'),
      sql<number>`count(*) filter (where owner_id = ${reader})::int`.as('mine'),
      sql<number>`count(*) filter (where decide_by < ${today}::date and state <> 'resolved')::int`.as('red'),
      sql<number>`count(*) filter (where stop_by < ${today}::date)::int`.as('stopped'),
    ])
    .where(OPEN)
    .where(notAbout(reader))
    .executeTakeFirstOrThrow()

export const eventsOf = (db: Db, number: string) =>
  db
    .selectFrom('complaintEvent')
    .leftJoin('member', 'member.id', 'complaintEvent.actor')
    .selectAll('complaintEvent')
    .select('member.name as by')
    .where('number', '=', number)
    .orderBy('seq')
    .execute()

export const decisionsOf = (db: Db, number: string) =>
  db
    .selectFrom('complaintDecision')
    .innerJoin('member as first', 'first.id', 'complaintDecision.decidedBy')
    .leftJoin('member as second', 'second.id', 'complaintDecision.secondBy')
    .selectAll('complaintDecision')
    .select(['first.name as first', 'second.name as second'])
    .where('number', '=', number)
    .orderBy('seq')
    .execute()

export const mailsOf = (db: Db, number: string) =>
  db.selectFrom('complaintMail').selectAll().where('number', '=', number).orderBy('at').orderBy('id').execute()

/** The direct leads of a member: of their departments, and of the ones above where they lead themselves. */
export const leadsOf = async (db: Db, memberId: string): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select distinct lead.id from member one
      join department d on d.id = any(one.department_ids)
      left join department above on above.id = d.parent_id and one.userid = any(d.leaders)
      join member lead on lead.userid = any(d.leaders || coalesce(above.leaders, '{}'))
     where one.id = ${memberId} and lead.id <> one.id`.execute(db)
  return rows.map((r) => r.id)
}

/** Everybody in compliance now, with how many open complaints each has. */
export const handlers = async (db: Db, named: readonly string[], now: Date) => {
  const { rows } = await sql<{ id: string; name: string; open: number }>`
    select m.id, m.name,
           (select count(*)::int from complaint where complaint.owner_id = m.id and ${OPEN}) as open
      from member m
     where m.status = 'active' and m.blocked_at is null
       and (m.userid = any(${sql.val([...named])}::text[]) or exists (
         select 1 from role_grant g where g.member_id = m.id and g.role = 'compliance' and g.ended_at is null
            and (g.until is null or g.until > ${now})))
     order by m.name, m.id limit 100`.execute(db)
  return rows
}

/** Members by a part of their name; without one, those who have or had the customer. */
export const membersAbout = async (db: Db, handoverId: string | null, name: string) => {
  const { rows } = await sql<{ id: string; name: string; department: string | null }>`
    select m.id, m.name, d.name as department
      from member m left join department d on d.id = m.department_ids[1]
     where ${
       name
         ? sql`position(lower(${name}) in lower(m.name)) > 0`
         : sql`m.id in (
             select t.successor_id from transfer t where t.handover_id = ${handoverId}
             union select d.member_id from handover h join departure d on d.id = h.departure_id where h.id = ${handoverId})`
     }
     order by m.name, m.id limit 20`.execute(db)
  return rows
}

export const memberKnown = (db: Db, id: string) =>
  db.selectFrom('member').select(['id', 'name']).where('id', '=', id).executeTakeFirst()

/** The customer's present link, which can say what became of their request even when nothing else of them is left. */
export const linkOf = async (db: Db, handoverId: string): Promise<string | null> =>
  (
    await db
      .selectFrom('noticeAttempt')
      .select('tokenHash')
      .where('handoverId', '=', handoverId)
      .where('tokenHash', 'is not', null)
      .orderBy('preparedAt', 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
  )?.tokenHash ?? null

export const lastDecision = (db: Db, number: string) =>
  db
    .selectFrom('complaintDecision')
    .selectAll()
    .where('number', '=', number)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()

export const addDecision = (
  tx: Tx,
  decision: {
    number: string
    seq: number
    round: number
    outcome: Outcome
    againstStaff: boolean
    summary: string
    reasons: string
    decidedBy: string
    decidedAt: Date
    state: 'proposed' | 'standing'
  },
) => tx.insertInto('complaintDecision').values(decision).execute()

export const settleDecision = (
  tx: Tx,
  number: string,
  seq: number,
  second: { state: 'standing' | 'returned'; secondBy: string; secondAt: Date; secondWords: string | null },
) =>
  tx
    .updateTable('complaintDecision')
    .set(second)
    .where('number', '=', number)
    .where('seq', '=', seq)
    .where('state', '=', 'proposed')
    .returning('seq')
    .executeTakeFirst()
