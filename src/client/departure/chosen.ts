import { listHandovers, type Departure } from '../../shared/departure'
import { call } from '../lib/api'
import { countOf, type Assignable } from './state'

/** The most that one plan takes (shared/plan.ts `draftPlan`). */
export const MOST_HANDOVERS = 5000
export const MOST_SUCCESSORS = 50

/** `all` means every customer of the leaver that a plan may take up, those of an unfinished draft included. */
export const isAll = ({ counts }: Departure, label: Assignable): boolean =>
  (['to_assign', 'to_submit', 'full', 'failed'] as const).every(
    (other) => other === label || countOf(counts, other) === 0,
  )

/** The ids of one label, page after page; `told` hears how far it is. */
export async function readIds(
  departure: string,
  label: Assignable,
  without: ReadonlySet<string>,
  told: (read: number) => void,
): Promise<string[]> {
  const ids: string[] = []
  let after: string | null | undefined
  do {
    const page = await call(listHandovers, { departure, label, limit: 100, ...(after ? { after } : {}) })
    ids.push(...page.items.map(({ handover }) => handover).filter((id) => !without.has(id)))
    told(ids.length)
    after = page.next
  } while (after && ids.length <= MOST_HANDOVERS)
  return ids
}
