import { sql, type Insertable } from 'kysely'
import type { Db, Tx } from '../db/open'
import type { Signal } from '../db/tables'
import type { Look, Memory } from './watch'

/** What counts as a look at a customer here. */
const actions = { 'look.brief': 'open', 'look.revealed': 'reveal' } as const
const names = Object.keys(actions)

/** Where the last run ended; held, so that two never read the same. */
export const holdPlace = async (tx: Tx): Promise<number> =>
  (await tx.selectFrom('signalWatch').select('seq').forUpdate().executeTakeFirstOrThrow()).seq

export const setPlace = (tx: Tx, seq: number) => tx.updateTable('signalWatch').set({ seq }).execute()

export const headOf = async (tx: Tx): Promise<number> =>
  (await tx.selectFrom('auditHead').select('seq').executeTakeFirstOrThrow()).seq

/** Members' looks between two places of the log, in its order. */
export async function looksBetween(
  tx: Tx,
  after: number,
  to: number,
  limit: number,
): Promise<(Look & { member: string })[]> {
  const rows = await tx
    .selectFrom('audit')
    .innerJoin('member', 'member.id', 'audit.actor')
    .select(['audit.seq', 'audit.at', 'audit.actor as member', 'audit.subject as customer', 'audit.action'])
    .where('audit.seq', '>', after)
    .where('audit.seq', '<=', to)
    .where('audit.action', 'in', names)
    .orderBy('audit.seq')
    .limit(limit)
    .execute()
  return rows.map(({ at, action, ...row }) => ({ ...row, at: at.getTime(), what: actions[action as 'look.brief'] }))
}

export const memoriesOf = async (tx: Tx, members: readonly string[]): Promise<Map<string, Memory>> =>
  new Map(
    (await tx.selectFrom('signalMember').select(['memberId', 'state']).where('memberId', 'in', members).execute()).map(
      (row) => [row.memberId, row.state as unknown as Memory],
    ),
  )

export const remember = (tx: Tx, memberId: string, memory: Memory, at: Date) => {
  const state = sql<string>`${JSON.stringify(memory)}::jsonb`
  return tx
    .insertInto('signalMember')
    .values({ memberId, state, at })
    .onConflict((conflict) => conflict.column('memberId').doUpdateSet({ state, at }))
    .execute()
}

/** Every window is over by then. */
export const forget = (tx: Tx, before: Date) => tx.deleteFrom('signalMember').where('at', '<', before).execute()

/** Once per member, pattern and window. Answers whether it is new. */
export const addSignal = async (
  tx: Tx,
  { facts, ...row }: Omit<Insertable<Signal>, 'facts'> & { facts: object },
): Promise<boolean> =>
  (
    await tx
      .insertInto('signal')
      .values({ ...row, facts: sql<string>`${JSON.stringify(facts)}::jsonb` })
      .onConflict((conflict) => conflict.columns(['memberId', 'kind', 'span']).doNothing())
      .returning('id')
      .execute()
  ).length > 0

interface AboutLeaver {
  departureId: string
  memberId: string
  since: Date
  until: Date
  count: number
  usual: number | null
}

/** Contacts that leavers deleted themselves in the 30 days before; asked again until it is asked about. */
export const deletionsBefore = async (db: Db, now: Date, least: number): Promise<AboutLeaver[]> =>
  (
    await sql<AboutLeaver>`
      select d.id as departure_id, d.member_id, min(r.ended_at) as since, max(r.ended_at) as until, count(*) as count,
             null::integer as usual
        from departure d
        join relation r on r.member_id = d.member_id and r.ended_by = 'member'
          and r.ended_at between least(d.left_at, ${now}) - interval '30 days' and least(d.left_at, ${now})
       where d.ended_at is null and d.noticed_at > ${now}::timestamptz - interval '60 days'
         and not exists (select 1 from signal s where s.member_id = d.member_id and s.kind = 'deletions' and s.span = d.id)
       group by d.id, d.member_id
      having count(*) >= ${least}`.execute(db)
  ).rows

/** Customers looked at in the seven days before somebody left, and in the seven before those. */
export const looksBefore = async (db: Db, now: Date, least: number): Promise<AboutLeaver[]> =>
  (
    await sql<AboutLeaver>`
      select d.id as departure_id, d.member_id, l.since, l.until, l.count, l.usual
        from departure d
        cross join lateral (
          select min(a.at) filter (where a.at >= d.left_at - interval '7 days') as since,
                 max(a.at) as until,
                 count(distinct a.subject) filter (where a.at >= d.left_at - interval '7 days') as count,
                 count(distinct a.subject) filter (where a.at < d.left_at - interval '7 days') as usual
            from audit a
           where a.actor = d.member_id and a.action like 'look.%' and a.action = any(${names})
             and a.at between d.left_at - interval '14 days' and d.left_at) l
       where d.gone and d.ended_at is null and d.noticed_at > ${now}::timestamptz - interval '2 days' and l.count >= ${least}
         and not exists (select 1 from signal s where s.member_id = d.member_id and s.kind = 'before_leaving' and s.span = d.id)`.execute(
      db,
    )
  ).rows

const signals = (db: Db, reader: string) =>
  db
    .selectFrom('signal')
    .innerJoin('member', 'member.id', 'signal.memberId')
    .leftJoin('department', (join) => join.on(sql<boolean>`department.id = member.department_ids[1]`))
    .leftJoin('member as decider', 'decider.id', 'signal.decidedBy')
    .selectAll('signal')
    .select(['member.name as member', 'department.name as department', 'decider.name as decider'])
    .select(sql<number>`case when signal.decision is null then 0 else 1 end`.as('rank'))
    // Nobody reads of themselves.
    .where('signal.memberId', '!=', reader)

/** Undecided ones first, then the newest. */
export const signalsAfter = (db: Db, reader: string, after: { rank: number; id: string } | null, limit: number) =>
  signals(db, reader)
    .$if(after !== null, (q) =>
      q.where(
        sql<boolean>`(case when signal.decision is null then 0 else 1 end, signal.id) > (${after?.rank}, '')
          and not (case when signal.decision is null then 0 else 1 end = ${after?.rank} and signal.id >= ${after?.id})`,
      ),
    )
    .orderBy('rank')
    .orderBy('signal.id', 'desc')
    .limit(limit)
    .execute()

export type SignalRow = Awaited<ReturnType<typeof signalsAfter>>[number]

export const openSignals = async (db: Db, reader: string): Promise<number> =>
  (
    await db
      .selectFrom('signal')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('decision', 'is', null)
      .where('memberId', '!=', reader)
      .executeTakeFirstOrThrow()
  ).n

export const signalById = (db: Db, reader: string, id: string) =>
  signals(db, reader).where('signal.id', '=', id).executeTakeFirst()

/** The looks a signal is about, the oldest first. */
export const looksOf = (
  db: Db,
  { memberId, since, until }: Pick<SignalRow, 'memberId' | 'since' | 'until'>,
  after: number,
  limit: number,
) =>
  db
    .selectFrom('audit')
    .innerJoin('customer', 'customer.id', 'audit.subject')
    .select(['audit.seq', 'audit.at', 'audit.action as what', 'customer.name'])
    .where('audit.actor', '=', memberId)
    .where(sql<boolean>`audit.action like 'look.%'`)
    .where('audit.action', 'in', names)
    .where('audit.at', '>=', since)
    .where('audit.at', '<=', until)
    .where('audit.seq', '>', after)
    .orderBy('audit.seq')
    .limit(limit)
    .execute()

/** False: somebody decided it already. */
export const decide = async (
  tx: Tx,
  id: string,
  set: { decision: string; words: string; decidedBy: string; decidedAt: Date },
): Promise<boolean> =>
  (await tx.updateTable('signal').set(set).where('id', '=', id).where('decision', 'is', null).returning('id').execute())
    .length > 0
