import { allocate } from './engine/allocate'
import { Failure } from '../../shared/failure'
import type { Input, Output } from '../../shared/endpoint'
import type { tryPlan } from '../../shared/plan'
import type { Db } from '../db/open'
import { rulesInUse } from '../db/rules'
import { seenBy } from '../lib/cut'
import type { PlanRow } from './rows'
import { passingIn, staffBeside } from './ruled'
import type { CheckedItem } from './show'
import * as whyRows from './why-rows'

const SHOWN = 20
const SLIP = 0.001

/** The same customers and colleagues with other weights, beside what the plan says now. */
export async function tryWeights(
  db: Db,
  plan: PlanRow,
  items: readonly CheckedItem[],
  weights: Input<typeof tryPlan>['weights'],
  at: Date,
): Promise<Output<typeof tryPlan>> {
  const sum = Object.values(weights).reduce((all, one) => all + one, 0)
  if (Math.abs(sum - 1) > SLIP) throw new Failure('invalid', { fields: 'weights' })
  const tallies = await whyRows.talliesOf(db, plan.id)
  if (!tallies.length || plan.state !== 'draft') throw new Failure('stale')
  const decided = new Set((await whyRows.overridesOf(db, plan.id)).map((o) => o.handover))
  const free = items.filter((i) => !decided.has(i.handover))
  const reasons = (await whyRows.reasonsOf(db, plan.id)).filter((r) => !decided.has(r.handover))
  const passing = await passingIn(db, plan.departureId, new Set(reasons.map((r) => r.handover)), at)
  const kept = countBy(items.filter((i) => decided.has(i.handover)))
  const staff = await staffBeside(
    db,
    plan.id,
    tallies.map((c) => c.id),
    kept,
    at,
  )
  const rules = { ...(await rulesInUse(db, at)), weights }
  const { given, nobody } = allocate(passing, staff, rules, at)
  const name = new Map(tallies.map((c) => [c.id, c.name]))
  const now = new Map(free.map((i) => [i.handover, i.successor]))
  const moves = reasons.flatMap(({ handover, name: shortName }) => {
    const [from, to] = [now.get(handover), given.get(handover)?.chosen]
    return from === to
      ? []
      : [{ handover, shortName, from: name.get(from ?? '') ?? null, to: name.get(to ?? '') ?? null }]
  })
  const counts = countBy(free)
  const then = countBy([...given.values()].map((why) => ({ successor: why.chosen })))
  return {
    changed: moves.length,
    nobody: nobody.size,
    split: tallies
      .map((c) => ({
        successor: c.id,
        name: c.name,
        now: (counts.get(c.id) ?? 0) + (kept.get(c.id) ?? 0),
        then: (then.get(c.id) ?? 0) + (kept.get(c.id) ?? 0),
      }))
      .filter((c) => c.now || c.then),
    moves: moves.slice(0, SHOWN).map((move) => seenBy({ who: 'allocator', stage: 'V0' }, move)),
  }
}

function countBy(list: readonly { successor: string }[]): Map<string, number> {
  const count = new Map<string, number>()
  for (const { successor } of list) count.set(successor, (count.get(successor) ?? 0) + 1)
  return count
}
