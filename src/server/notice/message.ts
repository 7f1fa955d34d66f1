import { Failure } from '../../shared/failure'
import { fill, type Language } from '../../shared/lang/fill'
import { message as en } from '../../shared/lang/en/message'
import { message as zh } from '../../shared/lang/zh-CN/message'
import { limits } from '../../shared/notice'

/** The template and its version; a change of its words is a new version, and every attempt names the one it used. */
export const TEMPLATE = 'M2@1'
export const messages = { 'zh-CN': zh, en }

export interface NoticeValues {
  company: string
  new: string
  old: string
  date: string
  url: string
  tel: string
}

export interface Message {
  text: string
  filled: string[]
  characters: number
}

const names = ['company', 'new', 'old'] as const

/**
 * Fills the notice. The limits hold for the filled text (compliance 3.2): where a name is so long that they would break,
 * the longest name is shortened with …, because a notice that cannot be sent helps nobody.
 */
export function fillNotice(language: Language, given: NoticeValues): Message {
  const template = messages[language].m2
  const values = { ...given }
  for (const key of Object.keys(values) as (keyof NoticeValues)[]) {
    values[key] = values[key].replace(/\s+/g, ' ').trim()
    if (!values[key]) throw new Failure('invalid', { fields: key })
  }
  for (;;) {
    const text = fill(template, { ...values }).normalize('NFC')
    if (fits(language, text))
      return { text, filled: placesOf(template).map((key) => values[key]), characters: length(text) }
    const longest = [...names].sort((a, b) => length(values[b]) - length(values[a]))[0]!
    if (length(values[longest]) <= 2) throw new Error(`The notice does not fit its limits with the link ${values.url}`)
    values[longest] = shorten(values[longest])
  }
}

const length = (text: string): number => [...text].length
const shorten = (name: string): string => `${[...name.replace(/…$/, '')].slice(0, -1).join('')}…`
const placesOf = (template: string) => [...template.matchAll(/\{(\w+)\}/g)].map((m) => m[1] as keyof NoticeValues)

const fits = (language: Language, text: string): boolean =>
  length(text) <= (language === 'en' ? limits.enCharacters : limits.zhCharacters) && bytes(text) <= limits.bytes

export const bytes = (text: string): number => Buffer.byteLength(text, 'utf8')
