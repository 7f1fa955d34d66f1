import { Failure } from '../../shared/failure'
import type { Language } from '../../shared/lang/fill'
import { limitOf } from '../../shared/textneed'
import { characters, fillWithin, placesOf } from '../../shared/template'
import { idOf, type Text } from './text'

export interface Message {
  /** The version it was filled from. */
  template: string
  text: string
  filled: string[]
  characters: number
}

/** Shortened first, where the whole would not fit: names, and what is said of a change. */
const names = ['company', 'new', 'old', 'child', 'changed']

/**
 * Fills the version in use of a message. The limits hold for the filled text (compliance 3.2): where a name is so long that
 * they would break, the longest name is shortened with …, because a message that cannot be sent helps nobody.
 */
export function fillText(from: Text, language: Language, given: Readonly<Record<string, string>>): Message {
  const template = from.words[language]['text'] ?? ''
  const used = placesOf(template)
  for (const place of used) if (!given[place]?.trim()) throw new Failure('invalid', { fields: place })
  const { text, values } = fillWithin(template, given, { limit: limitOf(from.name, 'text', language) ?? {}, names })
  return { template: idOf(from), text, filled: used.map((place) => values[place] ?? ''), characters: characters(text) }
}
