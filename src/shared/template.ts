import { fill } from './lang/fill'

/** A template is words with `{name}` places in it. What is no place stays words, so that the pieces put together are the whole. */
export type Piece = { words: string } | { place: string }

const PLACE = /\{([^{}]+)\}/g

export function piecesOf(template: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const { 0: whole, 1: place = '', index } of template.matchAll(PLACE)) {
    if (index > at) pieces.push({ words: template.slice(at, index) })
    pieces.push({ place })
    at = index + whole.length
  }
  if (at < template.length) pieces.push({ words: template.slice(at) })
  return pieces
}

export const templateOf = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => ('place' in piece ? `{${piece.place}}` : piece.words)).join('')

/** In order of appearance, each as often as it stands there. */
export const placesOf = (template: string): string[] =>
  piecesOf(template).flatMap((piece) => ('place' in piece ? [piece.place] : []))

/** A brace that is no place's: somebody mistyped one, and the customer would read it. */
export const hasStrayBrace = (template: string): boolean =>
  piecesOf(template).some((piece) => 'words' in piece && /[{}｛｝]/.test(piece.words))

export const characters = (text: string): number => [...text].length
const encoder = new TextEncoder()
export const bytes = (text: string): number => encoder.encode(text).length

export interface Limit {
  characters?: number
  bytes?: number
}
export const fits = (text: string, limit: Limit): boolean =>
  characters(text) <= (limit.characters ?? Infinity) && bytes(text) <= (limit.bytes ?? Infinity)

const shorten = (name: string): string => `${[...name.replace(/…$/, '')].slice(0, -1).join('')}…`

/**
 * Fills a template within its limit (compliance 3.2: on the filled text). Values are one line each; where the text would be
 * too long, the longest of `names` is shortened with …, because a message that cannot be sent helps nobody. An empty value
 * throws, and so does what does not fit whatever is shortened.
 */
export function fillWithin(
  template: string,
  given: Readonly<Record<string, string>>,
  { limit, names }: { limit: Limit; names: readonly string[] },
): { text: string; values: Record<string, string> } {
  const values = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, value.replace(/\s+/g, ' ').trim()]),
  )
  const short = names.filter((name) => template.includes(`{${name}}`))
  for (;;) {
    const text = fill(template, values).normalize('NFC')
    if (fits(text, limit)) return { text, values }
    const longest = [...short].sort((a, b) => characters(values[b] ?? '') - characters(values[a] ?? ''))[0]
    const name = longest && values[longest]
    if (!name || characters(name) <= 2) throw new Error('The text does not fit its limit')
    values[longest] = shorten(name)
  }
}
