import { act } from '../db/act'
import { endRounds } from '../db/approval'
import type { Tx } from '../db/open'
import { writeLetters } from '../db/told'
import type { Deps } from '../deps'
import { ableToDecide, askMore } from './approval'
import * as rounds from './approval-rows'
import { groupsHeldBy } from './group-rows'
import { lapseGroups } from './groups'
import { moveAll } from './move'
import * as rows from './rows'

/** What becomes of rounds by themselves: they run out, or are carried further up. Each in a transaction of its own. */
export async function settleRounds(deps: Deps): Promise<void> {
  const open = await rounds.openRounds(deps.db)
  for (const { planId } of open) await settle(deps, planId)
  if (open.length) deps.wake('letters')
}

async function settle(deps: Deps, planId: string): Promise<void> {
  const at = deps.now()
  await act(deps.db, at, 'system', async (tx, audit) => {
    const plan = await rows.planToSettle(tx, planId)
    const round = await rounds.openRound(tx, planId)
    if (!plan || !round || plan.state !== 'pending') return
    if (at < round.dueAt) {
      if (await shouldAskMore(tx, deps, plan, round, at)) await askMore(tx, audit, deps, plan, round, at)
      return
    }
    const held = await rows.heldBy(tx, planId)
    await moveAll(
      tx,
      audit,
      { at, id: deps.id },
      held.map((i) => ({ handoverId: i.handoverId, event: 'lapse' as const })),
    )
    await lapseGroups(tx, audit, await groupsHeldBy(tx, planId))
    await rows.setPlan(tx, planId, { state: 'expired' })
    await endRounds(tx, [planId], 'expired', at)
    audit('plan.expired', planId, { round: round.round })
    await tellPlanner(tx, deps, plan, round.id, 'expired', at)
  })
}

type Plan = NonNullable<Awaited<ReturnType<typeof rows.planToSettle>>>

/** Its time has come, or too few of those who were asked are still here and willing. */
async function shouldAskMore(tx: Tx, deps: Deps, plan: Plan, round: rounds.RoundRow, at: Date): Promise<boolean> {
  if (round.escalateAt && at >= round.escalateAt) return true
  const asked = new Map((await rounds.askedIn(tx, round.id)).map((a) => [a.memberId, a.passedAt]))
  const able = await ableToDecide(tx, deps, plan, round, at)
  const waiting = able.filter((m) => asked.get(m.id) === null).length
  const missing = round.needed - (await rounds.approvalsIn(tx, round.id)).length
  // Where nobody is left to ask, administrators hear of it: once, since the same is told once.
  return waiting < missing
}

export async function tellPlanner(
  tx: Tx,
  deps: Deps,
  plan: { id: string; draftedBy: string | null; leaver: string },
  round: string,
  how: 'expired' | 'rejected',
  at: Date,
): Promise<void> {
  if (!plan.draftedBy) return
  const params = { plan: plan.id, leaver: plan.leaver, how }
  const letter = { kind: 'plan_back' as const, subject: round, params, writtenAt: at }
  await writeLetters(tx, [{ ...letter, id: deps.id(), memberId: plan.draftedBy }])
}
