import { getDeparture, listCandidates, listDepartures, listHandovers, listLeavers } from '../../shared/departure'
import { Failure } from '../../shared/failure'
import type { Check } from '../../shared/plan'
import { act } from '../db/act'
import { regionsOf } from '../db/fact-rows'
import { mirrorFreshness } from '../db/freshness'
import type { Tx } from '../db/open'
import { underWayOf } from '../db/underway'
import { instant, pageOf, placeOf, readPlace, word } from '../lib/listing'
import { reachOf } from '../lib/reach'
import { serve, type Caller, type House } from '../lib/serve'
import {
  candidatesFor,
  deletedBefore,
  departureById,
  departuresAfter,
  facetsOf,
  handoversAfter,
  planOf,
  type DepartureRow,
} from './list-rows'
import { announcement } from './announcement'
import { groupsOf } from './group-rows'
import { labelOfFacet, shownDeparture, shownHandover, shownLeaver, shownUnderWay } from './shown'

/** Who has left, and where each of their customers stands. Every look leaves its entry. */
export function departure(house: House): void {
  serve(house, listDepartures, ({ deps, caller, input }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const rows = await departuresAfter(tx, caller, readPlace(input.after, instant, word), input.limit + 1)
      const ids = rows.slice(0, input.limit).map((d) => d.id)
      const facets = await facetsOf(tx, ids, now)
      audit('look.list', 'departures', { departures: ids })
      const place = (d: DepartureRow) => placeOf(d.leftAt.toISOString(), d.id)
      const show = (d: DepartureRow) =>
        shownDeparture(
          d,
          facets.filter((f) => f.departureId === d.id),
          now,
        )
      return { ...pageOf(rows, input.limit, place, show), mirror: await mirrorFreshness(tx, now) }
    })
  })

  serve(house, listLeavers, ({ deps, caller, input }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const reader = reachOf(caller, 'hr', 'auditor')
      const rows = await departuresAfter(tx, reader, readPlace(input.after, instant, word), input.limit + 1)
      const place = (d: DepartureRow) => placeOf(d.leftAt.toISOString(), d.id)
      const found = pageOf(rows, input.limit, place, shownLeaver)
      audit('look.list', 'leavers', { departures: found.items.map((d) => d.id) })
      return found
    }),
  )

  serve(house, getDeparture, ({ deps, caller, input }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const found = await departureFor(tx, caller, input.departure)
      audit('look.list', found.id)
      const groupList = await groupsOf(tx, found)
      const plan = (await planOf(tx, found.id))?.id ?? null
      const deleted = await deletedBefore(tx, found)
      const underWay = shownUnderWay((await underWayOf(tx, [found.id], now)).get(found.id))
      return { ...shownDeparture(found, await facetsOf(tx, [found.id], now), now), groupList, plan, deleted, underWay }
    })
  })

  serve(house, listHandovers, ({ deps, caller, input }) => {
    const now = deps.now()
    const who = caller.roles.includes('manager') ? 'manager' : 'compliance'
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const found = await departureFor(tx, caller, input.departure)
      const { label, after, limit } = input
      const facets = label && (await facetsOf(tx, [found.id], now)).filter((f) => labelOfFacet(f, now) === label)
      const place = readPlace(after, word)?.[0] ?? null
      const rows = await handoversAfter(tx, found.id, facets ?? null, place, limit + 1, now)
      const regions = await regionsOf(
        tx,
        rows.filter((h) => !h.restricted).map((h) => h.customer),
      )
      const page = pageOf(
        rows,
        limit,
        (h) => placeOf(h.handover),
        (h) => shownHandover(h, regions.get(h.customer) ?? null, who, found, now),
      )
      audit('look.list', found.id, { handovers: page.items.map((h) => h.handover) })
      return page
    })
  })

  serve(house, listCandidates, ({ deps, caller, input }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const found = await departureFor(tx, caller, input.departure)
      const rows = await candidatesFor(tx, found)
      audit('look.list', found.id, { candidates: rows.length })
      return { items: rows.map(({ status, follows, ...m }) => ({ ...m, problems: problemsOf({ status, follows }) })) }
    }),
  )

  announcement(house)
}

/** Somebody else's departure and one that does not exist answer alike. */
async function departureFor(tx: Tx, caller: Caller, id: string): Promise<DepartureRow> {
  const found = await departureById(tx, caller, id)
  if (!found) throw new Failure('not_found')
  return found
}

/** What speaks against a member whoever the customer is (shared/plan.ts, `checks`). */
function problemsOf(member: { status: string; follows: boolean }): Check[] {
  return [
    ...(member.status === 'active' ? [] : (['successor_inactive'] as const)),
    ...(member.follows ? [] : (['successor_without_contacts'] as const)),
  ]
}
