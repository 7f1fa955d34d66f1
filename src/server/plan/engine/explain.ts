import type { Allocation, Explanation, Hurdle, Match, Tally } from '../../../shared/allocation'
import { hasRoom, type Given } from './given'
import { NONE } from './net'
import { fixedPoints, PLACES, roomLeft, roomPoints, type Fixed } from './score'
import { firstOf } from './sieve'
import { fixedFor, FULL, levelOf, orderOf, pointsOf, removedFor, type Table } from './table'

/** Looked up after the run in what was given, so that what is said is what is so; of `only` these handovers, if any are named. */
export function explainAll(
  g: Given,
  inputsAt: string,
  only: ReadonlySet<string> | null = null,
): Omit<Allocation, 'total'> {
  const { table } = g
  const given = new Map<string, Explanation>()
  const nobody = new Map<string, Readonly<Partial<Record<Hurdle, number>>>>()
  const look = newLook(g)
  table.customers.forEach(({ handover }, i) => {
    if (only && !only.has(handover)) return
    if (g.to[i] === NONE) nobody.set(handover, withoutRoom(g, i, look))
    else given.set(handover, explain(g, i, inputsAt, look))
  })
  return { given, nobody, colleagues: talliesOf(g, look, only) }
}

/** Everybody's points for room, now and with one customer more; and what is counted by the way. */
interface Look {
  now: Int32Array
  more: Int32Array
  could: Int32Array
  runnerUp: Int32Array
}

function newLook({ table: { rules, colleagues }, count }: Given): Look {
  const points = (more: number) => Int32Array.from(colleagues, (c, j) => roomPoints(rules, c, count[j]! + more))
  const zeros = () => new Int32Array(colleagues.length)
  return { now: points(0), more: points(1), could: zeros(), runnerUp: zeros() }
}

function explain(g: Given, i: number, inputsAt: string, look: Look): Explanation {
  const { table, to, count } = g
  const { rules, colleagues, customers, profiles, profile } = table
  const j = to[i]!
  const colleague = colleagues[j]!
  const customer = customers[i]!
  const wish = g.wish[i]!
  const fixed = fixedFor(table, i, j)
  const points = fixedPoints(rules, fixed) + look.now[j]!
  const { second, better, candidates } = compare(g, i, points, look)
  const reach = wish === 'met' ? 'full' : (profiles[profile[i]!]!.reach[j] ?? 'full')
  if (second) look.runnerUp[second.j]!++
  const shown = (found: typeof second) => found && { id: colleagues[found.j]!.id, score: found.points / PLACES }
  return {
    rules: rules.version,
    inputsAt,
    candidates: colleagues.length,
    removed: removedFor(table, i),
    reach,
    chosen: colleague.id,
    because: becauseOf(g, i, reach, candidates, better),
    score: points / PLACES,
    factors: factorsOf(fixed, roomLeft(colleague, count[j]!)),
    matched: matchesOf(table, i, j, wish === 'met'),
    runnerUp: shown(second),
    passedOver: shown(better),
    wish,
    unscored: customer.unscored,
  }
}

const factorsOf = (fixed: Fixed, capacity: number): Explanation['factors'] => ({
  preference: fixed.preference,
  depth: fixed.depth,
  capacity,
  performance: fixed.performance,
  contribution: fixed.contribution,
  tenure: fixed.tenure,
})

interface Found {
  j: number
  points: number
  level: number
  order: number
}

/** Nearer to all filters, then more points, then the tie. */
const beats = (a: Found, b: Found): boolean =>
  a.level !== b.level ? a.level < b.level : a.points !== b.points ? a.points > b.points : a.order > b.order

/** The best of the others who have room, and the best of those who have none if they would have been better. */
function compare(g: Given, i: number, points: number, { now, more, could }: Look) {
  const { pairs, colleagues } = g.table
  const start = i * colleagues.length
  const chosen = g.to[i]!
  const mine = pairs[start + chosen]!
  // A wish goes before everybody, whatever the filters and scores say.
  const own = { j: chosen, points, level: g.wish[i] === 'met' ? -1 : levelOf(mine), order: 0 }
  let second: Found | null = null
  let better: Found | null = null
  let candidates = 0
  for (let j = 0; j < colleagues.length; j++) {
    const pair = pairs[start + j]!
    if (pair < 0) continue
    candidates++
    const level = levelOf(pair)
    if (level <= FULL) could[j]!++
    if (j === chosen) continue
    const free = couldMove(g, i, chosen, j)
    const other: Found = { j, points: pointsOf(pair) + (free ? more[j]! : now[j]!), level, order: orderOf(pair) }
    if (free) second = !second || beats(other, second) ? other : second
    else if (beats({ ...other, order: 0 }, own)) better = !better || beats(other, better) ? other : better
  }
  return { second, better, candidates }
}

/** Whether this customer could go there instead, all else being as it is. */
const couldMove = (g: Given, i: number, from: number, to: number): boolean =>
  hasRoom(g, i, to) && !(g.table.rules.even && g.count[to]! >= g.count[from]!)

function becauseOf(
  g: Given,
  i: number,
  reach: Explanation['reach'],
  candidates: number,
  better: Found | null,
): Explanation['because'] {
  if (g.wish[i] === 'met') return 'wish'
  if (reach === 'duty' || reach === 'default') return reach
  const { pairs, colleagues } = g.table
  if (levelOf(pairs[i * colleagues.length + g.to[i]!]!) < FULL) return 'continuity'
  if (candidates === 1) return 'only_one'
  if (!better) return 'score'
  const { customers, capacity } = colleagues[better.j]!
  return customers + g.count[better.j]! >= capacity ? 'capacity' : 'spread'
}

function matchesOf({ customers, colleagues }: Table, i: number, j: number, wished: boolean): Match[] {
  const customer = customers[i]!
  const c = colleagues[j]!
  const has = (asked: string | null, list: readonly string[]) => asked !== null && list.includes(asked)
  const found: Match[] = []
  if (wished) found.push('asked_for')
  if (customer.knows.includes(c.id)) found.push('knows')
  if (has(customer.region, c.regions)) found.push('region')
  if (has(customer.industry, c.industries)) found.push('industry')
  if (has(customer.language, c.languages)) found.push('language')
  if (!customer.unscored && (customer.fit[c.id] ?? 0) > 0.5) found.push('preference')
  if (c.customers < c.capacity) found.push('room')
  return found
}

/** Those whom a filter would let take the customer, but who are full: that is then what took them away. */
function withoutRoom(g: Given, i: number, { could }: Look): Readonly<Partial<Record<Hurdle, number>>> {
  const { pairs, colleagues } = g.table
  const removed = removedFor(g.table, i)
  let full = 0
  for (let j = 0, at = i * colleagues.length; j < colleagues.length; j++, at++)
    if (pairs[at]! >= 0 && levelOf(pairs[at]!) <= FULL) {
      could[j]!++
      full++
    }
  return full ? { ...removed, capacity: (removed.capacity ?? 0) + full } : removed
}

function talliesOf(g: Given, { could, runnerUp }: Look, only: ReadonlySet<string> | null): Map<string, Tally> {
  const { colleagues, customers, profiles, profile, at } = g.table
  const removed = colleagues.map((): Partial<Record<Hurdle, number>> => ({}))
  const count = (j: number, hurdle: Hurdle, by: number) => {
    removed[j]![hurdle] = (removed[j]![hurdle] ?? 0) + by
    if (!removed[j]![hurdle]) delete removed[j]![hurdle]
  }
  const size = new Int32Array(profiles.length)
  const got = new Int32Array(colleagues.length)
  customers.forEach(({ handover }, i) => {
    if (only && !only.has(handover)) return
    size[profile[i]!]!++
    if (g.to[i] !== NONE) got[g.to[i]!]!++
  })
  profiles.forEach(({ hurdles }, p) => hurdles.forEach(([first], j) => first && count(j, first, size[p]!)))
  customers.forEach(({ handover, not }, i) => {
    if (only && !only.has(handover)) return
    for (const id in not) {
      const j = at.get(id)
      if (j === undefined) continue
      const [before] = profiles[profile[i]!]!.hurdles[j]!
      if (before) count(j, before, -1)
      count(j, firstOf(not[id]!, before), 1)
    }
  })
  return new Map(
    colleagues.map((c, j) => [
      c.id,
      { could: could[j]!, removed: removed[j]!, given: got[j]!, runnerUp: runnerUp[j]! },
    ]),
  )
}

/** What was made as large as it can be: each customer's points, and for each further one what is then left of the room. */
export function totalOf({ table, to, count }: Given): number {
  let points = 0
  to.forEach((j, i) => {
    if (j !== NONE) points += fixedPoints(table.rules, fixedFor(table, i, j))
  })
  table.colleagues.forEach((c, j) => {
    for (let nth = 1; nth <= count[j]!; nth++) points += roomPoints(table.rules, c, nth)
  })
  return points / PLACES
}
