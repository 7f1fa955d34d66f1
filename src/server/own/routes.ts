import { startOfChinaDay } from '../../shared/day'
import { getOwnLog, ownLooks } from '../../shared/own'
import { act } from '../db/act'
import { serve, type House } from '../lib/serve'
import { ownCounts, ownRuns } from './rows'

const DAYS = 30
const named: readonly string[] = ownLooks

/** Members read what is written down of themselves; looking at it is written down like any look. */
export function own(house: House): void {
  const { deps } = house
  const { STAFF_CONSULTED_ON: consultedOn, STAFF_PUBLISHED_ON: publishedOn } = deps.config

  serve(house, getOwnLog, ({ caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const { logins, customers, acts, looks } = await ownCounts(tx, caller.id, startOfChinaDay(deps.now(), DAYS - 1))
      audit('look.own', caller.id)
      const counted: Partial<Record<(typeof ownLooks)[number], number>> = {}
      for (const { what, n } of looks) {
        const name = named.includes(what) ? (what as 'brief') : 'other'
        counted[name] = (counted[name] ?? 0) + n
      }
      const rules = consultedOn && publishedOn ? { consultedOn, publishedOn } : null
      const runs = await ownRuns(tx, caller.id)
      return { days: DAYS, logins, customers, acts, looks: counted, runs, rules }
    }),
  )
}
