import { missingBases } from '../../shared/basis'
import { chinaDay } from '../../shared/day'
import { launchFindings, type LaunchFinding, type LaunchShown } from '../../shared/launch'
import { mirrorFreshness } from '../db/freshness'
import { basesNow } from '../db/ground'
import { decidersOf } from '../db/managers'
import { holdersOfOffice } from '../db/office'
import type { Db } from '../db/open'
import type { Deps } from '../deps'
import * as rows from './rows'

/** Who proposes and who decides, who writes and who confirms. */
const TWO = 2

/** What the system knows without being told, at this moment. */
export async function findingsOf(db: Db, { config, now }: Deps): Promise<LaunchShown['findings']> {
  const at = now()
  const bases = await basesNow(db)
  const deciders = await decidersOf(db, await rows.departmentIds(db), config.MANAGERS, at)
  const found: Record<LaunchFinding, boolean> = {
    basis: (['wechat', 'wecom'] as const).every((kind) => missingBases(kind, bases, chinaDay(at)).length === 0),
    mirror: (await mirrorFreshness(db, at)).at !== null,
    managers: deciders.length >= TWO,
    compliance: (await holdersOfOffice(db, 'compliance', config.COMPLIANCE, at)).length >= TWO,
    staff_rules: Boolean(config.STAFF_CONSULTED_ON && config.STAFF_PUBLISHED_ON),
  }
  return launchFindings.map((name) => ({ name, met: found[name] }))
}
