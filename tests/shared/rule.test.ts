import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factors } from '../../src/shared/allocation'
import {
  builtInBody,
  builtInRules,
  refuses,
  ruleProblemsOf,
  rulesOf,
  WHOLE,
  withWeight,
  type RuleBody,
  type RuleGround,
} from '../../src/shared/rule'

const runs = { numRuns: Number(process.env['RUNS'] ?? 300) }
const ground: RuleGround = {
  here: new Set(['a', 'b', 'c']),
  assessed: false,
  known: new Set([...factors, 'region', 'industry']),
  largest: 10,
}
const policy = { name: '办法 8', text: '条文' }
const good: RuleBody = { ...builtInBody, policy, default: 'a' }
const named = (body: RuleBody, more: Partial<RuleGround> = {}) =>
  ruleProblemsOf(body, { ...ground, ...more }).map((p) => p.name)
const total = (weights: RuleBody['weights']) => factors.reduce((sum, f) => sum + weights[f], 0)

const weights = fc
  .array(fc.nat(100), { minLength: 6, maxLength: 6 })
  .map((given) => Object.fromEntries(factors.map((f, i) => [f, given[i]])) as RuleBody['weights'])
const whole = weights.map((given) => factors.reduce((w, f) => withWeight(w, f, given[f]), { ...builtInBody.weights }))

describe('weights (T-28)', () => {
  it('add up to 100 % however one is moved, each between 0 and 100, and the one that was moved is what was wished', () => {
    fc.assert(
      fc.property(
        whole,
        fc.constantFrom(...factors),
        fc.double({ min: -50, max: 150, noNaN: true }),
        (given, factor, wish) => {
          const next = withWeight(given, factor, wish)
          expect(total(next)).toBe(WHOLE)
          expect(factors.every((f) => Number.isInteger(next[f]) && next[f] >= 0 && next[f] <= WHOLE)).toBe(true)
          expect(next[factor]).toBe(Math.min(100, Math.max(0, Math.round(wish))))
        },
      ),
      runs,
    )
  })
  it('keep the order of the others, and come as shares of one', () => {
    fc.assert(
      fc.property(whole, fc.constantFrom(...factors), fc.nat(100), (given, factor, wish) => {
        const next = withWeight(given, factor, wish)
        for (const a of factors)
          for (const b of factors)
            if (a !== factor && b !== factor && given[a] > given[b]) expect(next[a]).toBeGreaterThanOrEqual(next[b])
        const shares = Object.values(rulesOf(1, { ...good, weights: next }, false).weights)
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10)
      }),
      runs,
    )
  })
  it('of the product are those of compliance 7.3', () => {
    expect(builtInRules).toMatchObject({
      version: 'R-0',
      weights: { preference: 0.3, depth: 0.2, capacity: 0.2, performance: 0.15, contribution: 0.1, tenure: 0.05 },
    })
  })
})

describe('what is wrong with rules', () => {
  it('nothing is with good ones', () => expect(named(good)).toEqual([]))

  it('invalid: weights that do not add up, no policy, colleagues who are gone', () => {
    fc.assert(
      fc.property(weights, (given) => {
        expect(named({ ...good, weights: given }).includes('sum')).toBe(total(given) !== WHOLE)
      }),
      runs,
    )
    expect(named({ ...good, policy: { name: ' ', text: 'x' } })).toEqual(['policy'])
    expect(named({ ...good, default: 'z' })).toEqual(['default_gone'])
    expect(named({ ...good, duty: ['b', 'z'] })).toEqual(['duty_gone'])
  })
  it('contradictory: a step twice, a value tier that nobody assessed', () => {
    expect(named({ ...good, fallbacks: ['region_only', 'region_only'] })).toEqual(['fallback_twice'])
    expect(named({ ...good, duty: ['b', 'b'] })).toEqual(['duty_twice'])
    expect(named({ ...good, useTier: true })).toEqual(['tier_unassessed'])
    expect(named({ ...good, useTier: true }, { assessed: true })).toEqual([])
  })
  it('unreachable: limits that never hold, a last step never reached, factors of which nothing is known', () => {
    expect(named({ ...good, topTierCap: 3 })).toEqual(['top_cap_off'])
    expect(named({ ...good, useTier: true, cap: 5, topTierCap: 6 }, { assessed: true })).toEqual(['top_cap_over'])
    expect(named({ ...good, duty: ['a'] })).toEqual(['default_on_duty'])
    const blind = named(good, { known: new Set(['capacity', 'preference', 'depth', 'contribution', 'region']) })
    expect(blind).toEqual(['factor_unknown', 'factor_unknown', 'fallback_unknown'])
  })
  it('worth a note: no end, limits too small, no need of the customer in the score, one factor alone', () => {
    expect(named({ ...good, default: null })).toEqual(['no_end'])
    expect(named({ ...good, cap: 3 })).toEqual(['caps_small'])
    expect(named({ ...good, cap: 4 })).toEqual([])
    expect(named({ ...good, weights: withWeight(good.weights, 'preference', 0) })).toEqual(['no_need'])
    expect(named({ ...good, weights: withWeight(good.weights, 'preference', 80) })).toEqual(['one_factor'])
  })
  it('whatever somebody sets: rules that refuse nothing add up, name a policy, and look at no tier that was not assessed', () => {
    const any: fc.Arbitrary<RuleBody> = fc.record({
      weights: fc.oneof(weights, whole),
      fallbacks: fc.array(fc.constantFrom('region_only' as const, 'industry_only' as const), { maxLength: 2 }),
      duty: fc.array(fc.constantFrom('a', 'b', 'z'), { maxLength: 3 }),
      default: fc.constantFrom(null, 'a', 'z'),
      cap: fc.option(fc.integer({ min: 1, max: 50 })),
      topTierCap: fc.option(fc.integer({ min: 1, max: 50 })),
      continuity: fc.boolean(),
      even: fc.boolean(),
      useTier: fc.boolean(),
      policy: fc.constantFrom(policy, { name: '', text: '' }),
    })
    fc.assert(
      fc.property(any, fc.boolean(), (body, assessed) => {
        if (ruleProblemsOf(body, { ...ground, assessed }).some((p) => refuses(p.name))) return
        expect(total(body.weights)).toBe(WHOLE)
        expect([...body.duty, ...(body.default ? [body.default] : [])].every((m) => ground.here.has(m))).toBe(true)
        expect(!body.useTier || assessed).toBe(true)
        expect(body.policy.text).not.toBe('')
      }),
      runs,
    )
  })
})
