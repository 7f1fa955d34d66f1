/** Virtual time: real time plus an offset, or standing still when frozen. Only ever moves forward. */
export interface Clock {
  /** ms */
  now(): number
  /** As on WeCom's wire. */
  seconds(): number
  moveTo(ms: number): void
  saved(): SavedClock
  /** Virtual time without the skew: what everybody else's clock shows. */
  true(): number
  /** From now on WeCom's clock goes so many ms before (or behind) everybody else's. */
  skew(ms: number): void
}

export interface SavedClock {
  offset: number
  stopped: number
}

export function createClock(options: { startAt?: number; frozen?: boolean; saved?: SavedClock }): Clock {
  const begin = options.startAt ?? Date.now()
  let { offset, stopped } = options.saved ?? { offset: begin - Date.now(), stopped: begin }
  let skew = 0
  const plain = () => (options.frozen ? stopped : Date.now() + offset)
  const now = () => plain() + skew
  return {
    now,
    seconds: () => Math.floor(now() / 1000),
    moveTo(ms) {
      const further = Math.max(0, ms - now())
      offset += further
      stopped += further
    },
    saved: () => ({ offset, stopped: plain() }),
    true: plain,
    skew: (ms) => void (skew = ms),
  }
}
