import type { Calendar } from '../../shared/calendar'
import type { Db } from './open'

/** The newest version of every year that was loaded. */
export async function calendarOf(db: Db): Promise<Calendar> {
  const years = await db
    .selectFrom('workingCalendar')
    .distinctOn('year')
    .select(['year', 'version', 'holidays', 'workdays'])
    .orderBy('year')
    .orderBy('version', 'desc')
    .execute()
  return new Map(
    years.map(({ year, version, holidays, workdays }) => [
      year,
      { version, holidays: new Set(holidays), workdays: new Set(workdays) },
    ]),
  )
}
