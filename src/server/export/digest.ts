import { createHash } from 'node:crypto'
import { canonical, type Json } from '../../shared/canonical'
import type { ExportField, Format } from '../../shared/export'
import type { Wish } from './content'

const sha256 = (value: Json): string => createHash('sha256').update(canonical(value), 'utf8').digest('hex')

/** Of what was previewed: the same rows, the same columns. */
export const sealOf = (wish: Wish, format: Format, fields: readonly ExportField[], keys: readonly string[]): string =>
  sha256({ kind: wish.kind, departure: wish.departure, days: wish.days, format, fields, keys })

/** Of the whole request: an approval names it and holds for nothing else. */
export const digestOf = (seal: string, said: { purpose: string; note: string; by: string }): string =>
  sha256({ seal, ...said })
