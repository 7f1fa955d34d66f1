import { fill } from './lang/fill'

/**
 * What leaves the server of a value that is not shown whole (compliance 6.3). Runs on the server, and in the workbench where
 * compliance writes texts to customers.
 */

/** Printed by the server in the reader's language (`lang/…/masked.ts`). */
export interface MaskWords {
  id_number: string
  bank_card: string
  health: string
  finance: string
  child: string
  judgement: string
  bands: readonly string[]
}

/** `王*` in lists; the full name only in the customer's own card. */
export const maskName = (name: string): string => {
  const [first] = name
  return first ? `${first}*` : ''
}

/** `138****1234`; a landline keeps its area code; anything shorter shows its last two digits only. */
export function maskPhone(phone: string): string {
  const area = /^(0\d{2,3})[-) ]{0,2}(?=\d{7,8}$)/.exec(phone)?.[1]
  if (area) return `${area}-****${phone.slice(-2)}`
  return phone.length >= 11 ? `${phone.slice(0, 3)}****${phone.slice(-4)}` : `****${phone.slice(-2)}`
}

const maskMail = (mail: string): string => `${mail[0]}***${mail.slice(mail.indexOf('@'))}`

/** Province, city and district stay. */
const maskAddress = (address: string): string => {
  const road = address.search(/路|街|大道|巷|弄|胡同/)
  const kept = Math.max(...['省', '市', '区', '县'].map((end) => address.lastIndexOf(end, road)))
  return `${address.slice(0, kept + 1)}****`
}

/**
 * What is found in free text. The first five are flags for everybody (F5, what is said of a person F6); the others are F3,
 * shown whole to who reveals the text for a reason.
 */
export const kinds = ['health', 'finance', 'child', 'judgement', 'id_number', 'bank_card'] as const
type Kind = (typeof kinds)[number] | 'mail' | 'address' | 'mobile' | 'landline' | 'amount'
export type SensitiveKind = (typeof kinds)[number]
interface Found {
  kind: Kind
  from: number
  to: number
}

/** People type digits wide, and put blanks and dashes between them; each stands for one character. */
const narrow = (text: string): string =>
  text.replace(/[０-９Ｘ＠－\u00a0\u200b\u2010-\u2012\u2014\u2015]/g, (c) => {
    if (c === '＠') return '@'
    return /[－\u2010-\u2012\u2014\u2015]/.test(c) ? '-' : /[\u00a0\u200b]/.test(c) ? ' ' : c.normalize('NFKC')
  })

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
/** A Chinese ID number: a date in it, and its check digit (GB 11643). */
export function isIdNumber(id: string): boolean {
  if (!/^[1-9]\d{16}[\dXx]$/.test(id)) return false
  const [y, m, d] = [id.slice(6, 10), id.slice(10, 12), id.slice(12, 14)].map(Number) as [number, number, number]
  const day = new Date(Date.UTC(y, m - 1, d))
  if (y < 1850 || y > 2100 || day.getUTCMonth() !== m - 1 || day.getUTCDate() !== d) return false
  const sum = ID_WEIGHTS.reduce((all, weight, i) => all + weight * Number(id[i]), 0)
  return '10X98765432'[sum % 11] === id[17]?.toUpperCase()
}

/** A bank card's number: 13 to 19 digits that pass Luhn. */
export function isBankCard(card: string): boolean {
  if (!/^[1-9]\d{12,18}$/.test(card)) return false
  const sum = [...card].reverse().reduce((all, digit, i) => {
    const twice = Number(digit) * (i % 2 ? 2 : 1)
    return all + (twice > 9 ? twice - 9 : twice)
  }, 0)
  return sum % 10 === 0
}

const closed: Record<'health' | 'finance' | 'judgement', RegExp> = {
  health:
    /糖尿病|高血压|高血脂|心脏病|冠心病|癌|肿瘤|白血病|肝炎|乙肝|艾滋|梅毒|抑郁|焦虑症|精神病|癫痫|哮喘|肾病|透析|化疗|怀孕|孕期|流产|住院|手术|病历|确诊|患有|残疾|\b(?:diabet|cancer|tumou?r|leuk|hepatitis|hiv\b|aids\b|pregnan|surgery|depress|epilep|disabled|diagnos|chemo|hospitali[sz])/i,
  finance: /征信|失信|负债|欠债|破产|老赖|存款余额|银行流水|工资卡|\b(?:bankrupt|insolven|credit score|in debt)/i,
  judgement:
    /傻[逼瓜子帽叉]?|蠢|白痴|笨蛋|混蛋|垃圾客户|人渣|贱|难缠|抠门|神经病|脑子有|有病|骗子|无赖|泼妇|死胖子|\b(?:idiot|stupid|moron|bastard|asshole|jerk|scum|bitch|dumb|stingy)\b/i,
}
const CHILD = /孩子|小孩|儿子|女儿|宝宝|未成年|\b(?:child|son|daughter|kid|minor)\b/i
const OF_CHILD =
  /\d\s*岁|[一二三四五六七八九十]+岁|年级|小学|中学|初中|高中|幼儿园|学校|生日|出生|\bage|year-old|school|born|birthday/i

/** What a consent to the use of sensitive data opens. Numbers of identity and bank cards it never does, nor a child's. */
const consented: readonly SensitiveKind[] = ['health', 'finance']

/** Whole clauses: what stands beside the word would say the same. Few texts have such a word; the others are not taken apart. */
function* clauses(text: string, left: readonly Kind[]): Generator<Found> {
  const ofChild = (part: string) => CHILD.test(part) && OF_CHILD.test(part)
  const said = (['health', 'finance', 'judgement'] as const).filter(
    (one) => !left.includes(one) && closed[one].test(text),
  )
  if (!said.length && !ofChild(text)) return
  for (const { 0: clause, index } of text.matchAll(/[^，。；！？,;!?、\n\r]+/g)) {
    const kind = said.find((one) => closed[one].test(clause))
    const found = kind ?? (ofChild(clause) ? 'child' : null)
    if (found) yield { kind: found, from: index, to: index + clause.length }
  }
}

/** Every row of digits with single blanks or dashes in it, from every place where one may begin. */
function* numbers(text: string): Generator<Found> {
  if (!/(?:\d[ .–-]?){12}[\dXx]/.test(text)) return
  for (let from = 0; from < text.length; from++) {
    if (!/[1-9]/.test(text[from]!)) continue
    let digits = ''
    for (let to = from; to < text.length && digits.length < 19; to++) {
      const c = text[to]!
      if (/[\dXx]/.test(c)) digits += c
      else if (!/[ .–-]/.test(c) || /[ .–-]/.test(text[to - 1]!)) break
      else continue
      if (digits.length === 18 && isIdNumber(digits)) yield { kind: 'id_number', from, to: to + 1 }
      const whole = !/\d/.test(text[from - 1] ?? '') && !/\d/.test(text[to + 1] ?? '')
      if (whole && isBankCard(digits)) yield { kind: 'bank_card', from, to: to + 1 }
      if (/[Xx]/.test(c)) break
    }
  }
}

/**
 * What is found by how it is written, of two characters at least. First what a text needs to have it: a quick look, since most texts have
 * none. A pattern's one group is what may stand before it: a lookbehind would say it shorter, but iPhones before iOS 16.4
 * know none, and a page that names one does not load there.
 */
const patterns: [kind: Kind, needs: RegExp, pattern: RegExp][] = [
  ['id_number', /\d{7}/, /(^|[^A-Za-z0-9])(?:[EeGgDdSsPpHh]\d{8}|[Ee][A-Za-z]\d{7})(?!\d)/g], // a passport
  ['mail', /@/, /[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g],
  ['mobile', /\d{4}/, /(^|\D)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)/g],
  ['landline', /\d{7}/, /(^|\D)\(?0\d{2,3}[-) ]{0,2}\d{7,8}(?!\d)/g],
  // A sum, or from one to another; not what a band says itself, so that what is masked twice stays as it is.
  [
    'amount',
    /[¥￥B币]/,
    /(^|[^–≤≥\d.,])(?:[¥￥]|RMB|人民币) ?\d[\d,]{0,15}(?:\.\d{1,4})?(?: ?[亿万千])?元?(?![–\d.,kKmM])/g,
  ],
  [
    'amount',
    /[元块亿万]/,
    /(^|[^–≤≥\d.,])(?:\d[\d,.]{0,12} ?[亿万千]? ?[-~至到] ?)?\d[\d,]{0,15}(?:\.\d{1,4})? ?(?:(?:[亿万千]\d{0,4})?(?:元|块钱?)|[亿万](?![\d台件个吨米人次套箱张份条平只支瓶元]))/g,
  ],
  [
    'address',
    /[路街道巷弄同]/,
    /[\u4e00-\u9fa5A-Za-z0-9]{1,30}(?:路|街|大道|巷|弄|胡同)\s?\d{1,5}\s?(?:号|弄)[^\s，。；,;、！？]{0,30}/g,
  ],
]

function* written(text: string): Generator<Found> {
  for (const [kind, needs, pattern] of patterns) {
    if (!needs.test(text)) continue
    pattern.lastIndex = 0
    for (let m = pattern.exec(text); m; m = pattern.exec(text)) {
      const to = m.index + m[0].length
      yield { kind, from: m.index + (m[1]?.length ?? 0), to }
      // The last character of one may stand before the next.
      if (m[1] !== undefined) pattern.lastIndex = to - 1
    }
  }
}

/** What is `left` out hides nothing: a number or another kind inside such a clause is found by itself. */
function findIn(given: string, left: readonly Kind[] = []): Found[] {
  if (!given) return []
  const text = narrow(given)
  const found: Found[] = []
  /** What was found before it stays; of what begins earlier the part before is still found. */
  const add = (one: Found) => {
    const over = found.filter((f) => one.from < f.to && f.from < one.to)
    if (over.every((f) => one.from < f.from)) found.push({ ...one, to: Math.min(one.to, ...over.map((f) => f.from)) })
  }
  for (const one of clauses(text, left)) add(one)
  for (const one of numbers(text)) add(one)
  for (const one of written(text)) add(one)
  return found.sort((a, b) => a.from - b.from)
}

/** Everything of a person that is found in a text, by where it stands. */
export const foundIn = (text: string): Readonly<Found>[] => findIn(text)

/** What a member must think twice about before writing it down. */
export const sensitiveIn = (text: string): SensitiveKind[] => {
  const found = new Set(findIn(text).map((f) => f.kind))
  return kinds.filter((kind) => found.has(kind))
}

const TEN_THOUSAND = 10_000
const BANDS = [0.1, 1, 5, 10, 50, 100, 500, 1000].map((ten) => ten * TEN_THOUSAND)
/** Which band an amount of yuan falls into; bands are told, sums are not. */
function bandOf(amount: string): number {
  // "3万5元": the small rest moves no band.
  const whole = amount.replace(/([亿万千])\d{1,4}(?=元|块)/, '$1')
  const number = Number((whole.match(/\d[\d,]*(?:\.\d+)?/g)?.at(-1) ?? '0').replaceAll(',', ''))
  const unit = /亿/.test(amount) ? 1e8 : /万/.test(amount) ? TEN_THOUSAND : /千/.test(amount) ? 1000 : 1
  const above = BANDS.findIndex((end) => number * unit < end)
  return above === -1 ? BANDS.length : above
}

function maskOf(kind: Kind, value: string, words: MaskWords): string {
  const plain = narrow(value)
  switch (kind) {
    case 'mail':
      return maskMail(plain)
    case 'address':
      return maskAddress(plain)
    case 'mobile':
      return maskPhone(plain.replace(/\D/g, '').slice(-11))
    case 'landline':
      return maskPhone(plain.replace(/^\(|\)/g, '').replace(/ /g, ''))
    case 'amount':
      return words.bands[bandOf(plain)] ?? '****'
    case 'bank_card':
      return fill(words.bank_card, { last: plain.replace(/\D/g, '').slice(-4) })
    default:
      return words[kind]
  }
}

/** `whole`: revealed for a reason, what is F3 in it stays. `sensitive`: the customer agreed to the use of what is F5. */
export interface MaskOpen {
  whole?: boolean
  sensitive?: boolean
}

/** Free text as it may be shown: nobody's number whole, nothing sensitive at all, but for what is opened. */
export function maskText(text: string, words: MaskWords, { whole = false, sensitive = false }: MaskOpen = {}): string {
  let shown = ''
  let at = 0
  for (const { kind, from, to } of findIn(text, sensitive ? consented : [])) {
    if (whole && !(kinds as readonly string[]).includes(kind)) continue
    shown += text.slice(at, from) + maskOf(kind, text.slice(from, to), words)
    at = to
  }
  return shown + text.slice(at)
}
