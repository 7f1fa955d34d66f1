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
import { keepRun, runRules, type Run } from './ruled'
import { against, splitEvenly } from './split'
import { addOverride, runOf, successorOf } from './why-rows'

interface Wish {
  departures: readonly { id: string; handovers: 'all' | readonly string[] }[]
  groups: boolean
  successors: 'all' | readonly string[]
  by: 'even' | 'rules'
}
type Planner = Reader & { automatic?: true }
type Held = NonNullable<Awaited<ReturnType<typeof rows.holdDeparture>>>
type Part = Held & { handovers: Awaited<ReturnType<typeof wanted>> }

/**
 * Writes a draft in place of each departure's earlier one, and answers their ids in the order of the wish: one plan a departure, because
 * each has approvers of its own, and one assignment over all of them. `caller`: who reads and plans; the system reads everything and
 * is nobody.
 */
export async function draft(
  tx: Tx,
  audit: Audit,
  deps: Deps,
  caller: Planner,
  wish: Wish,
  at: Date,
): Promise<string[]> {
  const parts = await partsOf(tx, audit, deps, caller, wish, at)
  const members = wish.successors === 'all' ? 'all' : [...new Set(wish.successors)]
  if (members === 'all' && wish.by === 'even') throw new Failure('invalid', { fields: 'successors' })
  if (members !== 'all' && (await rows.loadsOf(tx, members, '')).length !== members.length)
    throw new Failure('not_found')
  const runs = wish.by === 'rules' ? await runRules(tx, parts, members, at) : []
  const ids = parts.map(() => deps.id())
  for (const [n, part] of parts.entries()) {
    const together = ids.length > 1 ? { together: ids } : {}
    await writeDraft(tx, audit, deps, {
      id: ids[n]!,
      part,
      members,
      run: runs[n],
      groups: wish.groups,
      caller,
      at,
      together,
    })
  }
  return ids
}

/** All of them are held, always in one order, and freed of their earlier drafts before anything is given. */
async function partsOf(tx: Tx, audit: Audit, deps: Deps, caller: Planner, { departures }: Wish, at: Date) {
  const found = new Map<string, Part>()
  for (const { id, handovers } of [...departures].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const departure = await rows.holdDeparture(tx, id, caller)
    if (!departure) throw new Failure('not_found')
    if (departure.endedAt) throw new Failure('stale')
    await replaceLive(tx, audit, deps, id, at)
    found.set(id, { ...departure, handovers: await wanted(tx, { id, handovers }) })
  }
  return departures.map(({ id }) => found.get(id)!)
}

interface Draft {
  id: string
  part: Part
  members: 'all' | readonly string[]
  run: Run | undefined
  groups: boolean
  caller: Planner
  at: Date
  together: { together?: string[] }
}
async function writeDraft(tx: Tx, audit: Audit, deps: Deps, draft: Draft): Promise<void> {
  const { id, part, members, run, caller, at } = draft
  // Of everybody, those count for groups who get customers.
  const takers =
    members === 'all' ? [...new Set([...(run?.allocation.given.values() ?? [])].map((w) => w.chosen))] : members
  const loads = await rows.loadsOf(tx, takers, id)
  const ruled = run
    ? [...run.allocation.given].map(([handoverId, why]) => ({ handoverId, successorId: why.chosen }))
    : []
  const rest = part.handovers.filter((h) => !run?.allocation.given.has(h.id) && !run?.allocation.nobody.has(h.id))
  const items = [...ruled, ...(await spread(tx, part.id, rest, loads))]
  const automatic = caller.automatic ?? false
  const draftedBy = automatic ? null : caller.id
  await rows.addPlan(tx, { id, departureId: part.id, draftedBy, draftedAt: at, automatic })
  if (run) await keepRun(tx, id, run, at)
  await rows.putItems(tx, id, items)
  await moveAll(
    tx,
    audit,
    { at, id: deps.id },
    items.map((i) => ({ handoverId: i.handoverId, event: 'plan', set: { planId: id, successorId: i.successorId } })),
  )
  const groups = draft.groups ? await draftGroups(tx, audit, id, part, loads) : 0
  if (!items.length && !groups && !run?.allocation.nobody.size) throw new Failure('plan_empty')
  audit('plan.drafted', id, {
    departure: part.id,
    customers: items.length,
    groups,
    successors: members,
    ...(run ? { rules: run.rules, nobody: run.allocation.nobody.size } : {}),
    ...draft.together,
  })
}

/** The even split; by rules, too, for those who are passed on by name at their own wish. */
async function spread(
  tx: Tx,
  departureId: string,
  handovers: readonly { id: string; customer: string }[],
  loads: readonly { id: string; customers: number }[],
) {
  const members = loads.map((m) => m.id)
  const unwelcome = members.length && handovers.length ? await rows.unwelcome(tx, departureId, members) : []
  const split = splitEvenly(
    handovers,
    loads.map((m) => ({ id: m.id, customers: m.customers })),
    new Set(unwelcome.map((u) => against(u.customer, u.successor))),
  )
  return [...split].map(([handoverId, successorId]) => ({ handoverId, successorId }))
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
async function wanted(tx: Tx, { id, handovers }: Wish['departures'][number]) {
  const only = handovers === 'all' ? null : [...new Set(handovers)]
  const found = await rows.handoversOf(tx, id, only)
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

interface Change {
  planId: string
  handoverId: string
  toId: string | null
  reason: string | null
}

/** What rules have proposed is changed with a reason; what was not, may be. The proposal itself stays as it was said. */
export async function override(tx: Tx, deps: Deps, caller: Reader, change: Change, at: Date): Promise<void> {
  const { planId, handoverId, toId, reason } = change
  if (!reason) {
    if (await runOf(tx, planId)) throw new Failure('invalid', { fields: 'reason' })
    return
  }
  const before = await successorOf(tx, planId, handoverId)
  const fromId = before?.successorId ?? null
  await addOverride(tx, { id: deps.id(), planId, handoverId, at, byId: caller.id, fromId, toId, reason })
}
