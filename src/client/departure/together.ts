import type { Departure } from '../../shared/departure'
import { assignable, countOf } from './state'

/** Customers a new plan of this departure would take up, those of an unfinished draft included. */
export const plannableOf = ({ counts }: Departure): number =>
  [...assignable, 'to_submit' as const].reduce((sum, label) => sum + countOf(counts, label), 0)

/** A plan under an approver's eyes is not drafted over. */
export const canJoin = (one: Departure): boolean => plannableOf(one) > 0 && countOf(one.counts, 'to_approve') === 0
