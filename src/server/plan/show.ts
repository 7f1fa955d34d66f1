import type { Standpoint } from '../../shared/access'
import { stageOf } from '../../shared/handover'
import type { NoticeState } from '../../shared/notice'
import type { ApprovalRound } from '../../shared/approval'
import { openPlans, type Check, type Plan, type PlanItem } from '../../shared/plan'
import type { TransferState } from '../../shared/transfer'
import type { Db } from '../db/open'
import { seenBy } from '../lib/cut'
import type { Caller } from '../lib/serve'
import type { StandingOfPlan } from './approval'
import { checksOf, movesCountFrom } from './checks'
import type { CheckedGroup } from './groups'
import * as rows from './rows'

type ItemRow = Awaited<ReturnType<typeof rows.itemsOf>>[number]
export type CheckedItem = ItemRow & { checks: Check[] }

/** While it can still change, a plan is checked at every look; afterwards it shows what was known at the decision. */
export async function checkedItems(db: Db, plan: rows.PlanRow, now: Date): Promise<CheckedItem[]> {
  const settled = plan.state === 'approved' || plan.state === 'discarded'
  const items = await rows.itemsOf(db, plan.id, movesCountFrom(now))
  return items.map((i) => ({ ...i, checks: settled ? (i.kept as Check[]) : checksOf(plan.id, plan, i, now) }))
}

export async function showPlan(
  db: Db,
  plan: rows.PlanRow,
  items: readonly CheckedItem[],
  groups: readonly CheckedGroup[],
  standing: StandingOfPlan,
  caller: Caller,
  at: Date,
): Promise<Plan> {
  const successors = [...new Set([...items, ...groups].map((i) => i.successor))]
  const loads = await rows.loadsOf(db, successors, plan.id)
  return {
    id: plan.id,
    departure: plan.departureId,
    leaver: plan.leaver,
    state: plan.state as Plan['state'],
    digest: plan.digest,
    items: items.map((i) => showItem(i, standpointOver(plan, caller))),
    groups: groups.map(({ chat, name, members, successor, successorName, checks }) => ({
      chat,
      name,
      members,
      successor,
      successorName,
      checks,
    })),
    split: loads.map((m) => ({
      successor: m.id,
      name: m.name,
      before: m.customers,
      added: items.filter((i) => i.successor === m.id).length,
      groups: groups.filter((g) => g.successor === m.id).length,
    })),
    draftedBy: plan.drafter,
    draftedAt: plan.draftedAt.toISOString(),
    automatic: plan.automatic,
    mine: mayChange(plan, caller),
    submittedAt: plan.submittedAt?.toISOString() ?? null,
    decidedBy: plan.decider,
    decidedAt: plan.decidedAt?.toISOString() ?? null,
    reason: plan.reason,
    unsent: items.filter((i) => i.unsent).length,
    duty: plan.dutyId && plan.duty ? { id: plan.dutyId, name: plan.duty } : null,
    rounds: standing.rounds.map(showRound),
    able: standing.able,
    decision: decisionOf(plan, successors, standing, caller, at),
  }
}

const mayChange = (plan: rows.PlanRow, caller: Caller): boolean =>
  caller.roles.includes('manager') &&
  (openPlans as readonly string[]).includes(plan.state) &&
  (plan.draftedBy === null || plan.draftedBy === caller.id)

function decisionOf(
  plan: rows.PlanRow,
  successors: readonly string[],
  { open, approvedBy }: StandingOfPlan,
  caller: Caller,
  at: Date,
): Plan['decision'] {
  const eyes = eyesOf(plan, successors, caller)
  if (eyes === 'not_pending') return eyes
  if (open && at >= open.dueAt) return 'too_late'
  return approvedBy.includes(caller.id) ? 'has_approved' : eyes
}

const instantIn = (written: string): string => new Date(written).toISOString()

const showRound = (r: StandingOfPlan['rounds'][number]): ApprovalRound => ({
  round: r.round,
  askedBy: r.askedBy,
  askedAt: r.askedAt.toISOString(),
  due: r.dueAt.toISOString(),
  needed: r.needed,
  why: r.why as ApprovalRound['why'],
  outcome: r.outcome as ApprovalRound['outcome'],
  endedAt: r.endedAt?.toISOString() ?? null,
  votes: r.votes.map((v) => ({ ...v, vote: v.vote as 'approve' | 'reject', at: instantIn(v.at) })),
  asked: r.asked.map((a) => ({ ...a, at: instantIn(a.at) })),
})

/** Four eyes: neither who made it, nor whose customers they are, nor who would get some (compliance 5.1). */
export function eyesOf(
  plan: rows.PlanRow,
  successors: readonly string[],
  caller: Caller,
): 'not_pending' | 'own_plan' | 'is_successor' | 'may_decide' {
  if (plan.state !== 'pending') return 'not_pending'
  if (plan.draftedBy === caller.id || plan.leaverId === caller.id) return 'own_plan'
  if (successors.includes(caller.id)) return 'is_successor'
  return caller.roles.includes('manager') ? 'may_decide' : 'own_plan'
}

/** Over a plan a manager allocates, or approves what another has allocated: neither needs to know who the customer is. */
function standpointOver(plan: rows.PlanRow, caller: Caller): Standpoint {
  if (!caller.roles.includes('manager')) return 'compliance'
  return plan.draftedBy === caller.id ? 'allocator' : 'approver'
}

function showItem(i: CheckedItem, who: Standpoint): PlanItem {
  const stage = stageOf({
    transfer: i.transfer as TransferState,
    notice: i.notice as NoticeState,
    objectionOpen: i.objectionOpen,
  })
  return seenBy(
    { who, stage },
    {
      handover: i.handover,
      shortName: i.name,
      company: i.company,
      successor: i.successor,
      successorName: i.successorName,
      checks: i.checks,
    },
  )
}
