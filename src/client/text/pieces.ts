import type { Language } from '../../shared/lang/fill'
import { piecesOf } from '../../shared/template'
import type { Problem } from '../../shared/text'
import { t } from '../lib/words'

/** The first piece of a part's name is the group it stands in: `first`, `fields`, `full`, or the text itself. */
const groups = ['first', 'claims', 'purpose', 'fields', 'who', 'full', 'rules', 'text', 'title'] as const
export type Group = (typeof groups)[number]

export function grouped(parts: readonly string[]): { group: Group; parts: string[] }[] {
  const of = (part: string): Group => groups.find((group) => group === part.split('.')[0]) ?? 'text'
  return groups
    .map((group) => ({ group, parts: parts.filter((part) => of(part) === group) }))
    .filter(({ parts }) => parts.length)
}

const places = [
  'company',
  'old',
  'new',
  'who',
  'last',
  'staff',
  'date',
  'url',
  'rules',
  'tel',
  'mail',
  'person',
  'address',
  'department',
  'alternative',
  'visible',
  'hidden',
  'purpose',
  'version',
  'data',
  'matter',
  'time',
  'until',
  'deadline',
  'receipt',
  'number',
  'result',
  'child',
  'changed',
] as const

/** What a place is called; one that nobody knows is called by its own name. */
export function placeWords(name: string): string {
  const known = places.find((place) => place === name)
  return known ? t(`workbench.text.place.${known}`) : `{${name}}`
}

/** As the customer reads it; a place without a value stays to be seen. */
export const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  piecesOf(template)
    .map((piece) => ('words' in piece ? piece.words : (values[piece.place] ?? `{${piece.place}}`)))
    .join('')

/** Where two sentences part and come together again. */
export function difference(before: string, now: string): { start: string; was: string; is: string; end: string } {
  const [a, b] = [[...before], [...now]]
  let from = 0
  while (from < a.length && from < b.length && a[from] === b[from]) from++
  let tail = 0
  while (tail < a.length - from && tail < b.length - from && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const cut = (all: string[], start: number, end: number) => all.slice(start, end).join('')
  return {
    start: cut(a, 0, from),
    was: cut(a, from, a.length - tail),
    is: cut(b, from, b.length - tail),
    end: cut(a, a.length - tail, a.length),
  }
}

const elements = [
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
const rules = [
  'reason',
  'judgement',
  'marketing',
  'pressure',
  'deemed',
  'ownership',
  'personal',
  'link',
  'article',
  'leaving',
] as const

export function problemWords({ kind, weight, what, found }: Problem): string {
  const element = elements.find((one) => one === what)
  const rule = rules.find((one) => one === what)
  const named = element ? t(`workbench.text.element.${element}`) : rule ? t(`workbench.text.rule.${rule}`) : ''
  const words = kind === 'said' && weight === 'warn' ? 'warned' : kind
  const place = kind === 'place' ? `{${what}}` : what
  return t(`workbench.text.problem.${words}`, { what: place, found, element: named })
}

export const languageWords = (language: Language): string => t(`workbench.text.language.${language}`)
