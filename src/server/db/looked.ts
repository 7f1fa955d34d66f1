import { sql } from 'kysely'
import type { Db } from './open'

/** Who, by role and by day of Beijing, looked at what of a customer; the last first. A name and company are looked at, too. */
export interface Looked {
  day: Date
  role: string
  classes: string[]
  times: number
}
export const looksAt = async (db: Db, customerId: string): Promise<Looked[]> =>
  (
    await sql<Looked>`
      select max(looked.at) as day, looked.role, array_agg(distinct looked.class order by looked.class) as classes,
             count(distinct looked.seq)::int as times
        from (select at, seq, detail->>'who' as role, jsonb_array_elements_text(detail->'classes') as class
                from audit
               where action like 'look.%' and subject = ${customerId} and detail ? 'who') looked
       where looked.class <> 'F0'
       group by (looked.at at time zone 'Asia/Shanghai')::date, looked.role
       order by 1 desc limit 100`.execute(db)
  ).rows
