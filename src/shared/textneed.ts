import type { Language } from './lang/fill'
import { placesOf, type Limit } from './template'
import type { Parts, TextName } from './text'

/** The elements of a notice (compliance 3.1). */
export const elements = [
  'N1',
  'N2',
  'N3',
  'N4',
  'N5',
  'N6',
  'N7',
  'N8',
  'N9',
  'N10',
  'N11',
  'N12',
  'N13',
  'N14',
  'N15',
] as const
export type Element = (typeof elements)[number]

/** An element is there when every part says something, every place stands in them, and they say what `says` looks for. */
interface Need {
  element: Element
  parts: readonly string[]
  places?: readonly string[]
  says?: Record<Language, readonly RegExp[]>
}

const need = (element: Element, parts: string[], places: string[] = [], says?: Need['says']): Need => ({
  element,
  parts,
  places,
  ...(says ? { says } : {}),
})
const free = {
  'zh-CN': [/不(?:操作|点开|选择?)[^，。]{0,6}不影响/],
  en: [/does not affect|keep your service|goes on even/i],
}
const freeNo = { 'zh-CN': [/不影响现有服务|现有服务照常/], en: [/does not affect|service goes on/i] }

const types = ['F1', 'F2', 'F3']
const basis = { 'zh-CN': [/依据/], en: [/basis/i] }
const appeals = { 'zh-CN': [/网信|市场监管/, /起诉|法院/], en: [/authority/i, /court/i] }
const everyRight = {
  'zh-CN': [/查阅/, /复制/, /更正/, /删除/, /限制/, /撤回/, /解释|说明/, /\d+ ?个?(?:工作日|日|天)/],
  en: [/access/i, /copy/i, /correct/i, /delet/i, /restrict/i, /withdraw/i, /explan/i, /\d{1,4} (?:working )?days?/i],
}

const ofTypes = (what: string): string[] => types.map((one) => `fields.${one}.${what}`)
const l0 = [
  need('N1', ['text'], ['company', 'tel']),
  need('N2', ['text'], ['old', 'new', 'date']),
  need('N7', ['text'], ['url'], { 'zh-CN': [/换人/, /异议/], en: [/another colleague/i, /objection/i] }),
  need('N13', ['text'], ['url'], { 'zh-CN': [/投诉/], en: [/complain/i] }),
  need('N15', ['text'], [], free),
]

const needsOf: Partial<Record<TextName, readonly Need[]>> = {
  page: [
    need('N1', ['first.what'], ['company']),
    need('N1', ['full.we.1'], ['company', 'address', 'tel', 'person', 'mail']),
    need('N2', ['first.what'], ['date', 'old', 'new']),
    need('N2', ['first.same.0', 'first.same.1']),
    need('N2', ['full.what.1'], ['date', 'old', 'who']),
    need('N3', ['first.changed.1'], ['purpose']),
    need('N3', ['purpose', ...ofTypes('use')]),
    need('N4', [...ofTypes('how'), 'full.columns.2', 'full.columns.3', 'full.automatic']),
    need('N5', ['first.changed.1'], ['visible']),
    need('N5', ['first.hidden.1'], ['hidden']),
    need('N5', [...ofTypes('name'), 'full.closed.1'], ['hidden']),
    need('N6', ['full.columns.4']),
    need('N7', ['first.may.1', 'first.wantOther', 'full.refuse.1']),
    need('N7', ['full.rights.1'], [], everyRight),
    need('N8', ['full.use.1'], [], basis),
    need('N10', ['full.what.1'], [], { 'zh-CN': [/别的公司|其他公司|接收方/], en: [/other company|receiver/i] }),
    need('N11', ['full.vendors.1']),
    need('N12', ['full.chosen.1', 'full.automatic'], [], {
      'zh-CN': [/换人/, /说明|解释/, /人/],
      en: [/change colleague|another colleague/i, /why|explan/i, /decid|people/i],
    }),
    need('N13', ['first.complain']),
    need('N13', ['full.complaints.1'], ['department', 'mail'], appeals),
    need('N14', ['full.version'], ['version', 'date']),
    need('N14', ['full.changes.1']),
    need('N15', ['first.may.1'], [], free),
    // The page of whoever is new to us.
    need('N1', ['rules.lead'], ['company']),
    need('N5', ['rules.closed.1'], ['hidden']),
    need('N7', ['rules.rights.1'], ['tel', 'person', 'mail'], everyRight),
    need('N8', ['rules.use.1'], [], basis),
    need('N13', ['rules.complaints.1'], ['department', 'mail'], appeals),
    need('N15', ['rules.lead'], [], free),
    need('N15', ['first.small'], [], { 'zh-CN': [/不代表/], en: [/not consent/i] }),
  ],
  M1: l0,
  M2: l0,
  M1s: [
    need('N1', ['text'], ['company', 'tel']),
    need('N2', ['text'], ['old', 'new']),
    need('N13', ['text'], [], { 'zh-CN': [/投诉/], en: [/complain/i] }),
  ],
  M2c: [
    need('N1', ['text'], ['company', 'tel']),
    need('N2', ['text'], ['new', 'changed']),
    need('N13', ['text'], ['url'], { 'zh-CN': [/投诉/], en: [/complain/i] }),
    need('N15', ['text'], [], free),
  ],
  M3: [
    need('N1', ['text'], ['company', 'new', 'tel']),
    need('N3', ['text'], ['purpose']),
    need('N5', ['text'], ['data']),
    need('N7', ['text'], ['url'], { 'zh-CN': [/撤回/], en: [/withdrawn?/i] }),
    need('N15', ['text'], [], freeNo),
  ],
  M4: [need('N2', ['text'], ['matter', 'receipt']), need('N13', ['text'], ['url']), need('N15', ['text'], [], freeNo)],
  M5: [
    need('N2', ['text'], ['time', 'matter', 'receipt']),
    need('N6', ['text'], ['deadline']),
    need('N13', ['text'], ['url']),
    need('N15', ['text'], [], freeNo),
  ],
  M6: [need('N1', ['text'], ['department']), need('N13', ['text'], ['number', 'until', 'url'])],
  M7: [need('N13', ['text'], ['number', 'result', 'url'], appeals)],
  M8: [
    need('N1', ['text'], ['company', 'staff', 'tel']),
    need('N5', ['text'], [], { 'zh-CN': [/联系方式/], en: [/contact details/i] }),
    need('N7', ['text'], ['rules'], { 'zh-CN': [/权利/], en: [/rights/i] }),
  ],
  M9: [
    need('N1', ['text'], ['company', 'new', 'tel']),
    need('N2', ['text'], ['old', 'child']),
    need('N7', ['text'], ['url'], { 'zh-CN': [/监护人/], en: [/guardian/i] }),
    need('N15', ['text'], [], { 'zh-CN': [/不同意/], en: [/do not agree/i] }),
  ],
  hello: [need('N1', ['text'], ['company', 'new'])],
  after_no: [need('N15', ['text'], [], freeNo)],
  where_is: [need('N1', ['text'], ['company', 'new']), need('N2', ['text'], ['old'])],
  // Said to many at once: no link, since each customer has one of their own.
  M10: [
    need('N1', ['text'], ['company', 'tel']),
    need('N2', ['text'], ['old', 'new', 'date']),
    need('N7', ['text'], [], { 'zh-CN': [/换/, /异议/], en: [/another colleague/i, /objection/i] }),
    need('N13', ['text'], [], { 'zh-CN': [/投诉/], en: [/complain/i] }),
    need('N15', ['text'], [], free),
  ],
  card: [need('N2', ['title', 'text']), need('N15', ['text'], [], free)],
  card_ask: [need('N15', ['text'], [], freeNo)],
}

/** Of a page that shows something sensitive: why it is needed and what it may do to the person (N9). */
const sensitive = need('N9', ['full.sensitive.0', 'full.sensitive.1'])

/** Which elements a text lacks in one language, and in which part they are looked for. */
export function missingIn(
  name: TextName,
  language: Language,
  parts: Parts,
  { showsSensitive = false }: { showsSensitive?: boolean } = {},
): { element: Element; part: string }[] {
  const needs = [...(needsOf[name] ?? []), ...(name === 'page' && showsSensitive ? [sensitive] : [])]
  return needs.flatMap(({ element, parts: looked, places = [], says }) => {
    const empty = looked.find((part) => !parts[part]?.trim())
    if (empty !== undefined) return [{ element, part: empty }]
    const all = looked.map((part) => parts[part]).join('\n')
    const named = placesOf(all)
    const whole =
      places.every((place) => named.includes(place)) && (says?.[language] ?? []).every((one) => one.test(all))
    return whole ? [] : [{ element, part: looked[0] ?? '' }]
  })
}

/** How long a text may be once it is filled (compliance 3.2); null: nobody limits this part. */
export function limitOf(name: TextName, part: string, language: Language): Limit | null {
  if (name === 'page') return null
  if (name.startsWith('card')) return { bytes: part === 'title' ? 27 : 140 }
  if (name === 'M1s') return { characters: 200, bytes: 600 }
  return { characters: language === 'en' ? 480 : 200, bytes: 600 }
}

/** What the customer reads first is at most so long before it is filled (3.5 P7). */
export const FIRST_SCREEN: Record<Language, number> = { 'zh-CN': 350, en: 900 }
export const firstScreen = (part: string): boolean => part.startsWith('first.') && part !== 'first.signature'
