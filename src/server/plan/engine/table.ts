import type { Colleague, Hurdle, Passing, Reach, Rules } from '../../../shared/allocation'
import { byHash, hashOf, mixed } from './hash'
import { fixedOf, fixedPoints, PLACES, UNKNOWN, type Fixed } from './score'
import { firstOf, hurdlesFor, profileOf, reachOf, type Profile } from './sieve'

/** Everything that is compared, in one table: customers × colleagues, 4 bytes a pair. */
export interface Table {
  rules: Rules
  customers: readonly Passing[]
  colleagues: readonly Colleague[]
  /** Where a colleague stands in the table. */
  at: ReadonlyMap<string, number>
  profiles: readonly ProfileRow[]
  /** Customer → profile. */
  profile: Int32Array
  pairs: Int32Array
  reaches: readonly Reach[]
}

/** What holds for all customers of a profile, by colleague. */
export interface ProfileRow {
  profile: Profile
  hurdles: readonly (readonly Hurdle[])[]
  reach: readonly (Reach | null)[]
  /** The pair of a customer who has no preference; -1 where a filter stands between. */
  pairs: Int32Array
  removed: Readonly<Partial<Record<Hurdle, number>>>
}

/** Ties go to whoever has fewest customers, then by a hash of customer and day (7.3): worth less than a point of score. */
export const TIE_BITS = 8
const HASH_BITS = 3
export const ONE = PLACES << TIE_BITS
const LEVEL_BITS = 3
/** 0: knows the customer already; 1: all filters; then the fallbacks in their order. */
export const FULL = 1
export const pointsOf = (pair: number): number => pair >> (LEVEL_BITS + TIE_BITS)
export const levelOf = (pair: number): number => pair & ((1 << LEVEL_BITS) - 1)
export const orderOf = (pair: number): number => pair >> LEVEL_BITS

/** `day` is part of the hash, so that the same people do not win every tie. Whatever the order of the input, the same table. */
export function tableOf(passing: readonly Passing[], staff: readonly Colleague[], rules: Rules, day: string): Table {
  const colleagues = [...staff].sort((a, b) => (a.id < b.id ? -1 : 1))
  const customers = byHash(passing, (p) => p.handover, day)
  const reaches: Reach[] = ['full', ...rules.fallbacks, 'duty', 'default']
  const fewest = fewestFirst(colleagues)
  const rows = new Map<string, number>()
  const table = {
    rules,
    customers,
    colleagues,
    at: new Map(colleagues.map((c, j) => [c.id, j])),
    profiles: [] as ProfileRow[],
    profile: new Int32Array(customers.length),
    pairs: new Int32Array(customers.length * colleagues.length),
    reaches,
  }
  const salts = Int32Array.from(colleagues, (c) => hashOf(c.id))
  customers.forEach((customer, i) => {
    const profile = profileOf(customer)
    const key = JSON.stringify(profile)
    let at = rows.get(key)
    if (at === undefined) {
      rows.set(key, (at = table.profiles.length))
      table.profiles.push(rowOf(profile, colleagues, rules, reaches, fewest))
    }
    table.profile[i] = at
    fill(table, i, hashOf(`${customer.handover} ${day}`), salts)
    adapt(table, i)
  })
  return table
}

/** 31 for the fewest customers down to 0 for the most. */
function fewestFirst(colleagues: readonly Colleague[]): number[] {
  const loads = [...new Set(colleagues.map((c) => c.customers))].sort((a, b) => a - b)
  const places = (1 << (TIE_BITS - HASH_BITS)) - 1
  const rank = new Map(loads.map((load, n) => [load, Math.floor(places * (1 - n / Math.max(1, loads.length - 1)))]))
  return colleagues.map((c) => rank.get(c.customers)!)
}

const pairOf = (points: number, fewest: number, level: number): number =>
  (((points << TIE_BITS) + (fewest << HASH_BITS)) << LEVEL_BITS) | level

function rowOf(
  profile: Profile,
  colleagues: readonly Colleague[],
  rules: Rules,
  reaches: readonly Reach[],
  fewest: readonly number[],
): ProfileRow {
  const hurdles = colleagues.map((c) => hurdlesFor(profile, c))
  const reach = colleagues.map((c, j) => reachOf(hurdles[j]!, c.id, rules))
  const removed: Partial<Record<Hurdle, number>> = {}
  for (const [first] of hurdles) if (first) removed[first] = (removed[first] ?? 0) + 1
  const pairs = Int32Array.from(colleagues, (c, j) => {
    const to = reach[j]
    const points = fixedPoints(rules, fixedOf(profile, c, UNKNOWN))
    return to ? pairOf(points, fewest[j]!, FULL + reaches.indexOf(to)) : -1
  })
  return { profile, hurdles, reach, pairs, removed }
}

/** A customer's row is their profile's, with ties of their own. */
function fill({ pairs, profiles, profile }: Table, i: number, hash: number, salts: Int32Array): void {
  const row = profiles[profile[i]!]!.pairs
  const start = i * row.length
  for (let j = 0; j < row.length; j++) {
    const pair = row[j]!
    pairs[start + j] = pair < 0 ? pair : pair + ((mixed(hash, salts[j]!) & ((1 << HASH_BITS) - 1)) << LEVEL_BITS)
  }
}

/** What the customer prefers, whom they know, whom they cannot have. */
function adapt(table: Table, i: number): void {
  const { customers, colleagues, at, pairs, rules, profiles, profile } = table
  const customer = customers[i]!
  for (const id of new Set([...Object.keys(customer.fit), ...customer.knows])) {
    const j = at.get(id)
    if (j === undefined) continue
    const where = i * colleagues.length + j
    if (pairs[where]! < 0) continue
    const before = profiles[profile[i]!]!.pairs[j]!
    const points = fixedPoints(rules, fixedFor(table, i, j))
    pairs[where]! += (points - pointsOf(before)) << (TIE_BITS + LEVEL_BITS)
    if (rules.continuity && customer.knows.includes(id) && levelOf(before) === FULL) pairs[where]! -= FULL
  }
  for (const id in customer.not) {
    const j = at.get(id)
    if (j !== undefined) pairs[i * colleagues.length + j] = -1
  }
}

/** Somebody who served them before is what a customer prefers, unless they said otherwise (7.3: earlier contact). */
export function fixedFor({ customers, colleagues, profiles, profile }: Table, i: number, j: number): Fixed {
  const customer = customers[i]!
  const c = colleagues[j]!
  const preference = customer.fit[c.id] ?? (customer.knows.includes(c.id) ? 1 : UNKNOWN)
  return fixedOf(profiles[profile[i]!]!.profile, c, preference)
}

/** How many colleagues each hurdle took away from a customer, each counted once. */
export function removedFor({ customers, profiles, profile, at }: Table, i: number): ProfileRow['removed'] {
  const { not } = customers[i]!
  const { removed, hurdles } = profiles[profile[i]!]!
  const own: Partial<Record<Hurdle, number>> = { ...removed }
  let changed = false
  for (const id in not) {
    const j = at.get(id)
    if (j === undefined) continue
    const [before] = hurdles[j]!
    const after = firstOf(not[id]!, before)
    if (after === before) continue
    if (before) own[before] = own[before]! - 1
    if (before && !own[before]) delete own[before]
    own[after] = (own[after] ?? 0) + 1
    changed = true
  }
  return changed ? own : removed
}
