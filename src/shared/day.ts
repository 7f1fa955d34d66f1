import type { Language } from './lang/fill'

/**
 * Days are days of Beijing, whatever clock the server has (compliance 3.2): eight hours ahead, without summer time since 1991.
 * By hand, because making an `Intl.DateTimeFormat` takes a slow phone milliseconds, and the first one tens of them.
 */
const inChina = (at: Date): string => new Date(at.getTime() + 8 * 3600_000).toISOString()

/** `2026-12-01` */
export const chinaDay = (at: Date): string => inChina(at).slice(0, 10)

/** `14:05` */
export const chinaClock = (at: Date): string => inChina(at).slice(11, 16)

/** The last moment of a day; China has no summer time. */
export const endOfChinaDay = (day: string): Date => new Date(`${day}T23:59:59.999+08:00`)

/** The first moment of the day so many days before. */
export const startOfChinaDay = (at: Date, daysBefore: number): Date =>
  new Date(Date.parse(`${chinaDay(at)}T00:00:00+08:00`) - daysBefore * 86_400_000)

let english: Intl.DateTimeFormat | undefined

/** `2026年12月1日` or `1 December 2026` */
export function printDay(at: Date, language: Language): string {
  if (language === 'en') return (english ??= inEnglish()).format(at)
  const [year, month, day] = chinaDay(at).split('-').map(Number)
  return `${year}年${month}月${day}日`
}

/** The same with the time of day. */
export const printMinute = (at: Date, language: Language): string =>
  `${printDay(at, language)}${language === 'en' ? ', ' : ' '}${chinaClock(at)}`

const inEnglish = () =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', year: 'numeric', month: 'long', day: 'numeric' })
