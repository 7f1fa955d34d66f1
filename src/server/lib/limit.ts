/**
 * Counts per minute and key, in memory: enough to make guessing and flooding pointless from one address; what must hold
 * under attack stands in the database. Everything is forgotten with the minute, so it cannot grow without end.
 */
export function createLimit(perMinute: number, now: () => Date): (key: string) => boolean {
  let minute = 0
  let counts = new Map<string, number>()
  return (key) => {
    const current = Math.floor(now().getTime() / 60_000)
    if (current !== minute) {
      minute = current
      counts = new Map()
    }
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return count <= perMinute
  }
}
