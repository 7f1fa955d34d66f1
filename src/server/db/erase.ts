import { sql, type RawBuilder } from 'kysely'
import type { Blocker } from '../../shared/request'
import type { Db, Tx } from './open'

const list = (keys: readonly string[]) => sql`${sql.val([...keys])}::text[]`

async function remove(tx: Tx, from: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows } = await sql`delete from ${from}`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** Everything that stands about these customers but their history, in an order that no reference minds. */
export async function removeCustomers(tx: Tx, ids: readonly string[]): Promise<number> {
  const mine = sql`select id from handover where customer_id = any(${list(ids)})`
  for (const table of [
    ...[
      'emergency',
      'restore',
      'objection',
      'mass_notice',
      'notice_other',
      'notice_waiver',
      'notice_attempt',
      'notice',
    ],
    ...['plan_override', 'plan_reason', 'plan_item', 'transfer'],
  ])
    await remove(tx, sql`${sql.table(table)} where handover_id in (${mine})`)
  for (const table of [
    ...[
      'note',
      'first_notice',
      'customer_correction',
      'handover',
      'promise',
      'relation',
      'reveal',
      'child',
      'child_access',
      'raw_record',
    ],
    ...['kept_answer', 'customer_fact', 'mirror_seen', 'group_customer', 'wecom_contact'],
  ])
    await remove(tx, sql`${sql.table(table)} where customer_id = any(${list(ids)})`)
  return remove(tx, sql`customer where id = any(${list(ids)})`)
}

/** History and consents have doors of their own, in the database: when their time is over, and when the customer asked. */
export async function purgeHistory(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  await sql`select purge_history(${list(ids)}, ${at})`.execute(tx)
  await sql`select purge_consents(${list(ids)}, ${at})`.execute(tx)
}
export const purgeHistoryOf = (tx: Tx, customerId: string, requestId: string) =>
  sql`select purge_history_of(${customerId}, ${requestId})`.execute(tx)

/** What stands in the way of deleting a customer now; a law or a case that holds them comes first. */
export async function blockersOf(db: Db, customerId: string): Promise<Blocker[]> {
  const { rows } = await sql<Record<Blocker, boolean>>`
    select customer_held(${customerId}) as held,
      exists (select 1 from relation r where r.customer_id = ${customerId} and r.ended_at is null) as follows,
      exists (select 1 from handover h join transfer t on t.handover_id = h.id where h.customer_id = ${customerId}
               and t.state in ('planned', 'pending_approval', 'approved', 'submitted', 'waiting')) as under_way,
      exists (select 1 from handover h join objection o on o.handover_id = h.id
               where h.customer_id = ${customerId} and o.handled_at is null) as objection,
      exists (select 1 from handover h join complaint k on k.handover_id = h.id
               where h.customer_id = ${customerId}) as complaint,
      exists (select 1 from consent_record c where c.customer_id = ${customerId}) as consent`.execute(db)
  const found = rows[0]
  const names: Record<Blocker, boolean | undefined> = {
    held: found?.held,
    follows: found?.follows,
    under_way: (found as unknown as { underWay?: boolean })?.underWay,
    objection: found?.objection,
    complaint: found?.complaint,
    consent: found?.consent,
  }
  return (Object.keys(names) as Blocker[]).filter((name) => names[name])
}
