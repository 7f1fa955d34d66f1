import { createHash, randomBytes } from 'node:crypto'

let last = { now: 0, count: 0 }

/**
 * UUIDv7 without dashes (RFC 9562 6.2, method 1): 48 bits of time, 26 of a counter that begins by chance in every millisecond,
 * 48 of chance. Sorts by time, so keys stay near each other in the index, and what one process made within a millisecond
 * sorts in the order it was made: of two decisions, the later one counts.
 */
export function timeId(now: number): string {
  const bytes = randomBytes(16)
  const count = now === last.now ? last.count + 1 : bytes.readUInt32BE(6) >>> 7
  last = { now, count }
  bytes.writeUIntBE(now, 0, 6)
  bytes.writeUInt16BE(0x7000 | (count >>> 14), 6)
  bytes.writeUInt16BE(0x8000 | (count & 0x3fff), 8)
  return bytes.toString('hex')
}

/** 128 bits of chance, for links and sessions; 22 characters, safe in a URL. */
export const secretToken = (): string => randomBytes(16).toString('base64url')

/** The same in 32 hex digits, where only letters and digits may stand. */
export const secretHex = (): string => randomBytes(16).toString('hex')

/** Secrets are stored only like this. 128 bits of chance need no salt. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')
