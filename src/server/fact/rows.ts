import { sql } from 'kysely'
import type { About } from '../../shared/factfile'
import type { FactValue } from '../../shared/fact'
import type { Db, Tx } from '../db/open'
import { leaverFor, type Reader } from '../db/scope'

/** Members in the reader's scope who are here, never the reader; HR reads of everybody. By name. */
const members = (db: Db, reader: Reader) =>
  db
    .selectFrom('member as leaver')
    .leftJoin('department', (join) => join.on(sql<boolean>`department.id = leaver.department_ids[1]`))
    .select(['leaver.id', 'leaver.name', 'department.name as department'])
    .where('leaver.status', '!=', 'left')
    .where(leaverFor(reader))

export const membersAfter = (db: Db, reader: Reader, name: string, after: string | null, limit: number) =>
  members(db, reader)
    .$if(name !== '', (q) => q.where(sql<boolean>`position(lower(${name}) in lower(leaver.name)) > 0`))
    .$if(after !== null, (q) =>
      q.where(sql<boolean>`(leaver.name, leaver.id) > (select m.name, m.id from member m where m.id = ${after})`),
    )
    .orderBy('leaver.name')
    .orderBy('leaver.id')
    .limit(limit)
    .execute()

export const memberFor = (db: Db, reader: Reader, id: string) =>
  members(db, reader).where('leaver.id', '=', id).executeTakeFirst()

/** Whoever serves them, or has left them behind, is in the reader's scope; who asked for restriction is in nobody's. */
const customerFor = (reader: Reader) => sql<boolean>`customer.restricted_at is null and (exists (
  select 1 from relation r join member as leaver on leaver.id = r.member_id
   where r.customer_id = customer.id and r.ended_at is null and ${leaverFor(reader)}) or exists (
  select 1 from handover h join departure d on d.id = h.departure_id join member as leaver on leaver.id = d.member_id
   where h.customer_id = customer.id and ${leaverFor(reader)}))`

const customers = (db: Db, reader: Reader) =>
  db
    .selectFrom('customer')
    .select(['customer.id', 'customer.name'])
    .where('customer.name', '!=', '')
    .where(customerFor(reader))

export const customersAfter = (
  db: Db,
  reader: Reader,
  departure: string | undefined,
  after: string | null,
  limit: number,
) =>
  customers(db, reader)
    .$if(departure !== undefined, (q) =>
      q.where(
        sql<boolean>`exists (select 1 from handover h where h.customer_id = customer.id and h.departure_id = ${departure ?? ''})`,
      ),
    )
    .$if(after !== null, (q) => q.where('customer.id', '>', after ?? ''))
    .orderBy('customer.id')
    .limit(limit)
    .execute()

export const customerById = (db: Db, reader: Reader, id: string) =>
  customers(db, reader).where('customer.id', '=', id).executeTakeFirst()

export const membersByUserid = async (db: Db, userids: readonly string[]): Promise<Map<string, string>> => {
  const rows = await db
    .selectFrom('member')
    .select(['id', 'userid'])
    .where('status', '!=', 'left')
    .where(sql<boolean>`userid = any(${sql.val([...userids])}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.userid, row.id]))
}

export const namesOf = async (
  db: Db,
  ids: readonly string[],
): Promise<Map<string, { name: string; userid: string }>> => {
  const rows = await db
    .selectFrom('member')
    .select(['id', 'name', 'userid'])
    .where(sql<boolean>`id = any(${sql.val([...ids])}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

export const colleaguesNamed = (db: Db, name: string) =>
  db
    .selectFrom('member')
    .leftJoin('department', (join) => join.on(sql<boolean>`department.id = member.department_ids[1]`))
    .select(['member.id', 'member.userid', 'member.name', 'department.name as department'])
    .where('member.status', '!=', 'left')
    .where(sql<boolean>`position(lower(${name}) in lower(member.name)) > 0 or member.userid = lower(${name})`)
    .orderBy('member.name')
    .orderBy('member.id')
    .limit(20)
    .execute()

/** Which of these keys (账号; our id or WeCom's of a customer) are in the reader's scope: key → id. */
export async function idsFor(
  db: Db,
  reader: Reader,
  about: About,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const wanted = sql`unnest(${sql.val([...keys])}::text[]) as wanted (key)`
  const { rows } =
    about === 'members'
      ? await sql<{ key: string; id: string }>`
          select key, leaver.id from ${wanted} join member as leaver on leaver.userid = key
           where leaver.status <> 'left' and (${leaverFor(reader)} or leaver.id = ${reader.id})`.execute(db)
      : await sql<{ key: string; id: string }>`
          select key, customer.id from ${wanted}
            left join wecom_contact w on w.external_userid = key
            join customer on customer.id = coalesce(w.customer_id, key)
           where ${customerFor(reader)}`.execute(db)
  return new Map(rows.map((row) => [row.key, row.id]))
}

/** One value of one field of one member or customer. */
export interface Written {
  id: string
  field: string
  value: FactValue
}
const tables = { members: ['member_fact', 'member_id'], customers: ['customer_fact', 'customer_id'] } as const

/** What stands there now from people and files. */
export async function standing(db: Db, about: About, ids: readonly string[]) {
  const [table, key] = tables[about]
  const { rows } = await sql<{ id: string; field: string; source: 'hand' | 'csv'; value: FactValue }>`
    select ${sql.ref(key)} as id, field, source, value from ${sql.table(table)}
     where ${sql.ref(key)} = any(${sql.val([...ids])}::text[])`.execute(db)
  return rows
}

/** Answers how many rows changed. */
export async function write(
  tx: Tx,
  about: About,
  facts: readonly Written[],
  how: { source: 'hand' | 'csv'; by: string; at: Date },
): Promise<number> {
  const [table, key] = tables[about]
  const { numAffectedRows } = await sql`
    insert into ${sql.table(table)} as f (${sql.ref(key)}, field, source, value, written_by, written_at)
    select v.id, v.field, ${how.source}, v.value, ${how.by}, ${how.at}
      from jsonb_to_recordset(${JSON.stringify(facts)}::jsonb) as v (id text, field text, value jsonb)
    on conflict (${sql.ref(key)}, field, source) do update
      set value = excluded.value, written_by = excluded.written_by, written_at = excluded.written_at
      where f.value is distinct from excluded.value`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

export async function clear(tx: Tx, about: About, id: string, field: string): Promise<boolean> {
  const [table, key] = tables[about]
  const { numAffectedRows } = await sql`
    delete from ${sql.table(table)} where ${sql.ref(key)} = ${id} and field = ${field} and source = 'hand'`.execute(tx)
  return Number(numAffectedRows ?? 0) > 0
}
