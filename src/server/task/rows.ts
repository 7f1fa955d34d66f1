import { sql } from 'kysely'
import type { Db } from '../db/open'

interface Done {
  helloAt: Date | null
  promises: number
  open: number
}

/**
 * What has happened since the takeover: the first hello as WeCom's client said it was sent; promises of before, and how many of
 * them their new keeper has neither kept, nor moved, nor taken over.
 */
export async function doneSince(
  db: Db,
  { handover, customer, successor, takenAt }: { handover: string; customer: string; successor: string; takenAt: Date },
): Promise<Done> {
  const { rows } = await sql<Done>`
    select (select min(a.outcome_at) from notice_attempt a
             where a.handover_id = ${handover} and a.script = 'hello' and a.outcome = 'sent') as hello_at,
           count(*)::int as promises,
           count(*) filter (where p.kept_at is null and p.taken_by is distinct from ${successor})::int as open
      from promise p
     where p.customer_id = ${customer} and p.made_by <> ${successor} and p.made_at <= ${takenAt}
       and (p.kept_at is null or p.kept_at > ${takenAt})`.execute(db)
  return rows[0]!
}
