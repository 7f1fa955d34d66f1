import { sql } from 'kysely'
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
