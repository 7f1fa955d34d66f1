import { Refusal } from './envelope'

/** Numbers of facts 1.3; windows are virtual minutes and hours. */
export interface Limits {
  perMinute: number
  perHour: number
  /** For single APIs, by path, instead of the two above. */
  perApi: Record<string, { perMinute?: number; perHour?: number }>
  tokenSeconds: number
  ticketsPerHour: number
  messagesPerMemberMinute: number
  messagesPerMemberHour: number
  /** Parallel calls of one stored-data API before 45033. The number itself is not published. */
  parallel: number
  /** Wrong secrets before the caller is banned for an hour. The number itself is not published. */
  wrongSecrets: number
  groupsPerDay: number
  /** Real ms a call takes, and a write that nothing may overlap takes more, so that parallel calls really meet. */
  workMillis: number
  writeMillis: number
  /** Real ms: how long a callback receiver may take, and the pause before it is tried again. */
  callbackTimeout: number
  callbackPause: number
  /** How many calls the log keeps, and of how many of them the whole answer; deliveries; effects. */
  callsKept: number
  answersKept: number
  deliveriesKept: number
  effectsKept: number
}

export const published: Limits = {
  perMinute: 10_000,
  perHour: 150_000,
  perApi: {},
  tokenSeconds: 7200,
  ticketsPerHour: 100,
  messagesPerMemberMinute: 30,
  messagesPerMemberHour: 1000,
  parallel: 10,
  wrongSecrets: 5,
  groupsPerDay: 300,
  workMillis: 1,
  writeMillis: 5,
  callbackTimeout: 5000,
  callbackPause: 200,
  callsKept: 5000,
  answersKept: 100,
  deliveriesKept: 20_000,
  effectsKept: 2_000_000,
}

export interface LimitKeeper {
  readonly numbers: Limits
  /** Counts one call; 45009 when the API is blocked or this call is one too many. */
  count(key: string, nowMs: number, most?: { perMinute?: number; perHour?: number }): void
  /** Whether one more still fits; for what is dropped in silence. */
  fits(key: string, nowMs: number, most: { perMinute: number; perHour: number }): boolean
  /** Blocks a key, as repeated wrong secrets do. */
  block(key: string, untilMs: number): void
  blocked(key: string, nowMs: number): boolean
  /** Holds one of `most` places; the code when all are taken, otherwise what gives the place back. */
  hold(key: string, most: number, errcode: number): () => void
}

interface Window {
  minute: number
  inMinute: number
  hour: number
  inHour: number
}

export function createLimits(numbers: Limits): LimitKeeper {
  const windows = new Map<string, Window>()
  const blocks = new Map<string, number>()
  const held = new Map<string, number>()
  const blocked = (key: string, nowMs: number) => (blocks.get(key) ?? 0) > nowMs

  const step = (key: string, nowMs: number): Window => {
    const [minute, hour] = [Math.floor(nowMs / MINUTE), Math.floor(nowMs / HOUR)]
    const last = windows.get(key)
    const next = {
      minute,
      inMinute: last?.minute === minute ? last.inMinute + 1 : 1,
      hour,
      inHour: last?.hour === hour ? last.inHour + 1 : 1,
    }
    windows.set(key, next)
    return next
  }

  return {
    numbers,
    blocked,
    block: (key, untilMs) => void blocks.set(key, untilMs),
    count(key, nowMs, most = numbers.perApi[key] ?? {}) {
      const { perMinute = numbers.perMinute, perHour = numbers.perHour } = most
      if (blocked(key, nowMs)) throw new Refusal(45009)
      const { inMinute, inHour } = step(key, nowMs)
      // A minute breach blocks for a minute, an hour breach for an hour (facts 1.3).
      if (inHour > perHour) blocks.set(key, nowMs + HOUR)
      else if (inMinute > perMinute) blocks.set(key, nowMs + MINUTE)
      else return
      throw new Refusal(45009)
    },
    fits(key, nowMs, most) {
      const { inMinute, inHour } = step(key, nowMs)
      return inMinute <= most.perMinute && inHour <= most.perHour
    },
    hold(key, most, errcode) {
      const now = held.get(key) ?? 0
      if (now >= most) throw new Refusal(errcode)
      held.set(key, now + 1)
      return () => void held.set(key, (held.get(key) ?? 1) - 1)
    },
  }
}

/** Forgets the oldest, many at once. */
export function keepLatest(list: unknown[], most: number): void {
  if (list.length > most) list.splice(0, list.length - most + Math.floor(most / 10))
}

const MINUTE = 60_000
const HOUR = 3_600_000
