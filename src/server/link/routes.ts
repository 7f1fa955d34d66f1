import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { getLink, getLinkDetail, linkOf, tryAgain, type Heard } from '../../shared/link'
import { mirrorFreshness } from '../db/freshness'
import type { Db } from '../db/open'
import { createLimit } from '../lib/limit'
import { serve, type House } from '../lib/serve'
import { wecomHealth } from '../wecom/health'
import { eventCounts } from '../wecom/events'

const TRIES_A_MINUTE = 3

/** How the line to WeCom stands, and trying again at once. Numbers and names of APIs only: nobody is looked at. */
export function link(house: House): void {
  const { db, now, wake } = house.deps
  const mayTry = createLimit(TRIES_A_MINUTE, now)

  serve(house, getLink, async () => shown(db, await heardOf(db), now()))

  serve(house, getLinkDetail, async () => {
    const heard = await heardOf(db)
    const at = now()
    const { open, unknown } = await eventCounts(db)
    return {
      ...(await shown(db, heard, at)),
      troubles: heard
        .filter((h) => (h.failedAt ?? '') > (h.answeredAt ?? '') || (h.blockedUntil ?? '') > at.toISOString())
        .map(({ api, failedAt, errcode, blockedUntil }) => ({ api, failedAt, errcode, blockedUntil })),
      events: { open, unknown: unknown.map(({ event, change, n }) => ({ event, change, count: n })) },
    }
  })

  serve(house, tryAgain, () => {
    // Of everybody together: WeCom's limits are the company's.
    const seconds = mayTry('all')
    if (seconds) throw new Failure('limited', { seconds })
    for (const job of ['events', 'departures', 'transfers', 'groups', 'restore', 'letters'] as const) wake(job)
    return Promise.resolve(OK)
  })
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null
const newest = (times: readonly (string | null)[]): string | null =>
  times.reduce((a, b) => ((b ?? '') > (a ?? '') ? b : a), null)

const heardOf = async (db: Db): Promise<Heard[]> =>
  (await wecomHealth(db)).map((h) => ({
    api: h.api,
    answeredAt: iso(h.answeredAt),
    failedAt: iso(h.failedAt),
    errcode: h.errcode,
    blockedUntil: iso(h.blockedUntil),
  }))

async function shown(db: Db, heard: readonly Heard[], now: Date) {
  const blocked = newest(heard.map((h) => h.blockedUntil))
  return {
    ...linkOf(heard, now),
    goodAt: newest(heard.map((h) => h.answeredAt)),
    blockedUntil: blocked && blocked > now.toISOString() ? blocked : null,
    mirrorAt: (await mirrorFreshness(db, now)).at,
  }
}
