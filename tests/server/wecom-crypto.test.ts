import { randomBytes } from 'node:crypto'
import { decrypt as official, encrypt, getJsApiSignature, getSignature } from '@wecom/crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadCallback, callbackSignature, decrypt, openEnvelope } from '../../src/server/wecom/crypto'
import { signature } from '../../src/server/wecom/jsapi'
import { naughty } from '../support/naughty'

const published = {
  receiver: {
    token: 'QDG6eK',
    aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
    receiverId: 'wx5823bf96d3bd56c7',
  },
  envelope: {
    signature: '477715d11cdb4164915debcba66cb864d751f3e6',
    timestamp: '1409659813',
    nonce: '1372623149',
    encrypted:
      'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==',
  },
  at: new Date(1409659813_000),
}

/** The same documentation's address check. */
const echo = {
  signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
  timestamp: '1409659589',
  nonce: '263014780',
  encrypted: 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
}

/** How many mutated messages; quality.md's figure is RUNS=100000 for Q1, and 10,000 cases for Q2. */
const RUNS = Number(process.env['RUNS'] ?? 4000)
const CASES = Math.min(RUNS, 10_000)

/** Each naughty text by itself, then any of them beside another, then whatever fast-check thinks of. */
const anyText = fc.oneof(
  fc.constantFrom(...naughty),
  fc.tuple(fc.constantFrom(...naughty), fc.constantFrom(...naughty)).map((two) => two.join('')),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
)

const aesKey = randomBytes(32).toString('base64').replace(/[+/]/g, 'x').slice(0, 42) + 'A'
const receiver = { token: 'aToken', aesKey, receiverId: 'ww0123456789abcdef' }

const sealed = (message: string, timestamp = '1409659813', receiverId = receiver.receiverId) => {
  const encrypted = encrypt(aesKey, message, receiverId)
  const nonce = '77'
  return { signature: getSignature(receiver.token, timestamp, nonce, encrypted), timestamp, nonce, encrypted }
}

describe('what WeCom sends to our callback addresses', () => {
  it('opens the published vector (Q1, facts 5.2)', () => {
    const message = openEnvelope(published.receiver, published.envelope, published.at)
    expect(message).toHaveLength(284)
    expect(message).toContain('<Content><![CDATA[hello]]></Content>')
    expect(callbackSignature(published.receiver.token, published.envelope)).toBe(published.envelope.signature)
    expect(openEnvelope(published.receiver, echo, new Date(1409659589_000))).toBe('1616140317555161061')
    // The official library reads the same in both.
    for (const { encrypted } of [published.envelope, echo])
      expect(official(published.receiver.aesKey, encrypted)).toEqual({
        ...{ id: published.receiver.receiverId, random: expect.anything() as unknown },
        message: decrypt(published.receiver, encrypted),
      })
  })

  it(`opens whatever the official library seals, ${naughty.length} naughty texts among it (Q2, ${CASES} cases)`, () => {
    const opens = (message: string): void => {
      expect(openEnvelope(receiver, sealed(message), published.at)).toBe(Buffer.from(message).toString())
    }
    naughty.forEach(opens)
    fc.assert(fc.property(anyText, opens), { numRuns: CASES })
  }, 300_000)

  it(`refuses every mutation, always with the same words (Q1, ${RUNS} messages)`, () => {
    const two = [
      sealed('<xml><Event>x</Event></xml>'),
      sealed('<xml><Event>another</Event></xml>', '1409659999'),
    ] as const
    // Well signed with the right token, and yet not for us, or not of this time.
    const wellSigned = {
      'for somebody else': (n: number) => sealed('x', undefined, `ww${String(n).padStart(16, '0')}`),
      'too old, or played again': (n: number) => sealed('x', String(1409659813 - 301 - (n % 1e9))),
      'from the future': (n: number) => sealed('x', String(1409659813 + 301 + (n % 1e9))),
    }
    const fields = ['signature', 'timestamp', 'nonce', 'encrypted'] as const
    const flip = (text: string, bit: number) => {
      const bytes = Buffer.from(text, 'latin1')
      const at = Math.floor(bit / 8) % bytes.length
      bytes[at] = bytes[at]! ^ (1 << (bit % 8))
      return bytes.toString('latin1')
    }
    const ways: Record<string, (text: string, n: number, field: (typeof fields)[number]) => string> = {
      flipped: flip,
      truncated: (text, n) => text.slice(0, n % text.length),
      longer: (text, n) => text + 'A'.repeat((n % 64) + 1),
      empty: () => '',
      'of the other message': (_, __, field) => two[1][field],
    }
    let refused = 0
    const signed = fc.property(fc.constantFrom(...Object.values(wellSigned)), fc.nat(), (make, n) => {
      expect(() => openEnvelope(receiver, make(n), published.at)).toThrow(new BadCallback())
      refused++
    })
    fc.assert(signed, { numRuns: Math.ceil(RUNS / 10) })
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.constantFrom(...Object.keys(ways)), fc.nat(), (field, way, n) => {
        const bad = { ...two[0], [field]: ways[way]!(two[0][field], n, field) }
        // Both carry the same nonce; everything else differs from the good one.
        fc.pre(bad[field] !== two[0][field])
        expect(() => openEnvelope(receiver, bad, published.at)).toThrow(new BadCallback())
        refused++
      }),
      { numRuns: RUNS },
    )
    expect(refused).toBeGreaterThanOrEqual(RUNS + Math.floor(RUNS / 10))
    console.info(`Q1: ${refused} mutated messages, 0 accepted`)
  }, 600_000)

  it('refuses every flipped bit in receiver and padding, even well signed (Q1)', () => {
    const good = Buffer.from(encrypt(aesKey, '<xml><Event>x</Event></xml>', receiver.receiverId), 'base64')
    // What is flipped in one block of the cipher is flipped in the next of the text: the last two are receiver and padding.
    for (let bit = (good.length - 32) * 8; bit < good.length * 8; bit++) {
      const bytes = Buffer.from(good)
      bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7))
      const encrypted = bytes.toString('base64')
      const stamped = { timestamp: '1409659813', nonce: '1', encrypted }
      const signature = callbackSignature(receiver.token, stamped)
      expect(() => openEnvelope(receiver, { ...stamped, signature }, published.at)).toThrow(new BadCallback())
    }
  })

  it('refuses a well-signed message that is not one: padding, length, receiver, spelling (Q1)', () => {
    const signed = (encrypted: string) => ({
      timestamp: '1409659813',
      nonce: '1',
      encrypted,
      signature: getSignature(receiver.token, '1409659813', '1', encrypted),
    })
    const open = (encrypted: string) => openEnvelope(receiver, signed(encrypted), published.at)
    const good = encrypt(aesKey, 'x', receiver.receiverId)
    expect(open(good)).toBe('x')
    expect(() => open(encrypt(aesKey, 'x', 'ww000000000another'))).toThrow('bad callback')
    expect(() => open(encrypt(aesKey, 'x', ''))).toThrow('bad callback')
    expect(() => open(`${good}=`)).toThrow('bad callback')
    expect(() => open(good.slice(0, -4))).toThrow('bad callback')
    let accepted = 0
    for (let i = 0; i < 3000; i++)
      try {
        decrypt(receiver, randomBytes(64).toString('base64'))
        accepted++
      } catch (error) {
        expect(error).toBeInstanceOf(BadCallback)
      }
    // The official library decrypts nearly all of such garbage.
    expect(accepted).toBe(0)
  })

  it('refuses what is older or newer than five minutes (Q1)', () => {
    const at = (seconds: number) => new Date((1409659813 + seconds) * 1000)
    expect(openEnvelope(receiver, sealed('x'), at(299))).toBe('x')
    for (const seconds of [301, -301, 86_400])
      expect(() => openEnvelope(receiver, sealed('x'), at(seconds))).toThrow('bad callback')
    for (const stamp of ['', 'now', '-1', '1e9', '14096598130000'])
      expect(() => openEnvelope(receiver, sealed('x', stamp), published.at)).toThrow('bad callback')
  })
})

describe('what the page signs with', () => {
  it('reproduces the published vector and the official library (Q2, facts 6.3)', () => {
    const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg'
    const url = 'http://mp.weixin.qq.com?params=value'
    expect(signature(ticket, 'Wm3WZYTPz0wzccnW', 1414587457, url)).toBe('0f9de62fce790f9a083d5c99e95740ceb90c27ed')
    fc.assert(
      fc.property(
        anyText,
        anyText.filter((text) => text !== ''),
        fc.nat({ max: 4e9 }),
        fc.webUrl(),
        (t, nonceStr, at, url) => {
          const theirs = getJsApiSignature({ ticket: t, nonceStr, timestamp: String(at), url })
          expect(signature(t, nonceStr, at, url)).toBe(theirs.signature ?? theirs)
        },
      ),
      { numRuns: CASES },
    )
    console.info(`Q2: ${CASES} envelopes and ${CASES} signatures, 0 differ`)
  }, 300_000)
})
