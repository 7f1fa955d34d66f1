import { createHash } from 'node:crypto'
import { Refusal } from './envelope'
import { optionalText } from './params'

interface Asked {
  cursor: unknown
  limit: number
  question: unknown
}

/**
 * Cursors are opaque and belong to one query: they carry a position and a seal over the question, so that a made-up
 * cursor, or one from another query, is refused. They hold no snapshot: pages shift when rows go (facts 4.2). `rowsFrom`
 * begins at a position, and nothing behind the page is looked at.
 */
export function pageFrom<T>(rowsFrom: (position: number) => Iterable<T>, asked: Asked): { rows: T[]; next: string } {
  const from = positionOf(optionalText(asked.cursor, 'cursor'), asked.question)
  const rows: T[] = []
  for (const row of rowsFrom(from)) {
    if (rows.length === asked.limit) return { rows, next: cursorAt(from + asked.limit, asked.question) }
    rows.push(row)
  }
  return { rows, next: '' }
}

export const page = <T>(rows: T[], asked: Asked): { rows: T[]; next: string } =>
  pageFrom((position) => rows.slice(position, position + asked.limit + 1), asked)

/** Rows of a walk from this position on. */
export function* skipping<T>(rows: Iterable<T>, position: number): Generator<T> {
  let skip = position
  for (const row of rows) if (skip-- <= 0) yield row
}

const seal = (position: number, question: unknown): string =>
  createHash('sha256')
    .update(`${position} ${JSON.stringify(question)}`)
    .digest('base64url')
    .slice(0, 24)

const cursorAt = (position: number, question: unknown): string =>
  Buffer.from(`${position}.${seal(position, question)}`).toString('base64url')

function positionOf(cursor: string, question: unknown): number {
  if (cursor === '') return 0
  const [position = '', sealed] = Buffer.from(cursor, 'base64url').toString().split('.')
  if (!/^\d+$/.test(position) || sealed !== seal(Number(position), question))
    throw new Refusal(40058, "invalid field 'cursor'")
  return Number(position)
}
