import { sql } from 'kysely'
import { customerFactsOf } from './fact-rows'
import type { Db } from './open'

/** Whether one of these customers is of value tier A or above: then two people approve (compliance 7.3). */
export async function hasTopTier(db: Db, handovers: readonly string[]): Promise<boolean> {
  const customers = sql`select customer_id from handover where id = any(${sql.val([...handovers])}::text[])`
  const facts = await customerFactsOf(db, customers)
  return [...facts.values()].some(({ tier }) => tier === 'S' || tier === 'A')
}
