import { yearsMissing } from '../../shared/calendar'
import { Failure } from '../../shared/failure'
import { getCalendar, loadYear, readYear } from '../../shared/holiday'
import { act } from '../db/act'
import { calendarOf } from '../db/calendar'
import { serve, type House } from '../lib/serve'
import { addVersion, newestYears } from './rows'

/** The holidays and make-up days that due dates are counted with: loaded as data, a year at a time. */
export function calendar(house: House): void {
  const { db, now } = house.deps

  serve(house, getCalendar, async () => ({
    years: (await newestYears(db)).map((y) => ({ ...y, at: y.at.toISOString() })),
    missing: yearsMissing(now(), await calendarOf(db)),
  }))

  serve(house, loadYear, ({ input: { year, text, source }, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const days = readYear(text, year)
      if ('problem' in days) throw new Failure('calendar_year', { year, at: days.at || days.problem })
      const added = await addVersion(tx, { year, ...days, source, loadedAt: now(), loadedBy: caller.id })
      if (!added) throw new Failure('stale')
      const counts = { holidays: days.holidays.length, workdays: days.workdays.length }
      audit('calendar.loaded', String(year), { version: added.version, source, ...counts })
      return added
    }),
  )
}
