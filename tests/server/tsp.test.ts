import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTsa, type TsaFault } from '../../mock/tsa'
import { certificatesOf, NoStamp, readStamp, sha256, stampRequest } from '../../src/server/lib/tsp'

const NOW = Date.parse('2026-11-24T02:00:00Z')

async function ask(tsa: ReturnType<typeof createTsa>, hash: Buffer, nonce: Buffer): Promise<Buffer> {
  const body = new Uint8Array(stampRequest(hash, nonce))
  const answer = await tsa.fetch(new Request('https://tsa.test/', { method: 'POST', body }))
  return Buffer.from(await answer.arrayBuffer())
}
const whyOf = (read: () => unknown): string => {
  try {
    read()
  } catch (error) {
    return error instanceof NoStamp ? error.why : `threw ${String(error)}`
  }
  return 'taken'
}

describe('an RFC 3161 time stamp', () => {
  const tsa = createTsa(() => NOW)
  const roots = certificatesOf(tsa.ca)
  const hash = sha256('head')
  const nonce = Buffer.from('00f1', 'hex')

  it('is believed when hash, nonce, signature and certificates fit', async () => {
    const answer = await ask(tsa, hash, nonce)
    expect(readStamp(answer, { hash, nonce }, roots)).toMatchObject({ at: new Date(NOW) })
    expect(readStamp(answer, { hash }, certificatesOf(tsa.ca.replaceAll('\n', '\\n')))).toBeTruthy()
  })

  it('is asked for with whatever nonce chance gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 8, maxLength: 8 }), async (bytes) => {
        const own = Buffer.from(bytes)
        expect(readStamp(await ask(tsa, hash, own), { hash, nonce: own }, roots).at).toEqual(new Date(NOW))
      }),
      { numRuns: 30, examples: [[new Uint8Array(8)]] },
    )
  })

  it.each<[TsaFault, string]>([
    ['refuses', 'refused'],
    ['html', 'unreadable'],
    ['half', 'unreadable'],
    ['other hash', 'other_hash'],
    ['other nonce', 'other_nonce'],
    ['no nonce', 'other_nonce'],
    ['wrong signature', 'wrong_signature'],
    ['wrong digest', 'wrong_signature'],
    ['another authority', 'unknown_authority'],
    ['no time stamping', 'unknown_authority'],
    ['expired', 'unknown_authority'],
  ])('of an authority that does this is refused: %s', async (fault, why) => {
    const wrong = createTsa(() => NOW)
    wrong.fault = fault
    const answer = await ask(wrong, hash, nonce)
    expect(whyOf(() => readStamp(answer, { hash, nonce }, certificatesOf(wrong.ca)))).toBe(why)
  })

  it('is refused without a root, for another hash, and after any of its bytes was changed', async () => {
    const answer = await ask(tsa, hash, nonce)
    expect(whyOf(() => readStamp(answer, { hash, nonce }, []))).toBe('unknown_authority')
    expect(whyOf(() => readStamp(answer, { hash: sha256('other'), nonce }, roots))).toBe('other_hash')
    const taken: number[] = []
    for (let i = 0; i < answer.length; i++) {
      const changed = Buffer.from(answer)
      changed[i]! ^= 1 << (i % 8)
      const why = whyOf(() => readStamp(changed, { hash, nonce }, roots))
      expect(why).not.toContain('threw')
      if (why !== 'taken') continue
      taken.push(i)
      expect(readStamp(changed, { hash, nonce }, roots).at).toEqual(new Date(NOW))
    }
    // Versions and names that say nothing about what is signed; never the hash, the time, the signature or a key.
    expect(taken.length).toBeLessThan(120)
  })

  it('that is noise never does more than be refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(whyOf(() => readStamp(Buffer.from(bytes), { hash }, roots))).toMatch(/^(unreadable|refused)$/)
      }),
    )
    expect(whyOf(() => readStamp(randomBytes(0), { hash }, roots))).toBe('unreadable')
  })
})
