import { getExportSwitch, setExportSwitch } from '../../shared/export'
import { act } from '../db/act'
import { EXPORT_SWITCH, readExportSwitch } from '../db/export'
import type { Db } from '../db/open'
import { settingStory, writeSetting } from '../db/setting'
import { serve, type House } from '../lib/serve'

/**
 * Exporting is off until an administrator switches it on and says why. What cannot be switched: the second person, the
 * number of rows, the classes that never leave, the one download.
 */
export function exportSwitchRoutes(house: House): void {
  const { db, now, wake } = house.deps

  serve(house, getExportSwitch, () => shown(db))

  serve(house, setExportSwitch, async ({ input, caller }) => {
    const { reason, on, marks } = input
    const answer = await act(db, now(), caller.id, async (tx, audit) => {
      const change = { before: await readExportSwitch(tx), after: { on, marks }, reason, by: caller.id, at: now() }
      await writeSetting(tx, audit, EXPORT_SWITCH, change)
      return shown(tx)
    })
    wake('exports')
    return answer
  })
}

async function shown(db: Db) {
  const story = await settingStory(db, EXPORT_SWITCH)
  return {
    ...(await readExportSwitch(db)),
    changed: story ? { ...story, at: story.at.toISOString() } : null,
  }
}
