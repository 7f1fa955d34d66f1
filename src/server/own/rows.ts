import { sql } from 'kysely'
import type { Tally } from '../../shared/allocation'
import type { Db } from '../db/open'

/** What the log holds of this member since then, counted. */
export async function ownCounts(db: Db, memberId: string, since: Date) {
  const { rows } = await sql<{ action: string; n: number }>`
    select action, count(*) as n from audit where actor = ${memberId} and at >= ${since} group by action`.execute(db)
  const opened = await sql<{ n: number }>`
    select count(distinct subject) as n from audit
     where actor = ${memberId} and at >= ${since} and action like 'look.%' and action = 'look.brief'`.execute(db)
  const sum = (of: typeof rows) => of.reduce((n, row) => n + row.n, 0)
  const looks = rows.filter((row) => row.action.startsWith('look.'))
  return {
    logins: sum(rows.filter((row) => row.action === 'session.began')),
    acts: sum(rows.filter((row) => !row.action.startsWith('look.') && !row.action.startsWith('session.'))),
    looks: looks.map(({ action, n }) => ({ what: action.slice('look.'.length), n })),
    customers: opened.rows[0]?.n ?? 0,
  }
}

const RUNS_SHOWN = 5

/** The last approved plans by rules in which this member was considered. */
export async function ownRuns(db: Db, memberId: string) {
  const { rows } = await sql<{ at: Date; customers: number; tally: Tally }>`
    select p.decided_at as at, t.tally, (select count(*) from plan_reason r where r.plan_id = p.id) as customers
      from plan_tally t join plan p on p.id = t.plan_id
     where t.member_id = ${memberId} and p.state = 'approved'
     order by p.decided_at desc limit ${RUNS_SHOWN}`.execute(db)
  return rows.map(({ at, customers, tally }) => ({ at: at.toISOString(), customers, ...tally }))
}
