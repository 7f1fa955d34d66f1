import { maskName, maySee } from '../../shared/access'
import { stageOf } from '../../shared/handover'
import type { NoticeState } from '../../shared/notice'
import type { Check, Plan, PlanItem } from '../../shared/plan'
import type { TransferState } from '../../shared/transfer'
import type { Db } from '../db/open'
import type { Caller } from '../lib/serve'
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
  caller: Caller,
): Promise<Plan> {
  const successors = [...new Set([...items, ...groups].map((i) => i.successor))]
  const loads = await rows.loadsOf(db, successors, plan.id)
  return {
    id: plan.id,
    departure: plan.departureId,
    leaver: plan.leaver,
    state: plan.state as Plan['state'],
    digest: plan.digest,
    items: items.map((i) => showItem(i, caller)),
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
    submittedAt: plan.submittedAt?.toISOString() ?? null,
    decidedBy: plan.decider,
    decidedAt: plan.decidedAt?.toISOString() ?? null,
    reason: plan.reason,
    unsent: items.filter((i) => i.unsent).length,
    decision: decisionOf(plan, successors, caller),
  }
}

/** Four eyes: neither who made it, nor whose customers they are, nor who would get some (compliance 5.1). */
export function decisionOf(plan: rows.PlanRow, successors: readonly string[], caller: Caller): Plan['decision'] {
  if (plan.state !== 'pending') return 'not_pending'
  if (plan.draftedBy === caller.id || plan.leaverId === caller.id) return 'own_plan'
  if (successors.includes(caller.id)) return 'is_successor'
  return caller.roles.includes('manager') ? 'may_decide' : 'own_plan'
}

/** Who reads a plan sees of the customer what the table opens at the stage; before the approval that is no more than F0. */
function showItem(i: CheckedItem, caller: Caller): PlanItem {
  const who = caller.roles.includes('manager') ? 'manager' : 'compliance'
  const stage = stageOf({
    transfer: i.transfer as TransferState,
    notice: i.notice as NoticeState,
    objectionOpen: i.objectionOpen,
  })
  return {
    handover: i.handover,
    shortName: maskName(i.name),
    company: maySee(who, stage, 'F1') ? i.company : null,
    successor: i.successor,
    successorName: i.successorName,
    checks: i.checks,
  }
}
