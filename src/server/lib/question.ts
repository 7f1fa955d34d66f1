import { createHash } from 'node:crypto'
import type { AskablePurpose } from '../../shared/consent'
import { printDay } from '../../shared/day'
import { fill, type Language } from '../../shared/lang/fill'
import { choice as en } from '../../shared/lang/en/choice'
import { choice as zh, type ChoiceWords } from '../../shared/lang/zh-CN/choice'

/** The version of the question's words; a change of them is a new one (compliance 4.4), and each record names its own. */
export const QUESTION_VERSION = 1
export const questionTemplate = (purpose: AskablePurpose): string => `${purpose}@${QUESTION_VERSION}`

export const choiceWords = (language: Language): ChoiceWords => (language === 'en' ? en : zh)

/** So long after a no what was kept only for it may still be there. */
export const DELETE_DAYS = 15
export const deadlineFrom = (at: Date): Date => new Date(at.getTime() + DELETE_DAYS * 86_400_000)

export interface Question {
  heading: string
  lead: string
  /** Heading and text: agree, refuse, no choice, what to know. All of it stands above the buttons. */
  points: [string, string][]
  /** The whole, as a record keeps it. */
  text: string
  sha256: string
}

/** One question about one purpose, the same in the record, on the page and read aloud on the phone. */
export function questionOf(
  language: Language,
  purpose: AskablePurpose,
  { who, until }: { who: string; until: Date },
): Question {
  const { question: q, of } = choiceWords(language)
  const { data, purpose: use, know } = of[purpose]
  const params = { new: who, data, purpose: use, until: printDay(until, language) }
  const said = (sentence: string) => fill(sentence, params)
  const lead = said(q.lead)
  const points = [q.agree, q.refuse, q.none, [q.know, know] as [string, string]].map(
    ([head, text]): [string, string] => [head, said(text)],
  )
  const colon = language === 'en' ? ': ' : '：'
  const text = [q.heading, lead, ...points.map(([head, line]) => `${head}${colon}${line}`)].join('\n').normalize('NFC')
  return { heading: q.heading, lead, points, text, sha256: createHash('sha256').update(text, 'utf8').digest('hex') }
}

export const matterOf = (language: Language, purpose: AskablePurpose, who: string): string =>
  fill(choiceWords(language).of[purpose].matter, { new: who })
