interface Lane {
  running: number
  waiting: Set<() => void>
}

/** At most `width` pieces of work per name at once; the rest wait in order (facts 1.3: five in flight per API). */
export function lanes(width: number) {
  const all = new Map<string, Lane>()
  return async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const lane = all.get(name) ?? { running: 0, waiting: new Set() }
    all.set(name, lane)
    if (lane.running >= width) await new Promise<void>((go) => void lane.waiting.add(go))
    else lane.running++
    try {
      return await work()
    } finally {
      // A set keeps its order, and unlike an array it gives up its first at no cost when ten thousand wait.
      const [next] = lane.waiting
      if (next) {
        lane.waiting.delete(next)
        next()
      } else lane.running--
    }
  }
}
