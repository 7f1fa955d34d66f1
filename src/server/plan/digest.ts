import { createHash } from 'node:crypto'
import { canonical } from '../../shared/canonical'

export interface DigestItem {
  handover: string
  customer: string
  successor: string
}

export interface DigestGroup {
  chat: string
  successor: string
}

/**
 * SHA-256 of exactly what would be sent: whose customers and groups, and each to whom. An approval holds for this and
 * nothing else. A plan without groups has the digest it had before there were any in plans.
 */
export function planDigest(
  departure: string,
  items: readonly DigestItem[],
  groups: readonly DigestGroup[] = [],
): string {
  const sorted = items
    .map(({ handover, customer, successor }) => ({ handover, customer, successor }))
    .sort((a, b) => (a.handover < b.handover ? -1 : 1))
  const chats = groups.map(({ chat, successor }) => ({ chat, successor })).sort((a, b) => (a.chat < b.chat ? -1 : 1))
  return createHash('sha256')
    .update(canonical({ departure, items: sorted, ...(chats.length ? { groups: chats } : {}) }), 'utf8')
    .digest('hex')
}
