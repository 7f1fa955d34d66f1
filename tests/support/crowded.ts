import type { Colleague, Factor, Passing, Rules } from '../../src/shared/allocation'

/** Customers and colleagues as a large company has them, from a seed: every customer a little different from every other. */
export interface Crowd {
  customers: number
  successors: number
  /** Room of all together over customers: 1.05 is tight. */
  slack: number
  seed: number
}

export const WEIGHTS: Record<Factor, number> = {
  preference: 0.3,
  depth: 0.2,
  capacity: 0.2,
  performance: 0.15,
  contribution: 0.1,
  tenure: 0.05,
}

export const plainRules = (more: Partial<Rules> = {}): Rules => ({
  version: 'R-1',
  weights: WEIGHTS,
  fallbacks: ['region_only', 'industry_only'],
  duty: [],
  default: null,
  cap: null,
  topTierCap: null,
  continuity: true,
  even: false,
  useTier: false,
  ...more,
})

const REGIONS = ['华北', '华东', '华南', '西南', '东北', '华中', '西北', '海外']
const INDUSTRIES = ['建材', '医疗', '教育', '餐饮', '物流', '电子']

export function crowded({ customers, successors, slack, seed }: Crowd): { passing: Passing[]; staff: Colleague[] } {
  const chance = random(seed)
  const one = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!
  const some = <T>(list: readonly T[], n: number): T[] => [...new Set(Array.from({ length: n }, () => one(list)))]
  const room = (customers * slack) / successors
  const staff = Array.from({ length: successors }, (_, j): Colleague => {
    const has = Math.floor(chance() * room)
    return {
      id: `m${j}`,
      hurdles: [],
      customers: has,
      topTier: 0,
      capacity: has + Math.round(room * (0.5 + chance())),
      entity: null,
      // A few do everything, as in every company; the others some of it.
      regions: j % 8 === 0 ? [] : some(REGIONS, 3),
      industries: j % 8 === 0 ? [] : some(INDUSTRIES, 3),
      languages: j % 3 === 0 ? ['zh', 'en'] : ['zh'],
      minors: true,
      tenureYears: chance() * 12,
      performance: chance() < 0.2 ? null : chance(),
      contribution: chance(),
    }
  })
  const passing = Array.from({ length: customers }, (_, i): Passing => {
    const liked = some(staff, chance() < 0.7 ? 4 : 0)
    const known = chance() < 0.05 ? [one(staff).id] : []
    const refused = chance() < 0.05 ? [one(staff).id] : []
    return {
      handover: `h${i}`,
      customer: `c${i}`,
      entity: null,
      region: chance() < 0.1 ? null : one(REGIONS),
      industry: chance() < 0.2 ? null : one(INDUSTRIES),
      language: chance() < 0.1 ? 'en' : null,
      tier: null,
      minor: false,
      wants: chance() < 0.01 ? one(staff).id : null,
      knows: known,
      not: Object.fromEntries(refused.map((id) => [id, 'refused' as const])),
      fit: Object.fromEntries(liked.map((c) => [c.id, chance()])),
      unscored: chance() < 0.01,
    }
  })
  return { passing, staff }
}

/** mulberry32 */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
