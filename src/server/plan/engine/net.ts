/**
 * An assignment as a network: customers in bins, bins lead through numbered places to one drain. A colleague is a bin; with a
 * cap on customers of a top tier it is two, one inside the other; and whom nobody takes is in the last.
 */
export interface Net {
  colleagues: number
  /** Customer × colleague: (value << 3) | level, or -1 where a filter stands between them. */
  pairs: Int32Array
  /** What a level costs, in the unit of values. */
  levels: Float64Array
  /** Places a colleague has; and how many of them for customers of a top tier. */
  places: Int32Array
  topPlaces: Int32Array | null
  top: Uint8Array
  /** What the nth place of somebody costs: never less than the one before. */
  placeCost: (colleague: number, nth: number) => number
  /** What it costs that a customer goes to nobody: more than any exchange could bring. */
  nobody: number
}

/** A solution that is being mended: `price` says what a customer more would cost there. */
export interface Flow {
  net: Net
  /** The customers of this run, and how many each of them stands for. */
  ids: Int32Array
  stride: number
  nodes: number
  nobody: number
  drain: number
  price: Float64Array
  /** Where each customer is, as a list for each bin. */
  bin: Int32Array
  next: Int32Array
  previous: Int32Array
  head: Int32Array
  /** Units a bin passes on, and how many it may. */
  out: Int32Array
  most: Int32Array
  excess: Int32Array
  /** For two bins the customer whose move costs least, and the cost. */
  cheapest: Int32Array
  step: Float64Array
}

export const NONE = -1
export const STALE = -2

export const bins = (net: Net): number => net.colleagues * (net.topPlaces ? 2 : 1) + 1

export function newFlow(net: Net, ids: Int32Array, stride: number, price: Float64Array): Flow {
  const nobody = bins(net) - 1
  const nodes = nobody + 2
  const most = new Int32Array(nodes)
  for (let j = 0; j < net.colleagues; j++) {
    most[j] = Math.ceil(net.places[j]! / stride)
    if (net.topPlaces) most[j + net.colleagues] = Math.ceil(net.topPlaces[j]! / stride)
  }
  most[nobody] = ids.length
  return {
    net,
    ids,
    stride,
    nodes,
    nobody,
    drain: nobody + 1,
    price,
    bin: new Int32Array(ids.length),
    next: new Int32Array(ids.length),
    previous: new Int32Array(ids.length),
    head: new Int32Array(nodes).fill(NONE),
    out: new Int32Array(nodes),
    most,
    excess: new Int32Array(nodes),
    cheapest: new Int32Array(nodes * nodes).fill(NONE),
    step: new Float64Array(nodes * nodes).fill(Infinity),
  }
}

/** The first bin of a customer's kind; the colleague of a bin is what is over it. */
export const baseOf = ({ net, ids }: Flow, at: number): number =>
  net.topPlaces && net.top[ids[at]!] ? net.colleagues : 0

export const parentOf = ({ net, nobody, drain }: Flow, bin: number): number =>
  bin >= net.colleagues && bin < nobody ? bin - net.colleagues : drain

/** What the nth unit costs that a bin passes on. */
export function outCost({ net, nobody, stride }: Flow, bin: number, nth: number): number {
  if (bin === nobody) return net.nobody
  return bin < net.colleagues ? net.placeCost(bin, Math.min(nth * stride, net.places[bin]!)) : 0
}

/** What a customer is worth in a bin of their kind; -Infinity where a filter stands between. */
export function worth(net: Net, customer: number, colleague: number): number {
  const pair = net.pairs[customer * net.colleagues + colleague]!
  return pair < 0 ? -Infinity : (pair >> 3) - net.levels[pair & 7]!
}

export const worthIn = (f: Flow, at: number, bin: number): number =>
  bin === f.nobody ? 0 : worth(f.net, f.ids[at]!, bin - baseOf(f, at))

/** Takes a customer out of a bin: moves that went by them must be looked up anew, and cost no less than before. */
export function takeOut(f: Flow, at: number): void {
  const from = f.bin[at]!
  const [before, after] = [f.previous[at]!, f.next[at]!]
  if (before === NONE) f.head[from] = after
  else f.next[before] = after
  if (after !== NONE) f.previous[after] = before
  const row = from * f.nodes
  for (let to = 0; to <= f.nobody; to++) if (f.cheapest[row + to] === at) f.cheapest[row + to] = STALE
}

export function putIn(f: Flow, at: number, bin: number): void {
  const first = f.head[bin]!
  f.bin[at] = bin
  f.previous[at] = NONE
  f.next[at] = first
  if (first !== NONE) f.previous[first] = at
  f.head[bin] = at
  offerMoves(f, at)
}

/** This customer may be the one whose move from their bin costs least. */
function offerMoves(f: Flow, at: number): void {
  const { net, nodes, nobody, cheapest, step } = f
  const from = f.bin[at]!
  const here = worthIn(f, at, from)
  const base = baseOf(f, at)
  const customer = f.ids[at]!
  const row = from * nodes
  for (let j = 0; j <= net.colleagues; j++) {
    const to = j === net.colleagues ? nobody : base + j
    if (to === from) continue
    const cost = here - (to === nobody ? 0 : worth(net, customer, j))
    if (cost < step[row + to]!) {
      step[row + to] = cost
      cheapest[row + to] = at
    }
  }
}

/** Looks up the cheapest moves from a bin to these. What was known of them until now is the least that they can cost. */
export function refresh(f: Flow, from: number, stale: readonly number[]): void {
  const { net, nodes, nobody, cheapest, step } = f
  const row = from * nodes
  for (const to of stale) {
    cheapest[row + to] = NONE
    step[row + to] = Infinity
  }
  for (let at = f.head[from]!; at !== NONE; at = f.next[at]!) {
    const here = worthIn(f, at, from)
    const base = baseOf(f, at)
    for (const to of stale) {
      if (to !== nobody && (to < base || to >= base + net.colleagues)) continue
      const cost = here - worthIn(f, at, to)
      if (cost < step[row + to]!) {
        step[row + to] = cost
        cheapest[row + to] = at
      }
    }
  }
}
