import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import {
  agoWords,
  dateWords,
  dayOf,
  daysUntil,
  dueWords,
  numberWords,
  spanWords,
  timeWords,
} from '../../src/client/lib/when'
import { chooseLanguage } from '../../src/client/lib/words'

// 00:30 on the 24th in Shanghai, still the 23rd in Europe and America.
const now = new Date('2026-11-23T16:30:00Z')
afterEach(() => chooseLanguage('zh-CN'))

it('counts days as Shanghai does, whatever the clock of the machine says', () => {
  expect(dayOf(now)).toBe('2026-11-24')
  expect(daysUntil('2026-11-24', now)).toBe(0)
  expect(daysUntil('2026-11-23', now)).toBe(-1)
})

describe.each([
  ['zh-CN', ['逾期 2 天', '逾期 1 天', '今天', '明天', '后天', '星期六', '12月24日', '2027年1月2日']],
  ['en', ['2 days overdue', '1 day overdue', 'today', 'tomorrow', 'in 2 days', 'Saturday', 'Dec 24', 'Jan 2, 2027']],
] as const)('%s', (language, words) => {
  const days = [
    '2026-11-22',
    '2026-11-23',
    '2026-11-24',
    '2026-11-25',
    '2026-11-26',
    '2026-11-28',
    '2026-12-24',
    '2027-01-02',
  ]
  it.each(days.map((day, n) => [day, words[n]]))('%s: %s', async (day, said) => {
    await chooseLanguage(language)
    expect(dueWords(day ?? '', now)).toBe(said)
  })
})

it('says times short today, with the date before', () => {
  expect(timeWords('2026-11-23T16:05:00Z', now)).toBe('00:05')
  expect(timeWords('2026-11-22T06:05:00Z', now)).toBe('11月22日 14:05')
  expect(dateWords('2025-03-01T00:00:00Z', now)).toBe('2025年3月1日')
})

it('says how long ago in days, then months, then years', () => {
  expect(agoWords('2026-11-23', now)).toBe('昨天')
  expect(agoWords('2026-11-04', now)).toBe('20天前')
  expect(agoWords('2026-08-04', now)).toBe('3个月前')
  expect(agoWords('2023-08-04', now)).toBe('3年前')
})

it('says a span in hours and minutes, never below zero', () => {
  expect(spanWords(5 * 3600_000 + 11.4 * 60_000)).toBe('5 小时 12 分')
  expect(spanWords(59_000)).toBe('1 分钟')
  expect(spanWords(-5)).toBe('0 分钟')
})

describe.each(['zh-CN', 'en'] as const)('%s', (language) => {
  it('says dates, weekdays and distances as the browser would, which would take a slow phone much longer', async () => {
    await chooseLanguage(language)
    const zone = { timeZone: 'Asia/Shanghai' } as const
    const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2015-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        (date) => {
          const at = date.toISOString()
          const sameYear = dayOf(date).startsWith('2026')
          const day = { month: 'short', day: 'numeric' } as const
          const shape: Intl.DateTimeFormatOptions = sameYear ? day : { ...day, year: 'numeric' }
          expect(dateWords(at, now)).toBe(new Intl.DateTimeFormat(language, { ...zone, ...shape }).format(date))
          const days = daysUntil(dayOf(date), now)
          const [count, unit] =
            Math.abs(days) >= 730
              ? ([Math.trunc(days / 365), 'year'] as const)
              : Math.abs(days) >= 60
                ? ([Math.trunc(days / 30), 'month'] as const)
                : ([days, 'day'] as const)
          expect(agoWords(at, now)).toBe(relative.format(count, unit))
        },
      ),
    )
    for (let days = 3; days < 7; days++) {
      const date = new Date(now.getTime() + days * 86_400_000)
      const name = new Intl.DateTimeFormat(language, { ...zone, weekday: 'long' }).format(date)
      expect(dueWords(dayOf(date), now)).toBe(name)
    }
    for (const n of [0, 999, 1000, 1234567]) expect(numberWords(n)).toBe(new Intl.NumberFormat(language).format(n))
  })
})
