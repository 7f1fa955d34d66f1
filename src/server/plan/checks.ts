import { daysLeft } from '../../shared/handover'
import { isStop, successorChecks, type Check } from '../../shared/plan'
import { plannable, YEAR_MS, type TransferState } from '../../shared/transfer'

/** What is known of one item at the moment it is checked. */
export interface ItemFacts {
  transfer: string
  transferPlan: string | null
  successor: string
  successorStatus: string
  successorFollows: boolean
  alreadyFollows: boolean
  refusedBefore: boolean
  objectedTo: boolean
}

export interface DepartureFacts {
  leaverId: string
  leftAt: Date
  endedAt: Date | null
}

const SOON_DAYS = 60

/** What would fail at WeCom, or must not happen (compliance 5.1, 7.2). Looked up on the server, each time anew. */
export function checksOf(planId: string, departure: DepartureFacts, item: ItemFacts, now: Date): Check[] {
  const tooLong = now.getTime() - departure.leftAt.getTime() > YEAR_MS
  const found: [Check, boolean][] = [
    ['not_plannable', departure.endedAt !== null || !mayStand(planId, item)],
    ['leaver_too_long_gone', tooLong],
    ['year_ends_soon', !tooLong && daysLeft(departure.leftAt.toISOString(), now) < SOON_DAYS],
    ['successor_is_leaver', item.successor === departure.leaverId],
    ['refused_before', item.refusedBefore],
    ['objected_to', item.objectedTo],
    ['already_follows', item.alreadyFollows],
  ]
  const member = successorChecks({ status: item.successorStatus, follows: item.successorFollows })
  return [...found.flatMap(([check, is]) => (is ? [check] : [])), ...member]
}

/** Ours, and nothing is under way for it: not another plan, not WeCom. */
const mayStand = (planId: string, { transfer, transferPlan }: ItemFacts): boolean =>
  transferPlan === planId && (transfer === 'pending_approval' || plannable.includes(transfer as TransferState))

export const stopped = (items: readonly { checks: readonly string[] }[]): number =>
  items.filter((i) => i.checks.some(isStop)).length
