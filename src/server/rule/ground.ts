import type { Colleague, Factor } from '../../shared/allocation'
import type { RuleGround } from '../../shared/rule'
import { colleaguesOf } from '../db/facts'
import type { Db } from '../db/open'
import { assessmentNow } from '../db/rules'
import { preferencesKnown } from './known'
import * as rows from './rows'

/** So many departures are looked back at. */
export const LAST = 5

/** What the house knows that rules alone do not say: who is here, of what there are facts, how big a departure gets. */
export async function groundOf(db: Db, now: Date): Promise<RuleGround> {
  const colleagues = await colleaguesOf(db, 'all', now)
  const staying = colleagues.filter((c) => !c.hurdles.some((h) => ['left', 'not_active', 'out_of_range'].includes(h)))
  return {
    here: new Set(staying.map((c) => c.id)),
    assessed: (await assessmentNow(db, now)) !== undefined,
    known: new Set([...knownOf(staying), ...((await preferencesKnown(db)) ? (['preference'] as const) : [])]),
    largest: await rows.largestOf(db, LAST),
  }
}

function knownOf(colleagues: readonly Colleague[]): (Factor | 'region' | 'industry')[] {
  const any = (is: (c: Colleague) => boolean) => colleagues.some(is)
  const region = any((c) => c.regions.length > 0)
  const industry = any((c) => c.industries.length > 0)
  const found: [Factor | 'region' | 'industry', boolean][] = [
    ['region', region],
    ['industry', industry],
    ['depth', region || industry],
    ['capacity', true],
    ['performance', any((c) => c.performance !== null)],
    ['contribution', any((c) => c.contribution !== null)],
    ['tenure', any((c) => c.tenureYears > 0)],
  ]
  return found.flatMap(([name, is]) => (is ? [name] : []))
}
