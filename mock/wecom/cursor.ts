import { createHash } from 'node:crypto'
import { Refusal } from './envelope'
import { optionalText } from './params'

/**
 * Cursors are opaque and belong to one query: they carry a position and a seal over the question, so that a made-up
 * cursor, or one from another query, is refused. They hold no snapshot: pages shift when rows go (facts 4.2).
 */
export function page<T>(
  rows: T[],
  request: { cursor: unknown; limit: number; question: unknown },
): { rows: T[]; next: string } {
  const from = positionOf(optionalText(request.cursor, 'cursor'), request.question)
  const end = from + request.limit
  return { rows: rows.slice(from, end), next: end < rows.length ? cursorAt(end, request.question) : '' }
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
