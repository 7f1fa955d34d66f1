import { letter as letterEn } from './lang/en/letter'
import { message as messageEn } from './lang/en/message'
import type { Language } from './lang/fill'
import { letter as letterZh, type LetterWords } from './lang/zh-CN/letter'
import { message as messageZh, type MessageWords } from './lang/zh-CN/message'
import type { ChangeClass, Parts, TextName, Words } from './text'

/** The words that come with the release: version 1 of every text, and what a later version falls back on for a new sentence. */
export const builtIn = (name: TextName): Words => ({
  'zh-CN': partsOf(name, letterZh, messageZh),
  en: partsOf(name, letterEn, messageEn),
})

/** What the last change of the built-in words does to customers who were told before; whoever changes a word says it here. */
export const releaseClass: Partial<Record<TextName, ChangeClass>> = {}

const whatCustomersRead = ['first', 'claims', 'purpose', 'fields', 'who', 'full', 'rules'] as const

function partsOf(name: TextName, letter: LetterWords, message: MessageWords): Parts {
  switch (name) {
    case 'page':
      return Object.assign({}, ...whatCustomersRead.map((part) => leavesOf(letter[part], part))) as Parts
    case 'card':
      return { title: message.cardTitle, text: message.cardText }
    case 'card_ask':
      return { title: message.askTitle, text: message.askText }
    case 'card_result':
      return { title: message.resultTitle, text: message.resultText }
    default:
      return { text: messageOf(name, message) }
  }
}

const messageOf = (
  name: Exclude<TextName, 'page' | 'card' | 'card_ask' | 'card_result'>,
  words: MessageWords,
): string =>
  ({
    M1: words.m1,
    M1s: words.passedOn,
    M2: words.m2,
    M2c: words.m2c,
    M3: words.m3,
    M4: words.m4,
    M5: words.m5,
    M6: words.m6,
    M7: words.m7,
    M8: words.m8,
    M9: words.m9,
    hello: words.hello,
    after_no: words.afterNo,
    where_is: words.whereIs,
    M10: words.m10,
  })[name]

/** Sentences by their path; a place that says nothing in the release is no part (a column that this table has not). */
function leavesOf(value: unknown, path: string): Parts {
  if (typeof value === 'string') return value ? { [path]: value } : {}
  const inside = Object.entries(value as object).map(([key, one]) => leavesOf(one, `${path}.${key}`))
  return Object.assign({}, ...inside) as Parts
}

const letters = { 'zh-CN': letterZh, en: letterEn }

/** The letter's words with the parts of a version of the page in their places. */
export function letterWith(language: Language, parts: Parts): LetterWords {
  const words = structuredClone(letters[language])
  for (const [path, sentence] of Object.entries(parts)) setAt(words, path.split('.'), sentence)
  return words
}

/** Only where the release has a sentence: a part of an older page that is gone has no place to stand in. */
function setAt(words: object, [key, ...rest]: string[], sentence: string): void {
  if (key === undefined || !Object.hasOwn(words, key)) return
  const holder = words as Record<string, unknown>
  if (!rest.length && typeof holder[key] === 'string') holder[key] = sentence
  else if (rest.length && typeof holder[key] === 'object' && holder[key] !== null) setAt(holder[key], rest, sentence)
}
