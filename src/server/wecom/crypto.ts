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
 * decrypts garbage without complaint: signature in constant time, freshness, padding, length, receiver. Whatever is wrong,
 * all of it is done before the answer, so that the time says no more than the answer does (Q1).
 */
export function openEnvelope(receiver: Receiver, envelope: Envelope, now: Date): string {
  const signed = sameText(callbackSignature(receiver.token, envelope), envelope.signature)
  const sentAt = /^\d{1,12}$/.test(envelope.timestamp) ? Number(envelope.timestamp) * 1000 : NaN
  const recent = Math.abs(now.getTime() - sentAt) <= FRESH_MS
  const { whole, message } = opened(receiver, envelope.encrypted)
  if (!signed || !recent || !whole) throw new BadCallback()
  return message.toString('utf8')
}

/** Plaintext = 16 random bytes, length (big-endian), message, receiver; padded to 32 as PKCS#7 does (facts 5.2). */
export function decrypt(receiver: Pick<Receiver, 'aesKey' | 'receiverId'>, encrypted: string): string {
  const { whole, message } = opened(receiver, encrypted)
  if (!whole) throw new BadCallback()
  return message.toString('utf8')
}

/** `whole` only when everything is as it should be; with a wrong padding the same work is done on what would be there. */
function opened({ aesKey, receiverId }: Pick<Receiver, 'aesKey' | 'receiverId'>, encrypted: string) {
  const plain = decipher(aesKey, encrypted)
  const pad = plain.at(-1) ?? 0
  const length = pad >= 1 && pad <= BLOCK ? pad : BLOCK
  let wrong = length ^ pad
  for (const byte of plain.subarray(-length)) wrong |= byte ^ length
  const body = plain.subarray(0, -length)
  const end = body.length < 20 ? Infinity : 20 + body.readUInt32BE(16)
  const fits = end <= body.length
  const cut = fits ? end : body.length
  const ours = sameText(body.subarray(cut).toString('utf8'), receiverId)
  return { whole: wrong === 0 && fits && ours, message: body.subarray(20, cut) }
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
