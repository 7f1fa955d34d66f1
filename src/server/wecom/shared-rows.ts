import { sql } from 'kysely'
import type { Db } from '../db/open'
import { noHealth, healthIn, type HealthStore } from './health'
import { fresh, type Pace } from './pace'
import { sealer } from '../lib/seal'
import { unknown, type Known } from './token'

/**
 * Reads what is known under a key and writes what `change` makes of it, alone among all processes. Answers what is known
 * then. When `change` throws, nothing changes.
 */
export type Alone<T> = (key: string, change: (known: T) => Promise<T>) => Promise<T>

/** What the processes of one installation share about WeCom. */
export interface Shared {
  credentials: Alone<Known>
  paces: Alone<Pace>
  health: HealthStore
}

/** Whoever waits longer for another process's fetch has no answer; the next try finds what that one got. */
const LOCK_MS = 12_000

const ms = (date: Date | null): number => date?.getTime() ?? 0
const dateOf = (at: number): Date | null => (at ? new Date(at) : null)

export const sharedIn = (db: Db, secret: string): Shared => ({
  credentials: credentialsIn(db, secret),
  paces: pacesIn(db),
  health: healthIn(db),
})

function credentialsIn(db: Db, secret: string): Alone<Known> {
  const { seal, unseal } = sealer(secret)
  return (key, change) =>
    db.transaction().execute(async (tx) => {
      await sql`select set_config('lock_timeout', ${String(LOCK_MS)}, true)`.execute(tx)
      // The first of all inserts, and whoever else does waits for it here.
      await tx
        .insertInto('wecomCredential')
        .values({ key })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      const row = await tx
        .selectFrom('wecomCredential')
        .selectAll()
        .where('key', '=', key)
        .forUpdate()
        .executeTakeFirstOrThrow()
      const before: Known = {
        value: row.sealed === null ? null : unseal(row.sealed, key),
        until: ms(row.useUntil),
        refused: row.refused,
        quietUntil: ms(row.quietUntil),
      }
      const after = await change(before)
      if (after !== before)
        await tx
          .updateTable('wecomCredential')
          .set({
            sealed: after.value === null ? null : seal(after.value, key),
            useUntil: dateOf(after.until),
            refused: after.refused,
            quietUntil: dateOf(after.quietUntil),
          })
          .where('key', '=', key)
          .execute()
      return after
    })
}

const pacesIn =
  (db: Db): Alone<Pace> =>
  (api, change) =>
    db.transaction().execute(async (tx) => {
      await tx
        .insertInto('wecomApi')
        .values({ api })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      const row = await tx
        .selectFrom('wecomApi')
        .select(['minuteTat', 'hourTat', 'blockedUntil', 'probing'])
        .where('api', '=', api)
        .forUpdate()
        .executeTakeFirstOrThrow()
      const before: Pace = {
        minute: row.minuteTat,
        hour: row.hourTat,
        blockedUntil: row.blockedUntil?.getTime() ?? null,
        probing: row.probing,
      }
      const after = await change(before)
      if (after !== before)
        await tx
          .updateTable('wecomApi')
          .set({
            minuteTat: after.minute,
            hourTat: after.hour,
            blockedUntil: after.blockedUntil === null ? null : new Date(after.blockedUntil),
            probing: after.probing,
          })
          .where('api', '=', api)
          .execute()
      return after
    })

/** The same for one process without a database. */
export const sharedHere = (): Shared => ({ credentials: inMemory(unknown), paces: inMemory(fresh), health: noHealth })

function inMemory<T>(first: T): Alone<T> {
  const known = new Map<string, T>()
  const last = new Map<string, Promise<unknown>>()
  return (key, change) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(async () => {
      const after = await change(known.get(key) ?? first)
      known.set(key, after)
      return after
    })
    last.set(
      key,
      turn.catch(() => undefined),
    )
    return turn
  }
}
