import { shuffled } from './chance'
import type { Answer } from './envelope'
import type { CallStrike } from './faults'

/** What a broken or hostile upstream does to a good answer. WeCom itself is unharmed by it. */

export interface RowsFault {
  /** Shares of the rows, 0 to 1. */
  missing?: number
  doubled?: number
  shuffled?: boolean
  /** So many rows that nobody asked for. */
  foreign?: number
}

/**
 * `loop`: the next page is this page again. `endless`: always another page, by ever new cursors, empty after the end.
 * `repeated`: this page comes once more, under another cursor. `empty`: an empty page, and the rows in the next.
 * `never-last`: `is_last` is never true.
 */
export type CursorFault = 'loop' | 'endless' | 'repeated' | 'empty' | 'never-last'

export const spoilings = [
  'empty',
  'not-json',
  'list',
  'null',
  'errcode-text',
  'errcode-missing',
  'wrong-types',
  'nan-ids',
  'huge',
  'deep',
] as const
export type Spoiled = (typeof spoilings)[number]

/** A mark on a cursor that WeCom's own cursors cannot carry: base64url has no `~`. */
const MARK = /^~+/
export const unmarked = (cursor: unknown): unknown => (typeof cursor === 'string' ? cursor.replace(MARK, '') : cursor)

/** `sent` is the cursor of the question, with its marks. */
export function tampered(fault: CallStrike, said: Answer, sent: unknown, random: () => number): Answer {
  if (said.errcode !== 0) return said
  const key = Object.keys(said).find((k) => Array.isArray(said[k]))
  const rows = key === undefined ? [] : (said[key] as unknown[])
  const turned = fault.cursor ? turn(fault.cursor, said, String(sent ?? ''), rows) : { rows }
  const kept = fault.rows ? shaken(fault.rows, turned.rows, random) : turned.rows
  return { ...said, ...turned.more, ...(key === undefined ? {} : { [key]: kept }) }
}

interface Turned {
  rows: unknown[]
  more?: Record<string, unknown>
}

function turn(kind: CursorFault, said: Answer, sent: string, rows: unknown[]): Turned {
  const marks = MARK.exec(sent)?.[0] ?? ''
  const lasts = (is_last: boolean) => ('is_last' in said ? { is_last } : {})
  const again = { ...lasts(false), next_cursor: `~${sent}` }
  if (kind === 'never-last') return { rows, more: lasts(false) }
  if (kind === 'loop') return { rows, more: { ...lasts(false), next_cursor: sent || '~' } }
  if (kind === 'endless') return said['next_cursor'] ? { rows } : { rows: marks ? [] : rows, more: again }
  // Only once for each page: the marked cursor gets the page as it is.
  if (marks) return { rows }
  return { rows: kind === 'empty' ? [] : rows, more: again }
}

function shaken(
  { missing = 0, doubled = 0, foreign = 0, shuffled: mix }: RowsFault,
  rows: unknown[],
  random: () => number,
): unknown[] {
  const left = rows.filter(() => random() >= missing).flatMap((row) => (random() < doubled ? [row, row] : [row]))
  const [pattern] = rows
  const strange = Array.from({ length: pattern === undefined ? 0 : foreign }, (_, n) => strangerLike(pattern, n))
  return mix ? shuffled([...left, ...strange], random) : [...left, ...strange]
}

/** The same shape with ids of nobody. */
function strangerLike(row: unknown, n: number): unknown {
  if (typeof row === 'string') return `wmForeign${n}`
  if (Array.isArray(row)) return row
  if (typeof row !== 'object' || row === null) return row
  const ids: Record<string, string> = {
    external_userid: `wmForeign${n}`,
    userid: `foreign${n}`,
    chat_id: `wrForeign${n}`,
  }
  return Object.fromEntries(
    Object.entries(row).map(([k, v]) => [k, ids[k] ?? (typeof v === 'object' ? strangerLike(v, n) : v)]),
  )
}

export function spoil(kind: Spoiled, said: Answer): string {
  const all = (change: (v: unknown, key: string) => unknown) =>
    JSON.stringify(said, (key, value: unknown) => (key === 'errcode' || key === 'errmsg' ? value : change(value, key)))
  switch (kind) {
    case 'empty':
      return ''
    case 'not-json':
      return 'ok'
    case 'list':
      return JSON.stringify([said])
    case 'null':
      return 'null'
    case 'errcode-text':
      return JSON.stringify({ ...said, errcode: String(said.errcode) })
    case 'errcode-missing':
      return JSON.stringify({ ...said, errcode: undefined })
    case 'wrong-types':
      return all((v) => (typeof v === 'string' ? 7 : typeof v === 'number' ? String(v) : v))
    case 'nan-ids':
      // NaN is no JSON: a careless server writes it all the same.
      return all((v, key) => (/id$/.test(key) && typeof v === 'string' ? '\u0000NaN' : v)).replaceAll(
        '"\\u0000NaN"',
        'NaN',
      )
    case 'huge':
      return JSON.stringify({ ...said, padding: 'x'.repeat(10 * 1024 * 1024) })
    case 'deep':
      return `${JSON.stringify(said).slice(0, -1)},"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
  }
}
