/** Seeded chance (mulberry32): the same seed tells the same story, on every machine. */
export interface Chance {
  /** 0 ≤ n < limit */
  below(limit: number): number
  pick<T>(from: readonly T[]): T
  /** `n` different ones, in their own order */
  some<T>(from: readonly T[], n: number): T[]
  /** true in `percent` of 100 cases */
  odds(percent: number): boolean
}

export function chance(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    odds: (percent) => next() * 100 < percent,
    pick: (from) => {
      const one = from[below(from.length)]
      if (one === undefined) throw new Error('nothing to pick from')
      return one
    },
    some: (from, n) => {
      const chosen = new Set<number>()
      while (chosen.size < Math.min(n, from.length)) chosen.add(below(from.length))
      return from.filter((_, i) => chosen.has(i))
    },
  }
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Ids as WeCom gives them: two letters for the kind, then 30 that mean nothing (facts 3). */
export function wecomId(kind: 'wm' | 'wo' | 'wr' | 'et', n: number): string {
  const { below } = chance(n * 7919 + kind.charCodeAt(1))
  let id = `${kind}Jb0CAAAA`
  while (id.length < 32) id += LETTERS[below(LETTERS.length)]
  return id
}
