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

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
]
const WEEKDAYS = {
  'zh-CN': ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
}

/** Year, month, day. */
const parts = (at: Date): [number, number, number] => {
  const [year = 0, month = 1, day = 1] = chinaDay(at).split('-').map(Number)
  return [year, month, day]
}

/** `2026年12月1日` or `1 December 2026` */
export function printDay(at: Date, language: Language): string {
  const [year, month, day] = parts(at)
  return language === 'en' ? `${day} ${MONTHS[month - 1]} ${year}` : `${year}年${month}月${day}日`
}

/** `12月1日` or `Dec 1`; where the year is wanted, `2026年12月1日` or `Dec 1, 2026`. */
export function shortDay(at: Date, language: Language, withYear: boolean): string {
  const [year, month, day] = parts(at)
  if (language === 'en') return `${MONTHS[month - 1]?.slice(0, 3)} ${day}${withYear ? `, ${year}` : ''}`
  return `${withYear ? `${year}年` : ''}${month}月${day}日`
}

/** `星期六` or `Saturday` */
export const weekday = (at: Date, language: Language): string =>
  WEEKDAYS[language][new Date(`${chinaDay(at)}T00:00:00Z`).getUTCDay()] ?? ''

/** The same with the time of day. */
export const printMinute = (at: Date, language: Language): string =>
  `${printDay(at, language)}${language === 'en' ? ', ' : ' '}${chinaClock(at)}`
