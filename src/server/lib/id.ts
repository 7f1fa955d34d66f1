import { createHash, randomBytes } from 'node:crypto'

const COUNTS = 2 ** 26
/** A machine's clock is set back by a little while it runs, some of them by a millisecond at any time. */
const BACK_MS = 10_000
/** The counter begins by chance in the lower half, so that it is many ids away from its end. */
const last = { now: 0, count: randomBytes(4).readUInt32BE() % (COUNTS / 2) }

/**
 * UUIDv7 without dashes (RFC 9562 6.2, method 1): 48 bits of time, 26 of a counter, 48 of chance. Sorts by time, so keys stay near
 * each other in the index, and what one process made one after the other sorts so, within a millisecond and when the clock is set
 * back a little: of two decisions, the later one counts. The counter goes on from one millisecond to the next.
 */
export function timeId(now: number): string {
  const bytes = randomBytes(16)
  if (now > last.now || now < last.now - BACK_MS) last.now = now
  last.count = (last.count + 1) % COUNTS
  bytes.writeUIntBE(last.now, 0, 6)
  bytes.writeUInt16BE(0x7000 | (last.count >>> 14), 6)
  bytes.writeUInt16BE(0x8000 | (last.count & 0x3fff), 8)
  return bytes.toString('hex')
}

/** 128 bits of chance, for links and sessions; 22 characters, safe in a URL. */
export const secretToken = (): string => randomBytes(16).toString('base64url')

/** The same in 32 hex digits, where only letters and digits may stand. */
export const secretHex = (): string => randomBytes(16).toString('hex')

/** In hex; what a text is known by once it is written down. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/** Secrets are stored only like this. 128 bits of chance need no salt. */
export const hashToken = (token: string): string => sha256(token)
