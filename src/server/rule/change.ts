import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import {
  approveRules,
  discardRules,
  proposeRules,
  refuses,
  rejectRules,
  ruleProblemsOf,
  saveRules,
  versionName,
  type RuleBody,
} from '../../shared/rule'
import { act } from '../db/act'
import type { Tx } from '../db/open'
import { digestOfRules, versions } from '../db/rules'
import { serve, type House } from '../lib/serve'
import { groundOf } from './ground'
import * as rows from './rows'
import { builtInVersion } from './shown'

/** From a draft to the next version: saved, submitted with a reason, approved or sent back by somebody who did not write in it. */
export function changing(house: House): void {
  const { db, now } = house.deps

  serve(house, saveRules, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const draft = await rows.holdDraft(tx)
      if (input.on !== (draft?.digest ?? (await usedDigest(tx)))) throw new Failure('stale')
      const digest = digestOfRules(input.body)
      const writers = [...new Set([...(draft?.writers ?? []), caller.id])]
      await rows.putDraft(tx, { body: input.body, digest, by: caller.id, writers, at: now() })
      audit('rules.saved', 'draft', { digest })
      return { digest, problems: ruleProblemsOf(input.body, await groundOf(tx, now())) }
    }),
  )

  serve(house, proposeRules, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const draft = await held(tx, input.digest, 'draft')
      await mayBeUsed(tx, draft, now())
      await rows.proposeDraft(tx, input.reason)
      audit('rules.proposed', 'draft', { digest: input.digest, reason: input.reason })
      return OK
    }),
  )

  serve(house, approveRules, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const draft = await held(tx, input.digest, 'proposed')
      if (draft.writers.includes(caller.id)) throw new Failure('own_rules')
      await mayBeUsed(tx, draft, now())
      const { digest, writtenBy } = draft
      const body = bodyOf(draft)
      const said = { body, digest, reason: draft.reason ?? '', writtenBy, approvedBy: caller.id, approvedAt: now() }
      const { version } = await rows.addVersion(tx, said)
      await rows.endDraft(tx)
      audit('rules.approved', versionName(version), { digest, written_by: writtenBy, policy: body.policy.name })
      return { version }
    }),
  )

  serve(house, rejectRules, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const draft = await held(tx, input.digest, 'proposed')
      if (draft.writers.includes(caller.id)) throw new Failure('own_rules')
      await rows.rejectDraft(tx, caller.id, input.reason)
      audit('rules.rejected', 'draft', { digest: input.digest, reason: input.reason })
      return OK
    }),
  )

  serve(house, discardRules, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      await held(tx, input.digest, null)
      await rows.endDraft(tx)
      audit('rules.discarded', 'draft', { digest: input.digest })
      return OK
    }),
  )
}

type Held = NonNullable<Awaited<ReturnType<typeof rows.holdDraft>>>
const bodyOf = (draft: Held): RuleBody => draft.body as unknown as RuleBody

/** What is decided on is what was seen, and nothing that was written meanwhile. */
async function held(tx: Tx, digest: string, state: 'draft' | 'proposed' | null): Promise<Held> {
  const draft = await rows.holdDraft(tx)
  if (!draft || draft.digest !== digest || (state && draft.state !== state)) throw new Failure('stale')
  return draft
}

const usedDigest = async (tx: Tx): Promise<string> =>
  (await versions(tx).limit(1).executeTakeFirst())?.digest ?? builtInVersion.digest

/** Neither invalid nor contradictory, and not what is in use already. Looked at anew: people leave, assessments end. */
async function mayBeUsed(tx: Tx, draft: Held, now: Date): Promise<void> {
  if (draft.digest === (await usedDigest(tx))) throw new Failure('rules_same')
  const count = ruleProblemsOf(bodyOf(draft), await groundOf(tx, now)).filter((p) => refuses(p.name)).length
  if (count) throw new Failure('rules_wrong', { count })
}
