import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  addWorkingDays,
  isWorkingDay,
  workingDaysBetween,
  yearsMissing,
  type Calendar,
} from '../../src/shared/calendar'
import { chinaDay } from '../../src/shared/day'

/** National Day 2026 as it was announced: off from 1 to 7 October, worked on Sunday 20 September and Saturday 10 October. */
const calendar: Calendar = new Map([
  [
    2026,
    {
      version: 3,
      holidays: new Set(['01', '02', '03', '04', '05', '06', '07'].map((day) => `2026-10-${day}`)),
      workdays: new Set(['2026-09-20', '2026-10-10']),
    },
  ],
])
const noon = (day: string) => new Date(`${day}T12:00:00+08:00`)

describe('due dates in working days of China (T-33)', () => {
  it.each([
    // received, working days, due: counted by hand on the notice of the State Council
    ['2026-09-30', 1, '2026-10-08'],
    ['2026-09-30', 3, '2026-10-10'], // Thursday, Friday, the worked Saturday
    ['2026-10-03', 1, '2026-10-08'], // received while everybody is off
    ['2026-10-09', 1, '2026-10-10'],
    ['2026-10-09', 2, '2026-10-12'],
    ['2026-09-18', 1, '2026-09-20'], // the worked Sunday
    ['2026-09-18', 2, '2026-09-21'],
    ['2026-09-17', 15, '2026-10-13'], // ten before the holidays, 8, 9, 10, 12 and 13 October after
    ['2026-11-02', 15, '2026-11-23'], // nothing in between but weekends
  ])('received %s, %i working days → %s', (received, days, due) => {
    const found = addWorkingDays(noon(received), days, calendar)
    expect(found).toMatchObject({ day: due, calendar: '2026.3', unsure: [] })
    expect(found.at.toISOString()).toBe(`${due}T15:59:59.999Z`)
  })

  it('the day of receipt is the day in Beijing, and does not count', () => {
    expect(addWorkingDays(new Date('2026-11-02T15:59:59Z'), 1, calendar).day).toBe('2026-11-03')
    expect(addWorkingDays(new Date('2026-11-02T16:00:00Z'), 1, calendar).day).toBe('2026-11-04')
  })

  it('a year that nobody loaded is counted Monday to Friday and is named, never silently', () => {
    expect(addWorkingDays(noon('2026-12-30'), 3, calendar)).toMatchObject({
      ...{ day: '2027-01-04', calendar: '2026.3+2027.0', unsure: [2027] },
    })
    expect(yearsMissing(noon('2026-11-10'), calendar)).toEqual([])
    expect(yearsMissing(noon('2026-12-10'), calendar)).toEqual([2027])
    expect(yearsMissing(noon('2027-03-01'), calendar)).toEqual([2027])
  })

  it('thirty days are thirty days, holidays or not', () => {
    expect(addDays(noon('2026-09-20'), 30, calendar)).toMatchObject({ day: '2026-10-20', unsure: [] })
  })

  it('between is the other way round of add, and a due date is a working day', () => {
    const instants = fc.date({ min: new Date('2026-01-01'), max: new Date('2026-11-30'), noInvalidDate: true })
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 20 }), (from, n) => {
        const due = addWorkingDays(from, n, calendar)
        expect(isWorkingDay(due.day, calendar)).toBe(true)
        expect(workingDaysBetween(from, due.at, calendar)).toBe(n)
        expect(workingDaysBetween(due.at, from, calendar)).toBe(-n)
        expect(chinaDay(due.at)).toBe(due.day)
      }),
    )
  })
})
