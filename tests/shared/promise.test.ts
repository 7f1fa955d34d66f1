import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { promisesIn } from '../../src/shared/promise'

describe('promises written in a description', () => {
  it.each([
    ['承诺 2026-11-28 补发报价单', [{ text: '补发报价单', due: '2026-11-28' }]],
    [
      '常买建材\n· 承诺：2026年11月8日：回电\nPROMISE 2026/2/28 send it',
      [
        { text: '回电', due: '2026-11-08' },
        { text: 'send it', due: '2026-02-28' },
      ],
    ],
    ['承诺 2026-02-30 月底前付款', [{ text: '2026-02-30 月底前付款', due: null }]],
    ['承诺 2026-11-28', [{ text: '2026-11-28', due: null }]],
    ['承诺 下周上门；承诺 下周上门', [{ text: '下周上门', due: null }]],
    ['promised land, 客户说：承诺过', []],
    ['承诺', []],
  ])('%j', (written, found) => expect(promisesIn(written)).toEqual(found))

  it('never throws, and never answers an empty text or a day that does not exist', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('承诺', 'promise', '2026-02-30', '\n', '；', '：', ' '),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        for (const { text, due } of promisesIn(pieces.join(''))) {
          expect(text.trim()).not.toBe('')
          if (due) expect(new Date(due).toISOString().slice(0, 10)).toBe(due)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('loses nothing of what is written after the word, whatever stands before it', () => {
    const words = fc.string({ minLength: 1, maxLength: 60 }).map((s) => s.replace(/[;；\s]+/g, ' ').trim())
    const day = fc.record({ y: fc.integer({ min: 2000, max: 2100 }), m: fc.nat(19), d: fc.nat(39) })
    fc.assert(
      fc.property(words, fc.option(day), fc.constantFrom('', '· ', '- ', '  '), (text, date, before) => {
        fc.pre(text !== '' && !/^[:：,，\d\-/.]/.test(text))
        const written = date ? `${date.y}-${date.m}-${date.d} ` : ''
        const [found] = promisesIn(`闲话\n${before}承诺 ${written}${text}\n再说`)
        expect(found?.text.endsWith(text)).toBe(true)
        if (date) {
          const [y, m, d] = (found?.due ?? /^(\d+)-(\d+)-(\d+)/.exec(found?.text ?? '')?.[0] ?? '')
            .split('-')
            .map(Number)
          expect({ y, m, d }).toEqual(date)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
