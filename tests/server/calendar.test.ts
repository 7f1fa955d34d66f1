import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addWorkingDays, isWeekend } from '../../src/shared/calendar'
import { calendarOf } from '../../src/server/db/calendar'
import { openDesk, type Desk } from '../support/handovers'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ ADMINS: 'root' })
})
afterAll(() => desk.close())

const noon = (day: string) => new Date(`${day}T12:00:00+08:00`)

describe('the calendar that comes with the product', () => {
  it('knows 2025 and 2026 as the State Council announced them', async () => {
    const calendar = await calendarOf(desk.db)
    const days = [...calendar].map(([year, { holidays, workdays }]) => [year, holidays.size, workdays.size])
    expect(days).toEqual([
      [2025, 28, 5],
      [2026, 33, 6],
    ])
    for (const { workdays, holidays } of calendar.values()) {
      for (const day of workdays) expect([day, isWeekend(day), holidays.has(day)]).toEqual([day, true, false])
    }
  })

  it.each([
    ['2025-09-30', 1, '2025-10-09'],
    ['2025-09-30', 3, '2025-10-11'], // the worked Saturday after National Day
    ['2025-09-26', 1, '2025-09-28'], // the worked Sunday before
    ['2026-09-30', 3, '2026-10-10'],
    ['2026-09-18', 15, '2026-10-15'], // Mid-autumn and National Day between
    ['2026-02-13', 1, '2026-02-14'],
    ['2026-02-14', 1, '2026-02-24'],
    ['2025-12-31', 1, '2026-01-04'],
  ])('received %s, %i working days → %s (T-33)', async (received, days, due) => {
    expect(addWorkingDays(noon(received), days, await calendarOf(desk.db))).toMatchObject({ day: due, unsure: [] })
  })
})
