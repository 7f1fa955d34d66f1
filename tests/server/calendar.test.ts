import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addWorkingDays, isWeekend } from '../../src/shared/calendar'
import { readYear } from '../../src/shared/holiday'
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

describe('a year that is loaded', () => {
  const days = (kind: string, ...given: string[]) => given.map((day) => `2027-${day},${kind}`)
  const holidays = ['01-01', '02-05', '02-06', '02-07', '02-08', '02-09', '04-05', '05-01', '06-09', '09-15', '10-01']
  const csv = ['日期,类别', ...days('休', ...holidays), ...days('班', '01-31', '02-20')].join('\r\n')

  it('is read from lines and from JSON alike, and says what is wrong with the first day that cannot be', () => {
    const read = readYear(csv, 2027)
    const json = { holidays: holidays.map((d) => `2027-${d}`), workdays: ['2027-02-20', '2027-01-31'] }
    expect(readYear(JSON.stringify(json), 2027)).toEqual(read)
    const shared = {
      days: [
        ...json.holidays.map((date) => ({ date, isOffDay: true })),
        ...json.workdays.map((date) => ({ date, isOffDay: false })),
      ],
    }
    expect(readYear(JSON.stringify(shared), 2027)).toEqual(read)
    const wrong = [
      ['', 'empty'],
      ['{', 'unreadable'],
      [`${csv}\n2027-03-01`, 'unreadable'],
      [`${csv}\n2026-03-01,休`, 'year'],
      [`${csv}\n2027-02-30,休`, 'year'],
      [`${csv}\n2027-02-22,班`, 'weekday'], // a Monday
      [`${csv}\n2027-01-01,班`, 'twice'],
      ['2027-01-01,休', 'few'],
    ] as const
    for (const [text, problem] of wrong) expect([text, readYear(text, 2027)]).toMatchObject([text, { problem }])
  })

  it('is an administrator’s to load with a fresh login; a new version replaces it, and what was promised stays (T-33)', async () => {
    const [admin, officer] = [
      await desk.member('马超', { userid: 'root' }),
      await desk.member('沈岚', { userid: 'shenlan' }),
    ]
    const wish = { year: 2027, text: csv, source: '通知' }
    expect((await officer.ask('POST', '/api/calendar/years', wish)).status).toBe(403)
    desk.clock.now = Date.parse('2026-11-10T02:00:00Z')
    expect((await officer.ask('GET', '/api/calendar')).body.missing).toEqual([])
    desk.clock.now = Date.parse('2026-12-20T02:00:00Z')
    expect((await officer.ask('GET', '/api/calendar')).body.missing).toEqual([2027])
    const before = addWorkingDays(new Date(desk.clock.now), 15, await calendarOf(desk.db))
    expect(before).toMatchObject({ unsure: [2027], calendar: '2026.1+2027.0' })
    expect((await admin.ask('POST', '/api/calendar/years', { ...wish, text: 'x' })).body.code).toBe('calendar_year')
    expect((await admin.ask('POST', '/api/calendar/years', wish)).body).toEqual({ version: 1 })
    expect((await admin.ask('POST', '/api/calendar/years', wish)).body).toEqual({ version: 2 })
    const after = addWorkingDays(new Date(desk.clock.now), 15, await calendarOf(desk.db))
    expect(after).toMatchObject({ unsure: [], calendar: '2026.1+2027.2' })
    expect((await officer.ask('GET', '/api/calendar')).body).toMatchObject({
      missing: [],
      years: [{ year: 2027, version: 2, by: '马超' }, {}, {}],
    })
    expect((await desk.audits()).filter((a) => a.action === 'calendar.loaded')).toHaveLength(2)
    await expect(desk.db.deleteFrom('workingCalendar').execute()).rejects.toThrow()
  })
})
