/**
 * Counts per minute and key, in the memory of this process: enough to make guessing, scraping and flooding pointless. What
 * must hold exactly, or over several processes, stands in the database (budgets, approvals). Everything is forgotten with
 * the minute, so it cannot grow without end.
 */
export type Limit = (key: string) => number

/** The limit answers 0, or for how many seconds the key has to wait. */
export function createLimit(perMinute: number, now: () => Date): Limit {
  let minute = 0
  let counts = new Map<string, number>()
  return (key) => {
    const at = now().getTime()
    const current = Math.floor(at / 60_000)
    if (current !== minute) {
      minute = current
      counts = new Map()
    }
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return count <= perMinute ? 0 : Math.max(1, Math.ceil(((current + 1) * 60_000 - at) / 1000))
  }
}
