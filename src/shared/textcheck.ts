import { fill, languages, type Language } from './lang/fill'
import { bytes, characters, hasStrayBrace, placesOf, templateOf, piecesOf } from './template'
import { findingsIn } from './textlint'
import { FIRST_SCREEN, firstScreen, limitOf, missingIn } from './textneed'
import { placesFor, type Parts, type Problem, type TextName, type Words } from './text'

export interface Ground {
  /** The parts this text has. */
  parts: readonly string[]
  /** The longest real value of each place (3.2). */
  samples: Record<Language, Parts>
  showsSensitive: boolean
}

/** Everything that stands against publishing these words, and what somebody should look at twice; in the order of reading. */
export function problemsOf(name: TextName, words: Words, ground: Ground): Problem[] {
  const found = languages.flatMap((language) => [
    ...ground.parts.flatMap((part) => inPart(name, language, part, words[language][part] ?? '', ground)),
    ...missingIn(name, language, words[language], ground).map(({ element, part }): Problem =>
      refuse('missing', language, part, element),
    ),
    ...firstScreenOf(name, language, words[language], ground.parts),
  ])
  return [...found, ...ground.parts.flatMap((part) => differing(words, part))]
}

const refuse = (kind: Problem['kind'], language: Language, part: string, what = '', found = ''): Problem => ({
  kind,
  weight: 'refuse',
  language,
  part,
  what,
  found,
})

function inPart(name: TextName, language: Language, part: string, template: string, { samples }: Ground): Problem[] {
  if (!template.trim()) return [refuse('empty', language, part)]
  const known = placesFor[name]
  const unknown = [...new Set(placesOf(template))].filter((place) => !known.includes(place))
  const said = findingsIn(withoutPlaces(template))
  return [
    ...(hasStrayBrace(template) ? [refuse('brace', language, part)] : []),
    ...unknown.map((place) => refuse('place', language, part, place)),
    ...said.map(({ rule, weight, words }): Problem => ({ ...refuse('said', language, part, rule, words), weight })),
    ...(unknown.length ? [] : tooLong(name, language, part, template, samples[language])),
  ]
}

/** On the filled text, with the longest real values; names are shortened as they are when it is sent, not below ten. */
function tooLong(name: TextName, language: Language, part: string, template: string, samples: Parts): Problem[] {
  const limit = limitOf(name, part, language)
  if (!limit) return []
  const text = fill(template, samples).normalize('NFC')
  if (limit.characters !== undefined && characters(text) > limit.characters)
    return [refuse('long', language, part, String(characters(text)), String(limit.characters))]
  if (limit.bytes !== undefined && bytes(text) > limit.bytes)
    return [refuse('long', language, part, `${bytes(text)} B`, `${limit.bytes} B`)]
  return []
}

function firstScreenOf(name: TextName, language: Language, words: Parts, parts: readonly string[]): Problem[] {
  if (name !== 'page') return []
  const all = parts.filter(firstScreen).reduce((sum, part) => sum + characters(withoutPlaces(words[part] ?? '')), 0)
  return all > FIRST_SCREEN[language]
    ? [refuse('long', language, 'first.what', String(all), String(FIRST_SCREEN[language]))]
    : []
}

/** Both languages say the same: they name the same things (3.5 P12). */
function differing(words: Words, part: string): Problem[] {
  const of = (language: Language) => [...new Set(placesOf(words[language][part] ?? ''))].sort().join()
  return of('zh-CN') === of('en') ? [] : [refuse('differs', 'en', part)]
}

const withoutPlaces = (template: string): string => templateOf(piecesOf(template).filter((piece) => 'words' in piece))

/** The first thing that stands against it, for the sentence of a refusal. */
export const refusalOf = (problems: readonly Problem[]): Problem | null =>
  problems.find(({ kind, weight }) => kind === 'missing' && weight === 'refuse') ??
  problems.find(({ weight }) => weight === 'refuse') ??
  null
