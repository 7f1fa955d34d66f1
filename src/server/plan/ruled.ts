import type { Allocation, Colleague, Passing } from '../../shared/allocation'
import { colleaguesOf, passingOf } from '../db/facts'
import type { Db, Tx } from '../db/open'
import { rulesInUse } from '../db/rules'
import { allocateParts } from './engine/allocate'
import * as whyRows from './why-rows'

export interface Run {
  allocation: Allocation
  rules: string
}

/** Drafts by the rules in use, of all these departures as one: who gets whom, and why, as it is known at this moment. */
export async function runRules(
  tx: Tx,
  departures: readonly { id: string; leaverId: string; handovers: readonly { id: string }[] }[],
  successors: 'all' | readonly string[],
  at: Date,
): Promise<Run[]> {
  const rules = await rulesInUse(tx, at)
  const leavers = new Set(departures.map((d) => d.leaverId))
  const staff = (await colleaguesOf(tx, successors, at)).filter((c) => !leavers.has(c.id))
  const parts: Passing[][] = []
  for (const { id, handovers } of departures)
    parts.push(await passingIn(tx, id, new Set(handovers.map((h) => h.id)), at))
  return allocateParts(parts, staff, rules, at).map((allocation) => ({ allocation, rules: rules.version }))
}

export async function keepRun(tx: Tx, planId: string, { allocation, rules }: Run, at: Date): Promise<void> {
  await whyRows.addRun(tx, { planId, rules, inputsAt: at, total: allocation.total })
  await whyRows.addReasons(tx, planId, allocation)
  await whyRows.addTallies(tx, planId, allocation.colleagues)
}

export const passingIn = async (db: Db, departureId: string, only: ReadonlySet<string>, at: Date): Promise<Passing[]> =>
  (await passingOf(db, [departureId], at)).filter((p) => only.has(p.handover))

/** Colleagues as if this plan had given nothing yet, but for what people have decided in it. */
export async function staffBeside(
  db: Db,
  planId: string,
  memberIds: readonly string[],
  decided: ReadonlyMap<string, number>,
  at: Date,
): Promise<Colleague[]> {
  const held = await whyRows.heldFor(db, planId)
  const staff = await colleaguesOf(db, memberIds, at)
  return staff.map((c) => ({ ...c, customers: c.customers - (held.get(c.id) ?? 0) + (decided.get(c.id) ?? 0) }))
}
