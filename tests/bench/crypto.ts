import { randomInt } from 'node:crypto'
import { encrypt, getSignature } from '@wecom/crypto'
import { openEnvelope, type Envelope } from '../../src/server/wecom/crypto'

const SAMPLES = 20_000
const WARM = 4000
const receiver = {
  token: 'aToken',
  aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  receiverId: 'ww0123456789abcdef',
}
const now = new Date('2026-11-24T02:00:00Z')
const stamp = { timestamp: String(now.getTime() / 1000), nonce: '77' }

/** Does the time an answer takes say whether the signature or the padding was wrong? Welch's t over both, in turns by chance. */
export function measure() {
  const kinds = { signature: badSignature, padding: badPadding }
  const again = { signature: badSignature, padding: badSignature }
  const t = welch(kinds)
  // The same against itself: what this machine makes of no difference at all.
  const floor = welch(again)
  const round = (n: number) => Math.round(n * 100) / 100
  const figures = { samples: SAMPLES, t: round(Math.abs(t)), tOfNoDifference: round(Math.abs(floor)) }
  return Promise.resolve({
    figures,
    rows: [
      ['answers measured', SAMPLES],
      ['|t| bad signature against bad padding', figures.t, 'aim < 4.5'],
      ['|t| bad signature against itself', figures.tOfNoDifference],
    ],
  })
}

const message = (n: number) => `<xml><Event>change_external_contact</Event><UserID>member${n % 10}</UserID></xml>`

function badSignature(n: number): Envelope {
  const encrypted = encrypt(receiver.aesKey, message(n), receiver.receiverId)
  const signature = getSignature(receiver.token, stamp.timestamp, stamp.nonce, encrypted)
  return { ...stamp, encrypted, signature: (signature.startsWith('0') ? '1' : '0') + signature.slice(1) }
}

/** The last block is turned over, so that what it decrypts to is no padding; the signature is good. */
function badPadding(n: number): Envelope {
  const bytes = Buffer.from(encrypt(receiver.aesKey, message(n), receiver.receiverId), 'base64')
  bytes[bytes.length - 1] = bytes.at(-1)! ^ 0xff
  const encrypted = bytes.toString('base64')
  return { ...stamp, encrypted, signature: getSignature(receiver.token, stamp.timestamp, stamp.nonce, encrypted) }
}

function welch(makers: Record<'signature' | 'padding', (n: number) => Envelope>): number {
  const names = ['signature', 'padding'] as const
  const times = { signature: [] as number[], padding: [] as number[] }
  for (let n = 0; n < SAMPLES + WARM; n++) {
    const name = names[randomInt(2)]!
    const envelope = makers[name](n)
    const ms = timeOf(envelope)
    if (n >= WARM) times[name].push(ms)
  }
  // Above this it is the machine that was away, not our code that worked.
  const all = [...times.signature, ...times.padding].sort((a, b) => a - b)
  const cut = all[Math.floor(all.length * 0.95)]!
  const [a, b] = names.map((name) => stats(times[name].filter((ms) => ms <= cut)))
  return (a!.mean - b!.mean) / Math.sqrt(a!.variance / a!.n + b!.variance / b!.n)
}

function timeOf(envelope: Envelope): number {
  const began = performance.now()
  try {
    openEnvelope(receiver, envelope, now)
  } catch {
    return performance.now() - began
  }
  throw new Error('accepted')
}

function stats(of: readonly number[]) {
  const mean = of.reduce((a, b) => a + b, 0) / of.length
  const variance = of.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (of.length - 1)
  return { n: of.length, mean, variance }
}
