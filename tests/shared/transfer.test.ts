import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  nextTransferState,
  plannable,
  resultEvent,
  transferStates,
  type TransferEvent,
  type TransferState,
} from '../../src/shared/transfer'
import { fatesOf, resultsOf } from '../../src/server/transfer/answer'
import { batchesOf, MAX_CUSTOMERS } from '../../src/server/transfer/write'

const events: TransferEvent[] = [
  'plan',
  'discard',
  'submit_plan',
  'approve',
  'reject',
  'lapse',
  'cancel',
  'accepted_by_wecom',
  'refused_by_wecom',
  'result_waiting',
  'result_taken_over',
  'result_refused',
  'result_limit',
  'result_void',
  'too_old',
  'moved_elsewhere',
  'call_off',
  'leaver_left',
]
const anyEvents = fc.array(fc.constantFrom(...events), { maxLength: 60 })

/** Every step of a run: what was tried where, and what came of it. */
function walk(tried: readonly TransferEvent[]) {
  let state: TransferState = 'unassigned'
  return tried.map((event) => {
    const from = state
    const to = nextTransferState(from, event)
    state = to ?? from
    return { from, event, to, state }
  })
}

describe('the transfer machine', () => {
  it('either moves or refuses, and where it refuses nothing has changed', () => {
    fc.assert(
      fc.property(anyEvents, (tried) => {
        for (const step of walk(tried)) {
          if (step.to === null) expect(step.state).toBe(step.from)
          else expect(transferStates).toContain(step.to)
        }
      }),
    )
  })

  it('is taken over by nothing but a result of WeCom, after WeCom had accepted it and two people had wanted it', () => {
    fc.assert(
      fc.property(anyEvents, (tried) => {
        const moved = walk(tried).filter((s) => s.to !== null)
        const end = moved.findIndex((s) => s.to === 'taken_over')
        if (end < 0) return
        expect(moved[end]?.event).toBe('result_taken_over')
        const before = moved.slice(0, end).map((s) => s.event)
        const last = (event: TransferEvent) => before.lastIndexOf(event)
        expect(last('submit_plan')).toBeGreaterThan(last('plan'))
        expect(last('approve')).toBeGreaterThan(last('submit_plan'))
        expect(last('accepted_by_wecom')).toBeGreaterThan(last('approve'))
      }),
    )
  })

  it('ends where a customer was taken over, here or elsewhere, came too late or was cancelled', () => {
    for (const state of ['taken_over', 'expired', 'cancelled', 'elsewhere'] as const) {
      for (const event of events) expect(nextTransferState(state, event)).toBeNull()
      expect(plannable).not.toContain(state)
    }
  })

  it('leaves a refusal as it is, unless it was said on the job and the leaver is now gone', () => {
    for (const event of events)
      expect(nextTransferState('refused', event)).toBe(event === 'leaver_left' ? 'unassigned' : null)
    expect(plannable).not.toContain('refused')
  })

  it('lets nobody plan or approve what is under way at WeCom', () => {
    for (const state of ['submitted', 'waiting'] as const)
      for (const event of ['plan', 'discard', 'submit_plan', 'approve', 'reject', 'cancel', 'too_old'] as const)
        expect(nextTransferState(state, event)).toBeNull()
  })

  it('takes only the documented results for events (facts 4.4)', () => {
    fc.assert(
      fc.property(fc.integer(), (status) => {
        expect(resultEvent(status) === null).toBe(![1, 2, 3, 4].includes(status))
      }),
    )
  })
})

describe('an answer of WeCom (Q18)', () => {
  const codes = fc.constantFrom(0, -1, 40096, 40097, 40098, 40099, 40100, 40128, 40129, 40130, 40131, 45035, 99999)
  const ids = Array.from({ length: 8 }, (_, i) => `wm${i}`)
  const items = fc.array(fc.record({ external_userid: fc.constantFrom(...ids), errcode: codes }), { maxLength: 30 })

  it('gives each customer one fate, whatever is missing, doubled or in another order', () => {
    fc.assert(
      fc.property(items, fc.infiniteStream(fc.nat()), (answer, chance) => {
        const shuffled = [...answer].sort(() => ((chance.next().value as number) % 2 ? 1 : -1))
        const fates = fatesOf(answer)
        const named = new Set(answer.map((a) => a.external_userid))
        expect([...fates.keys()].sort()).toEqual([...named].sort())
        for (const id of named) {
          expect(fatesOf(shuffled).get(id)?.event).toBe(fates.get(id)?.event)
          const given = answer.filter((a) => a.external_userid === id).map((a) => a.errcode)
          const begun = given.some((c) => [0, 40100, 40129].includes(c))
          expect(fates.get(id)?.event === 'accepted_by_wecom').toBe(begun)
        }
      }),
    )
  })

  it('of several results of one customer lets what has happened win', () => {
    const row = (status: number) => ({ external_userid: 'wm1', status, takeover_time: null })
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1 }), (statuses) => {
        const best = [1, 2, 3, 4].find((s) => statuses.includes(s))
        expect(resultEvent(resultsOf(statuses.map(row)).get('wm1')?.status ?? 0)).toBe(best ? resultEvent(best) : null)
      }),
    )
  })

  it('is asked for in calls of at most a hundred, each customer once, one leaver and one successor a call', () => {
    const who = fc.constantFrom('a', 'b', 'c')
    const approved = fc.uniqueArray(
      fc.record({
        handoverId: fc.uuid(),
        planId: who,
        leaverId: who,
        successorId: who,
        flow: fc.constantFrom('resigned' as const, 'onjob' as const),
      }),
      { selector: (a) => a.handoverId, maxLength: 400 },
    )
    fc.assert(
      fc.property(approved, (all) => {
        const batches = batchesOf(all)
        expect(batches.flatMap((b) => b.handovers).sort()).toEqual(all.map((a) => a.handoverId).sort())
        for (const b of batches) {
          expect(b.handovers.length).toBeLessThanOrEqual(MAX_CUSTOMERS)
          for (const h of b.handovers)
            expect(all.find((a) => a.handoverId === h)).toMatchObject({
              leaverId: b.leaverId,
              successorId: b.successorId,
              flow: b.flow,
            })
        }
      }),
      { numRuns: 50 },
    )
  })
})
