import type { Allocation, Colleague, Hurdle, Passing, Rules } from '../../../shared/allocation'
import { assign } from './assign'
import { explainAll, totalOf } from './explain'
import { hasRoom, type Given } from './given'
import { bins, NONE, type Net } from './net'
import { fixedPoints, roomPoints } from './score'
import { stopsWish } from './sieve'
import { fixedFor, FULL, ONE, tableOf, TIE_BITS, type Table } from './table'

/**
 * Who takes over whom (compliance 7.1): whom customers asked for by name first; then all the others at once, so that as many as
 * possible get somebody, as near to all filters as possible, and the scores add up to the most there is.
 */
export function allocate(
  passing: readonly Passing[],
  staff: readonly Colleague[],
  rules: Rules,
  now: Date,
): Allocation {
  return allocateParts([passing], staff, rules, now)[0]!
}

/**
 * Several lists of customers, of one leaver each, as one assignment: nobody gets more than there is room for over all of them. What is
 * said of each list is about its own customers; `total` is that of the whole.
 */
export function allocateParts(
  parts: readonly (readonly Passing[])[],
  staff: readonly Colleague[],
  rules: Rules,
  now: Date,
): Allocation[] {
  const inputsAt = now.toISOString()
  const given = begin(tableOf(parts.flat(), staff, rules, inputsAt.slice(0, 10)))
  giveRest(given)
  const total = totalOf(given)
  const only = (part: readonly Passing[]) => (parts.length > 1 ? new Set(part.map((p) => p.handover)) : null)
  return parts.map((part) => ({ ...explainAll(given, inputsAt, only(part)), total }))
}

/** Top tiers count only while an assessment allows to look at them (T-44). */
const TOP = new Set<string | null>(['S', 'A'])

/** Whom customers asked for is given already. */
export function begin(table: Table): Given {
  const { customers, colleagues, rules } = table
  const topCap = rules.useTier ? rules.topTierCap : null
  const most = Math.min(rules.cap ?? Infinity, customers.length)
  const topsLeft = ({ topTier }: Colleague) => Math.max(0, (topCap ?? 0) - topTier)
  const given: Given = {
    table,
    places: Int32Array.from(colleagues, (c) => Math.max(0, Math.min(c.capacity - c.customers, most))),
    topPlaces: topCap === null ? null : Int32Array.from(colleagues, topsLeft),
    top: Uint8Array.from(customers, ({ tier }) => Number(topCap !== null && TOP.has(tier))),
    to: new Int32Array(customers.length).fill(NONE),
    wish: customers.map(() => null),
    count: new Int32Array(colleagues.length),
    topCount: new Int32Array(colleagues.length),
  }
  giveWishes(given)
  return given
}

function give(g: Given, i: number, j: number): void {
  g.to[i] = j
  g.count[j]!++
  g.topCount[j]! += g.top[i]!
}

/** If more ask for somebody than there is room, those whom they suit best. */
function giveWishes(g: Given): void {
  const { table } = g
  const asking: { i: number; j: number; points: number }[] = []
  table.customers.forEach((customer, i) => {
    if (customer.wants === null) return
    const j = table.at.get(customer.wants)
    g.wish[i] = j === undefined ? 'not_considered' : againstWish(table, i, j)
    if (j !== undefined && g.wish[i] === null)
      asking.push({ i, j, points: fixedPoints(table.rules, fixedFor(table, i, j)) })
  })
  for (const { i, j } of asking.sort((a, b) => b.points - a.points || a.i - b.i)) {
    g.wish[i] = hasRoom(g, i, j) ? 'met' : 'capacity'
    if (g.wish[i] === 'met') give(g, i, j)
  }
}

function againstWish({ customers, profiles, profile }: Table, i: number, j: number): Hurdle | null {
  const customer = customers[i]!
  return customer.not[customer.wants ?? ''] ?? stopsWish(profiles[profile[i]!]!.hurdles[j]!)
}

export const left = ({ to }: Given): Int32Array => Int32Array.from(to.keys()).filter((i) => to[i] === NONE)

function giveRest(g: Given): void {
  const ids = left(g)
  assign(netOf(g), ids).to.forEach((j, n) => {
    if (j !== NONE) give(g, ids[n]!, j)
  })
}

/** A score is at most ONE, and so is any difference of two: what must weigh more than every score costs two of them. */
const MORE = 2 * ONE

/**
 * In the order of weight: that a customer gets somebody; how near to all filters; how even, if the rules want that; the score.
 * Each place costs what it takes of somebody's room.
 */
export function netOf({ table, places, topPlaces, top, count, topCount }: Given): Net {
  const { rules, colleagues, pairs, reaches } = table
  const even = rules.even ? MORE : 0
  const steepest = even * (Math.max(0, ...places) + 1) + MORE
  const levels = Float64Array.from({ length: FULL + reaches.length }, (_, level) => level * steepest)
  const taken = Int32Array.from(count)
  const net = {
    colleagues: colleagues.length,
    pairs,
    levels,
    places: places.map((most, j) => most - taken[j]!),
    topPlaces: topPlaces && topPlaces.map((most, j) => Math.max(0, most - topCount[j]!)),
    top,
    placeCost: (j: number, nth: number) => {
      const more = taken[j]! + nth
      return even * more - roomPoints(rules, colleagues[j]!, more) * (1 << TIE_BITS)
    },
    nobody: 0,
  }
  // A chain of moves passes every bin once at most, so that no chain could cost as much. Beyond 2^52 sums would be rounded.
  return { ...net, nobody: Math.min(2 ** 52, (bins(net) + 1) * (levels.length + 1) * steepest) }
}
