import type { Plan, PlanItem } from '../../shared/plan'
import { builtInRules, rulesOf, type RuleBody } from '../../shared/rule'
import type { Db } from '../db/open'
import { versions } from '../db/rules'
import type { PlanRow } from './rows'
import * as whyRows from './why-rows'

/** What the run said of a plan's customers, and what people changed of it. */
export interface Told extends Pick<Plan, 'rules' | 'weights' | 'nobody' | 'candidates'> {
  of(handover: string, successor: string): Pick<PlanItem, 'why' | 'override' | 'was'>
}

export async function told(db: Db, plan: PlanRow, items: readonly { handover: string }[]): Promise<Told> {
  const run = await whyRows.runOf(db, plan.id)
  const reasons = new Map((await whyRows.reasonsOf(db, plan.id)).map((r) => [r.handover, r]))
  const overrides = new Map((await whyRows.overridesOf(db, plan.id)).map((o) => [o.handover, o]))
  const before = new Map((await whyRows.itemsBefore(db, plan)).map((b) => [b.handover, b]))
  const inPlan = new Set(items.map((i) => i.handover))
  return {
    rules: run?.rules ?? null,
    weights: run ? await weightsOf(db, run.rules) : null,
    candidates: await whyRows.talliesOf(db, plan.id),
    nobody: [...reasons.values()]
      .filter((r) => !r.chosen && !inPlan.has(r.handover))
      .map((r) => ({ handover: r.handover, shortName: r.name, removed: r.why as Plan['nobody'][number]['removed'] })),
    of(handover, successor) {
      const changed = overrides.get(handover)
      const was = before.get(handover)
      return {
        why: whyRows.explanationOf(reasons.get(handover)),
        override:
          changed?.to === successor
            ? { by: changed.by, at: changed.at.toISOString(), from: changed.from, reason: changed.reason }
            : null,
        was: was && was.successor !== successor ? was.name : null,
      }
    },
  }
}

/** Of the version that made the plan, whatever counts by now. */
async function weightsOf(db: Db, version: string): Promise<Plan['weights']> {
  const all = (await versions(db).execute()).map((v) => rulesOf(v.version, v.body as unknown as RuleBody, false))
  return [...all, builtInRules].find((rules) => rules.version === version)?.weights ?? null
}
