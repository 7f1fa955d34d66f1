import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checks, isStop, successorChecks } from '../../src/shared/plan'
import { YEAR_MS } from '../../src/shared/transfer'
import { checksOf, movesCountFrom, type DepartureFacts, type ItemFacts } from '../../src/server/plan/checks'
import { planDigest } from '../../src/server/plan/digest'
import { against, splitEvenly } from '../../src/server/plan/split'

const handovers = fc.uniqueArray(fc.record({ id: fc.uuid(), customer: fc.uuid() }), {
  selector: (h) => h.id,
  maxLength: 60,
})
const candidates = fc.uniqueArray(fc.record({ id: fc.uuid(), customers: fc.nat({ max: 50 }) }), {
  selector: (c) => c.id,
  minLength: 1,
  maxLength: 8,
})

describe('the split of a draft', () => {
  it('gives every handover to somebody, and nobody more than one more than another', () => {
    fc.assert(
      fc.property(handovers, candidates, (given, members) => {
        const split = splitEvenly(given, members, new Set())
        expect([...split.keys()].sort()).toEqual(given.map((h) => h.id).sort())
        const counts = members.map((m) => [...split.values()].filter((s) => s === m.id).length)
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('gives the odd ones to those with fewest customers', () => {
    fc.assert(
      fc.property(handovers, candidates, (given, members) => {
        const split = splitEvenly(given, members, new Set())
        const added = (id: string) => [...split.values()].filter((s) => s === id).length
        for (const a of members)
          for (const b of members)
            if (a.customers < b.customers) expect(added(a.id)).toBeGreaterThanOrEqual(added(b.id))
      }),
    )
  })

  it('is the same for the same input in any order', () => {
    fc.assert(
      fc.property(handovers, candidates, (given, members) => {
        const one = splitEvenly(given, members, new Set())
        const other = splitEvenly([...given].reverse(), [...members].reverse(), new Set())
        expect([...other].sort()).toEqual([...one].sort())
      }),
    )
  })

  it('passes over whom a customer has refused, while there is another', () => {
    fc.assert(
      fc.property(handovers, candidates, fc.nat(), (given, members, n) => {
        const unwanted = members[n % members.length]!
        const mayNot = new Set(given.map((h) => against(h.customer, unwanted.id)))
        const split = splitEvenly(given, members, mayNot)
        expect(split.size).toBe(given.length)
        if (members.length > 1) expect([...split.values()]).not.toContain(unwanted.id)
      }),
    )
  })
})

describe('the digest of a plan', () => {
  const item = fc.record({ handover: fc.uuid(), customer: fc.uuid(), successor: fc.uuid() })
  const items = fc.uniqueArray(item, { selector: (i) => i.handover, minLength: 1, maxLength: 30 })

  it('does not depend on order, nor on anything but departure, customers and successors', () => {
    fc.assert(
      fc.property(items, (some) => {
        const more = [...some].reverse().map((i) => ({ ...i, shortName: '王*', checks: ['x'] }))
        expect(planDigest('d', more)).toBe(planDigest('d', some))
        expect(planDigest('d', some)).toMatch(/^[0-9a-f]{64}$/)
      }),
    )
  })

  it('changes with any change of what would be sent (T-25)', () => {
    fc.assert(
      fc.property(items, fc.nat(), fc.constantFrom('successor', 'customer', 'drop'), (some, n, how) => {
        const at = n % some.length
        const changed =
          how === 'drop'
            ? some.filter((_, i) => i !== at)
            : some.map((s, i) => (i === at ? { ...s, [how]: 'other' } : s))
        expect(planDigest('d', changed)).not.toBe(planDigest('d', some))
        expect(planDigest('e', some)).not.toBe(planDigest('d', some))
      }),
    )
  })
})

describe('the checks of a plan', () => {
  const now = new Date('2026-11-24T02:00:00Z')
  const ago = (ms: number): DepartureFacts => ({
    leaverId: 'leaver',
    leaverStatus: 'left',
    gone: true,
    leftAt: new Date(now.getTime() - ms),
    endedAt: null,
  })
  const good: ItemFacts = {
    transfer: 'planned',
    transferPlan: 'p',
    successor: 's',
    successorStatus: 'active',
    successorFollows: true,
    alreadyFollows: false,
    refusedBefore: false,
    objectedTo: false,
    movedOnJob: 0,
    passer: null,
    passerStatus: null,
  }

  it('find nothing where nothing is wrong', () => {
    expect(checksOf('p', ago(1000), good, now)).toEqual([])
    expect(checksOf('p', ago(1000), { ...good, transfer: 'pending_approval' }, now)).toEqual([])
  })

  it('of somebody who is still here ask for what WeCom asks on the job, and know no year', () => {
    const announced = { ...ago(YEAR_MS + 1), leaverStatus: 'active', gone: false }
    expect(checksOf('p', announced, good, now)).toEqual([])
    expect(checksOf('p', { ...announced, leaverStatus: 'disabled' }, good, now)).toEqual(['leaver_inactive'])
    expect(checksOf('p', announced, { ...good, movedOnJob: 1 }, now)).toEqual([])
    expect(checksOf('p', announced, { ...good, movedOnJob: 2 }, now)).toEqual(['moved_twice'])
    // 90 natural days of Beijing before 24 November 2026, 10:00 there.
    expect(movesCountFrom(now).toISOString()).toBe('2026-08-25T16:00:00.000Z')
  })

  it('each have their own reason (T-10)', () => {
    const found = (item: Partial<ItemFacts>, departure = ago(1000)) =>
      checksOf('p', departure, { ...good, ...item }, now)
    expect(found({}, ago(YEAR_MS + 1))).toEqual(['leaver_too_long_gone'])
    expect(found({}, ago(YEAR_MS - 59 * 86_400_000))).toEqual(['year_ends_soon'])
    expect(found({ movedOnJob: 5 })).toEqual([])
    expect(found({ successor: 'leaver' })).toEqual(['successor_is_leaver'])
    expect(found({ successorStatus: 'left', successorFollows: false })).toEqual(['successor_left'])
    expect(found({ successorStatus: 'not_activated' })).toEqual(['successor_inactive'])
    expect(found({ successorStatus: 'disabled', successorFollows: false })).toEqual([
      'successor_inactive',
      'successor_without_contacts',
    ])
    expect(found({ successorFollows: false })).toEqual(['successor_without_contacts'])
    expect(found({ alreadyFollows: true })).toEqual(['already_follows'])
    expect(found({ refusedBefore: true })).toEqual(['refused_before'])
    expect(found({ objectedTo: true })).toEqual(['objected_to'])
    for (const transfer of ['submitted', 'waiting', 'taken_over', 'refused', 'expired'])
      expect(found({ transfer })).toEqual(['not_plannable'])
    expect(found({ transferPlan: 'another' })).toEqual(['not_plannable'])
    expect(found({}, { ...ago(1000), endedAt: now })).toEqual(['not_plannable'])
  })

  it('stop everything but what only needs a look', () => {
    expect(Object.keys(checks).filter((c) => !isStop(c))).toEqual([
      'successor_on_leave',
      'already_follows',
      'year_ends_soon',
    ])
    expect(isStop('something of a later version')).toBe(true)
    expect(successorChecks({ status: 'active', follows: true })).toEqual([])
  })
})
