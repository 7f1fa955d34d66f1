import { createHash } from 'node:crypto'
import { canonical } from '../../shared/canonical'

export interface DigestItem {
  handover: string
  customer: string
  successor: string
}

/** SHA-256 of exactly what would be sent: whose customers, and each to whom. An approval holds for this and nothing else. */
export function planDigest(departure: string, items: readonly DigestItem[]): string {
  const sorted = items
    .map(({ handover, customer, successor }) => ({ handover, customer, successor }))
    .sort((a, b) => (a.handover < b.handover ? -1 : 1))
  return createHash('sha256')
    .update(canonical({ departure, items: sorted }), 'utf8')
    .digest('hex')
}
