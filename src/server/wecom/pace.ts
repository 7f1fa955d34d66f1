import type { Alone } from './shared-rows'

/** How one API stands, the same for all processes; times in ms, tats with fractions. */
export interface Pace {
  /** Up to when the allowance of the minute and of the hour is spent ahead ("theoretical arrival time"). */
  minute: number
  hour: number
  blockedUntil: number | null
  /** One call is on its way to find out whether the block is over. */
  probing: boolean
}

export const fresh: Pace = { minute: 0, hour: 0, blockedUntil: null, probing: false }

/** A permit is used within this time or given back, so that permits saved up cannot be spent all at once. */
const GOOD_FOR_MS = 2000

/**
 * 80 % of what WeCom allows (facts 1.3, quality C11): no more than 8,000 calls in any minute, 120,000 in any hour. In any
 * window there fit `burst` and one more every `every` ms, over the window and the age a permit may reach.
 */
const allowed = (most: number, windowMs: number, burst: number) => ({
  burst,
  every: (windowMs + GOOD_FOR_MS) / (most - burst),
})
const MINUTE = allowed(8000, 60_000, 2000)
const HOUR = allowed(120_000, 3_600_000, 60_000)

const MINUTE_BLOCK_MS = 60_000
const HOUR_BLOCK_MS = 3_600_000
/** So long other processes leave it to the one call after a block; a read's patience outlasts a minute and this. */
const PROBE_MS = 5000
const FIRST_LOT = 10
const LARGEST_LOT = 100

const room = (tat: number, { burst, every }: typeof MINUTE, now: number): number =>
  Math.floor((now - Math.max(tat, now)) / every + burst + 1e-6)

export interface Wish {
  want: number
  /** Permits of before that nobody used. */
  unused: number
  now: number
}

/** Takes permits, as many as there are; none, and then `until` says when to ask again. */
export function take(pace: Pace, { want, unused, now }: Wish): { pace: Pace; granted: number; until: number } {
  const { blockedUntil } = pace
  if (blockedUntil !== null && now < blockedUntil) return { pace, granted: 0, until: blockedUntil }
  const minute = pace.minute - unused * MINUTE.every
  const hour = pace.hour - unused * HOUR.every
  const free = Math.min(room(minute, MINUTE, now), room(hour, HOUR, now))
  const granted = Math.max(0, Math.min(blockedUntil === null ? want : 1, free))
  const spent = (tat: number, { every }: typeof MINUTE) => Math.max(tat, now) + granted * every
  const after = { ...pace, minute: spent(minute, MINUTE), hour: spent(hour, HOUR) }
  if (!granted) return { pace: after, granted, until: now + Math.max(1, waitFor(after, want, now)) }
  const probe = blockedUntil !== null
  return {
    pace: probe ? { ...after, blockedUntil: now + PROBE_MS, probing: true } : after,
    granted,
    until: now + GOOD_FOR_MS,
  }
}

/** Until a whole lot is there: many who wait together then come back once, not once for each permit. */
const waitFor = (pace: Pace, want: number, now: number): number =>
  Math.ceil(
    Math.max(
      (want - MINUTE.burst) * MINUTE.every + pace.minute - now,
      (want - HOUR.burst) * HOUR.every + pace.hour - now,
    ),
  )

/**
 * WeCom says 45009. Within a minute it is over, unless our own hour is spent or the minute has passed already and it says so
 * still: then it is the hour (facts 1.3). What was under way when the block became known does not prolong it.
 */
export function block(pace: Pace, now: number): Pace {
  if (pace.blockedUntil !== null && now < pace.blockedUntil && !pace.probing) return pace
  const hour = pace.probing || pace.blockedUntil !== null || room(pace.hour, HOUR, now) < LARGEST_LOT
  return { ...pace, blockedUntil: now + (hour ? HOUR_BLOCK_MS : MINUTE_BLOCK_MS), probing: false }
}

/** The one call after a block; who else wants to call waits for what it finds. */
interface Probe {
  over: Promise<void>
  end(): void
}

function newProbe(): Probe {
  let end = (): void => undefined
  const over = new Promise<void>((done) => (end = done))
  return { over, end }
}

interface Lot {
  left: number
  size: number
  until: number
}

export interface Pacer {
  /** Null: go. Otherwise nobody may call before this (ms). */
  permit(path: string): Promise<number | null>
  /** What is known here without asking; 0 when nothing speaks against trying. */
  closedUntil(path: string): number
  /** WeCom said 45009; answers until when. */
  blocked(path: string): Promise<number>
  /** WeCom answered something else (`open`), or there was no answer, which says nothing about a block. */
  ended(path: string, open: boolean): Promise<void>
  /** Everybody who waits for an API wakes up together. */
  opens(path: string): Promise<void>
}

export function pacer(store: Alone<Pace>, now: () => number, sleep: (ms: number) => Promise<void>): Pacer {
  const lots = new Map<string, Lot>()
  const taking = new Map<string, Promise<void>>()
  const closed = new Map<string, number>()
  const pauses = new Map<string, Promise<void>>()
  const probes = new Map<string, Probe>()

  async function takeLot(path: string): Promise<void> {
    const old = lots.get(path)
    const usedUp = old?.left === 0 && now() < old.until
    const size = old && usedUp ? Math.min(old.size * 2, LARGEST_LOT) : FIRST_LOT
    lots.delete(path)
    let got = { granted: 0, until: 0 }
    await store(path, (pace) => {
      const taken = take(pace, { want: size, unused: old?.left ?? 0, now: now() })
      got = taken
      if (taken.pace.probing && taken.granted) probes.set(path, newProbe())
      return Promise.resolve(taken.pace)
    })
    if (got.granted) lots.set(path, { left: got.granted, size, until: got.until })
    else closed.set(path, got.until)
  }

  function endProbe(path: string): void {
    probes.get(path)?.end()
    probes.delete(path)
  }

  const closedUntil = (path: string): number => {
    const until = closed.get(path) ?? 0
    if (until > now()) return until
    closed.delete(path)
    return 0
  }

  return {
    closedUntil,
    async permit(path) {
      for (;;) {
        const until = closedUntil(path)
        if (until) return until
        const lot = lots.get(path)
        if (lot && lot.left > 0 && (now() < lot.until || probes.has(path))) {
          lot.left--
          return null
        }
        const probe = probes.get(path)
        if (probe) {
          await probe.over
          continue
        }
        const flight = taking.get(path) ?? takeLot(path).finally(() => taking.delete(path))
        taking.set(path, flight)
        await flight
      }
    },
    async blocked(path) {
      lots.delete(path)
      try {
        const { blockedUntil } = await store(path, (pace) => Promise.resolve(block(pace, now())))
        const until = blockedUntil ?? now()
        closed.set(path, until)
        return until
      } finally {
        endProbe(path)
      }
    },
    async ended(path, open) {
      if (!probes.has(path)) return
      try {
        await store(path, (pace) =>
          Promise.resolve(pace.probing ? { ...pace, blockedUntil: open ? null : now(), probing: false } : pace),
        )
      } finally {
        endProbe(path)
      }
    },
    opens(path) {
      const ms = closedUntil(path) - now()
      if (ms <= 0) return Promise.resolve()
      const pause = pauses.get(path) ?? sleep(ms).finally(() => pauses.delete(path))
      pauses.set(path, pause)
      return pause
    },
  }
}
