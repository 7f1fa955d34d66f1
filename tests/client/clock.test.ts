import fc from 'fast-check'
import { expect, it } from 'vitest'
import { agoWords, dayOf, daysUntil, dueWords, spanWords } from '../../src/client/lib/when'
import { chinaDay, endOfChinaDay, startOfChinaDay } from '../../src/shared/day'
import { daysBetween, daysLeft, labelOf, type Standing } from '../../src/shared/handover'
import { DOUBT_MS, UNANSWERED_MS, WAIT_MS } from '../../src/shared/transfer'

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
/** quality.md's figure is RUNS=5000. */
const INSTANTS = Number(process.env['RUNS'] ?? 500)

/** The ends of days, months and years in Shanghai, leap days among them, and a little to either side. */
const edges = ['2024-02-29', '2026-12-31', '2027-02-28', '2028-02-29', '2026-11-30', '2100-02-28'].map((day) =>
  Date.parse(`${day}T23:59:59.999+08:00`),
)
const anyInstant = fc
  .oneof(
    fc.integer({ min: Date.parse('2024-01-01T00:00:00Z'), max: Date.parse('2101-01-01T00:00:00Z') }),
    fc.tuple(fc.constantFrom(...edges), fc.integer({ min: -2 * HOUR, max: 2 * HOUR })).map(([at, by]) => at + by),
  )
  .map((ms) => new Date(ms))
/** The reader's clock: ten minutes off, an hour back, or weeks and months later, beyond what a timer can hold (24.8 days). */
const anyStep = fc.oneof(
  fc.integer({ min: -10 * MINUTE, max: 10 * MINUTE }),
  fc.constant(-HOUR),
  fc.integer({ min: 0, max: 800 * DAY }),
)
const standing = (transfer: Standing['transfer'], at: string): Standing => ({
  ...{ transfer, notice: 'due', objectionOpen: false, takeoverAt: null },
  ...{ calledAt: transfer === 'approved' ? at : null, submittedAt: transfer === 'approved' ? null : at },
})

it(`no clock, wherever it stands, makes a wrong state or a countdown below zero (Q11, ${INSTANTS} instants)`, () => {
  fc.assert(
    fc.property(anyInstant, anyStep, (at, step) => {
      const now = new Date(at.getTime() + step)
      const iso = at.toISOString()
      // Time alone turns waiting into doubt, and never into success.
      expect(labelOf(standing('waiting', iso), now)).toBe(step > DOUBT_MS ? 'unconfirmed' : 'waiting')
      expect(labelOf(standing('submitted', iso), now)).toBe(step > DOUBT_MS ? 'unconfirmed' : 'waiting')
      expect(labelOf(standing('approved', iso), now)).toBe(step > UNANSWERED_MS ? 'checking' : 'settling')
      expect(daysBetween(iso, now)).toBe(Math.max(0, Math.floor(step / DAY)))
      expect(daysLeft(iso, now)).toBe(Math.max(0, Math.ceil((365 * DAY - step) / DAY)))
      const left = at.getTime() + WAIT_MS - now.getTime()
      expect(spanWords(left)).not.toMatch(/-/)
      if (left <= 0) expect(spanWords(left)).toBe('0 分钟')
    }),
    { numRuns: INSTANTS },
  )
}, 300_000)

it(`days are Shanghai’s, eight hours ahead all year, on every instant (Q11, ${INSTANTS} instants)`, () => {
  fc.assert(
    fc.property(anyInstant, fc.integer({ min: 0, max: 400 }), (at, back) => {
      const day = new Date(at.getTime() + 8 * HOUR).toISOString().slice(0, 10)
      expect(chinaDay(at)).toBe(day)
      expect(dayOf(at)).toBe(day)
      const end = endOfChinaDay(day)
      expect(end.getTime()).toBeGreaterThanOrEqual(at.getTime())
      expect(end.getTime() - at.getTime()).toBeLessThan(DAY)
      const start = startOfChinaDay(at, back)
      expect(chinaDay(start)).toBe(new Date(Date.parse(`${day}T00:00:00Z`) - back * DAY).toISOString().slice(0, 10))
      expect((at.getTime() - start.getTime()) / DAY).toBeGreaterThanOrEqual(back)
      expect(daysUntil(day, at)).toBe(0)
      expect(daysUntil(chinaDay(start), at)).toBe(-back || 0)
      expect(dueWords(chinaDay(start), at)).toBe(back ? `逾期 ${back} 天` : '今天')
      expect(agoWords(at.toISOString(), at)).toBe('今天')
    }),
    { numRuns: INSTANTS },
  )
}, 300_000)
