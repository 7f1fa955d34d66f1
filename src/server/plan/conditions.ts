import type { Hurdle } from '../../shared/allocation'
import { hurdleChecks, type Check } from '../../shared/plan'
import { colleaguesOf, passingOf } from '../db/facts'
import { groundedKinds } from '../db/ground'
import type { Db } from '../db/open'
import { hurdlesFor, profileOf } from './engine/sieve'
import type { PlanRow } from './rows'
import * as whyRows from './why-rows'

type Item = { handover: string; successor: string; kind: string }

/** Our own conditions (compliance 5.1, 7.2), looked up anew: whoever was put in by hand meets them as well (T-10). */
export async function conditionsOf(
  db: Db,
  plan: PlanRow,
  items: readonly Item[],
  now: Date,
): Promise<Map<string, Check[]>> {
  const successors = [...new Set(items.map((i) => i.successor))]
  const staff = new Map((await colleaguesOf(db, successors, now)).map((c) => [c.id, c]))
  const passing = new Map((await passingOf(db, [plan.departureId], now, 'all')).map((p) => [p.handover, p]))
  const held = await whyRows.heldFor(db, plan.id)
  const grounded = await groundedKinds(db, now)
  const given = new Map<string, number>()
  const found = new Map<string, Check[]>()
  for (const { handover, successor, kind } of items) {
    const checks: Check[] = grounded(kind) ? [] : ['no_basis']
    found.set(handover, checks)
    const c = staff.get(successor)
    if (!c) continue
    const customer = passing.get(handover)
    // Somebody who goes on at their own wish is not among those; then only what is so of the colleague counts.
    const hurdles: Hurdle[] = customer ? hurdlesFor(profileOf(customer), c) : [...c.hurdles]
    const not = customer?.not[successor]
    checks.push(...[...hurdles, ...(not ? [not] : [])].flatMap((hurdle) => hurdleChecks[hurdle] ?? []))
    const nth = (given.get(successor) ?? 0) + 1
    given.set(successor, nth)
    if (c.customers - (held.get(successor) ?? 0) + nth > c.capacity) checks.push('successor_full')
  }
  return found
}
