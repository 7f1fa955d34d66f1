import { html } from 'hono/html'
import { fill, type Language } from '../../shared/lang/fill'
import type { LetterWords } from '../../shared/lang/zh-CN/letter'
import { builtIn, letterWith } from '../../shared/textbuiltin'
import { listsNow, type Lists, type Text } from '../db/text'
import type { Config } from '../lib/config'
import type { Ctx } from '../lib/serve'

/** How one page is to be written: whose house, in which language, how large, and where it lies. */
export interface Sheet {
  config: Config
  words: LetterWords
  /** The version of the page that is printed here; null where no letter is: only who we are and how to reach us. */
  text: Pick<Text, 'version' | 'since'> | null
  /** What the version says of who sees what. */
  lists: Lists
  language: Language
  large: boolean
  /** Path of this page, and of the letter it belongs to (null: the link is not known). */
  path: string
  base: string | null
  query: URLSearchParams
}

export type Html = ReturnType<typeof html>
export type Params = Readonly<Record<string, string | number>>

const kept = ['lang', 'size']
const own = [...kept, 'number', 'proof', 'kind', 'about']

/** The language of the letter as it was sent, unless the reader switched; nothing is remembered but in the address. */
export function sheetOf(c: Ctx, config: Config, base: string | null, sent: string, text: Text | null = null): Sheet {
  const query = new URLSearchParams(own.flatMap((name) => (c.req.query(name) ? [[name, c.req.query(name)!]] : [])))
  const language: Language = (query.get('lang') ?? sent) === 'en' ? 'en' : 'zh-CN'
  const words = letterWith(language, text?.words[language] ?? builtIn('page')[language])
  const lists = text?.lists ?? listsNow()
  return { config, words, text, lists, language, large: query.get('size') === 'large', path: c.req.path, base, query }
}

/** A link of ours with the reader's choices carried along. */
export const to = (sheet: Sheet, path: string, more: Params = {}): string => address(path, sheet.query, kept, more)

/** This very page, with one choice changed. */
export const here = (sheet: Sheet, change: Params): string => address(sheet.path, sheet.query, own, change)

function address(path: string, query: URLSearchParams, names: string[], change: Params): string {
  const next = new URLSearchParams(names.flatMap((name) => (query.has(name) ? [[name, query.get(name)!]] : [])))
  for (const [name, value] of Object.entries(change)) {
    if (value === '') next.delete(name)
    else next.set(name, String(value))
  }
  return next.size ? `${path}?${next.toString()}` : path
}

/** Fills a sentence; names and dates stand out, a phone number can be called, a mail address written to. */
export const say = (sentence: string, params: Params) =>
  sentence.split(/(\{\w+\})/).map((piece) => {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1]
    if (!name) return piece
    const value = fill(piece, params)
    if (name === 'tel') return html`<a href="tel:${value.replace(/[^\d+]/g, '')}">${value}</a>`
    if (name === 'mail') return html`<a href="mailto:${value}">${value.split('@')[0]}<wbr />@${value.split('@')[1]}</a>`
    if (name === 'date' || name === 'due' || name === 'number') return html`<b class="whole">${value}</b>`
    return ['new', 'old', 'present'].includes(name) ? html`<b>${value}</b>` : value
  })

/** What every sentence of every page may name of the company. */
export const house = (config: Config): Record<string, string> => ({
  company: config.COMPANY_NAME,
  tel: config.HOTLINE,
  mail: config.PRIVACY_MAIL,
  person: config.PRIVACY_CONTACT,
  address: config.COMPANY_ADDRESS,
  department: config.COMPLAINT_DEPARTMENT,
  alternative: config.ALTERNATIVE_CHANNEL,
})
