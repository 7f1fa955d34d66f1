import type { Allocation, Colleague, Passing, Rules } from '../../shared/allocation'
import { factors } from '../../shared/allocation'
import { Failure } from '../../shared/failure'
import { rulesOf, tryRules, WHOLE, type Tried } from '../../shared/rule'
import { act } from '../db/act'
import { colleaguesOf, passingOf } from '../db/facts'
import type { Db } from '../db/open'
import { assessmentNow, rulesInUse } from '../db/rules'
import { serve, type Caller, type House } from '../lib/serve'
import { allocate } from './engine/allocate'
import { lastDepartures, namesOf } from './trial-rows'

/** So many departures are looked back at; the page says so. */
const LAST = 5

/**
 * What rules that nobody has approved yet would have done with the customers of the last departures, beside what those in use
 * would do with the same facts. Nothing of it is kept; that somebody tried is.
 */
export function trial(house: House): void {
  const { db, now } = house.deps

  serve(house, tryRules, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const sum = factors.reduce((total, f) => total + input.body.weights[f], 0)
      if (sum !== WHOLE) throw new Failure('rules_wrong', { count: 1 })
      const assessed = (await assessmentNow(tx, now())) !== undefined
      const both = [await rulesInUse(tx, now()), rulesOf(0, input.body, assessed)] as const
      const tried = await runsOver(tx, caller, both, now())
      audit('rules.tried', 'departures', { departures: tried.map(({ shown }) => shown.departure) })
      const changed = changesIn(tried)
      const names = await namesOf(tx, [...changed.keys()])
      const colleagues = names.map(({ id, name }) => ({ id, name, ...changed.get(id)! }))
      return { departures: tried.map(({ shown }) => shown), colleagues }
    }),
  )
}

interface Run {
  shown: Tried
  before: Allocation
  after: Allocation
}

/** Each departure by itself, as it would have come. */
async function runsOver(db: Db, caller: Caller, [used, wished]: readonly [Rules, Rules], now: Date): Promise<Run[]> {
  const staff = await colleaguesOf(db, 'all', now)
  const runs: Run[] = []
  for (const { id, leaver } of await lastDepartures(db, caller, LAST)) {
    const passing = await passingOf(db, [id], now, 'all')
    if (passing.length) runs.push(runOver({ id, leaver }, passing, staff, used, wished, now))
  }
  return runs
}

function runOver(
  { id, leaver }: { id: string; leaver: string },
  passing: readonly Passing[],
  staff: readonly Colleague[],
  used: Rules,
  wished: Rules,
  now: Date,
): Run {
  const [before, after] = [allocate(passing, staff, used, now), allocate(passing, staff, wished, now)]
  const to = (run: Allocation, handover: string) => run.given.get(handover)?.chosen ?? null
  const elsewhere = passing.filter(({ handover }) => to(before, handover) !== to(after, handover)).length
  const counts = { departure: id, leaver, customers: passing.length, elsewhere }
  return { shown: { ...counts, before: outcomeOf(before), after: outcomeOf(after) }, before, after }
}

const spreadOf = (run: Allocation): Map<string, number> => {
  const spread = new Map<string, number>()
  for (const { chosen } of run.given.values()) spread.set(chosen, (spread.get(chosen) ?? 0) + 1)
  return spread
}

function outcomeOf(run: Allocation): Tried['before'] {
  const spread = spreadOf(run)
  const most = Math.max(0, ...spread.values())
  return { given: run.given.size, nobody: run.nobody.size, colleagues: spread.size, most }
}

/** Colleagues who would get another number of customers over all the runs. */
function changesIn(runs: readonly Run[]): Map<string, { before: number; after: number }> {
  const sums = new Map<string, { before: number; after: number }>()
  for (const run of runs)
    for (const when of ['before', 'after'] as const)
      for (const [id, n] of spreadOf(run[when])) {
        const sum = sums.get(id) ?? { before: 0, after: 0 }
        sums.set(id, { ...sum, [when]: sum[when] + n })
      }
  return new Map([...sums].filter(([, { before, after }]) => before !== after))
}
