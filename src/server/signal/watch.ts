import { chinaDay } from '../../shared/day'
import type { SignalKind } from '../../shared/signal'

/** One look at a customer, as the audit log has it; `at` in ms. */
export interface Look {
  seq: number
  at: number
  customer: string
  what: 'open' | 'reveal'
}

export interface Thresholds {
  /** Customers opened within an hour. */
  bulk: number
  /** Customers opened one after the other in the order of the list. */
  sequence: number
  /** Customers opened in one night. */
  night: number
  /** Masked values shown in full on one day. */
  reveals: number
}

export const HOUR_MS = 3600_000
/** Longer between two customers is no longer one after the other. */
export const STEP_MS = 60_000
const NIGHT = { from: 22, to: 6 }

/** What is remembered of a member until their windows are over; never more than the thresholds are long. */
export interface Memory {
  clock: number
  /** Customers of the last hour with their last look, the oldest first. */
  hour: [customer: string, at: number][]
  run: { last: string; at: number; way: -1 | 0 | 1; n: number; since: number; told: boolean } | null
  night: { of: string; customers: string[]; since: number; told: boolean } | null
  reveals: { of: string; n: number; since: number; told: boolean } | null
}

export const nothingYet: Memory = { clock: 0, hour: [], run: null, night: null, reveals: null }

export interface Found {
  kind: SignalKind
  /** Which window: a pattern is asked about once in it. */
  span: string
  since: number
  until: number
  count: number
}

/** Sees one look after the other, in the order of the log; answers what is now to be remembered and to be asked about. */
export function see(memory: Memory, look: Look, limits: Thresholds): { memory: Memory; found: Found[] } {
  const at = Math.max(look.at, memory.clock)
  const next: Memory = { ...memory, clock: at }
  const found: Found[] = []
  const ask = (kind: SignalKind, span: string, since: number, count: number) =>
    found.push({ kind, span, since, until: at, count })
  if (look.what === 'reveal') next.reveals = seeReveal(memory.reveals, at, limits.reveals, ask)
  else {
    next.hour = seeHour(memory.hour, look, at, limits.bulk, ask)
    next.run = seeRun(memory.run, look, at, limits.sequence, ask)
    next.night = seeNight(memory.night, look, at, limits.night, ask)
  }
  return { memory: next, found }
}

type Ask = (kind: SignalKind, span: string, since: number, count: number) => void

/** More than so many in an hour is asked about once; then the counting begins anew. */
function seeHour(hour: Memory['hour'], { customer, seq }: Look, at: number, most: number, ask: Ask): Memory['hour'] {
  const kept = hour.filter(([c, seen]) => c !== customer && at - seen < HOUR_MS)
  const now: Memory['hour'] = [...kept, [customer, at]]
  if (now.length <= most) return now
  ask('bulk', String(seq), now[0]?.[1] ?? at, now.length)
  return []
}

/** Ids sort by when a customer was first seen; whoever opens one after the other in that order goes through a list. */
function seeRun(run: Memory['run'], { customer, seq }: Look, at: number, most: number, ask: Ask): Memory['run'] {
  if (run && customer === run.last && at - run.at <= STEP_MS) return { ...run, at }
  const way = run && customer > run.last ? 1 : -1
  const goesOn = run && at - run.at <= STEP_MS && (run.way === 0 || run.way === way)
  if (!goesOn) return { last: customer, at, way: 0, n: 1, since: at, told: false }
  const n = Math.min(run.n + 1, most)
  if (n >= most && !run.told) ask('sequence', String(seq), run.since, n)
  return { last: customer, at, way, n, since: run.since, told: run.told || n >= most }
}

function seeNight(night: Memory['night'], { customer }: Look, at: number, most: number, ask: Ask): Memory['night'] {
  const hour = new Date(at + 8 * HOUR_MS).getUTCHours()
  if (hour >= NIGHT.to && hour < NIGHT.from) return night
  // After midnight it is still the evening's night.
  const of = chinaDay(new Date(at - NIGHT.to * HOUR_MS))
  const now = night?.of === of ? night : { of, customers: [], since: at, told: false }
  if (now.told || now.customers.includes(customer)) return now
  const customers = [...now.customers, customer]
  if (customers.length >= most) ask('off_hours', of, now.since, customers.length)
  return { ...now, customers, told: customers.length >= most }
}

function seeReveal(reveals: Memory['reveals'], at: number, most: number, ask: Ask): Memory['reveals'] {
  const of = chinaDay(new Date(at))
  const now = reveals?.of === of ? reveals : { of, n: 0, since: at, told: false }
  const n = Math.min(now.n + 1, most)
  if (n >= most && !now.told) ask('reveals', of, now.since, n)
  return { ...now, n, told: now.told || n >= most }
}
