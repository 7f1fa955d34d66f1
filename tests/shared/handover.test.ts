import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { visibleClasses } from '../../src/shared/access'
import { exceptions, labelOf, labels, stageOf, type Standing } from '../../src/shared/handover'
import { noticeStates } from '../../src/shared/notice'
import { DOUBT_MS, UNANSWERED_MS, transferStates } from '../../src/shared/transfer'

const now = new Date('2026-12-01T00:00:00Z')
const standing: fc.Arbitrary<Standing> = fc.record({
  transfer: fc.constantFrom(...transferStates),
  notice: fc.constantFrom(...noticeStates),
  objectionOpen: fc.boolean(),
  calledAt: fc.option(fc.integer({ min: 0, max: 2 * UNANSWERED_MS }).map((ms) => new Date(+now - ms).toISOString())),
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
        const told =
          s.transfer === 'taken_over' &&
          !s.objectionOpen &&
          !['due', 'prompted', 'unreachable', 'alt_channel'].includes(s.notice)
        expect(['told', 'tell_again'].includes(labelOf(s, now))).toBe(told)
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
      calledAt: null,
      takeoverAt: null,
    } as const
    const since = (ms: number) => labelOf({ ...waiting, submittedAt: new Date(+now - ms).toISOString() }, now)
    expect(since(DOUBT_MS)).toBe('waiting')
    expect(since(DOUBT_MS + 1)).toBe('unconfirmed')
  })

  it('a call without an answer waits calmly for ten minutes, then asks a person (Q17)', () => {
    const called = {
      transfer: 'approved',
      notice: 'due',
      objectionOpen: false,
      takeoverAt: null,
      submittedAt: null,
    } as const
    const since = (ms: number) => labelOf({ ...called, calledAt: new Date(+now - ms).toISOString() }, now)
    expect(since(0)).toBe('settling')
    expect(since(UNANSWERED_MS)).toBe('settling')
    expect(since(UNANSWERED_MS + 1)).toBe('checking')
    expect(labelOf({ ...called, calledAt: null }, now)).toBe('to_send')
    expect(exceptions).not.toContain('settling')
  })

  it('an objection and a refusal close everything but F0 to the successor', () => {
    fc.assert(
      fc.property(standing, (s) => {
        if (s.objectionOpen || s.transfer === 'refused') expect(visibleClasses('successor', stageOf(s))).toEqual(['F0'])
      }),
    )
  })
})
