import { Failure } from '../../shared/failure'
import { fill, type Language } from '../../shared/lang/fill'
import { message as en } from '../../shared/lang/en/message'
import { message as zh } from '../../shared/lang/zh-CN/message'
import { limits } from '../../shared/notice'

export const messages = { 'zh-CN': zh, en }

/** M3 asks the customer, M9 a child's guardian; one purpose a message, and never together with the notice (compliance 3.3). */
export type AskTemplate = 'm3' | 'm9'
export const templateId = (template: AskTemplate): string => `${template.toUpperCase()}@1`

export interface AskValues {
  company: string
  new: string
  old: string
  data: string
  purpose: string
  url: string
  tel: string
  child: string
}

const names = ['company', 'new', 'old', 'child'] as const

/** As the notice: the limits hold for the filled text, and the longest name is shortened until it fits (3.2). */
export function fillQuestion(language: Language, template: AskTemplate, given: AskValues) {
  const sentence = messages[language][template]
  const places = [...sentence.matchAll(/\{(\w+)\}/g)].map((m) => m[1] as keyof AskValues)
  const values = { ...given }
  for (const key of places) {
    values[key] = values[key].replace(/\s+/g, ' ').trim()
    if (!values[key]) throw new Failure('invalid', { fields: key })
  }
  for (;;) {
    const text = fill(sentence, { ...values }).normalize('NFC')
    if (fits(language, text)) return { text, filled: places.map((key) => values[key]), characters: [...text].length }
    const longest = [...names].sort((a, b) => [...values[b]].length - [...values[a]].length)[0]!
    if ([...values[longest]].length <= 2)
      throw new Error(`The question does not fit its limits with the link ${values.url}`)
    values[longest] = `${[...values[longest].replace(/…$/, '')].slice(0, -1).join('')}…`
  }
}

const fits = (language: Language, text: string): boolean =>
  [...text].length <= (language === 'en' ? limits.enCharacters : limits.zhCharacters) &&
  Buffer.byteLength(text, 'utf8') <= limits.bytes
