import { tiers, type Tier } from './allocation'
import { chinaDay } from './day'

/**
 * What an allocation may know of colleagues and customers (compliance 7.2, 7.3), as it is written in a cell of a file or a field
 * of a page, and what it then is. A list here is the only door: what is not in it can be entered nowhere.
 */
export const languages = ['zh', 'yue', 'en', 'ja', 'ko', 'ru', 'fr', 'de', 'es', 'pt', 'ar', 'th', 'vi', 'id'] as const
export const times = ['morning', 'noon', 'afternoon', 'evening', 'weekend'] as const
export const contacts = ['chat', 'phone', 'video', 'visit', 'mail'] as const

/** How a field is written. `names` and the like are lists, separated by any comma or stroke. */
export type Kind =
  | 'name'
  | 'names'
  | 'language'
  | 'languages'
  | 'times'
  | 'contact'
  | 'contacts'
  | 'count'
  | 'points'
  | 'day'
  | 'span'
  | 'yes'
  | 'tier'
  | 'member'
  | 'members'

export const memberFields = {
  region: 'names',
  industry: 'names',
  language: 'languages',
  times: 'times',
  contacts: 'contacts',
  capacity: 'count',
  entity: 'name',
  joined: 'day',
  contribution: 'points',
  performance: 'points',
  cases: 'count',
  trained_until: 'day',
  leave: 'span',
  minors: 'yes',
  real_name: 'yes',
  last_login: 'day',
} as const satisfies Record<string, Kind>
export type MemberField = keyof typeof memberFields
export const memberFieldNames = Object.keys(memberFields) as [MemberField, ...MemberField[]]

export const customerFields = {
  region: 'name',
  industry: 'name',
  language: 'language',
  times: 'times',
  contact: 'contact',
  tier: 'tier',
  entity: 'name',
  wants: 'member',
  relatives: 'members',
  unscored: 'yes',
} as const satisfies Record<string, Kind>
export type CustomerField = keyof typeof customerFields
export const customerFieldNames = Object.keys(customerFields) as [CustomerField, ...CustomerField[]]

export type Time = (typeof times)[number]
export type Contact = (typeof contacts)[number]
export type Span = { from: string; to: string }

/** What a written fact is; members are their ids. */
export interface MemberFacts {
  region?: string[]
  industry?: string[]
  language?: string[]
  times?: Time[]
  contacts?: Contact[]
  capacity?: number
  entity?: string
  joined?: string
  contribution?: number
  performance?: number
  cases?: number
  trained_until?: string
  leave?: Span
  minors?: boolean
  real_name?: boolean
  last_login?: string
}
export interface CustomerFacts {
  region?: string
  industry?: string
  language?: string
  times?: Time[]
  contact?: Contact
  tier?: Tier
  entity?: string
  wants?: string
  relatives?: string[]
  unscored?: boolean
}
export type FactValue = string | number | boolean | string[] | Span

/** In which order sources are believed: what a person wrote about this one goes before a file, a file before WeCom. */
export const factSources = ['hand', 'csv', 'wecom'] as const
export type FactSource = (typeof factSources)[number]

/** Longest name of a region, an industry, a company. */
export const NAME_MAX = 40
const LIST_MAX = 20
const COUNT_MAX = 1_000_000

/** Words people use for what has a code. */
const spoken: Record<string, string> = {
  ...{ 中文: 'zh', 汉语: 'zh', 普通话: 'zh', chinese: 'zh', mandarin: 'zh', 'zh-cn': 'zh' },
  ...{ 粤语: 'yue', 广东话: 'yue', cantonese: 'yue', 英语: 'en', 英文: 'en', english: 'en' },
  ...{ 日语: 'ja', 日文: 'ja', japanese: 'ja', 韩语: 'ko', korean: 'ko', 俄语: 'ru', russian: 'ru' },
  ...{
    法语: 'fr',
    french: 'fr',
    德语: 'de',
    german: 'de',
    西班牙语: 'es',
    spanish: 'es',
    葡萄牙语: 'pt',
    portuguese: 'pt',
  },
  ...{
    阿拉伯语: 'ar',
    arabic: 'ar',
    泰语: 'th',
    thai: 'th',
    越南语: 'vi',
    vietnamese: 'vi',
    印尼语: 'id',
    indonesian: 'id',
  },
  ...{ 上午: 'morning', 早上: 'morning', 中午: 'noon', 下午: 'afternoon', 晚上: 'evening', 周末: 'weekend' },
  ...{ 企业微信: 'chat', 微信: 'chat', 在线: 'chat', wecom: 'chat', wechat: 'chat', 电话: 'phone', call: 'phone' },
  ...{ 视频: 'video', 上门: 'visit', 拜访: 'visit', 面谈: 'visit', 邮件: 'mail', 'e-mail': 'mail', email: 'mail' },
  ...{ 是: 'yes', 有: 'yes', 可: 'yes', 已实名: 'yes', true: 'yes', '1': 'yes', y: 'yes', '√': 'yes' },
  ...{ 否: 'no', 无: 'no', 不可: 'no', 未实名: 'no', false: 'no', '0': 'no', n: 'no', '×': 'no' },
}

const tidy = (text: string): string => text.normalize('NFKC').trim().replace(/\s+/g, ' ')
const word = (text: string): string => spoken[tidy(text).toLowerCase()] ?? tidy(text).toLowerCase()

/** A name as it is compared: no control characters, nothing a spreadsheet would run. */
export function readName(text: string): string | null {
  const name = tidy(text)
  return name && name.length <= NAME_MAX && !/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u.test(name) && !/^[=+\-@]/.test(name)
    ? name
    : null
}

const listed = (text: string): string[] =>
  tidy(text)
    .split(/[,;、|/]/)
    .map((part) => part.trim())
    .filter(Boolean)

/** Every part of a list, once and in order; null when one cannot be read, or there are none or too many. */
function each<T extends string>(text: string, read: (part: string) => T | null): T[] | null {
  const parts = listed(text).map(read)
  const whole = [...new Set(parts)]
  return whole.length && whole.length <= LIST_MAX && !whole.includes(null) ? (whole as T[]).sort() : null
}

const oneOf =
  <T extends string>(among: readonly T[]) =>
  (text: string): T | null =>
    among.find((one) => one === word(text)) ?? null

function number(text: string, most: number, whole: boolean): number | null {
  const digits = tidy(text).replace(/(\d),(?=\d{3}(\D|$))/g, '$1')
  if (!/^\d{1,9}(\.\d{1,4})?$/.test(digits)) return null
  const value = Number(digits)
  return value <= most && (!whole || Number.isInteger(value)) ? value : null
}

/** `2026-12-01`, `2026/12/1`, `2026年12月1日` */
export function readDay(text: string): string | null {
  const found = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(tidy(text))
  if (!found) return null
  const [year, month, day] = [found[1]!, found[2]!.padStart(2, '0'), found[3]!.padStart(2, '0')]
  const at = new Date(`${year}-${month}-${day}T00:00:00Z`)
  const written = `${year}-${month}-${day}`
  return year > '1900' && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(written) ? written : null
}

function readSpan(text: string): Span | null {
  const [from, to, ...more] = tidy(text).split(/ ?(?:~|至|到|\.\.|—|–| - | to ) ?/)
  const span = { from: readDay(from ?? ''), to: readDay(to ?? '') }
  return span.from && span.to && span.from <= span.to && !more.length ? (span as Span) : null
}

const yes = (text: string): boolean | null => ({ yes: true, no: false })[word(text)] ?? null

/** A member as a cell names them: their 账号 in WeCom, any length of it; whether there is such a member is asked later. */
const readUserid = (text: string): string | null =>
  /^[\w@.-]{1,64}$/.test(tidy(text)) ? tidy(text).toLowerCase() : null

/** What a cell or a field says; null: it cannot be read. Members are still named by their 账号. */
export function readFact(kind: Kind, text: string): FactValue | null {
  switch (kind) {
    case 'name':
      return readName(text)
    case 'names':
      return each(text, readName)
    case 'language':
      return oneOf(languages)(text)
    case 'languages':
      return each(text, oneOf(languages))
    case 'times':
      return each(text, oneOf(times))
    case 'contact':
      return oneOf(contacts)(text)
    case 'contacts':
      return each(text, oneOf(contacts))
    case 'count':
      return number(text, COUNT_MAX, true)
    case 'points':
      return number(text, 100, false)
    case 'day':
      return readDay(text)
    case 'span':
      return readSpan(text)
    case 'yes':
      return yes(text)
    case 'tier':
      return tiers.find((tier) => tier === tidy(text).toUpperCase()) ?? null
    case 'member':
      return readUserid(text)
    case 'members':
      return each(text, readUserid)
  }
}

/** A fact in the writing that `readFact` reads again. */
export function writeFact(value: FactValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.join('、')
  return typeof value === 'object' ? `${value.from} ~ ${value.to}` : String(value)
}

const YEAR_MS = 365.25 * 86_400_000

/** Whole and parts of years since a day; nobody has worked a negative time. */
export const yearsSince = (day: string, now: Date): number =>
  Math.max(0, Math.round(((now.getTime() - Date.parse(`${day}T00:00:00+08:00`)) / YEAR_MS) * 100) / 100)

export const inSpan = ({ from, to }: Span, now: Date): boolean => from <= chinaDay(now) && chinaDay(now) <= to

/** So few cases say nothing of a person (compliance 7.3). */
export const CASES_MIN = 30
const TAIL = 0.05

/**
 * Each value between 0 and 1, the best and the worst twentieth counted as the ones next to them, so that a single figure
 * does not squeeze all others together. All alike: a half each.
 */
export function winsorised(given: ReadonlyMap<string, number>): Map<string, number> {
  const sorted = [...given.values()].sort((a, b) => a - b)
  const cut = Math.floor(sorted.length * TAIL)
  const [low, high] = [sorted[cut] ?? 0, sorted[sorted.length - 1 - cut] ?? 0]
  const share = (value: number): number =>
    high === low ? 0.5 : (Math.min(high, Math.max(low, value)) - low) / (high - low)
  return new Map([...given].map(([id, value]) => [id, share(value)]))
}

/** How well a colleague fits what a customer prefers: the mean of what both are known about; null: nothing is. */
export function fitOf(
  customer: Pick<CustomerFacts, 'language' | 'times' | 'contact'>,
  member: Pick<MemberFacts, 'language' | 'times' | 'contacts'>,
): number | null {
  const parts: number[] = []
  if (customer.language && member.language) parts.push(member.language.includes(customer.language) ? 1 : 0)
  if (customer.contact && member.contacts) parts.push(member.contacts.includes(customer.contact) ? 1 : 0)
  if (customer.times?.length && member.times)
    parts.push(customer.times.filter((time) => member.times!.includes(time)).length / customer.times.length)
  return parts.length ? parts.reduce((sum, part) => sum + part, 0) / parts.length : null
}
