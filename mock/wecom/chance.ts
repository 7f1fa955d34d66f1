/** Seeded chance (mulberry32): the same seed brings the same faults. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** In an order that only the chance knows. */
export function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const left = [...list]
  const out: T[] = []
  while (left.length) out.push(...left.splice(Math.floor(random() * left.length), 1))
  return out
}
