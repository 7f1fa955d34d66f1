import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  complaintStates,
  needsSecond,
  nextComplaintState,
  nextDue,
  type ComplaintEvent,
  type ComplaintState,
} from '../../src/shared/complaint'

/** The drawing of compliance 5.5, arrow by arrow; triage may be mended before anybody begins. */
const drawn = `
received acknowledge acknowledged
acknowledged triage triaged
triaged triage triaged
triaged begin handling
handling ask pending_customer
pending_customer answer handling
pending_customer silence handling
handling decide resolved
resolved inform result_informed
result_informed close closed
result_informed reopen reopened
reopened begin handling
handling escalate escalated_external
escalated_external decide resolved`
const arrows = drawn
  .trim()
  .split('\n')
  .map((line) => line.split(' ') as [ComplaintState, ComplaintEvent, ComplaintState])
const events = [...new Set(arrows.map(([, event]) => event))]

describe('the machine of a complaint', () => {
  it('is the drawing and nothing more', () => {
    for (const from of complaintStates)
      for (const event of events) {
        const arrow = arrows.find(([a, e]) => a === from && e === event)
        expect([from, event, nextComplaintState(from, event)]).toEqual([from, event, arrow?.[2] ?? null])
      }
  })

  it('closes nothing that the customer was not told of, and decides nothing without a handler at work, in any order of events', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 60 }), (tried) => {
        const walked: ComplaintEvent[] = []
        let state: ComplaintState = 'received'
        for (const event of tried) {
          const next = nextComplaintState(state, event)
          if (!next) continue
          state = next
          walked.push(event)
        }
        const last = (event: ComplaintEvent) => walked.lastIndexOf(event)
        if (state === 'closed') expect(last('inform')).toBeGreaterThan(last('decide'))
        if (last('inform') >= 0) expect(last('decide')).toBeGreaterThanOrEqual(0)
        if (last('decide') >= 0) expect(last('begin')).toBeGreaterThanOrEqual(0)
        if (walked.length) expect(walked[0]).toBe('acknowledge')
      }),
    )
  })
})

it('what is due next is the nearest thing that nobody has done', () => {
  const clocked = {
    acknowledgeBy: '2026-12-02',
    respondBy: '2026-12-04',
    respondedAt: null,
    answerBy: '2026-12-20',
    decideBy: '2026-12-22',
    informBy: '2026-12-23',
  }
  const due = (state: ComplaintState, more = {}) => nextDue({ ...clocked, ...more, state })
  expect(due('received')).toEqual({ what: 'acknowledge', by: '2026-12-02' })
  expect(due('handling')).toEqual({ what: 'respond', by: '2026-12-04' })
  expect(due('handling', { respondedAt: new Date() })).toEqual({ what: 'decide', by: '2026-12-22' })
  expect(due('pending_customer')).toEqual({ what: 'answer', by: '2026-12-20' })
  expect(due('resolved')).toEqual({ what: 'inform', by: '2026-12-23' })
  expect(due('closed')).toBe(null)
})

it('only a finding against a colleague needs a second person', () => {
  const cases = [
    ['upheld', true, true],
    ['partly', true, true],
    ['not_upheld', true, false],
    ['answered', true, false],
    ['upheld', false, false],
  ] as const
  for (const [outcome, againstStaff, second] of cases) expect(needsSecond({ outcome, againstStaff })).toBe(second)
})
