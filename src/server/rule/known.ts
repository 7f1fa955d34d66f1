import { sql } from 'kysely'
import type { Db } from '../db/open'

/** Whether it is known of any customer how, when or in which language they like to be served. */
export async function preferencesKnown(db: Db): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`
    select exists (select 1 from customer_fact where field in ('language', 'times', 'contact'))
        or exists (select 1 from fact_rule where kind = 'tag' and field = 'language') as known`.execute(db)
  return rows[0]?.known ?? false
}
