import { randomBytes } from 'node:crypto'
import { encrypt, getJsApiSignature, getSignature } from '@wecom/crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadCallback, callbackSignature, decrypt, openEnvelope } from '../../src/server/wecom/crypto'
import { signature } from '../../src/server/wecom/jsapi'

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

const aesKey = randomBytes(32).toString('base64').replace(/[+/]/g, 'x').slice(0, 42) + 'A'
const receiver = { token: 'aToken', aesKey, receiverId: 'ww0123456789abcdef' }

const sealed = (message: string, timestamp = '1409659813') => {
  const encrypted = encrypt(aesKey, message, receiver.receiverId)
  const nonce = '77'
  return { signature: getSignature(receiver.token, timestamp, nonce, encrypted), timestamp, nonce, encrypted }
}

describe('what WeCom sends to our callback addresses', () => {
  it('opens the published vector (Q1, facts 5.2)', () => {
    const message = openEnvelope(published.receiver, published.envelope, published.at)
    expect(message).toHaveLength(284)
    expect(message).toContain('<Content><![CDATA[hello]]></Content>')
    expect(callbackSignature(published.receiver.token, published.envelope)).toBe(published.envelope.signature)
  })

  it('opens whatever the official library seals (Q2)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (message) => {
        expect(openEnvelope(receiver, sealed(message), published.at)).toBe(Buffer.from(message).toString())
      }),
    )
  })

  it('refuses every mutation, always with the same words (Q1)', () => {
    const good = sealed('<xml><Event>x</Event></xml>')
    const flip = (text: string, at: number) => {
      const i = at % text.length
      return text.slice(0, i) + (text[i] === 'A' ? 'B' : 'A') + text.slice(i + 1)
    }
    const mutations = ['signature', 'timestamp', 'nonce', 'encrypted'] as const
    fc.assert(
      fc.property(fc.constantFrom(...mutations), fc.nat(), fc.boolean(), (field, at, cut) => {
        const text = good[field]
        const bad = { ...good, [field]: cut ? text.slice(0, at % text.length) : flip(text, at) }
        expect(() => openEnvelope(receiver, bad, published.at)).toThrow(new BadCallback())
      }),
      { numRuns: 2000 },
    )
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
        fc.string(),
        fc.string({ minLength: 1 }),
        fc.nat({ max: 4e9 }),
        fc.webUrl(),
        (t, nonceStr, at, url) => {
          const theirs = getJsApiSignature({ ticket: t, nonceStr, timestamp: String(at), url })
          expect(signature(t, nonceStr, at, url)).toBe(theirs.signature ?? theirs)
        },
      ),
    )
  })
})
