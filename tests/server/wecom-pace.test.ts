import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { userGet } from '../../src/server/wecom/apis'
import { createWeCom } from '../../src/server/wecom/client'
import { block, fresh, take, type Pace } from '../../src/server/wecom/pace'
import { sharedHere } from '../../src/server/wecom/shared-rows'

const MINUTE = 60_000
const HOUR = 3_600_000
/** How many runs; the figures of the quality plan are reached with RUNS=1000. */
const RUNS = Number(process.env['RUNS'] ?? 30)

/** Most calls in any window of this length; the times in order. */
function most(times: readonly number[], windowMs: number): number {
  let [from, best] = [0, 0]
  times.forEach((at, i) => {
    while (times[from]! <= at - windowMs) from++
    best = Math.max(best, i - from + 1)
  })
  return best
}

describe('the allowance of an API (Q16)', () => {
  it('is never above 80 % in any sliding minute or hour, however calls come and however many processes save permits', () => {
    const burst = fc.record({
      wait: fc.oneof(fc.nat({ max: 3000 }), fc.nat({ max: 20 * MINUTE })),
      lots: fc.integer({ min: 1, max: 400 }),
      /** A permit may be used as late as this. */
      late: fc.nat({ max: 2000 }),
      unused: fc.nat({ max: 100 }),
    })
    fc.assert(
      fc.property(fc.array(burst, { minLength: 5, maxLength: 60 }), (bursts) => {
        let pace: Pace = fresh
        let now = 1.8e12
        let spare = 0
        const used: number[] = []
        for (const { wait, lots, late, unused } of bursts) {
          now += wait
          for (let i = 0; i < lots; i++) {
            const taken = take(pace, { want: 100, unused: spare, now })
            pace = taken.pace
            spare = Math.min(unused, taken.granted)
            for (let n = spare; n < taken.granted; n++) used.push(now + late)
            if (!taken.granted) now = taken.until
          }
        }
        used.sort((a, b) => a - b)
        expect(most(used, MINUTE)).toBeLessThanOrEqual(8000)
        expect(most(used, HOUR)).toBeLessThanOrEqual(120_000)
      }),
      { numRuns: RUNS },
    )
  }, 120_000)

  it('is not throttled below it either: ninety a second for an hour’s burst, then sixteen', () => {
    let pace: Pace = fresh
    let [now, calls] = [1.8e12, 0]
    const began = now
    while (now < began + HOUR) {
      const taken = take(pace, { want: 100, unused: 0, now })
      pace = taken.pace
      calls += taken.granted
      if (!taken.granted) now = taken.until
    }
    expect(calls).toBeGreaterThan(0.97 * 120_000)
  })

  it('is closed for a minute by 45009, for an hour when its own hour is spent or the minute did not help', () => {
    const now = 1.8e12
    const once = block(fresh, now)
    expect(once.blockedUntil).toBe(now + MINUTE)
    // What was under way then comes back with the same code and prolongs nothing.
    expect(block(once, now + 5000)).toEqual(once)
    expect(take(once, { want: 10, unused: 0, now: now + 59_999 })).toMatchObject({ granted: 0, until: now + MINUTE })
    const probe = take(once, { want: 10, unused: 0, now: now + MINUTE })
    expect(probe).toMatchObject({ granted: 1, pace: { probing: true } })
    expect(take(probe.pace, { want: 10, unused: 0, now: now + MINUTE + 10 }).granted).toBe(0)
    expect(block(probe.pace, now + MINUTE + 50).blockedUntil).toBe(now + MINUTE + 50 + HOUR)
    expect(block({ ...fresh, hour: now + HOUR }, now).blockedUntil).toBe(now + HOUR)
  })
})

/** Sleepers wake in the order of their time, as on a clock; whoever is awake works first. */
function virtualTime() {
  const sleepers: { at: number; wake: () => void }[] = []
  const time = { now: 1.8e12 }
  return {
    now: () => time.now,
    sleep: (ms: number) => new Promise<void>((wake) => void sleepers.push({ at: time.now + ms, wake })),
    async run(until: Promise<unknown>): Promise<void> {
      let over = false
      void until.finally(() => (over = true)).catch(() => undefined)
      while (!over) {
        await new Promise((done) => setImmediate(done))
        if (over || !sleepers.length) continue
        sleepers.sort((a, b) => a.at - b.at)
        const next = sleepers.shift()!
        time.now = Math.max(time.now, next.at)
        next.wake()
      }
    },
  }
}

describe('a backlog of ten thousand (Q16)', () => {
  /** Three processes with one allowance, and a WeCom that takes 10 ms and is closed when the test says so. */
  async function drain(options: {
    calls: number
    patience: number
    closes?: (n: number) => boolean
    blockMs?: number
  }) {
    const { now, sleep, run } = virtualTime()
    const shared = sharedHere()
    const times: number[] = []
    const inside: number[] = []
    let blockedUntil = 0
    const fetch = async (request: Request) => {
      if (request.url.includes('gettoken')) return Response.json({ errcode: 0, access_token: 't', expires_in: 7200 })
      await sleep(10)
      times.push(now())
      if (now() < blockedUntil) inside.push(now())
      if (options.closes?.(times.length)) blockedUntil = now() + (options.blockMs ?? MINUTE)
      return Response.json(now() < blockedUntil ? { errcode: 45009 } : { errcode: 0, userid: 'lisi' })
    }
    const clients = [1, 2, 3].map(() =>
      createWeCom({
        ...{ apiUrl: 'https://wecom.test', corpId: 'ww1', secret: 's', now, sleep, fetch, shared },
        log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
      }),
    )
    const began = now()
    const all = Promise.allSettled(
      Array.from({ length: options.calls }, (_, i) =>
        clients[i % 3]!.ask(userGet, { userid: 'lisi' }, { patience: options.patience }),
      ),
    )
    await run(all)
    const failed = (await all).flatMap((r) => (r.status === 'rejected' ? [r.reason as Error] : []))
    return { times, inside, failed, took: now() - began }
  }

  it('drains through three processes under the limit, and nobody is refused', async () => {
    const { times, failed, took } = await drain({ calls: 10_000, patience: 10 * MINUTE })
    expect(failed).toEqual([])
    expect(times).toHaveLength(10_000)
    expect(most(times, MINUTE)).toBeLessThanOrEqual(8000)
    expect(took).toBeLessThan(3 * MINUTE)
  }, 120_000)

  it('waits out a block: only what was under way then is answered in it, and everything drains after', async () => {
    const { times, inside, failed } = await drain({ calls: 2000, patience: 10 * MINUTE, closes: (n) => n === 500 })
    expect(failed).toEqual([])
    // Five in flight in each of three processes.
    expect(inside.length).toBeLessThanOrEqual(14)
    expect(Math.max(...inside) - times[499]!).toBeLessThanOrEqual(10)
    expect(times).toHaveLength(2000 + 1 + inside.length)
  }, 120_000)

  it('that meets a block of an hour ends in an answer with the time, at once for whoever has no patience', async () => {
    const { times, failed } = await drain({
      ...{ calls: 300, patience: 70_000, closes: (n: number) => n === 100, blockMs: HOUR },
    })
    expect(failed.length).toBeGreaterThan(180)
    for (const error of failed) expect(error).toMatchObject({ errcode: 45009, kind: 'retry' })
    // One call asked after the minute, and was told that it is the hour.
    expect(times.filter((at) => at > times[99]! + 1000)).toHaveLength(1)
  }, 120_000)
})
