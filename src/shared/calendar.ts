import { chinaDay, endOfChinaDay } from './day'

/**
 * Working days in China: the State Council moves them once a year (a holiday may lie on a Tuesday, a Saturday may be worked), so
 * they are data, loaded a year at a time. A year that is not loaded is counted Monday to Friday and says so (compliance 5.5).
 */
interface CalendarYear {
  version: number
  /** Days off and worked Saturdays and Sundays, `2026-10-01`. */
  holidays: ReadonlySet<string>
  workdays: ReadonlySet<string>
}
export type Calendar = ReadonlyMap<number, CalendarYear>

interface Due {
  /** The last day on which it is in time, and its last moment. */
  day: string
  at: Date
  /** Which versions it was counted with, `2026.1+2027.0`; version 0 is a year that is not loaded. */
  calendar: string
  /** Years it was counted over without a calendar. */
  unsure: number[]
}

const DAY_MS = 86_400_000
const yearOf = (day: string): number => Number(day.slice(0, 4))
const after = (day: string, days = 1): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

/** Saturday or Sunday. */
export const isWeekend = (day: string): boolean => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())

export function isWorkingDay(day: string, calendar: Calendar): boolean {
  const year = calendar.get(yearOf(day))
  if (year?.holidays.has(day)) return false
  return Boolean(year?.workdays.has(day)) || !isWeekend(day)
}

/** A period begins on the day after (Civil Code 201) and ends with the last moment of its last day, a working one. */
export function addWorkingDays(from: Date, n: number, calendar: Calendar): Due {
  let day = chinaDay(from)
  const years = new Set([yearOf(day)])
  for (let left = n; left > 0;) {
    day = after(day)
    years.add(yearOf(day))
    if (isWorkingDay(day, calendar)) left--
  }
  return dueOn(day, [...years], calendar)
}

/** Days of the calendar, whatever they are: the hard stop of thirty knows no holidays. */
export function addDays(from: Date, n: number, calendar: Calendar): Due {
  const day = after(chinaDay(from), n)
  return { ...dueOn(day, [], calendar), unsure: [] }
}

const dueOn = (day: string, years: number[], calendar: Calendar): Due => ({
  day,
  at: endOfChinaDay(day),
  calendar: years.map((year) => `${year}.${calendar.get(year)?.version ?? 0}`).join('+'),
  unsure: years.filter((year) => !calendar.has(year)),
})

/** Working days after the day of `from` up to and with the day of `to`; negative when `to` is the earlier one. */
export function workingDaysBetween(from: Date, to: Date, calendar: Calendar): number {
  if (chinaDay(to) < chinaDay(from)) return -workingDaysBetween(to, from, calendar)
  const last = chinaDay(to)
  let count = 0
  for (let day = chinaDay(from); day < last;) {
    day = after(day)
    if (isWorkingDay(day, calendar)) count++
  }
  return count
}

/** How far ahead due dates may reach: fifteen working days over the longest holidays. */
const AHEAD_DAYS = 45

/** Years that due dates of now are counted over and that nobody loaded: what the banner names. */
export function yearsMissing(now: Date, calendar: Calendar): number[] {
  const years = [yearOf(chinaDay(now)), yearOf(after(chinaDay(now), AHEAD_DAYS))]
  return [...new Set(years)].filter((year) => !calendar.has(year))
}
