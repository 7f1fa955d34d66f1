import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Calendar } from '../../src/shared/calendar'
import { clockOf, lateBefore } from '../../src/shared/task'

const DAY = 86_400_000
const begin = Date.parse('2026-01-01T00:00:00Z')
const calendars = fc
  .record({
    holidays: fc.array(fc.integer({ min: 0, max: 364 }), { maxLength: 40 }),
    workdays: fc.array(fc.integer({ min: 0, max: 364 }), { maxLength: 10 }),
  })
  .map(({ holidays, workdays }): Calendar => {
    const days = (list: number[]) => new Set(list.map((n) => new Date(begin + n * DAY).toISOString().slice(0, 10)))
    return new Map([[2026, { version: 1, holidays: days(holidays), workdays: days(workdays) }]])
  })

it('the manager’s list and the successor’s clock say the same of every takeover, whatever the calendar', () => {
  const moment = fc.integer({ min: 20 * DAY, max: 300 * DAY }).map((ms) => new Date(begin + ms))
  fc.assert(
    fc.property(calendars, moment, fc.integer({ min: 0, max: 19 * DAY }), (calendar, now, before) => {
      const taken = new Date(now.getTime() - before)
      expect(taken <= lateBefore(now, calendar)).toBe(clockOf(taken, now, calendar).late)
    }),
    { numRuns: Number(process.env['RUNS'] ?? 200) },
  )
})
