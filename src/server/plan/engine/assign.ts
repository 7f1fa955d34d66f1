import {
  baseOf,
  bins,
  newFlow,
  NONE,
  outCost,
  parentOf,
  putIn,
  refresh,
  STALE,
  takeOut,
  worth,
  type Flow,
  type Net,
} from './net'

/**
 * The assignment of greatest worth, exactly: a transportation problem with few sinks. Prices learned from every 64th and every
 * 8th customer put nearly all where they belong; what is too much or too little there is mended by shortest paths over the
 * colleagues, each a chain of moves (Ahuja, Magnanti, Orlin, Network Flows, 9.7). All numbers are whole, so nothing depends on
 * rounding; `ids` in the same order, the same answer.
 */
export function assign(net: Net, ids: Int32Array): Int32Array {
  let price = firstPrices(net)
  let stride = 1
  while (ids.length / (stride * SMALLER) >= ENOUGH) stride *= SMALLER
  for (; stride > 1; stride /= SMALLER) price = settle(net, every(ids, stride), stride, price).price
  const done = settle(net, ids, 1, price)
  return done.bin.map((bin, at) => (bin === done.nobody ? NONE : bin - baseOf(done, at)))
}

const SMALLER = 8
const ENOUGH = 1000

const every = (ids: Int32Array, stride: number): Int32Array =>
  Int32Array.from({ length: Math.floor(ids.length / stride) }, (_, n) => ids[n * stride]!)

/** Nobody has got anything, and going to nobody is as dear as it is. */
function firstPrices(net: Net): Float64Array {
  const price = new Float64Array(bins(net) + 1)
  for (let j = 0; j < net.colleagues; j++) {
    price[j] = net.places[j] ? net.placeCost(j, 1) : 2 * net.nobody
    if (net.topPlaces) price[j + net.colleagues] = net.topPlaces[j] ? price[j]! : 2 * net.nobody
  }
  price[bins(net) - 1] = net.nobody
  return price
}

function settle(net: Net, ids: Int32Array, stride: number, price: Float64Array): Flow {
  const f = newFlow(net, ids, stride, price)
  const held = placeByPrice(f)
  openPlaces(f, held)
  const search = newSearch(f)
  while (find(f, search)) followAll(f, search)
  return f
}

/** Everybody where they are worth most after the price; of equals where most is still wanted. */
function placeByPrice(f: Flow): Int32Array {
  const { net, price, nobody } = f
  const held = new Int32Array(f.nodes)
  const wanted = Int32Array.from({ length: f.nodes }, (_, bin) => (bin <= nobody ? mostAt(f, bin, true) : 0))
  for (let at = 0; at < f.ids.length; at++) {
    const base = baseOf(f, at)
    let best = nobody
    let most = -price[nobody]!
    for (let j = 0; j < net.colleagues; j++) {
      const bin = base + j
      const left = worth(net, f.ids[at]!, j) - price[bin]!
      if (left < most || (left === most && wanted[bin]! - held[bin]! <= wanted[best]! - held[best]!)) continue
      best = bin
      most = left
    }
    held[best]!++
    putIn(f, at, best)
  }
  return held
}

/** How many units are worth passing on at these prices: those that cost less, or (`even`) that cost as much. */
function mostAt(f: Flow, bin: number, even: boolean): number {
  const worthIt = f.price[bin]! - f.price[parentOf(f, bin)]!
  let [low, high] = [0, f.most[bin]!]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    const cost = outCost(f, bin, middle)
    if (cost < worthIt || (even && cost === worthIt)) low = middle
    else high = middle - 1
  }
  return low
}

/** As many as are there, if the prices allow it; what differs is too much here, or too little. Inner bins come first. */
function openPlaces(f: Flow, held: Int32Array): void {
  f.excess.set(held)
  f.excess[f.drain] = -f.ids.length
  for (let bin = f.nobody; bin >= 0; bin--) {
    const units = Math.min(Math.max(f.excess[bin]!, mostAt(f, bin, false)), mostAt(f, bin, true))
    f.out[bin] = units
    f.excess[bin]! -= units
    f.excess[parentOf(f, bin)]! += units
  }
}

interface Search {
  distance: Float64Array
  via: Int32Array
  seen: Uint8Array
  used: Uint8Array
  /** Where there is too little, nearest first. */
  ends: number[]
}

const newSearch = (f: Flow): Search => ({
  distance: new Float64Array(f.nodes),
  via: new Int32Array(f.nodes),
  seen: new Uint8Array(f.nodes),
  used: new Uint8Array(f.nodes),
  ends: [],
})

/** The cheapest chains of moves from where there is too much to where there is too little (Dijkstra); then the prices follow. */
function find(f: Flow, s: Search): boolean {
  s.seen.fill(0)
  s.used.fill(0)
  s.ends = []
  let missing = 0
  for (let node = 0; node < f.nodes; node++) {
    s.distance[node] = f.excess[node]! > 0 ? 0 : Infinity
    s.via[node] = NONE
    if (f.excess[node]! < 0) missing++
  }
  let last = NONE
  for (let node = nearest(s); node !== NONE && missing; node = nearest(s)) {
    s.seen[node] = 1
    if (f.excess[node]! < 0) {
      s.ends.push((last = node))
      missing--
    }
    spread(f, s, node)
  }
  if (last === NONE) return false
  const farthest = s.distance[last]!
  for (let node = 0; node < f.nodes; node++) f.price[node]! -= Math.min(s.distance[node]!, farthest)
  return true
}

function nearest({ distance, seen }: Search): number {
  let best = NONE
  let least = Infinity
  for (let node = 0; node < distance.length; node++)
    if (!seen[node] && distance[node]! < least) {
      least = distance[node]!
      best = node
    }
  return best
}

function spread(f: Flow, s: Search, node: number): void {
  if (node === f.drain) return spreadFromDrain(f, s)
  const { net, out, price } = f
  const from = s.distance[node]! - price[node]!
  if (out[node]! < f.most[node]!) {
    const parent = parentOf(f, node)
    reach(s, node, parent, from + outCost(f, node, out[node]! + 1) + price[parent]!)
  }
  const inner = node + net.colleagues
  if (net.topPlaces && node < net.colleagues && out[inner]! > 0) reach(s, node, inner, from + price[inner]!)
  spreadMoves(f, s, node, from)
}

function reach(s: Search, from: number, to: number, distance: number): void {
  if (distance >= s.distance[to]!) return
  s.distance[to] = distance
  s.via[to] = from
}

function spreadFromDrain(f: Flow, s: Search): void {
  const { drain, out, price } = f
  const from = s.distance[drain]! - price[drain]!
  for (let bin = 0; bin <= f.nobody; bin++)
    if (out[bin]! > 0 && parentOf(f, bin) === drain)
      reach(s, drain, bin, from - outCost(f, bin, out[bin]!) + price[bin]!)
}

/** Only moves that would shorten a way are looked up. */
function spreadMoves(f: Flow, s: Search, node: number, from: number): void {
  const { nobody, cheapest, step, price } = f
  const { distance, via } = s
  const row = node * f.nodes
  const stale: number[] = []
  for (let to = 0; to <= nobody; to++) {
    const way = from + step[row + to]! + price[to]!
    if (way >= distance[to]!) continue
    if (cheapest[row + to] === STALE) stale.push(to)
    else {
      distance[to] = way
      via[to] = node
    }
  }
  if (!stale.length) return
  refresh(f, node, stale)
  for (const to of stale) reach(s, node, to, from + step[row + to]! + price[to]!)
}

/** One unit along each chain, as long as no two share a step. */
function followAll(f: Flow, s: Search): void {
  for (const end of s.ends) if (isFree(f, s, end)) follow(f, s, end)
}

function isFree(f: Flow, { via, used }: Search, end: number): boolean {
  let to = end
  for (let from = via[to]!; from !== NONE; to = from, from = via[to]!)
    if (used[to] || (isMove(f, from, to) && f.cheapest[from * f.nodes + to] === STALE)) return false
  return f.excess[to]! > 0
}

const isMove = (f: Flow, from: number, to: number): boolean =>
  from !== f.drain && to !== parentOf(f, from) && (to === f.nobody || from !== parentOf(f, to))

/** From its end back: all arcs of the chain cost nothing at the new prices. */
function follow(f: Flow, { via, used }: Search, end: number): void {
  let to = end
  f.excess[to]!++
  for (let from = via[to]!; from !== NONE; to = from, from = via[to]!) {
    used[to] = 1
    if (isMove(f, from, to)) {
      const at = f.cheapest[from * f.nodes + to]!
      takeOut(f, at)
      putIn(f, at, to)
    } else if (from === f.drain || from === parentOf(f, to)) f.out[to]!--
    else f.out[from]!++
  }
  f.excess[to]!--
}
