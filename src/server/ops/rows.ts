import { sql } from 'kysely'
import type { Db } from '../db/open'
import type { Waiting } from '../lib/metrics'

/** Events nobody has handled, and jobs whose tick has come and whom nobody runs. */
export async function backlog(db: Db, now: Date): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`
    select 'events' as kind, count(*)::int as count,
           coalesce(extract(epoch from ${now}::timestamptz - min(received_at)), 0)::float8 as oldest
      from wecom_event where handled_at is null
    union all
    select 'jobs', count(*)::int, coalesce(extract(epoch from clock_timestamp() - min(due_at)), 0)::float8
      from job where holder is null and due_at < clock_timestamp()`.execute(db)
  return rows
}
