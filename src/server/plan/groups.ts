import { Failure } from '../../shared/failure'
import { BEING_INHERITED, plannableGroups, type GroupEvent, type GroupState } from '../../shared/group'
import { successorChecks, type Check } from '../../shared/plan'
import { YEAR_MS } from '../../shared/transfer'
import type { Audit } from '../db/act'
import { moveGroups, type GroupMove } from '../db/group'
import type { Db, Tx } from '../db/open'
import * as rows from './group-rows'
import { splitGroups } from './group-split'
import type { PlanRow } from './rows'

/** The groups' part of a plan: drafted with the customers, decided with them, and then on a way of their own. */

export type CheckedGroup = rows.GroupRow & { checks: Check[] }

type Departure = { id: string; leaverId: string }
type Successor = { id: string; userid: string }

export async function draftGroups(
  tx: Tx,
  audit: Audit,
  planId: string,
  departure: Departure,
  to: readonly Successor[],
) {
  const free = await rows.freeGroups(tx, departure)
  const split = splitGroups(free, to)
  const put = [...split].map(([chatId, successorId]) => ({ chatId, successorId }))
  await place(tx, audit, planId, departure, free, put)
  return put.length
}

async function place(
  tx: Tx,
  audit: Audit,
  planId: string,
  departure: Departure,
  free: readonly { chatId: string; name: string }[],
  put: readonly { chatId: string; successorId: string }[],
): Promise<void> {
  await rows.beginGroups(tx, departure.id, free)
  await rows.putGroups(tx, planId, put)
  const plan = ({ chatId, successorId }: (typeof put)[number]): GroupMove => ({
    departureId: departure.id,
    chatId,
    event: 'plan',
    set: { planId, successorId },
  })
  await moveAll(tx, audit, put.map(plan))
}

/** All or nothing, as with customers (move.ts). */
async function moveAll(tx: Tx, audit: Audit, moves: readonly GroupMove[]): Promise<void> {
  if ((await moveGroups(tx, audit, moves)).refused.length) throw new Failure('stale')
}

/** Gives the group to this successor, whether it was in the plan or not; null takes it out. */
export async function changeGroup(
  tx: Tx,
  audit: Audit,
  plan: { id: string; departureId: string; leaverId: string },
  chatId: string,
  successorId: string | null,
): Promise<void> {
  const { departureId } = plan
  if (successorId === null) {
    if (!(await rows.removeGroup(tx, plan.id, chatId))) throw new Failure('not_found')
    await moveGroups(tx, audit, [{ departureId, chatId, event: 'discard' }])
    return
  }
  const departure = { id: departureId, leaverId: plan.leaverId }
  const free = await rows.freeGroups(tx, departure, chatId)
  if (!free.length) throw new Failure('not_found')
  await place(tx, audit, plan.id, departure, free, [{ chatId, successorId }])
}

export async function discardGroups(tx: Tx, audit: Audit, planId: string, event: 'discard' | 'cancel') {
  const held = await rows.groupsHeldBy(tx, planId)
  await moveAll(
    tx,
    audit,
    held.map((g) => ({ ...g, event })),
  )
  return held.length
}

export const decideGroups = (
  tx: Tx,
  audit: Audit,
  groups: readonly CheckedGroup[],
  event: Extract<GroupEvent, 'submit_plan' | 'approve' | 'reject'>,
) =>
  moveAll(
    tx,
    audit,
    groups.map((g) => ({ departureId: g.departureId, chatId: g.chat, event })),
  )

/** Nobody approved in time: they are their planner's again. */
export const lapseGroups = (tx: Tx, audit: Audit, held: readonly { departureId: string; chatId: string }[]) =>
  moveAll(
    tx,
    audit,
    held.map((g) => ({ ...g, event: 'lapse' as const })),
  )

/** Checked like its customers: anew at every look while it can change, then as it was decided. */
export async function checkedGroups(db: Db, plan: PlanRow, now: Date): Promise<CheckedGroup[]> {
  const settled = plan.state === 'approved' || plan.state === 'discarded'
  const groups = await rows.groupsOf(db, plan.id)
  return groups.map((g) => ({ ...g, checks: settled ? (g.kept as Check[]) : groupChecks(plan, g, now) }))
}

function groupChecks(plan: PlanRow, group: rows.GroupRow, now: Date): Check[] {
  const found: [Check, boolean][] = [
    ['not_plannable', plan.endedAt !== null || !mayStand(plan, group)],
    ['leaver_too_long_gone', plan.gone && now.getTime() - plan.leftAt.getTime() > YEAR_MS],
    ['successor_is_leaver', group.successor === plan.leaverId],
  ]
  const member = successorChecks({ status: group.successorStatus, follows: group.successorFollows })
  return [...found.flatMap(([check, is]) => (is ? [check] : [])), ...member]
}

/** Ours, still the leaver's, and not changing hands by somebody else's doing. */
const mayStand = (plan: PlanRow, { state, transferPlan, ownerId, status }: rows.GroupRow): boolean =>
  transferPlan === plan.id &&
  (state === 'pending_approval' || plannableGroups.includes(state as GroupState)) &&
  ownerId === plan.leaverId &&
  status !== BEING_INHERITED

export const keepGroupChecks = rows.keepGroupChecks
