import { Failure } from '../../shared/failure'
import { checkRules, getRules, getRulesInUse, getRuleVersion, ruleProblemsOf, type RuleBody } from '../../shared/rule'
import { assessmentNow, assessmentsWaiting, versions } from '../db/rules'
import { serve, type House } from '../lib/serve'
import { assessing } from './assessment'
import { changing } from './change'
import { groundOf } from './ground'
import * as rows from './rows'
import { builtInVersion, peopleIn, shownAssessment, shownDraft, shownVersion } from './shown'

/** The rules of allocation: written by one, approved by another, kept for ever once in use. */
export function rule(house: House): void {
  const { db, now } = house.deps

  serve(house, getRulesInUse, async () => {
    const latest = await versions(db).limit(1).executeTakeFirst()
    const used = latest ? shownVersion(latest) : builtInVersion
    return { used, people: await rows.peopleOf(db, peopleIn([used.body])) }
  })

  serve(house, getRules, async ({ caller }) => {
    const all = (await versions(db).limit(50).execute()).map(shownVersion)
    const used = all[0] ?? builtInVersion
    const found = await rows.draftNow(db)
    const draft = found ? shownDraft(found, caller.id) : null
    const assessment = await assessmentNow(db, now())
    const bodies: RuleBody[] = [...all.map((v) => v.body), ...(draft ? [draft.body] : [])]
    return {
      used,
      versions: [...all, builtInVersion],
      draft,
      problems: ruleProblemsOf((draft ?? used).body, await groundOf(db, now())),
      assessment: assessment ? shownAssessment(assessment, caller.id) : null,
      assessmentsWaiting: (await assessmentsWaiting(db, now())).map((one) => shownAssessment(one, caller.id)),
      people: await rows.peopleOf(db, peopleIn(bodies)),
    }
  })

  serve(house, getRuleVersion, async ({ input }) => {
    const found = await versions(db).where('version', '=', input.version).executeTakeFirst()
    if (!found && input.version !== 0) throw new Failure('not_found')
    const version = found ? shownVersion(found) : builtInVersion
    return { version, people: await rows.peopleOf(db, peopleIn([version.body])) }
  })

  serve(house, checkRules, async ({ input }) => ({ problems: ruleProblemsOf(input.body, await groundOf(db, now())) }))

  changing(house)
  assessing(house)
}
