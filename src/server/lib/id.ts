import { createHash, randomBytes } from 'node:crypto'

/** UUIDv7 without dashes: 48 bits of time, 74 of chance. Sorts by time, so keys stay near each other in the index. */
export function timeId(now: number): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex')
}

/** 128 bits of chance, for links and sessions; 22 characters, safe in a URL. */
export const secretToken = (): string => randomBytes(16).toString('base64url')

/** The same in 32 hex digits, where only letters and digits may stand. */
export const secretHex = (): string => randomBytes(16).toString('hex')

/** Secrets are stored only like this. 128 bits of chance need no salt. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')
