import * as z from 'zod/mini'
import { isWeekend } from './calendar'
import { endpoint, instant, nothing, words } from './endpoint'
import { house } from './field'

/** A year of holidays as it is loaded: the notice of the State Council, in a form that a machine reads. */
interface YearDays {
  holidays: string[]
  workdays: string[]
}
type YearProblemKind = 'empty' | 'unreadable' | 'year' | 'weekday' | 'twice' | 'few' | 'many'
interface YearProblem {
  problem: YearProblemKind
  /** The line or day it is about; empty: the whole. */
  at: string
}

/** Fewer days off than any year has, and more than any: a file of something else. */
const FEW = 11
const MANY = 60
const OFF = /^(holiday|off|休|休息|放假|节假日)$/i
const ON = /^(workday|work|班|上班|调休|补班)$/i

/**
 * Reads JSON (`{"holidays":[…],"workdays":[…]}`, or `{"days":[{"date":…,"isOffDay":…}]}` as public calendars have it) or lines
 * of `day,kind`, and says what is wrong with the first that cannot be. Make-up days are Saturdays and Sundays, always.
 */
export function readYear(text: string, year: number): YearDays | YearProblem {
  const read = text.trim().startsWith('{') ? fromJson(text) : fromLines(text)
  if ('problem' in read) return read
  const all = [...read.holidays, ...read.workdays]
  const wrong = all.find((day) => !isDayOf(day, year))
  if (wrong !== undefined) return { problem: 'year', at: wrong }
  const twice = all.find((day, i) => all.indexOf(day) !== i)
  if (twice !== undefined) return { problem: 'twice', at: twice }
  const weekday = read.workdays.find((day) => !isWeekend(day))
  if (weekday !== undefined) return { problem: 'weekday', at: weekday }
  if (read.holidays.length < FEW) return { problem: 'few', at: String(read.holidays.length) }
  if (all.length > MANY) return { problem: 'many', at: String(all.length) }
  return { holidays: [...read.holidays].sort(), workdays: [...read.workdays].sort() }
}

const isDayOf = (day: string, year: number): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(day) &&
  day.startsWith(`${year}-`) &&
  !Number.isNaN(Date.parse(day)) &&
  new Date(day).toISOString().startsWith(day)

const dayList = z.array(z.string().check(z.maxLength(40)))
const ownForm = z.object({ holidays: dayList, workdays: dayList })
const publicForm = z.object({
  days: z.array(z.object({ date: z.string().check(z.maxLength(40)), isOffDay: z.boolean() })),
})

function fromJson(text: string): YearDays | YearProblem {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    return { problem: 'unreadable', at: '' }
  }
  const own = z.safeParse(ownForm, given)
  if (own.success) return own.data
  const days = z.safeParse(publicForm, given)
  if (!days.success) return { problem: 'unreadable', at: '' }
  const of = (off: boolean) => days.data.days.filter((d) => d.isOffDay === off).map((d) => d.date)
  return { holidays: of(true), workdays: of(false) }
}

function fromLines(text: string): YearDays | YearProblem {
  const found: YearDays = { holidays: [], workdays: [] }
  const lines = text.split(/\r?\n/).map((line) => line.replace(/^\ufeff/, '').trim())
  for (const [n, line] of lines.entries()) {
    const [day = '', kind = ''] = line.split(/[,;\t，]/).map((cell) => cell.trim().replace(/^"|"$/g, ''))
    if (!line || (n === 0 && !/\d/.test(day))) continue
    if (OFF.test(kind)) found.holidays.push(day)
    else if (ON.test(kind)) found.workdays.push(day)
    else return { problem: 'unreadable', at: line.slice(0, 40) }
  }
  return found.holidays.length + found.workdays.length ? found : { problem: 'empty', at: '' }
}

const year = house({
  year: z.number(),
  version: z.number(),
  holidays: z.array(z.string()),
  workdays: z.array(z.string()),
  source: z.string(),
  /** null: came with the product. */
  by: z.nullable(z.string()),
  at: instant,
})
export type LoadedYear = z.output<typeof year>

export const getCalendar = endpoint({
  method: 'GET',
  path: '/api/calendar',
  access: ['admin', 'compliance'],
  input: nothing,
  output: house({ years: z.array(year), missing: z.array(z.number()) }),
})

/** Loads a year, or replaces it by a new version; dates that were promised stay as they were counted. */
export const loadYear = endpoint({
  method: 'POST',
  path: '/api/calendar/years',
  access: ['admin'],
  fresh: true,
  input: z.object({
    year: z.int().check(z.gte(2000), z.lte(2100)),
    text: z.string().check(z.minLength(1), z.maxLength(20_000), z.regex(/^[^\u0000]*$/)),
    source: words(200),
  }),
  output: house({ version: z.number() }),
})
