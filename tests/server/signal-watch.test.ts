import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  HOUR_MS,
  nothingYet,
  see,
  STEP_MS,
  type Found,
  type Look,
  type Thresholds,
} from '../../src/server/signal/watch'

const limits: Thresholds = { bulk: 5, sequence: 4, night: 3, reveals: 3 }
const RUNS = Number(process.env['RUNS'] ?? 300)

/** Steps of seconds to hours, few customers, some going through the list, clocks that now and then go back. */
const looks = fc
  .array(
    fc.record({
      step: fc.oneof(fc.integer({ min: -30_000, max: 120_000 }), fc.integer({ min: 0, max: 6 * HOUR_MS })),
      customer: fc.integer({ min: 0, max: 12 }),
      next: fc.boolean(),
      what: fc.constantFrom('open' as const, 'open' as const, 'open' as const, 'reveal' as const),
    }),
    { maxLength: 120 },
  )
  .map((steps) => {
    let [at, n] = [Date.parse('2026-11-24T12:00:00Z'), 0]
    return steps.map(({ step, customer, next, what }, i): Look => {
      at += step
      n = next ? n + 1 : customer
      return { seq: i + 1, at, customer: String(n).padStart(3, '0'), what }
    })
  })

const watch = (all: readonly Look[], cuts: readonly number[] = []): Found[] => {
  const found: Found[] = []
  let memory = nothingYet
  all.forEach((look, i) => {
    // As between two runs of the job: what is remembered goes through the database.
    if (cuts.includes(i)) memory = JSON.parse(JSON.stringify(memory)) as typeof memory
    const seen = see(memory, look, limits)
    memory = seen.memory
    found.push(...seen.found)
  })
  return found
}

/** The same rules, said over the whole log at once. */
function reference(all: readonly Look[]): string[] {
  let clock = 0
  const at = all.map((look) => (clock = Math.max(clock, look.at)))
  const opens = all.flatMap((look, i) => (look.what === 'open' ? [{ ...look, at: at[i] ?? 0 }] : []))
  const said: string[] = []
  let from = 0
  opens.forEach((look, i) => {
    const hour = opens.slice(from, i + 1).filter((l) => look.at - l.at < HOUR_MS)
    if (new Set(hour.map((l) => l.customer)).size <= limits.bulk) return
    said.push(`bulk ${look.seq}`)
    from = i + 1
  })
  const china = (ms: number) => new Date(ms + 8 * HOUR_MS)
  const day = (ms: number) => china(ms).toISOString().slice(0, 10)
  const nights = new Map<string, Set<string>>()
  for (const { at: ms, customer } of opens) {
    const hour = china(ms).getUTCHours()
    if (hour >= 6 && hour < 22) continue
    const night = day(ms - 6 * HOUR_MS)
    const whom = nights.get(night) ?? nights.set(night, new Set()).get(night)!
    const before = whom.size
    whom.add(customer)
    if (whom.size === limits.night && before < whom.size) said.push(`off_hours ${night}`)
  }
  const reveals = new Map<string, number>()
  all.forEach((look, i) => {
    if (look.what !== 'reveal') return
    const of = day(at[i] ?? 0)
    reveals.set(of, (reveals.get(of) ?? 0) + 1)
    if (reveals.get(of) === limits.reveals) said.push(`reveals ${of}`)
  })
  return said.sort()
}

/** The longest walk through a list that ends here, in one direction and without a pause. */
function runs(all: readonly Look[]): string[] {
  let clock = 0
  const opens = all
    .map((look) => ({ ...look, at: (clock = Math.max(clock, look.at)) }))
    .filter((look) => look.what === 'open')
  const walk: { customer: string; at: number; seq: number }[][] = []
  for (const look of opens) {
    const [run] = walk.slice(-1)
    const last = run?.at(-1)
    if (run && last && look.at - last.at <= STEP_MS && look.customer === last.customer) {
      last.at = look.at
      continue
    }
    const ups = run?.every((l, i) => i === 0 || l.customer > (run[i - 1]?.customer ?? ''))
    const downs = run?.every((l, i) => i === 0 || l.customer < (run[i - 1]?.customer ?? ''))
    const on = last && look.at - last.at <= STEP_MS && (look.customer > last.customer ? ups : downs)
    if (on) run?.push(look)
    else walk.push([{ ...look }])
  }
  return walk.flatMap((run) => (run.length >= limits.sequence ? [`sequence ${run[limits.sequence - 1]?.seq}`] : []))
}

const named = (found: readonly Found[], sequences: boolean) =>
  found
    .filter((f) => (f.kind === 'sequence') === sequences)
    .map((f) => `${f.kind} ${f.span}`)
    .sort()

describe('what stands out in the log', () => {
  it('is what the rules say over the whole log, wherever a run of the job ends and another begins (T-18)', () => {
    fc.assert(
      fc.property(looks, fc.array(fc.integer({ min: 0, max: 120 })), (all, cuts) => {
        expect(named(watch(all, cuts), false)).toEqual(reference(all))
        expect(named(watch(all, cuts), true)).toEqual(runs(all).sort())
      }),
      { numRuns: RUNS },
    )
  })

  it('is asked once a window, and remembers no more than the thresholds are long', () => {
    fc.assert(
      fc.property(looks, (all) => {
        const keys = watch(all).map((f) => `${f.kind} ${f.span}`)
        expect(new Set(keys).size).toBe(keys.length)
        let memory = nothingYet
        for (const look of all) {
          memory = see(memory, look, limits).memory
          expect(memory.hour.length).toBeLessThanOrEqual(limits.bulk)
          expect(memory.night?.customers.length ?? 0).toBeLessThanOrEqual(limits.night)
        }
      }),
      { numRuns: RUNS },
    )
  })
})
