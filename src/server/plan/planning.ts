import { getPlanning, setPlanning, type Planning } from '../../shared/approval'
import { act } from '../db/act'
import { PLANNING, readPlanning } from '../db/approval'
import type { Db } from '../db/open'
import { settingStory, writeSetting } from '../db/setting'
import { serve, type House } from '../lib/serve'

/** When two people approve, when others are asked, and whether departures are drafted unasked: set by administrators. */
export function planningRoutes(house: House): void {
  const { db, now, wake } = house.deps

  serve(house, getPlanning, () => shown(db))

  serve(house, setPlanning, async ({ input: { reason, ...after }, caller }) => {
    const answer = await act(db, now(), caller.id, async (tx, audit) => {
      const before = await readPlanning(tx)
      const began = before.automatic ? before.since : now().toISOString()
      const change = { before, after: { ...after, since: after.automatic ? began : null }, reason, by: caller.id }
      await writeSetting(tx, audit, PLANNING, { ...change, at: now() })
      return shown(tx)
    })
    wake('approvals')
    return answer
  })
}

async function shown(db: Db): Promise<Planning> {
  const { twoAbove, escalateHours, automatic } = await readPlanning(db)
  const story = await settingStory(db, PLANNING)
  const changed = story ? { ...story, at: story.at.toISOString() } : null
  return { twoAbove, escalateHours, automatic, changed }
}
