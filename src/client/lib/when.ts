import { chinaClock, chinaDay, shortDay, weekday } from '../../shared/day'
import { now as present } from './now'
import { language, t } from './words'

const DAY_MS = 86_400_000

/** `2026-11-24`: calendar days are those of Shanghai, wherever the reader's clock stands. */
export const dayOf = chinaDay

/** Days and instants as they are written sort by themselves. The first `localeCompare` of a page costs a slow phone 50 ms. */
export const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS)

/** An instant or a calendar day; noon in Shanghai stands for a day, so that no zone moves it. */
const toDate = (at: string): Date => new Date(at.length === 10 ? `${at}T12:00:00+08:00` : at)

/** Negative when past. */
export const daysUntil = (day: string, now = present()): number => dayNumber(day) - dayNumber(dayOf(now))

/** `11月28日`, with the year only when it is another one. */
export function dateWords(at: string, now = present()): string {
  const date = toDate(at)
  const sameYear = dayOf(date).slice(0, 4) === dayOf(now).slice(0, 4)
  return shortDay(date, language(), !sameYear)
}

/** `14:05` today, else with the date. */
export function timeWords(at: string, now = present()): string {
  const date = toDate(at)
  const clock = chinaClock(date)
  return dayOf(date) === dayOf(now) ? clock : `${dateWords(at, now)} ${clock}`
}

export const clockWords = (at: string): string => chinaClock(toDate(at))

/** `今天`, `昨天`, `3天前`, by calendar days; months and years when it is that long ago. */
export function agoWords(at: string, now = present()): string {
  const days = daysUntil(dayOf(toDate(at)), now)
  const far = (count: number, unit: 'days' | 'months' | 'years') =>
    t(count < 0 ? `app.when.${unit}_ago` : `app.when.in_${unit}`, { count: Math.abs(count) })
  if (Math.abs(days) >= 730) return far(Math.trunc(days / 365), 'years')
  if (Math.abs(days) >= 60) return far(Math.trunc(days / 30), 'months')
  const near = NEAR[days + 2]
  return near ? t(`app.when.${near}`) : far(days, 'days')
}

/** From the day before yesterday on. By hand, because making an `Intl` format is what takes time (day.ts). */
const NEAR = ['two_days_ago', 'yesterday', 'today', 'tomorrow', 'in_two_days'] as const

/** When a promise is due: `逾期 2 天`, `今天`, `明天`, a weekday within the week, else the date. */
export function dueWords(day: string, now = present()): string {
  const days = daysUntil(day, now)
  if (days < 0) return t('app.when.overdue', { count: -days })
  if (days <= 2) return agoWords(day, now)
  if (days < 7) return weekday(toDate(day), language())
  return dateWords(day, now)
}

/** `5 小时 12 分`; never negative, never seconds. */
export function spanWords(ms: number): string {
  const minutes = Math.max(0, Math.ceil(ms / 60_000))
  const hours = Math.floor(minutes / 60)
  return hours > 0 ? t('app.when.hours', { hours, minutes: minutes % 60 }) : t('app.when.minutes', { minutes })
}

let numbers: Intl.NumberFormat | undefined
/** `12,345`, in both languages. */
export const numberWords = (n: number): string => (numbers ??= new Intl.NumberFormat('en')).format(n)
