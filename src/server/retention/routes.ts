import { OK } from '../../shared/endpoint'
import {
  dueBefore,
  getRetention,
  periodProblem,
  retentionClasses,
  retentionNames,
  setPeriod,
  tableClasses,
  type Period,
  type RetentionClass,
} from '../../shared/retention'
import { Failure } from '../../shared/failure'
import { act } from '../db/act'
import type { Db } from '../db/open'
import { settingStory, writeSetting } from '../db/setting'
import { serve, type House } from '../lib/serve'
import { holds } from './holds'
import { periodOf, settingOf } from './periods'
import * as rows from './rows'

const SOON_MS = 30 * 86_400_000

/** How long what is kept: shown to compliance and administrators, changed by the latter within what a law allows. */
export function retention(house: House): void {
  const { db, now, config } = house.deps

  serve(house, getRetention, async () => {
    const last = await rows.lastRuns(db)
    const periods = []
    for (const name of retentionNames) {
      const run = last.find((r) => r.class === name)
      periods.push({
        ...(await shown(db, name, now())),
        last: run ? { at: run.at.toISOString(), removed: run.removed } : null,
      })
    }
    return { periods, letter: config.RETENTION }
  })

  serve(house, setPeriod, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const { name, days, reason } = input
      const problem = periodProblem(name, days)
      const { min, max } = retentionClasses[name]
      if (problem) throw new Failure(problem === 'too_short' ? 'period_short' : 'period_long', { min, max })
      const before = { days: await periodOf(tx, name) }
      await writeSetting(tx, audit, settingOf(name), { before, after: { days }, reason, by: caller.id, at: now() })
      return OK
    }),
  )

  holds(house)
}

async function shown(db: Db, name: RetentionClass, now: Date): Promise<Omit<Period, 'last'>> {
  const days = await periodOf(db, name)
  const story = await settingStory(db, settingOf(name))
  const { min, max, then, basis } = retentionClasses[name]
  return {
    ...{ name, days, min, max, then, basis },
    tables: Object.keys(tableClasses).filter((table) => tableClasses[table] === name),
    due: await rows.countDue(db, name, new Date(dueBefore(now, days).getTime() + SOON_MS)),
    changed: story ? { ...story, at: story.at.toISOString() } : null,
  }
}
