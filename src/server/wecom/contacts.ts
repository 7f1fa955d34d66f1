import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'

/** Between WeCom's id of a customer and ours. Nothing else reads this table. */

async function customerIdsOf(db: Db, externalUserids: readonly string[]): Promise<Map<string, string>> {
  if (!externalUserids.length) return new Map()
  const rows = await db
    .selectFrom('wecomContact')
    .selectAll()
    .where('externalUserid', 'in', [...new Set(externalUserids)])
    .execute()
  return new Map(rows.map((r) => [r.externalUserid, r.customerId]))
}

export async function externalUseridsOf(db: Db, customerIds: readonly string[]): Promise<Map<string, string>> {
  if (!customerIds.length) return new Map()
  const rows = await db
    .selectFrom('wecomContact')
    .selectAll()
    .where('customerId', 'in', [...new Set(customerIds)])
    .execute()
  return new Map(rows.map((r) => [r.customerId, r.externalUserid]))
}

export const customerIdOf = async (db: Db, externalUserid: string): Promise<string | undefined> =>
  (await customerIdsOf(db, [externalUserid])).get(externalUserid)

/**
 * Our ids of these people; whoever is new gets one and an empty name, which a later reading may fill. Writers wait for
 * each other on the table, because two of them may meet the same stranger at once.
 */
export async function ensureCustomers(
  tx: Tx,
  externalUserids: readonly string[],
  make: { now(): Date; id(): string },
): Promise<Map<string, string>> {
  const known = await customerIdsOf(tx, externalUserids)
  if (externalUserids.every((e) => known.has(e))) return known
  await sql`lock table wecom_contact in share row exclusive mode`.execute(tx)
  const found = await customerIdsOf(tx, externalUserids)
  const strangers = [...new Set(externalUserids)].filter((e) => !found.has(e))
  for (let i = 0; i < strangers.length; i += 1000) {
    const fresh = strangers.slice(i, i + 1000).map((externalUserid) => ({ externalUserid, customerId: make.id() }))
    const firstSeenAt = make.now()
    await tx
      .insertInto('customer')
      .values(fresh.map((f) => ({ id: f.customerId, firstSeenAt })))
      .execute()
    await tx.insertInto('wecomContact').values(fresh).execute()
    for (const f of fresh) found.set(f.externalUserid, f.customerId)
  }
  return found
}
