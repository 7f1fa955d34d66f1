import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  dayBegan,
  groupEvents,
  groupLabelOf,
  groupLabels,
  groupStates,
  nextDay,
  nextGroupState,
  type GroupEvent,
  type GroupState,
} from '../../src/shared/group'

/** Every way through the machine, as long as it goes. */
const walk = (events: readonly GroupEvent[]): { event: GroupEvent; from: GroupState; to: GroupState }[] => {
  let state: GroupState = 'free'
  return events.flatMap((event) => {
    const from = state
    const to = nextGroupState(from, event)
    if (!to) return []
    state = to
    return [{ event, from, to }]
  })
}

it('a group is sent only after an approval, moved only by the owner that WeCom shows, and never left again (Q15)', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...groupEvents), { maxLength: 60 }), (events) => {
      const steps = walk(events)
      let approved = false
      for (const { event, from, to } of steps) {
        if (event === 'approve') approved = true
        if (event === 'plan') approved = false
        if (event === 'send') expect([approved, from, to]).toEqual([true, 'approved', 'sent'])
        if (to === 'moved') expect(event).toBe('owner_is_successor')
        expect(['moved', 'no_group', 'cancelled']).not.toContain(from)
      }
    }),
    { numRuns: Number(process.env['RUNS'] ?? 2000) },
  )
})

it('a group whose call has no answer yet is not sent again, whatever else happens, before it was taken back', () => {
  for (const event of groupEvents) if (nextGroupState('sent', event) === 'approved') expect(event).toBe('taken_back')
  for (const state of ['sent', 'inheriting', 'planned', 'moved'] as const)
    expect(nextGroupState(state, 'send')).toBeNull()
})

it('every standing has a label, and each label but those of a waiting one comes from a state', () => {
  const seen = new Set(
    [null, ...groupStates].flatMap((state) =>
      [0, 2].flatMap((status) =>
        [null, 'day' as const, 'wecom' as const].flatMap((wait) =>
          [null, 90503].map((errcode) => groupLabelOf({ state, status, wait, errcode })),
        ),
      ),
    ),
  )
  expect([...seen].sort()).toEqual([...groupLabels].sort())
})

it('days are those of Beijing, wherever the clock stands', () => {
  const at = (text: string) => new Date(text)
  expect(dayBegan(at('2026-11-24T15:59:59.999Z'))).toEqual(at('2026-11-23T16:00:00Z'))
  expect(dayBegan(at('2026-11-24T16:00:00Z'))).toEqual(at('2026-11-24T16:00:00Z'))
  expect(nextDay(at('2026-11-24T16:00:00Z'))).toEqual(at('2026-11-25T16:00:00Z'))
})
