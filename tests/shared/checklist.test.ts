import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  firstState,
  found,
  itemEvents,
  items,
  itemStates,
  mayBeSaid,
  nextItemState,
  nextPhase,
  phaseOf,
  phases,
  withoutLeaver,
  type ItemState,
} from '../../src/shared/checklist'

it('an item reaches every state and leaves every one; what is done, refused or let go can be opened again', () => {
  const walk = fc.array(fc.constantFrom(...itemEvents), { minLength: 1, maxLength: 8 })
  const seen = new Set<ItemState>()
  fc.assert(
    fc.property(fc.constantFrom(...items), fc.boolean(), walk, (item, gone, events) => {
      let state = firstState(item, gone)
      seen.add(state)
      for (const event of events) {
        const next = nextItemState(state, event)
        if (next === null) continue
        expect(itemStates).toContain(next)
        // Nothing becomes undone by itself, and nothing done becomes refused.
        if (state === 'done') expect(['do', 'reopen']).toContain(event)
        state = next
        seen.add(state)
      }
    }),
  )
  expect([...seen].sort()).toEqual([...itemStates].sort())
  for (const state of itemStates) expect(itemEvents.some((event) => nextItemState(state, event) !== null)).toBe(true)
})

it('nobody ticks off what is found, and nobody says anything of the access', () => {
  for (const item of found) expect(mayBeSaid(item, 'do')).toBe(false)
  for (const event of itemEvents) expect(mayBeSaid('access', event)).toBe(false)
})

it('"handed over" is reached from the shut access alone, whatever the items are', () => {
  const state = fc.constantFrom(...itemStates)
  const states = fc.record(
    Object.fromEntries(items.map((item) => [item, state])) as Record<(typeof items)[number], typeof state>,
  )
  fc.assert(
    fc.property(states, fc.boolean(), (all, begun) => {
      const accessShut = all.access === 'done'
      const phase = phaseOf({ archived: false, handedOver: false, withoutLeaver: false, accessShut, begun })
      const next = nextPhase(phase, withoutLeaver(all) ? 'finish_without' : 'finish')
      expect(next !== null).toBe(accessShut)
    }),
  )
  for (const phase of phases) if (phase !== 'access_revoked') expect(nextPhase(phase, 'finish')).toBeNull()
})
