import { Failure } from '../../shared/failure'

/**
 * Lists are read by key, never by offset. A place in a list is the sort key of its last row, joined by a character that
 * ids and instants do not contain.
 */
export const placeOf = (...keys: string[]): string => keys.join('|')

/** One key of a place that somebody sent, as PostgreSQL surely reads it; undefined where it is none. */
type Key<T> = (sent: string) => T | undefined

/** An id, a name: compared as text, whatever it is. */
export const word: Key<string> = (sent) => sent

export const instant: Key<string> = (sent) => {
  const at = new Date(sent)
  const written = Number.isNaN(at.getTime()) ? '' : at.toISOString()
  return /^(?!0000)\d{4}-/.test(written) ? written : undefined
}

/** A count, a rank: from 0 to `most`. */
export const upTo =
  (most: number): Key<number> =>
  (sent) =>
    /^\d{1,15}$/.test(sent) && Number(sent) <= most ? Number(sent) : undefined

/** Each key is read as what it is, because PostgreSQL answers a wrong one with an error of its own. */
export function readPlace<const T extends readonly unknown[]>(
  after: string | undefined,
  ...keys: { [I in keyof T]: Key<T[I]> }
): T | null {
  if (after === undefined) return null
  const parts = after.split('|')
  const read = keys.map((key, i) => (parts[i] ? key(parts[i]) : undefined))
  if (parts.length !== keys.length || read.includes(undefined)) throw new Failure('invalid', { fields: 'after' })
  return read as unknown as T
}

/** Takes `limit + 1` rows read; answers the page and where it ends. */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  place: (row: R) => string,
  show: (row: R) => T,
): { items: T[]; next: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(show), next: rows.length > limit && last !== undefined ? place(last) : null }
}
