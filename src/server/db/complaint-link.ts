import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * What a complaint is found by without a login: its number and what only we can make of it, 132 bits. It is made anew from
 * the row, so that every message can carry it and no table holds it; another `link_key` ends all links that are out.
 */
const proofOf = (secret: string, { number, linkKey }: { number: string; linkKey: string }): string =>
  createHmac('sha256', secret).update(`complaint ${number} ${linkKey}`).digest('base64url').slice(0, 22)

export const pathOfComplaint = (secret: string, row: { number: string; linkKey: string }): string =>
  `/n/complaint/${row.number}/${proofOf(secret, row)}`

export function provesComplaint(secret: string, row: { number: string; linkKey: string }, proof: string): boolean {
  const [wanted, given] = [Buffer.from(proofOf(secret, row)), Buffer.from(proof)]
  return wanted.length === given.length && timingSafeEqual(wanted, given)
}
