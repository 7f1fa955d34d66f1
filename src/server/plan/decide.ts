import { Failure } from '../../shared/failure'
import type { Audit } from '../db/act'
import { addHistory } from '../db/history'
import { managersOf } from '../db/managers'
import type { Tx } from '../db/open'
import { writeLetters } from '../db/told'
import type { Deps } from '../deps'
import type { Caller } from '../lib/serve'
import { stopped } from './checks'
import { planDigest } from './digest'
import { checkedGroups, type CheckedGroup } from './groups'
import { moveAll } from './move'
import * as rows from './rows'
import { checkedItems, decisionOf, type CheckedItem } from './show'

type PlanRow = rows.PlanRow

export async function heldPlan(tx: Tx, id: string, caller: Caller): Promise<PlanRow> {
  const plan = await rows.holdPlan(tx, id, caller)
  if (!plan) throw new Failure('not_found')
  return plan
}

/** Only who made it changes and submits it; otherwise somebody could approve their own change. */
export async function ownDraft(tx: Tx, id: string, caller: Caller): Promise<PlanRow> {
  const plan = await heldPlan(tx, id, caller)
  if (plan.draftedBy !== caller.id) throw new Failure('forbidden')
  if (plan.state !== 'draft' && plan.state !== 'rejected') throw new Failure('stale')
  return plan
}

/** Somebody else's pending plan, exactly as its reader saw it. */
export async function planToDecide(tx: Tx, id: string, digest: string, caller: Caller, at: Date) {
  const plan = await heldPlan(tx, id, caller)
  const items = await checkedItems(tx, plan, at)
  const groups = await checkedGroups(tx, plan, at)
  const decision = decisionOf(
    plan,
    [...items, ...groups].map((i) => i.successor),
    caller,
  )
  if (decision === 'not_pending') throw new Failure('stale')
  if (decision !== 'may_decide') throw new Failure('own_plan')
  sameDigest(plan, items, groups, digest)
  return { plan, items, groups }
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
  event: 'submit_plan' | 'approve' | 'reject',
  at: Date,
) =>
  moveAll(
    tx,
    audit,
    { at, id: deps.id },
    items.map((i) => ({ handoverId: i.handover, event })),
  )

/** Everybody who may decide it. */
export async function tellApprovers(
  tx: Tx,
  deps: Deps,
  plan: PlanRow,
  items: readonly CheckedItem[],
  groups: readonly CheckedGroup[],
  at: Date,
) {
  const not = new Set([plan.draftedBy, plan.leaverId, ...[...items, ...groups].map((i) => i.successor)])
  const size = { customers: items.length, ...(groups.length ? { groups: groups.length } : {}) }
  const managers = await managersOf(tx, plan.departments, deps.config.MANAGERS)
  await writeLetters(
    tx,
    managers
      .filter((m) => !not.has(m.id))
      .map((m) => ({
        id: deps.id(),
        memberId: m.id,
        kind: 'plan' as const,
        subject: `${plan.id} ${at.toISOString()}`,
        params: { plan: plan.id, leaver: plan.leaver, planner: plan.drafter, ...size },
        writtenAt: at,
      })),
  )
}

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
      body: { successor: i.successorName, planner: plan.drafter },
    })),
  )
