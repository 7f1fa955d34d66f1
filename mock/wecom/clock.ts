/** Virtual time: real time plus an offset, or standing still when frozen. Only ever moves forward. */
export interface Clock {
  /** ms */
  now(): number
  /** As on WeCom's wire. */
  seconds(): number
  moveTo(ms: number): void
  saved(): SavedClock
}

export interface SavedClock {
  offset: number
  stopped: number
}

export function createClock(options: { startAt?: number; frozen?: boolean; saved?: SavedClock }): Clock {
  const begin = options.startAt ?? Date.now()
  let { offset, stopped } = options.saved ?? { offset: begin - Date.now(), stopped: begin }
  const now = () => (options.frozen ? stopped : Date.now() + offset)
  return {
    now,
    seconds: () => Math.floor(now() / 1000),
    moveTo(ms) {
      offset += Math.max(0, ms - now())
      stopped = Math.max(stopped, ms)
    },
    saved: () => ({ offset, stopped: now() }),
  }
}
