import { startOfChinaDay } from '../../shared/day'
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
  /** How often this customer was transferred on the job lately. */
  movedOnJob: number
  /** Who passes the customer on at their wish, and is here; null: the leaver. */
  passer: string | null
  passerStatus: string | null
}

export interface DepartureFacts {
  leaverId: string
  leaverStatus: string
  /** False: announced; the customers are handed over on the job, and the year has not begun. */
  gone: boolean
  leftAt: Date
  endedAt: Date | null
}

const SOON_DAYS = 60

/** WeCom transfers a customer on the job twice within 90 natural days (facts 4.7); we count by our own history. */
const MOST_MOVES = 2
export const movesCountFrom = (now: Date): Date => startOfChinaDay(now, 90)

/** What would fail at WeCom, or must not happen (compliance 5.1, 7.2). Looked up on the server, each time anew. */
export function checksOf(planId: string, departure: DepartureFacts, item: ItemFacts, now: Date): Check[] {
  const gone = departure.gone && item.passer === null
  const passer = item.passer ?? departure.leaverId
  const passerStatus = item.passerStatus ?? departure.leaverStatus
  const tooLong = gone && now.getTime() - departure.leftAt.getTime() > YEAR_MS
  const found: [Check, boolean][] = [
    ['not_plannable', (departure.endedAt !== null && item.passer === null) || !mayStand(planId, item)],
    ['leaver_too_long_gone', tooLong],
    ['leaver_inactive', !gone && passerStatus !== 'active'],
    ['moved_twice', !gone && item.movedOnJob >= MOST_MOVES],
    ['year_ends_soon', gone && !tooLong && daysLeft(departure.leftAt.toISOString(), now) < SOON_DAYS],
    ['successor_is_leaver', item.successor === departure.leaverId || item.successor === passer],
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
