import { sql, type RawBuilder } from 'kysely'
import type { RetentionClass } from '../../shared/retention'
import type { Db, Tx } from '../db/open'

/** Departures under a hold, and what belongs to customers under one (0018_retention.sql). */
const departureHeld = (departure: RawBuilder<unknown>) => sql<boolean>`exists (
  select 1 from legal_hold l where l.released_at is null and l.subject_kind = 'departure' and l.subject_id = ${departure})`

/** What is due of each class when `cutoff` is now less the period, and by which key it is taken. Oldest first. */
interface Due {
  table: string
  key: string
  where: (cutoff: Date) => RawBuilder<unknown>
}
const due: Record<RetentionClass, Due> = {
  customer: {
    table: 'customer',
    key: 'id',
    // A complaint is kept by its own period, and its customer as long.
    where: (cutoff) => sql`not exists (select 1 from relation r where r.customer_id = x.id and r.ended_at is null)
      and x.first_seen_at <= ${cutoff} and customer_ended(x.id) <= ${cutoff} and not customer_held(x.id)
      and not exists (select 1 from handover h join complaint k on k.handover_id = h.id where h.customer_id = x.id)
      and not exists (select 1 from rights_request q where q.customer_id = x.id and q.informed_at is null)`,
  },
  complaint: {
    table: 'complaint',
    key: 'number',
    // Its period begins when it is closed; its events, decisions and mails go with it.
    where: (cutoff) => sql`x.closed_at <= ${cutoff} and not exists (
      select 1 from handover h where h.id = x.handover_id
        and (customer_held(h.customer_id) or ${departureHeld(sql`h.departure_id`)}))`,
  },
  staff: {
    table: 'member',
    key: 'id',
    where: (cutoff) => sql`x.status = 'left' and x.userid not like 'left-%'
      and exists (select 1 from departure d where d.member_id = x.id and d.gone)
      and not exists (select 1 from departure d where d.member_id = x.id and (d.left_at > ${cutoff} or ${departureHeld(sql`d.id`)}))`,
  },
  departure: {
    table: 'departure',
    key: 'id',
    where: (cutoff) => sql`(x.gone or x.ended_at is not null) and greatest(x.left_at, x.ended_at) <= ${cutoff}
      and not exists (select 1 from handover h where h.departure_id = x.id)
      and not exists (select 1 from member m where m.id = x.member_id and m.status = 'left' and m.userid not like 'left-%')
      and not exists (select 1 from export_request e where e.departure_id = x.id) and not ${departureHeld(sql`x.id`)}`,
  },
  export: {
    table: 'export_request',
    key: 'id',
    where: (
      cutoff,
    ) => sql`x.state not in ('pending', 'approved', 'ready') and coalesce(x.ended_at, x.asked_at) <= ${cutoff}
      and not ${departureHeld(sql`x.departure_id`)}`,
  },
  request: {
    table: 'rights_request',
    key: 'id',
    where: (cutoff) => sql`x.informed_at <= ${cutoff} and (x.customer_id is null or not customer_held(x.customer_id))
      and not exists (select 1 from customer_correction c where c.request_id = x.id)`,
  },
  reveal: {
    table: 'reveal',
    key: 'id',
    where: (cutoff) => sql`x.at <= ${cutoff} and not customer_held(x.customer_id)`,
  },
  network: {
    table: 'wecom_event',
    key: 'digest',
    where: (cutoff) => sql`x.received_at <= ${cutoff} and x.handled_at is not null`,
  },
  message: { table: 'letter_to_member', key: 'id', where: (cutoff) => sql`x.written_at <= ${cutoff}` },
  // Counted here; done by age_log (0020), since nobody but the owner of the database may change a row of it.
  log: {
    table: 'audit',
    key: 'seq',
    where: (cutoff) => sql`x.seq <= log_signed_until(${cutoff}) and log_due(x, log_signed_until(${cutoff}))`,
  },
  session: { table: 'session', key: 'id_hash', where: (cutoff) => sql`x.created_at <= ${cutoff}` },
  answer: { table: 'kept_answer', key: 'key_hash', where: (cutoff) => sql`x.at <= ${cutoff}` },
}

export async function countDue(db: Db, name: RetentionClass, cutoff: Date): Promise<number> {
  const { table, where } = due[name]
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from ${sql.table(table)} x where ${where(cutoff)}`.execute(db)
  return rows[0]?.n ?? 0
}

/** Held, so that nothing new hangs itself on them before they are gone; whoever is busy with one keeps it till next time. */
export async function holdDue(tx: Tx, name: RetentionClass, cutoff: Date, limit: number): Promise<string[]> {
  const { table, key, where } = due[name]
  const { rows } = await sql<{ key: string }>`
    select x.${sql.ref(key)} as key from ${sql.table(table)} x where ${where(cutoff)}
    order by 1 limit ${limit} for update of x skip locked`.execute(tx)
  return rows.map((row) => row.key)
}

/** The oldest so many looks, exports and logins lose what they said; answers how many. */
export async function ageLog(tx: Tx, before: Date, at: Date, most: number): Promise<number> {
  const { rows } = await sql<{ aged: number }>`select age_log(${before}, ${at}, ${most}) as aged`.execute(tx)
  return rows[0]?.aged ?? 0
}

/** Rows that only stand for themselves. */
export async function removeRows(tx: Tx, name: RetentionClass, keys: readonly string[]): Promise<number> {
  const { table, key } = due[name]
  return remove(tx, sql`${sql.table(table)} where ${sql.ref(key)} = any(${list(keys)})`)
}

const list = (keys: readonly string[]) => sql`${sql.val([...keys])}::text[]`

async function remove(tx: Tx, from: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows } = await sql`delete from ${from}`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** Plans, calls and groups of departures that no handover hangs on any more. */
export async function removeDepartures(tx: Tx, ids: readonly string[]): Promise<number> {
  const plans = sql`select id from plan where departure_id = any(${list(ids)})`
  await remove(tx, sql`group_notice where departure_id = any(${list(ids)})`)
  await remove(tx, sql`group_transfer where departure_id = any(${list(ids)})`)
  for (const table of ['plan_group', 'plan_run', 'plan_tally', 'transfer_batch'])
    await remove(tx, sql`${sql.table(table)} where plan_id in (${plans})`)
  const rounds = sql`select id from approval where plan_id in (${plans})`
  for (const table of ['plan_card', 'approval_vote'])
    await remove(tx, sql`${sql.table(table)} where approval_id in (${rounds})`)
  await remove(tx, sql`approval where plan_id in (${plans})`)
  await remove(tx, sql`plan where departure_id = any(${list(ids)})`)
  return remove(tx, sql`departure where id = any(${list(ids)})`)
}

/** The row stays, because what others did with them names it; who it was goes. */
export async function shortenMembers(tx: Tx, ids: readonly string[]): Promise<number> {
  await remove(tx, sql`fact_correction where member_id = any(${list(ids)})`)
  await remove(tx, sql`member_fact where member_id = any(${list(ids)})`)
  const { numAffectedRows } = await sql`
    update member set name = '—', position = '', department_ids = '{}', userid = 'left-' || id
    where id = any(${list(ids)})`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

export const noteRun = (tx: Tx, name: RetentionClass, at: Date, removed: number) =>
  tx
    .insertInto('retentionRun')
    .values({ class: name, at, removed })
    .onConflict((conflict) =>
      conflict.columns(['class', 'at']).doUpdateSet((eb) => ({
        removed: eb('retentionRun.removed', '+', eb.ref('excluded.removed')),
      })),
    )
    .execute()

export const lastRuns = (db: Db) =>
  db
    .selectFrom('retentionRun')
    .select(['class', 'at', 'removed'])
    .distinctOn('class')
    .orderBy('class')
    .orderBy('at', 'desc')
    .execute()
