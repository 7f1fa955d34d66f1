import type { Language } from './lang/fill'

/** Days are days of Beijing, whatever clock the server has (compliance 3.2). */
const zone = 'Asia/Shanghai'
const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' })
const english = new Intl.DateTimeFormat('en-GB', { timeZone: zone, year: 'numeric', month: 'long', day: 'numeric' })

/** `2026-12-01` */
export const chinaDay = (at: Date): string => parts.format(at)

/** The last moment of a day; China has no summer time. */
export const endOfChinaDay = (day: string): Date => new Date(`${day}T23:59:59.999+08:00`)

/** The first moment of the day so many days before. */
export const startOfChinaDay = (at: Date, daysBefore: number): Date =>
  new Date(Date.parse(`${chinaDay(at)}T00:00:00+08:00`) - daysBefore * 86_400_000)

/** `2026年12月1日` or `1 December 2026` */
export function printDay(at: Date, language: Language): string {
  if (language === 'en') return english.format(at)
  const [year, month, day] = chinaDay(at).split('-').map(Number)
  return `${year}年${month}月${day}日`
}

/** The same with the time of day. */
export const printMinute = (at: Date, language: Language): string =>
  `${printDay(at, language)}${language === 'en' ? ', ' : ' '}${clock.format(at)}`
