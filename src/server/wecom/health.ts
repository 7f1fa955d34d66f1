import type { Db } from '../db/open'
import { aboutMember, kindOf } from './errcodes'

/** How a call ended: WeCom's errcode (0: good), or in one word why there was no answer. */
export interface Ended {
  errcode: number | null
  why: string | null
}

export type HealthStore = (api: string, at: Date, ended: Ended & { well: boolean }) => Promise<void>

/** Keeps writing while nothing changes only so often. */
const EVERY_MS = 10_000

/** A no that speaks of one member or customer, not of the API: it works. */
const isWell = ({ errcode }: Ended): boolean =>
  errcode !== null && (['final', 'person'].includes(kindOf(errcode)) || errcode === 0 || aboutMember.includes(errcode))

/**
 * Writes down how each API does: at once when that changes, otherwise now and then. Beside the call, never in its way: what
 * cannot be written down now is left out.
 */
export function healthKeeper(write: HealthStore, now: () => number) {
  const written = new Map<string, { what: string; at: number }>()
  return (api: string, ended: Ended): void => {
    const well = isWell(ended)
    const what = well ? 'well' : `${ended.errcode} ${ended.why}`
    const last = written.get(api)
    if (last?.what === what && now() < last.at + EVERY_MS) return
    written.set(api, { what, at: now() })
    void write(api, new Date(now()), { ...ended, well }).catch(() => written.delete(api))
  }
}

export const noHealth: HealthStore = () => Promise.resolve()

export const healthIn =
  (db: Db): HealthStore =>
  async (api, at, { well, why, errcode }) => {
    const row = well ? { answeredAt: at } : { failedAt: at, why, errcode }
    await db
      .insertInto('wecomApi')
      .values({ api, ...row })
      .onConflict((conflict) => conflict.column('api').doUpdateSet(row))
      .execute()
  }

export interface ApiHealth {
  api: string
  /** When it last answered as it should, and when it last did not. */
  answeredAt: Date | null
  failedAt: Date | null
  /** Of the last failure: a word when there was no answer; with 60020 the address WeCom saw; otherwise null. */
  why: string | null
  errcode: number | null
  /** Nobody calls before this; past times say that it may be tried again. */
  blockedUntil: Date | null
}

/** Every API that was ever called, by name. It fails when `failedAt` is later than `answeredAt`. */
export const wecomHealth = (db: Db): Promise<ApiHealth[]> =>
  db
    .selectFrom('wecomApi')
    .select(['api', 'answeredAt', 'failedAt', 'why', 'errcode', 'blockedUntil'])
    .orderBy('api')
    .execute()
