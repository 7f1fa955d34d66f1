import { Failure } from '../../shared/failure'
import type { Language } from '../../shared/lang/fill'
import { limitOf } from '../../shared/textneed'
import { characters, fillWithin, placesOf } from '../../shared/template'
import { idOf, type Text } from '../db/text'

/** What a notice may be filled with; a text uses some of it. */
export type NoticeValues = Readonly<Record<string, string>>

export interface Message {
  /** The version it was filled from. */
  template: string
  text: string
  filled: string[]
  characters: number
}

/** Shortened first, where the whole would not fit: names, and last what is said of a change. */
const names = ['company', 'new', 'old', 'changed']

/**
 * Fills the version in use. The limits hold for the filled text (compliance 3.2): where a name is so long that they would
 * break, the longest name is shortened with …, because a notice that cannot be sent helps nobody.
 */
export function fillNotice(from: Text, language: Language, given: NoticeValues): Message {
  const template = from.words[language]['text'] ?? ''
  const used = placesOf(template)
  for (const place of used) if (!given[place]?.trim()) throw new Failure('invalid', { fields: place })
  const { text, values } = fillWithin(template, given, { limit: limitOf(from.name, 'text', language) ?? {}, names })
  return { template: idOf(from), text, filled: used.map((place) => values[place] ?? ''), characters: characters(text) }
}
