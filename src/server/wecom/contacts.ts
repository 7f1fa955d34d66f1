import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'

/** Between WeCom's id of a customer and ours. Only the statements of relation-rows.ts join this table, too. */

export async function customerIdsOf(db: Db, externalUserids: readonly string[]): Promise<Map<string, string>> {
  if (!externalUserids.length) return new Map()
  const rows = await db
    .selectFrom('wecomContact')
    .selectAll()
    .where(sql<boolean>`external_userid = any(${[...new Set(externalUserids)]})`)
    .execute()
  return new Map(rows.map((r) => [r.externalUserid, r.customerId]))
}

export async function externalUseridsOf(db: Db, customerIds: readonly string[]): Promise<Map<string, string>> {
  if (!customerIds.length) return new Map()
  const rows = await db
    .selectFrom('wecomContact')
    .selectAll()
    .where(sql<boolean>`customer_id = any(${[...new Set(customerIds)]})`)
    .execute()
  return new Map(rows.map((r) => [r.customerId, r.externalUserid]))
}

export const customerIdOf = async (db: Db, externalUserid: string): Promise<string | undefined> =>
  (await customerIdsOf(db, [externalUserid])).get(externalUserid)

/** What is known of somebody at first sight. */
export interface Stranger {
  externalUserid: string
  name: string
  kind: 'wechat' | 'wecom' | 'unknown'
  company: string | null
  title: string | null
}

type Make = { now(): Date; id(): string }

/**
 * Gives an id to each of these whom nobody knows yet, and answers theirs. Two writers may meet the same stranger at once:
 * the second waits for the first and leaves the row alone. Contacts are taken before customers are held, and in one order
 * by everybody, so that nobody waits in a circle. For the same reason only once in a transaction.
 */
export async function addStrangers(tx: Tx, people: readonly Stranger[], make: Make): Promise<Map<string, string>> {
  const given = new Map(people.map((p) => [p.externalUserid, { ...p, id: make.id() }]))
  if (!given.size) return new Map()
  const { rows } = await sql<{ id: string; externalUserid: string }>`
    with given as (
      select * from json_to_recordset(${JSON.stringify([...given.values()])}::json)
        as g("id" text, "externalUserid" text, "name" text, "kind" text, "company" text, "title" text)
    ), taken as (
      insert into wecom_contact (external_userid, customer_id)
      select "externalUserid", "id" from given order by 1
      on conflict (external_userid) do nothing
      returning customer_id, external_userid
    ), made as (
      insert into customer (id, name, kind, company, title, first_seen_at)
      select g."id", g."name", g."kind", g."company", g."title", ${make.now()} from given g
      join taken on taken.customer_id = g."id"
    )
    select customer_id as id, external_userid from taken`.execute(tx)
  return new Map(rows.map((r) => [r.externalUserid, r.id]))
}

/** Our ids of these people; whoever is new gets one and an empty name, which a later reading may fill. */
export async function ensureCustomers(
  tx: Tx,
  externalUserids: readonly string[],
  make: Make,
): Promise<Map<string, string>> {
  const known = await customerIdsOf(tx, externalUserids)
  const strangers = externalUserids.filter((e) => !known.has(e))
  if (!strangers.length) return known
  const nobody = { name: '', kind: 'unknown', company: null, title: null } as const
  await addStrangers(
    tx,
    strangers.map((externalUserid) => ({ externalUserid, ...nobody })),
    make,
  )
  return customerIdsOf(tx, externalUserids)
}
