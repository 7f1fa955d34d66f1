import type { WeComError } from '../wecom/client'
import type { Hold } from './rows'

/** After "busy" or a connection that was refused: with the next tick of the clock that runs every minute. */
const SOON_MS = 50_000
/** Where a person must act first, the same call is made more and more seldom; "check now" makes it at once. */
const BLOCKED_MS = [60_000, 5 * 60_000, 15 * 60_000, 3600_000]

/** When a call that had no effect is made again. Where WeCom has said how long it takes no calls, not before. */
export function nextTry(error: WeComError | null, tries: number, at: Date): Hold {
  const later = (ms: number) => new Date(at.getTime() + ms)
  if (!error || error.kind === 'retry') {
    const soon = later(SOON_MS)
    const until = error ? untilOf(error) : null
    return { errcode: error?.errcode ?? null, nextTryAt: until && until > soon ? until : soon, tries }
  }
  const wait = BLOCKED_MS[Math.min(tries, BLOCKED_MS.length - 1)] ?? SOON_MS
  return { errcode: error.errcode, nextTryAt: later(wait), tries: tries + 1 }
}

const untilOf = (error: WeComError & { until?: Date | number | null }): Date | null =>
  error.until ? new Date(error.until) : null
