import { Failure } from '../../shared/failure'
import { openPlans } from '../../shared/plan'
import type { Audit } from '../db/act'
import { addHistory } from '../db/history'
import type { Tx } from '../db/open'
import type { Deps } from '../deps'
import type { Caller } from '../lib/serve'
import { roundToDecide } from './approval'
import { stopped } from './checks'
import { planDigest } from './digest'
import { checkedGroups, keepGroupChecks, type CheckedGroup } from './groups'
import { moveAll } from './move'
import * as rows from './rows'
import { checkedItems, eyesOf, type CheckedItem } from './show'

type PlanRow = rows.PlanRow

export async function heldPlan(tx: Tx, id: string, caller: Caller): Promise<PlanRow> {
  const plan = await rows.holdPlan(tx, id, caller)
  if (!plan) throw new Failure('not_found')
  return plan
}

/**
 * Only who made it changes and submits it; otherwise somebody could approve their own change. What the system has drafted
 * becomes the plan of whoever first does either.
 */
export async function ownDraft(tx: Tx, id: string, caller: Caller): Promise<PlanRow> {
  const plan = await heldPlan(tx, id, caller)
  if (plan.draftedBy !== null && plan.draftedBy !== caller.id) throw new Failure('forbidden')
  if (!(openPlans as readonly string[]).includes(plan.state)) throw new Failure('stale')
  if (plan.draftedBy !== null) return plan
  await rows.takeUp(tx, id, caller.id)
  return { ...plan, draftedBy: caller.id, drafter: caller.name }
}

/** Somebody else's pending plan, exactly as its reader saw it. */
export async function planToDecide(tx: Tx, id: string, digest: string, caller: Caller, at: Date) {
  const plan = await heldPlan(tx, id, caller)
  const items = await checkedItems(tx, plan, at)
  const groups = await checkedGroups(tx, plan, at)
  const decision = eyesOf(
    plan,
    [...items, ...groups].map((i) => i.successor),
    caller,
  )
  if (decision === 'not_pending') throw new Failure('stale')
  if (decision !== 'may_decide') throw new Failure('own_plan')
  sameDigest(plan, items, groups, digest)
  return { plan, items, groups, round: await roundToDecide(tx, id, caller, at) }
}

/** What the reader saw, what is stored, and what the rows say now must be one. */
export function sameDigest(
  plan: PlanRow,
  items: readonly CheckedItem[],
  groups: readonly CheckedGroup[],
  digest: string,
): void {
  if (digest !== plan.digest || digest !== planDigest(plan.departureId, items, groups)) throw new Failure('stale')
}

/** After a change: what it would send now, and what its checks say. */
export async function keepDigest(
  tx: Tx,
  plan: Pick<PlanRow, 'id' | 'departureId'>,
  items: readonly CheckedItem[],
  groups: readonly CheckedGroup[],
): Promise<void> {
  await rows.setDigest(tx, plan.id, planDigest(plan.departureId, items, groups))
  await rows.keepChecks(tx, plan.id, items)
  await keepGroupChecks(tx, plan.id, groups)
}

export function allPass(items: readonly CheckedItem[], groups: readonly CheckedGroup[]): void {
  if (!items.length && !groups.length) throw new Failure('plan_empty')
  const count = stopped(items) + stopped(groups)
  if (count) throw new Failure('checks_failed', { count })
}

export const moveItems = (
  tx: Tx,
  audit: Audit,
  deps: Deps,
  items: readonly CheckedItem[],
  event: 'submit_plan' | 'approve' | 'reject' | 'lapse',
  at: Date,
) =>
  moveAll(
    tx,
    audit,
    { at, id: deps.id },
    items.map((i) => ({ handoverId: i.handover, event })),
  )

export const tellHistory = (
  tx: Tx,
  deps: Deps,
  plan: PlanRow,
  items: readonly CheckedItem[],
  caller: Caller,
  at: Date,
) =>
  addHistory(
    tx,
    items.map((i) => ({
      id: deps.id(),
      customerId: i.customer,
      at,
      authorId: caller.id,
      source: 'member',
      kind: 'plan.approved',
      body: { successor: i.successorName, planner: plan.drafter ?? '' },
    })),
  )
