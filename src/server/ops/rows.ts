import { sql } from 'kysely'
import type { Db } from '../db/open'
import type { Waiting } from '../lib/metrics'

/**
 * Events nobody has handled, jobs whose tick has come and whom nobody runs; entries of the log no head covers, heads an
 * authority did not stamp, and whether the last walk over the log found it broken (count 1).
 */
export async function backlog(db: Db, now: Date): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`
    select 'events' as kind, count(*)::int as count,
           coalesce(extract(epoch from ${now}::timestamptz - min(received_at)), 0)::float8 as oldest
      from wecom_event where handled_at is null
    union all
    select 'jobs', count(*)::int, coalesce(extract(epoch from clock_timestamp() - min(due_at)), 0)::float8
      from job where holder is null and due_at < clock_timestamp()
    union all
    select 'unsigned', (l.seq - coalesce(h.size, 0))::int, coalesce(extract(epoch from ${now}::timestamptz - h.at), 0)::float8
      from audit_head l left join (select size, at from tree_head order by size desc limit 1) h on true
    union all
    select 'unstamped', count(*)::int, coalesce(extract(epoch from ${now}::timestamptz - min(t.tried_at)), 0)::float8
      from tree_stamp_try t where not exists (select 1 from tree_stamp s where s.size = t.size)
    union all
    select 'log_broken', count(*)::int, coalesce(extract(epoch from ${now}::timestamptz - min(c.at)), 0)::float8
      from (select at, broken_seq from audit_check order by at desc limit 1) c where c.broken_seq is not null`.execute(
    db,
  )
  return rows
}
