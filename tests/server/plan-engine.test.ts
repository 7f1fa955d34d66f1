import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  factors,
  hurdles,
  tiers,
  type Allocation,
  type Colleague,
  type Passing,
  type Rules,
} from '../../src/shared/allocation'
import { allocate, allocateParts } from '../../src/server/plan/engine/allocate'
import { bestFlow, factorsFor, levelFor, scoreFor, standing, weigh, worthOf } from '../support/best-flow'
import { plainRules } from '../support/crowded'

/** `RUNS=5000` for the nightly figures of issue 6. */
const RUNS = Number(process.env['RUNS'] ?? 200)
const NOW = new Date('2026-11-26T02:00:00Z')

const share = fc.double({ min: 0, max: 1, noNaN: true })
const maybe = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: null })
const region = fc.constantFrom('east', 'west')
const industry = fc.constantFrom('steel', 'food')
const member = fc.constantFrom('m0', 'm1', 'm2', 'm3', 'm4')

const colleague = (id: string): fc.Arbitrary<Colleague> =>
  fc.record({
    id: fc.constant(id),
    hurdles: fc.oneof(
      { weight: 6, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.subarray(['leaving', 'real_name', 'training', 'on_leave'] as const, { minLength: 1 }),
      },
    ),
    customers: fc.nat({ max: 4 }),
    topTier: fc.nat({ max: 1 }),
    capacity: fc.nat({ max: 9 }),
    entity: maybe(fc.constantFrom('A', 'B')),
    regions: fc.subarray(['east', 'west']),
    industries: fc.subarray(['steel', 'food']),
    languages: fc.subarray(['zh', 'en']),
    minors: fc.boolean(),
    tenureYears: fc.double({ min: 0, max: 9, noNaN: true }),
    performance: maybe(share),
    contribution: maybe(share),
  })
const staffOf = fc
  .tuple(...['m0', 'm1', 'm2', 'm3', 'm4'].map(colleague))
  .chain((all) => fc.subarray(all, { minLength: 1 }))

const customer = (n: number): fc.Arbitrary<Passing> =>
  fc.record({
    handover: fc.constant(`h${n}`),
    customer: fc.constant(`c${n}`),
    entity: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom('A', 'B') }),
    region: maybe(region),
    industry: maybe(industry),
    language: fc.oneof(
      { weight: 4, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constantFrom('zh', 'en') },
    ),
    tier: maybe(fc.constantFrom(...tiers)),
    minor: fc.boolean(),
    wants: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: member }),
    knows: fc.uniqueArray(member, { maxLength: 2 }),
    not: fc.dictionary(member, fc.constantFrom('refused', 'objected', 'complaint', 'relative'), { maxKeys: 2 }),
    fit: fc.dictionary(member, share, { maxKeys: 4 }),
    unscored: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  })
const customersOf = fc
  .integer({ min: 1, max: 14 })
  .chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => customer(i))))

const weightsOf = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 6, maxLength: 6 }).map((list) => {
  const sum = list.reduce((a, b) => a + b, 0)
  const at = (n: number) => (sum ? list[n]! / sum : 1 / 6)
  return Object.fromEntries(factors.map((f, n) => [f, at(n)])) as Rules['weights']
})
const rulesOf: fc.Arbitrary<Rules> = fc.record({
  version: fc.constant('R-7'),
  weights: weightsOf,
  fallbacks: fc.shuffledSubarray(['region_only', 'industry_only'] as const),
  duty: fc.uniqueArray(member, { maxLength: 2 }),
  default: maybe(member),
  cap: maybe(fc.integer({ min: 1, max: 4 })),
  topTierCap: maybe(fc.nat({ max: 3 })),
  continuity: fc.boolean(),
  even: fc.boolean(),
  useTier: fc.boolean(),
})

interface Case {
  passing: Passing[]
  staff: Colleague[]
  rules: Rules
}
const anyCase: fc.Arbitrary<Case> = fc.record({ passing: customersOf, staff: staffOf, rules: rulesOf })
const run = ({ passing, staff, rules }: Case) => allocate(passing, staff, rules, NOW)
const counted = (a: Allocation) => {
  const count = new Map<string, number>()
  for (const { chosen } of a.given.values()) count.set(chosen, (count.get(chosen) ?? 0) + 1)
  return count
}
const property = <T>(arb: fc.Arbitrary<T>, check: (input: T) => void, runs = RUNS) =>
  fc.assert(fc.property(arb, check), { numRuns: runs })
const isTop = (p: Passing, rules: Rules) => rules.useTier && (p.tier === 'S' || p.tier === 'A')

describe('an allocation', () => {
  it('gives every customer to one colleague or says that nobody may take them', () => {
    property(anyCase, (c) => {
      const { given, nobody } = run(c)
      expect([...given.keys(), ...nobody.keys()].sort()).toEqual(c.passing.map((p) => p.handover).sort())
    })
  })

  it('never gives anybody more than they have room for, nor more than the rules let them have in one run', () => {
    property(anyCase, (c) => {
      const allocation = run(c)
      for (const [id, count] of counted(allocation)) {
        const who = c.staff.find((s) => s.id === id)!
        expect(who.customers + count).toBeLessThanOrEqual(who.capacity)
        if (c.rules.cap !== null) expect(count).toBeLessThanOrEqual(c.rules.cap)
        const top = c.passing.filter((p) => isTop(p, c.rules) && allocation.given.get(p.handover)?.chosen === id).length
        if (c.rules.topTierCap !== null && top) expect(who.topTier + top).toBeLessThanOrEqual(c.rules.topTierCap)
      }
    })
  })

  it('never breaks a filter, but those that a named fallback leaves out, and those a wish does not ask about', () => {
    property(anyCase, (c) => {
      for (const [handover, why] of run(c).given) {
        const p = c.passing.find((one) => one.handover === handover)!
        const left = standing(
          p,
          c.staff.find((s) => s.id === why.chosen)!,
        )
        const may: Record<typeof why.reach, string[]> = {
          full: why.because === 'wish' ? ['region', 'industry', 'language'] : [],
          region_only: ['industry'],
          industry_only: ['region'],
          duty: ['region', 'industry'],
          default: ['region', 'industry'],
        }
        expect(left.filter((h) => !may[why.reach].includes(h))).toEqual([])
      }
    })
  })

  it('is the same for the same input, in whatever order it comes', () => {
    property(fc.record({ c: anyCase, seed: fc.nat() }), ({ c, seed }) => {
      const turn = <T>(list: readonly T[]) =>
        [...list.slice(seed % list.length), ...list.slice(0, seed % list.length)].reverse()
      const plain = (a: Allocation) => [
        [...a.given].sort(([x], [y]) => (x < y ? -1 : 1)),
        [...a.nobody].sort(([x], [y]) => (x < y ? -1 : 1)),
        [...a.colleagues].sort(([x], [y]) => (x < y ? -1 : 1)),
        a.total,
      ]
      expect(plain(run({ ...c, passing: turn(c.passing), staff: turn(c.staff) }))).toEqual(plain(run(c)))
    })
  })

  it('is worth as much as the exact optimum of a min-cost flow, never below 99 %', () => {
    let lowest = 1
    property(anyCase, (c) => {
      const allocation = run(c)
      const to = new Map([...allocation.given].map(([handover, { chosen }]) => [handover, chosen]))
      const wished = [...allocation.given].filter(([, why]) => why.because === 'wish').map(([handover]) => handover)
      const rest = c.passing.filter((p) => !wished.includes(p.handover))
      const taken = new Map<string, number>()
      const topTaken = new Map<string, number>()
      for (const p of c.passing.filter((one) => wished.includes(one.handover))) {
        const id = to.get(p.handover)!
        taken.set(id, (taken.get(id) ?? 0) + 1)
        if (isTop(p, c.rules)) topTaken.set(id, (topTaken.get(id) ?? 0) + 1)
      }
      const best = rest.length
        ? bestFlow(rest, c.staff, c.rules, taken, topTaken, c.passing.length)
        : new Map<string, string>()
      for (const handover of wished) best.set(handover, to.get(handover)!)
      const [ours, theirs] = [worthOf(c.passing, c.staff, c.rules, to), worthOf(c.passing, c.staff, c.rules, best)]
      expect(ours.nobody).toBe(theirs.nobody)
      // Ties are worth less than a hundred-thousandth each.
      const gap = weigh(theirs, c.rules, c.passing.length) - weigh(ours, c.rules, c.passing.length)
      expect(gap).toBeLessThan(c.passing.length * 1e-5)
      expect(gap).toBeGreaterThan(-1e-9)
      if (theirs.score > 0) lowest = Math.min(lowest, ours.score / theirs.score)
      expect(allocation.total).toBeCloseTo(ours.score / 100_000, 9)
    })
    process.stdout.write(`plan engine: lowest score over the exact optimum ${lowest.toFixed(6)} in ${RUNS} cases\n`)
    expect(lowest).toBeGreaterThanOrEqual(0.99)
  })

  it('spreads evenly where that is the rule: whom somebody with two fewer could have taken as well, is with them', () => {
    property(
      anyCase.map((c) => ({ ...c, rules: { ...c.rules, even: true, topTierCap: null } })),
      (c) => {
        const { given } = run(c)
        const count = counted({ given } as Allocation)
        for (const p of c.passing) {
          const why = given.get(p.handover)
          if (!why || why.because === 'wish') continue
          const level = levelFor(
            p,
            c.staff.find((s) => s.id === why.chosen)!,
            c.rules,
          )!
          for (const other of c.staff) {
            const has = count.get(other.id) ?? 0
            const full = has >= Math.min(other.capacity - other.customers, c.rules.cap ?? Infinity)
            if (other.id === why.chosen || full || levelFor(p, other, c.rules) !== level) continue
            expect(count.get(why.chosen)! - has).toBeLessThanOrEqual(1)
          }
        }
      },
    )
  })
})

describe('what is said of it', () => {
  it('is true of every customer: filters, factors, score, who was next, and why not somebody better', () => {
    property(anyCase, (c) => {
      const { given } = run(c)
      const count = counted({ given } as Allocation)
      const tops = (id: string) =>
        c.passing.filter((p) => isTop(p, c.rules) && given.get(p.handover)?.chosen === id).length
      for (const p of c.passing) {
        const why = given.get(p.handover)
        if (!why) continue
        const chosen = c.staff.find((s) => s.id === why.chosen)!
        const now = (id: string) => count.get(id) ?? 0
        expect(why).toMatchObject({
          rules: 'R-7',
          inputsAt: NOW.toISOString(),
          candidates: c.staff.length,
          unscored: p.unscored,
        })
        expect(why.factors).toEqual(factorsFor(p, chosen, now(chosen.id)))
        const points = scoreFor(p, chosen, c.rules, now(chosen.id))
        expect(why.score).toBeCloseTo(points / 100_000, 9)
        const sum = factors.reduce((s, f) => s + c.rules.weights[f] * why.factors[f], 0)
        expect(Math.abs(sum - why.score)).toBeLessThan(2e-5)
        const first = c.staff.map((s) => standing(p, s)[0]).filter((h) => h !== undefined)
        expect(why.removed).toEqual(
          Object.fromEntries([...new Set(first)].map((h) => [h, first.filter((x) => x === h).length])),
        )

        const level = why.because === 'wish' ? -1 : levelFor(p, chosen, c.rules)!
        const roomy = (s: Colleague) =>
          now(s.id) < Math.min(s.capacity - s.customers, c.rules.cap ?? Infinity) &&
          !(isTop(p, c.rules) && c.rules.topTierCap !== null && s.topTier + tops(s.id) >= c.rules.topTierCap) &&
          !(c.rules.even && now(s.id) >= now(chosen.id))
        const others = c.staff.flatMap((s) => {
          const at = s.id === chosen.id ? null : levelFor(p, s, c.rules)
          return at === null
            ? []
            : [{ s, at, free: roomy(s), points: scoreFor(p, s, c.rules, now(s.id) + (roomy(s) ? 1 : 0)) }]
        })
        const order = (a: (typeof others)[number], b: (typeof others)[number]) => a.at - b.at || b.points - a.points
        const [next] = others.filter((o) => o.free).sort(order)
        expect(why.runnerUp === null).toBe(next === undefined)
        if (next) expect(why.runnerUp!.score).toBeCloseTo(next.points / 100_000, 9)
        // Nobody who could have taken them is better: nearer to all filters, or as near with more points.
        if (next && why.because !== 'wish')
          expect([next.at > level || next.points <= points, p.handover]).toEqual([true, p.handover])
        const [better] = others
          .filter((o) => !o.free && (o.at < level || (o.at === level && o.points > points)))
          .sort(order)
        expect(why.passedOver === null).toBe(better === undefined)
        if (better) expect(why.passedOver!.score).toBeCloseTo(better.points / 100_000, 9)
        if (why.because === 'score') expect(better).toBeUndefined()
        if (why.because === 'capacity' || why.because === 'spread') expect(better).toBeDefined()
        if (why.because === 'continuity') expect(p.knows).toContain(why.chosen)
        if (why.because === 'only_one') expect(others).toEqual([])
        expect(why.wish === 'met').toBe(why.because === 'wish')
        if (p.wants === null) expect(why.wish).toBeNull()
        else expect(why.wish).not.toBeNull()
      }
    })
  })

  it('counts for those whom nobody may take, what took each colleague away', () => {
    property(anyCase, (c) => {
      for (const [handover, removed] of run(c).nobody) {
        const p = c.passing.find((one) => one.handover === handover)!
        // Whom a filter would have let, was full; but for those whom only a fallback would have reached.
        const first = c.staff.map((s) => standing(p, s)[0] ?? 'capacity')
        for (const h of hurdles) expect(removed[h] ?? 0).toBe(first.filter((x) => x === h).length)
      }
    })
  })

  it('tells each colleague how many they could have taken, what took the others away, how many they got', () => {
    property(anyCase, (c) => {
      const { given, colleagues } = run(c)
      const count = counted({ given } as Allocation)
      for (const s of c.staff) {
        const first = c.passing.map((p) => standing(p, s)[0])
        const removed = hurdles.flatMap((h) => (first.includes(h) ? [[h, first.filter((x) => x === h).length]] : []))
        const next = [...given.values()].filter((why) => why.runnerUp?.id === s.id).length
        expect(colleagues.get(s.id)).toEqual({
          could: first.filter((x) => x === undefined).length,
          removed: Object.fromEntries(removed),
          given: count.get(s.id) ?? 0,
          runnerUp: next,
        })
      }
    })
  })
})

describe('several leavers at once', () => {
  it('are one assignment: what is said of all together, list by list, and rooms and caps hold over all of them', () => {
    property(fc.tuple(anyCase, fc.nat(14)), ([c, cut]) => {
      const parts = [c.passing.slice(0, cut), c.passing.slice(cut)]
      const whole = run(c)
      const runs = allocateParts(parts, c.staff, c.rules, NOW)
      expect(new Map(runs.flatMap(({ given }) => [...given]))).toEqual(whole.given)
      expect(new Map(runs.flatMap(({ nobody }) => [...nobody]))).toEqual(whole.nobody)
      for (const [n, { total, given, colleagues }] of runs.entries()) {
        expect(total).toBe(whole.total)
        expect([...given.keys()].every((id) => parts[n]!.some((p) => p.handover === id))).toBe(true)
        for (const [id, tally] of colleagues) expect(tally.given).toBe(counted({ given } as Allocation).get(id) ?? 0)
      }
      // What is counted of each list adds up to what is counted of all.
      for (const [id, tally] of whole.colleagues) {
        const sum = (of: 'could' | 'given' | 'runnerUp') =>
          runs.reduce((all, { colleagues }) => all + colleagues.get(id)![of], 0)
        expect({ could: sum('could'), given: sum('given'), runnerUp: sum('runnerUp') }).toEqual({
          ...{ could: tally.could, given: tally.given, runnerUp: tally.runnerUp },
        })
        for (const hurdle of hurdles)
          expect(runs.reduce((all, { colleagues }) => all + (colleagues.get(id)!.removed[hurdle] ?? 0), 0)).toBe(
            tally.removed[hurdle] ?? 0,
          )
      }
    })
  })
})

describe('without one of the successors', () => {
  const plain = (c: Case): Case => ({
    ...c,
    passing: c.passing.map((p) => ({ ...p, wants: null, unscored: false })),
    rules: { ...c.rules, even: false, topTierCap: null, duty: [], default: null },
  })

  it('only their customers move, if the others have room for all and room is no factor', () => {
    const weights = { ...plainRules().weights, preference: 0.5, capacity: 0 }
    property(fc.record({ c: anyCase, fits: fc.array(share, { minLength: 70, maxLength: 70 }) }), ({ c, fits }) => {
      const roomy: Case = {
        ...plain(c),
        staff: c.staff.map((s) => ({ ...s, capacity: 100 })),
        rules: { ...plain(c).rules, weights, cap: null },
      }
      // Everybody liked a little differently; where two are equal all the same, the number of colleagues may decide.
      roomy.passing = roomy.passing.map((p, i) => ({
        ...p,
        fit: Object.fromEntries([0, 1, 2, 3, 4].map((j) => [`m${j}`, fits[5 * i + j]!])),
      }))
      const [gone, ...others] = roomy.staff
      const [before, after] = [run(roomy), run({ ...roomy, staff: others })]
      for (const [handover, why] of before.given)
        if (why.chosen !== gone!.id && why.score !== why.runnerUp?.score)
          expect(after.given.get(handover)?.chosen).toBe(why.chosen)
    })
  })

  it('nobody who is left gets fewer, and no more customers stay with nobody than had gone to the one who is not there', () => {
    property(fc.record({ c: anyCase, fits: fc.array(share, { minLength: 70, maxLength: 70 }) }), ({ c, fits }) => {
      const tight = plain(c)
      tight.passing = tight.passing.map((p, i) => ({
        ...p,
        fit: Object.fromEntries([0, 1, 2, 3, 4].map((j) => [`m${j}`, fits[5 * i + j]!])),
      }))
      tight.rules = { ...tight.rules, weights: { ...plainRules().weights } }
      const [gone, ...others] = tight.staff
      const [before, after] = [run(tight), run({ ...tight, staff: others })]
      const [had, has] = [counted(before), counted(after)]
      for (const { id } of others) expect(has.get(id) ?? 0).toBeGreaterThanOrEqual(had.get(id) ?? 0)
      expect(after.nobody.size - before.nobody.size).toBeLessThanOrEqual(had.get(gone!.id) ?? 0)
      expect(after.nobody.size).toBeGreaterThanOrEqual(before.nobody.size)
    })
  })
})

describe('by hand', () => {
  const one = (more: Partial<Passing> = {}): Passing => ({
    handover: 'h',
    customer: 'c',
    entity: null,
    region: 'east',
    industry: 'steel',
    language: null,
    tier: null,
    minor: false,
    wants: null,
    knows: [],
    not: {},
    fit: {},
    unscored: false,
    ...more,
  })
  const who = (id: string, more: Partial<Colleague> = {}): Colleague => ({
    id,
    hurdles: [],
    customers: 10,
    topTier: 0,
    capacity: 20,
    entity: null,
    regions: ['east'],
    industries: ['steel'],
    languages: ['zh'],
    minors: false,
    tenureYears: 5,
    performance: 0.5,
    contribution: 0.5,
    ...more,
  })
  const why = (p: Partial<Passing>, staff: Colleague[], rules: Partial<Rules> = {}) =>
    allocate([one(p)], staff, plainRules(rules), NOW).given.get('h')

  it('who asked for English and mornings gets somebody who speaks it and is there then, and it is said (T-26)', () => {
    const staff = [who('a'), who('b', { languages: ['zh', 'en'] }), who('c', { languages: ['en'] })]
    const found = why({ language: 'en', fit: { a: 1, b: 0.2, c: 1 } }, staff)!
    expect(found).toMatchObject({ chosen: 'c', because: 'score', removed: { language: 1 }, runnerUp: { id: 'b' } })
    expect(found.factors.preference).toBe(1)
    expect(found.matched).toEqual(['region', 'industry', 'language', 'preference', 'room'])
    // 0.3·1 + 0.2·1 + 0.2·9/20 + 0.15·0.5 + 0.1·0.5 + 0.05·1
    expect(found.score).toBeCloseTo(0.765, 5)
    expect(found.runnerUp!.score).toBeCloseTo(0.765 - 0.3 * 0.8, 5)
  })

  it('where only another region is free, the fallbacks are tried in their order, and the one that was used is named (T-27)', () => {
    const west = who('west', { regions: ['west'] })
    const full = who('full', { capacity: 10 })
    expect(why({}, [west, full])).toMatchObject({
      chosen: 'west',
      reach: 'industry_only',
      removed: { region: 1, capacity: 1 },
    })
    const food = who('food', { industries: ['food'] })
    expect(why({}, [west, food])).toMatchObject({ chosen: 'food', reach: 'region_only' })
    expect(why({}, [west, food], { fallbacks: ['industry_only', 'region_only'] })).toMatchObject({ chosen: 'west' })
    const neither = who('neither', { regions: ['west'], industries: ['food'] })
    expect(why({}, [neither])).toBeUndefined()
    expect(why({}, [neither], { duty: ['neither'] })).toMatchObject({ reach: 'duty', because: 'duty' })
    expect(why({}, [neither], { default: 'neither' })).toMatchObject({ reach: 'default', because: 'default' })
    // What is law or the customer's is never left out.
    expect(why({ not: { neither: 'objected' } }, [neither], { duty: ['neither'] })).toBeUndefined()
  })

  it('with other weights another order, as computed by hand; what was said before stays as it was (T-28)', () => {
    const [old, young] = [
      who('old', { tenureYears: 10, contribution: 0.2 }),
      who('young', { tenureYears: 1, contribution: 0.9 }),
    ]
    const weigh = (tenure: number, contribution: number) => ({
      weights: { preference: 0.3, depth: 0.2, capacity: 0.2, performance: 0.15, contribution, tenure },
    })
    // old 0.1·1 + 0.05·0.2 = 0.11, young 0.1·0.2 + 0.05·0.9 = 0.065; then 0.07 and 0.1.
    const first = why({}, [old, young], weigh(0.1, 0.05))!
    const kept = structuredClone(first)
    expect([first.chosen, first.score - first.runnerUp!.score]).toEqual(['old', expect.closeTo(0.045, 5)])
    const second = why({}, [old, young], weigh(0.05, 0.1))!
    expect([second.chosen, second.score - second.runnerUp!.score]).toEqual(['young', expect.closeTo(0.03, 5)])
    expect(first).toEqual(kept)
  })

  it('who performs best but is full is not proposed, and capacity is said; whose need is met, too (T-43)', () => {
    const star = who('star', { performance: 1, capacity: 10 })
    const found = why({ fit: { b: 0.9 } }, [star, who('b')])!
    expect(found).toMatchObject({ chosen: 'b', because: 'only_one', removed: { capacity: 1 } })
    expect(found.matched).toContain('preference')
    // Full only by this run: the one place goes to whom it means most, and the other is told so.
    const almost = who('star', { performance: 1, capacity: 11 })
    const two = [one({ handover: 'x', fit: { star: 1 } }), one({ handover: 'y', fit: { star: 0.6 } })]
    const { given } = allocate(two, [almost, who('b', { performance: 0 })], plainRules(), NOW)
    expect(given.get('x')).toMatchObject({ chosen: 'star', because: 'score' })
    expect(given.get('y')).toMatchObject({ chosen: 'b', because: 'capacity', passedOver: { id: 'star' } })
  })

  it('whom the customer asked for comes first, if no hurdle but region, industry or language is in the way', () => {
    const staff = [who('a'), who('b', { performance: 0, regions: ['west'] }), who('c', { hurdles: ['training'] })]
    expect(why({ wants: 'b' }, staff)).toMatchObject({ chosen: 'b', because: 'wish', wish: 'met' })
    expect(why({ wants: 'c' }, staff)).toMatchObject({ chosen: 'a', wish: 'training' })
    expect(why({ wants: 'a', not: { a: 'complaint' } }, staff)).toMatchObject({ wish: 'complaint' })
    expect(why({ wants: 'nobody' }, staff)).toMatchObject({ chosen: 'a', wish: 'not_considered' })
  })

  it('who asked not to be scored is allocated by filters and room alone, and it is recorded (T-44)', () => {
    const staff = [who('a', { performance: 1 }), who('b', { performance: 0, customers: 0 })]
    expect(why({}, staff)).toMatchObject({ chosen: 'a', unscored: false })
    const found = why({ unscored: true, fit: { a: 1 } }, staff)!
    expect(found).toMatchObject({ chosen: 'b', unscored: true })
    expect(found.score).toBeCloseTo(0.2 * (19 / 20), 5)
  })

  it('counts top tiers only while they may be used (T-44), and then nobody gets more than the cap', () => {
    const staff = [who('a', { performance: 1 }), who('b', { performance: 0 })]
    const two = [one({ handover: 'x', tier: 'S' }), one({ handover: 'y', tier: 'A' })]
    const most = (useTier: boolean) =>
      [...allocate(two, staff, plainRules({ useTier, topTierCap: 1 }), NOW).given.values()].map((w) => w.chosen).sort()
    expect(most(false)).toEqual(['a', 'a'])
    expect(most(true)).toEqual(['a', 'b'])
  })
})
