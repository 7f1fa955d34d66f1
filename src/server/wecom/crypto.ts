import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto'

/** How one of our callback addresses was set up in WeCom's console. */
export interface Receiver {
  token: string
  aesKey: string
  /** For a corp's own app: the corp id. */
  receiverId: string
}

export interface Envelope {
  signature: string
  timestamp: string
  nonce: string
  encrypted: string
}

/** Says nothing about what was wrong: signature, padding, length and receiver fail alike (quality Q1). */
export class BadCallback extends Error {
  constructor() {
    super('bad callback')
    this.name = 'BadCallback'
  }
}

const BLOCK = 32
const FRESH_MS = 300_000

/** Lower-case hex SHA-1 of the four values, sorted and joined (facts 5.2). */
export const callbackSignature = (token: string, e: Omit<Envelope, 'signature'>): string =>
  createHash('sha1').update([token, e.timestamp, e.nonce, e.encrypted].sort().join('')).digest('hex')

/**
 * The message inside, or BadCallback. Stricter than the official library, which checks neither signature nor receiver and
 * decrypts garbage without complaint: signature in constant time, freshness, padding, length, receiver, in that order.
 */
export function openEnvelope(receiver: Receiver, envelope: Envelope, now: Date): string {
  if (!sameText(callbackSignature(receiver.token, envelope), envelope.signature)) throw new BadCallback()
  const sentAt = /^\d{1,12}$/.test(envelope.timestamp) ? Number(envelope.timestamp) * 1000 : NaN
  if (!(Math.abs(now.getTime() - sentAt) <= FRESH_MS)) throw new BadCallback()
  return decrypt(receiver, envelope.encrypted)
}

/** Plaintext = 16 random bytes, length (big-endian), message, receiver; padded to 32 as PKCS#7 does (facts 5.2). */
export function decrypt({ aesKey, receiverId }: Pick<Receiver, 'aesKey' | 'receiverId'>, encrypted: string): string {
  const plain = decipher(aesKey, encrypted)
  const pad = plain.at(-1) ?? 0
  if (pad < 1 || pad > BLOCK || plain.length < pad || !plain.subarray(-pad).every((byte) => byte === pad))
    throw new BadCallback()
  const body = plain.subarray(0, -pad)
  if (body.length < 20) throw new BadCallback()
  const end = 20 + body.readUInt32BE(16)
  if (end > body.length || !sameText(body.subarray(end).toString('utf8'), receiverId)) throw new BadCallback()
  return body.subarray(20, end).toString('utf8')
}

function decipher(aesKey: string, encrypted: string): Buffer {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  const bytes = Buffer.from(encrypted, 'base64')
  // Node's base64 skips what does not belong; two spellings of one message would have two digests.
  if (bytes.toString('base64') !== encrypted || !bytes.length || bytes.length % BLOCK) throw new BadCallback()
  const cipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(bytes), cipher.final()])
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const sameText = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))
