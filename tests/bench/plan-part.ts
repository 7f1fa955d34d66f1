import { allocate, begin, left, netOf } from '../../src/server/plan/engine/allocate'
import { assign } from '../../src/server/plan/engine/assign'
import { hasRoom, type Given } from '../../src/server/plan/engine/given'
import { worth, type Net } from '../../src/server/plan/engine/net'
import { fixedPoints, PLACES, roomPoints } from '../../src/server/plan/engine/score'
import { fixedFor, ONE, pointsOf, levelOf, tableOf } from '../../src/server/plan/engine/table'
import { bestFlow, weigh, worthOf } from '../support/best-flow'
import { crowded, plainRules } from '../support/crowded'

/** One size in a process of its own: the run, then a greedy pass and what bounds any run, over the same customers. */
export interface Measured {
  seconds: number
  cpuSeconds: number
  peakMB: number
  inputMB: number
  nobody: number
  total: number
  overGreedy: number
  overBound: number
  overExact: number | null
}

const NOW = new Date('2026-11-26T02:00:00Z')
const [customers, successors] = [Number(process.env['CUSTOMERS']), Number(process.env['SUCCESSORS'])]
const MB = 1024 * 1024

const { passing, staff } = crowded({ customers, successors, slack: 1.05, seed: 7 })
const rules = plainRules()
const rounds = customers > 10_000 ? 2 : 3
const inputMB = process.memoryUsage().rss / MB
let best: { seconds: number; cpuSeconds: number } | null = null
let allocation = allocate([], [], rules, NOW)
for (let n = 0; n < rounds; n++) {
  const [from, cpu] = [performance.now(), process.cpuUsage()]
  allocation = allocate(passing, staff, rules, NOW)
  const used = process.cpuUsage(cpu)
  const seconds = (performance.now() - from) / 1000
  const cpuSeconds = (used.user + used.system) / 1e6
  if (!best || cpuSeconds < best.cpuSeconds) best = { seconds, cpuSeconds }
}
const peakMB = process.resourceUsage().maxRSS / 1024

const given = begin(tableOf(passing, staff, rules, '2026-11-26'))
const [net, ids] = [netOf(given), left(given)]
const bound = boundOf(net, ids, assign(net, ids).price)
const ours = worthOfRun()
const exact = customers * successors <= 20_000 ? exactOver() : null
const overGreedy = allocation.total / greedy(given)
const measured: Measured = {
  ...best!,
  peakMB,
  inputMB,
  nobody: allocation.nobody.size,
  total: allocation.total,
  overGreedy,
  overBound: allocation.total / (allocation.total + Math.max(0, bound - ours) / ONE),
  overExact: exact,
}
process.send!(measured)

/** What was made as large as can be, of those without a wish, in the unit of the table. */
function worthOfRun(): number {
  const { to } = assign(net, ids)
  const count = new Int32Array(net.colleagues)
  let sum = 0
  to.forEach((j, n) => (sum += j < 0 ? -net.nobody : worth(net, ids[n]!, j) - net.placeCost(j, ++count[j]!)))
  return sum
}

/** Weak duality: whatever the prices, no assignment is worth more than this. */
function boundOf(n: Net, list: Int32Array, price: Float64Array): number {
  const drain = price.length - 1
  const dear = (j: number) => price[j]! - price[drain]!
  let sum = 0
  for (const i of list) {
    let most = -n.nobody
    for (let j = 0; j < n.colleagues; j++) most = Math.max(most, worth(n, i, j) - dear(j))
    sum += most
  }
  for (let j = 0; j < n.colleagues; j++)
    for (let nth = 1; nth <= n.places[j]!; nth++) sum += Math.max(0, dear(j) - n.placeCost(j, nth))
  return sum
}

/** Customer by customer, each to whoever is best at that moment. */
function greedy(g: Given): number {
  const { table } = g
  const { colleagues, pairs } = table
  for (const i of left(g)) {
    let chosen = -1
    let most = -Infinity
    for (let j = 0; j < colleagues.length; j++) {
      const pair = pairs[i * colleagues.length + j]!
      if (pair < 0 || !hasRoom(g, i, j)) continue
      const worthIt = pointsOf(pair) + roomPoints(rules, colleagues[j]!, g.count[j]! + 1) - 2 * PLACES * levelOf(pair)
      if (worthIt > most) [chosen, most] = [j, worthIt]
    }
    if (chosen < 0) continue
    g.to[i] = chosen
    g.count[chosen]!++
  }
  let points = 0
  g.to.forEach((j, i) => {
    if (j >= 0) points += fixedPoints(rules, fixedFor(table, i, j))
  })
  colleagues.forEach((c, j) => {
    for (let nth = 1; nth <= g.count[j]!; nth++) points += roomPoints(rules, c, nth)
  })
  return points / PLACES
}

/** Beside the min-cost flow that the tests write a second time. */
function exactOver(): number {
  const to = new Map([...allocation.given].map(([handover, { chosen }]) => [handover, chosen]))
  const wished = new Set(
    [...allocation.given].filter(([, why]) => why.because === 'wish').map(([handover]) => handover),
  )
  const taken = new Map<string, number>()
  for (const handover of wished) taken.set(to.get(handover)!, (taken.get(to.get(handover)!) ?? 0) + 1)
  const rest = passing.filter((p) => !wished.has(p.handover))
  const optimum = bestFlow(rest, staff, rules, taken, new Map(), passing.length)
  for (const handover of wished) optimum.set(handover, to.get(handover)!)
  const [a, b] = [worthOf(passing, staff, rules, to), worthOf(passing, staff, rules, optimum)]
  const gap = weigh(b, rules, passing.length) - weigh(a, rules, passing.length)
  return allocation.total / (allocation.total + Math.max(0, gap))
}
