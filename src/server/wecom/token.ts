import { createHash } from 'node:crypto'
import type { Alone } from './shared-rows'

/** What all processes know of one credential; times in ms. */
export interface Known {
  value: string | null
  /** From then on a new one is fetched. */
  until: number
  /** The errcode of the last fetch that was refused, and how long WeCom is left alone with it. */
  refused: number | null
  quietUntil: number
}

export const unknown: Known = { value: null, until: 0, refused: null, quietUntil: 0 }

/** Fetched again so long before its end (facts 1.1). */
const EARLY_MS = 300_000
/** WeCom handed the bad one out again: whoever asks at once would only get it a third time. */
const SAME_AGAIN_MS = 60_000

/** The secret stays out of the database; a digest of it is enough to tell the rows of two secrets apart. */
export const credentialKey = (corpId: string, secret: string, kind: string): string =>
  createHash('sha256')
    .update(JSON.stringify([corpId, secret, kind]))
    .digest('hex')

export interface Credential {
  store: Alone<Known>
  key: string
  fetch(): Promise<{ value: string; seconds: number }>
  /** For how long a refusal keeps everybody from asking again (ms); 0 for what is no refusal of the credential. */
  quietAfter(error: unknown): { errcode: number; ms: number } | null
  /** What to throw instead of asking again. */
  refusal(errcode: number): Error
  now(): number
}

/**
 * One token (or ticket) for everybody: kept here in memory, shared by all processes through the store. Whoever comes first
 * fetches it, alone among all of them; the rest wait and take the same.
 */
export function keeper({ store, key, fetch, quietAfter, refusal, now }: Credential) {
  let held: { value: string; until: number } | null = null
  let flight: Promise<string> | null = null

  const known = (bad: string | null) =>
    store(key, async (before) => {
      const kept = before.value !== null && before.value !== bad && now() < before.until
      if (kept || now() < before.quietUntil) return before
      try {
        const { value, seconds } = await fetch()
        const quietUntil = value === bad ? now() + SAME_AGAIN_MS : 0
        return { value, until: now() + seconds * 1000 - EARLY_MS, refused: null, quietUntil }
      } catch (error) {
        const quiet = quietAfter(error)
        if (!quiet) throw error
        return { ...unknown, refused: quiet.errcode, quietUntil: now() + quiet.ms }
      }
    })

  async function fly(bad: string | null): Promise<string> {
    const { value, until, refused } = await known(bad)
    if (value === null) throw refusal(refused ?? 0)
    held = { value, until }
    return value
  }
  const single = (bad: string | null): Promise<string> => (flight ??= fly(bad).finally(() => (flight = null)))

  return {
    get: (): Promise<string> => (held && now() < held.until ? Promise.resolve(held.value) : single(null)),
    /** `bad` was refused: many may say so at once, in many processes, and one of them fetches. */
    renew: (bad: string): Promise<string> => {
      if (held && held.value !== bad) return Promise.resolve(held.value)
      held = null
      return single(bad)
    },
    /** Seconds that what is held is still good for. */
    left: (): number => Math.max(0, Math.floor(((held?.until ?? 0) - now()) / 1000)),
  }
}
