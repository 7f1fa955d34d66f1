import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { visibleClasses } from '../../src/shared/access'
import { labelOf, labels, stageOf, type Standing } from '../../src/shared/handover'
import { noticeStates } from '../../src/shared/notice'
import { DOUBT_MS, transferStates } from '../../src/shared/transfer'

const now = new Date('2026-12-01T00:00:00Z')
const standing: fc.Arbitrary<Standing> = fc.record({
  transfer: fc.constantFrom(...transferStates),
  notice: fc.constantFrom(...noticeStates),
  objectionOpen: fc.boolean(),
  answerMissing: fc.boolean(),
  takeoverAt: fc.constant(null),
  submittedAt: fc.option(fc.integer({ min: 0, max: 2 * DOUBT_MS }).map((ms) => new Date(+now - ms).toISOString())),
})

describe('what people see is derived', () => {
  it('every combination has one label', () => {
    fc.assert(fc.property(standing, (s) => labels.includes(labelOf(s, now))))
  })

  it('"told" is said only of a customer whom WeCom passed on and who was told (T-76)', () => {
    fc.assert(
      fc.property(standing, (s) => {
        const told = s.transfer === 'taken_over' && !s.objectionOpen && !['due', 'prompted'].includes(s.notice)
        expect(labelOf(s, now) === 'told').toBe(told)
        expect(stageOf(s) === 'V2').toBe(told)
      }),
      { numRuns: 2000 },
    )
  })

  it('silence beyond 26 hours is doubt, never success', () => {
    const waiting = {
      transfer: 'waiting',
      notice: 'due',
      objectionOpen: false,
      answerMissing: false,
      takeoverAt: null,
    } as const
    const since = (ms: number) => labelOf({ ...waiting, submittedAt: new Date(+now - ms).toISOString() }, now)
    expect(since(DOUBT_MS)).toBe('waiting')
    expect(since(DOUBT_MS + 1)).toBe('unconfirmed')
  })

  it('an objection and a refusal close everything but F0 to the successor', () => {
    fc.assert(
      fc.property(standing, (s) => {
        if (s.objectionOpen || s.transfer === 'refused') expect(visibleClasses('successor', stageOf(s))).toEqual(['F0'])
      }),
    )
  })
})
