import { Failure } from '../../shared/failure'

/**
 * Lists are read by key, never by offset. A place in a list is the sort key of its last row, joined by a character that
 * ids and instants do not contain.
 */
export const placeOf = (...keys: string[]): string => keys.join('|')

export function readPlace(after: string | undefined, keys: number): string[] | null {
  if (after === undefined) return null
  const parts = after.split('|')
  if (parts.length !== keys || parts.some((p) => !p)) throw new Failure('invalid', { fields: 'after' })
  return parts
}

/** A place's instant as PostgreSQL surely reads it. */
export function readInstant(text: string): string {
  const at = new Date(text)
  const written = Number.isNaN(at.getTime()) ? '' : at.toISOString()
  if (!/^(?!0000)\d{4}-/.test(written)) throw new Failure('invalid', { fields: 'after' })
  return written
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
