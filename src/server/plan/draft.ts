import { Failure } from '../../shared/failure'
import type { Audit } from '../db/act'
import { endRounds } from '../db/approval'
import type { Tx } from '../db/open'
import type { Reader } from '../db/scope'
import { moveTransfers } from '../db/transfer'
import type { Deps } from '../deps'
import { discardGroups, draftGroups } from './groups'
import { moveAll } from './move'
import * as rows from './rows'
import { against, splitEvenly } from './split'

interface Wish {
  departure: string
  handovers: 'all' | readonly string[]
  groups: boolean
  successors: readonly string[]
}

/**
 * Writes a draft in place of the departure's earlier one, and answers its id. `caller`: who reads and plans; the system reads everything and is nobody.
 */
export async function draft(
  tx: Tx,
  audit: Audit,
  deps: Deps,
  caller: Reader & { automatic?: true },
  wish: Wish,
  at: Date,
): Promise<string> {
  const departure = await rows.holdDeparture(tx, wish.departure, caller)
  if (!departure) throw new Failure('not_found')
  if (departure.endedAt) throw new Failure('stale')
  await replaceLive(tx, audit, deps, departure.id, at)
  const handovers = await wanted(tx, wish)
  const members = [...new Set(wish.successors)]
  const id = deps.id()
  const loads = await rows.loadsOf(tx, members, id)
  if (loads.length !== members.length) throw new Failure('not_found')
  const unwelcome = await rows.unwelcome(tx, departure.id, members)
  const split = splitEvenly(
    handovers,
    loads.map((m) => ({ id: m.id, customers: m.customers })),
    new Set(unwelcome.map((u) => against(u.customer, u.successor))),
  )
  const items = [...split].map(([handoverId, successorId]) => ({ handoverId, successorId }))
  const automatic = caller.automatic ?? false
  const draftedBy = automatic ? null : caller.id
  await rows.addPlan(tx, { id, departureId: departure.id, draftedBy, draftedAt: at, automatic })
  await rows.putItems(tx, id, items)
  await moveAll(
    tx,
    audit,
    { at, id: deps.id },
    items.map((i) => ({ handoverId: i.handoverId, event: 'plan', set: { planId: id, successorId: i.successorId } })),
  )
  const groups = wish.groups ? await draftGroups(tx, audit, id, departure, loads) : 0
  if (!items.length && !groups) throw new Failure('plan_empty')
  audit('plan.drafted', id, {
    departure: departure.id,
    customers: items.length,
    groups,
    successors: loads.map((m) => m.id),
  })
  return id
}

/** Under an approver's eyes a plan does not change: one that is pending must be discarded first. */
async function replaceLive(tx: Tx, audit: Audit, deps: Deps, departureId: string, at: Date): Promise<void> {
  const live = await rows.livePlan(tx, departureId)
  if (live?.state === 'pending') throw new Failure('stale')
  if (live) await discard(tx, audit, deps, live, at)
}

/** Its handovers can be planned anew. */
export async function discard(tx: Tx, audit: Audit, deps: Deps, plan: { id: string; state: string }, at: Date) {
  const event = plan.state === 'pending' ? 'cancel' : 'discard'
  const items = await rows.heldBy(tx, plan.id)
  await moveAll(
    tx,
    audit,
    { at, id: deps.id },
    items.map((i) => ({ handoverId: i.handoverId, event })),
  )
  const groups = await discardGroups(tx, audit, plan.id, event)
  await rows.setPlan(tx, plan.id, { state: 'discarded' })
  await endRounds(tx, [plan.id], 'discarded', at)
  audit('plan.discarded', plan.id, { customers: items.length, groups })
}

/** Those that nothing is under way for. A handover of another departure is not there. */
async function wanted(tx: Tx, wish: Wish) {
  const only = wish.handovers === 'all' ? null : [...new Set(wish.handovers)]
  const found = await rows.handoversOf(tx, wish.departure, only)
  if (only && found.length !== only.length) throw new Failure('not_found')
  return found.filter((h) => h.plannable)
}

interface Item {
  handoverId: string
  successorId: string
}

/** Gives the handover to this successor, whether it was in the plan or not. */
export async function putIn(tx: Tx, audit: Audit, deps: Deps, planId: string, item: Item, at: Date): Promise<void> {
  const { handoverId, successorId } = item
  if (!(await rows.loadsOf(tx, [successorId], planId)).length) throw new Failure('not_found')
  await rows.putItems(tx, planId, [item])
  await moveAll(tx, audit, { at, id: deps.id }, [{ handoverId, event: 'plan', set: { planId, successorId } }])
}

/** Also what can no longer be planned can be taken out; only then there is nothing to give back. */
export async function takeOut(tx: Tx, audit: Audit, deps: Deps, planId: string, handoverId: string, at: Date) {
  if (!(await rows.removeItem(tx, planId, handoverId))) throw new Failure('stale')
  await moveTransfers(tx, audit, { at, id: deps.id }, [{ handoverId, event: 'discard' }])
}
