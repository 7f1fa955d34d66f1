import {
  factors,
  hurdles,
  type Colleague,
  type Factor,
  type Hurdle,
  type Passing,
  type Rules,
} from '../../src/shared/allocation'

/**
 * The allocation as compliance 7 says it, written a second time and as simply as can be, for the tests to compare with: the
 * exact optimum by a min-cost flow over single customers (Bellman-Ford, one customer after another).
 */

const points = (share: number) => Math.round(share * 100_000)

/** The first hurdle of a pair, or all of them. */
export function standing(p: Passing, c: Colleague): Hurdle[] {
  const unlike = (asked: string | null, has: readonly string[]) =>
    asked !== null && has.length > 0 && !has.includes(asked)
  const is = (h: Hurdle): boolean => {
    if (h === 'entity') return p.entity !== null && c.entity !== null && p.entity !== c.entity
    if (h === 'minors') return p.minor && !c.minors
    if (h === 'language') return unlike(p.language, c.languages)
    if (h === 'region') return unlike(p.region, c.regions)
    if (h === 'industry') return unlike(p.industry, c.industries)
    if (h === 'capacity') return c.customers >= c.capacity
    return p.not[c.id] === h || (c.hurdles as readonly Hurdle[]).includes(h)
  }
  return hurdles.filter(is)
}

/** 0 knows the customer, 1 all filters, then the fallbacks; null: not at all. */
export function levelFor(p: Passing, c: Colleague, rules: Rules): number | null {
  const found = standing(p, c)
  const key = found.join()
  const last = 1 + rules.fallbacks.length
  if (key === '') return rules.continuity && p.knows.includes(c.id) ? 0 : 1
  if (key === 'industry' && rules.fallbacks.includes('region_only')) return 2 + rules.fallbacks.indexOf('region_only')
  if (key === 'region' && rules.fallbacks.includes('industry_only')) return 2 + rules.fallbacks.indexOf('industry_only')
  if (!['region', 'industry', 'region,industry'].includes(key)) return null
  if (rules.duty.includes(c.id)) return last + 1
  return rules.default === c.id ? last + 2 : null
}

/** The factors of a pair; `has` customers more make the room smaller. */
export function factorsFor(p: Passing, c: Colleague, has: number): Record<Factor, number> {
  const part = (asked: string | null, list: readonly string[]) => {
    if (asked === null || list.length === 0) return 0.5
    return list.includes(asked) ? 0.5 + 0.5 / list.length : 0
  }
  const capacity = c.capacity > 0 ? Math.max(0, Math.min(1, (c.capacity - c.customers - has) / c.capacity)) : 0
  if (p.unscored) return { preference: 0, depth: 0, capacity, performance: 0, contribution: 0, tenure: 0 }
  return {
    preference: p.fit[c.id] ?? (p.knows.includes(c.id) ? 1 : 0.5),
    depth: (part(p.region, c.regions) + part(p.industry, c.industries)) / 2,
    capacity,
    performance: c.performance ?? 0.5,
    contribution: c.contribution ?? 0.5,
    tenure: Math.min(1, c.tenureYears / 5),
  }
}

export function scoreFor(p: Passing, c: Colleague, rules: Rules, has: number): number {
  const found = factorsFor(p, c, has)
  const but = factors
    .filter((f) => f !== 'capacity' && f !== 'preference')
    .reduce((sum, f) => sum + rules.weights[f] * found[f], 0)
  return (
    points(but) + points(rules.weights.preference * found.preference) + points(rules.weights.capacity * found.capacity)
  )
}

/** What a set of choices is worth: whom nobody takes, what was left out of the filters, how even, the score. */
interface Worth {
  nobody: number
  levels: number
  squares: number
  score: number
}

/** Weighed as the engine says it weighs: a level, and in an even run each further place, is more than any score. */
export const weigh = (w: Worth, rules: Rules, customers: number): number => {
  const level = rules.even ? 2 * (customers + 1) + 2 : 2
  return w.score / 100_000 - level * w.levels - (rules.even ? w.squares : 0) - 1e6 * w.nobody
}

/** `to`: handover → colleague. Nth places are counted with those who got their wish. */
export function worthOf(
  passing: readonly Passing[],
  staff: readonly Colleague[],
  rules: Rules,
  to: ReadonlyMap<string, string>,
): Worth {
  const by = new Map(staff.map((c) => [c.id, c]))
  const count = new Map<string, number>()
  const sum = { nobody: 0, levels: 0, squares: 0, score: 0 }
  for (const p of passing) {
    const c = by.get(to.get(p.handover) ?? '')
    if (!c) {
      sum.nobody++
      continue
    }
    const nth = (count.get(c.id) ?? 0) + 1
    count.set(c.id, nth)
    sum.levels += p.wants === c.id ? 0 : (levelFor(p, c, rules) ?? 0)
    sum.squares += 2 * nth
    sum.score += scoreFor(p, c, rules, nth)
  }
  return sum
}

interface Arc {
  to: number
  left: number
  cost: number
  back: Arc
}

/** Everybody who did not get their wish (`rest`), to places nobody has taken; the most that can be had. */
export function bestFlow(
  rest: readonly Passing[],
  staff: readonly Colleague[],
  rules: Rules,
  taken: ReadonlyMap<string, number>,
  topTaken: ReadonlyMap<string, number>,
  all: number,
): Map<string, string> {
  const nodes = 2 + rest.length + 2 * staff.length
  const [source, drain] = [nodes - 2, nodes - 1]
  const arcs: Arc[][] = Array.from({ length: nodes }, () => [])
  const add = (from: number, to: number, left: number, cost: number) => {
    const arc = { to, left, cost } as Arc
    const back: Arc = { to: from, left: 0, cost: -cost, back: arc }
    arc.back = back
    arcs[from]!.push(arc)
    arcs[to]!.push(back)
  }
  const colleague = (j: number) => rest.length + j
  const inner = (j: number) => rest.length + staff.length + j
  const level = rules.even ? 2 * (all + 1) + 2 : 2
  const cap = rules.useTier ? rules.topTierCap : null
  staff.forEach((c, j) => {
    const had = taken.get(c.id) ?? 0
    const most = Math.min(c.capacity - c.customers, rules.cap ?? Infinity, all)
    for (let nth = had + 1; nth <= most; nth++)
      add(
        colleague(j),
        drain,
        1,
        (rules.even ? 2 * nth * 100_000 : 0) - points(rules.weights.capacity * factorsFor(rest[0]!, c, nth).capacity),
      )
    add(inner(j), colleague(j), cap === null ? all : Math.max(0, cap - c.topTier - (topTaken.get(c.id) ?? 0)), 0)
  })
  rest.forEach((p, i) => {
    add(source, i, 1, 0)
    add(i, drain, 1, 1e11)
    staff.forEach((c, j) => {
      const at = levelFor(p, c, rules)
      if (at === null) return
      const top = cap !== null && (p.tier === 'S' || p.tier === 'A')
      const score = scoreFor(p, c, { ...rules, weights: { ...rules.weights, capacity: 0 } }, 0)
      add(i, top ? inner(j) : colleague(j), 1, at * level * 100_000 - score)
    })
  })
  for (let i = 0; i < rest.length; i++) augment(arcs, source, drain)
  const to = new Map<string, string>()
  rest.forEach((p, i) => {
    const used = arcs[i]!.find((a) => a.left === 0 && a.to !== source && a.to !== drain && a.back.left > 0)
    if (used) to.set(p.handover, staff[(used.to - rest.length) % staff.length]!.id)
  })
  return to
}

function augment(arcs: Arc[][], source: number, drain: number): void {
  const cost = new Float64Array(arcs.length).fill(Infinity)
  const via: (Arc | null)[] = arcs.map(() => null)
  cost[source] = 0
  for (let changed = true; changed;) {
    changed = false
    for (let node = 0; node < arcs.length; node++) {
      if (cost[node] === Infinity) continue
      for (const arc of arcs[node]!)
        if (arc.left > 0 && cost[node]! + arc.cost < cost[arc.to]!) {
          cost[arc.to] = cost[node]! + arc.cost
          via[arc.to] = arc
          changed = true
        }
    }
  }
  for (let arc = via[drain]; arc; arc = via[arc.back.to]) {
    arc.left--
    arc.back.left++
  }
}
