/** At most `width` pieces of work per name at once; the rest wait in order (facts 1.3: five in flight per API). */
export function lanes(width: number) {
  const waiting = new Map<string, (() => void)[]>()
  const busy = new Map<string, number>()
  return async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const running = busy.get(name) ?? 0
    if (running >= width) await new Promise<void>((go) => void waiting.set(name, [...(waiting.get(name) ?? []), go]))
    else busy.set(name, running + 1)
    try {
      return await work()
    } finally {
      const next = waiting.get(name)?.shift()
      if (next) next()
      else busy.set(name, (busy.get(name) ?? 1) - 1)
    }
  }
}
