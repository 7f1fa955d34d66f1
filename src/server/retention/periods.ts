import * as z from 'zod/mini'
import { retentionClasses, type RetentionClass } from '../../shared/retention'
import type { Db } from '../db/open'
import { readSetting } from '../db/setting'

export const settingOf = (name: RetentionClass): string => `retention.${name}`
const value = z.object({ days: z.number() })

/** The period in force: as last set, else its default; never outside what a release allows, whatever stands in the row. */
export async function periodOf(db: Db, name: RetentionClass): Promise<number> {
  const { days: otherwise, min, max } = retentionClasses[name]
  const { days } = await readSetting(db, settingOf(name), value, { days: otherwise })
  return Math.min(max, Math.max(min, days))
}
