import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import {
  approvePlan,
  changePlanGroup,
  changePlanItem,
  discardPlan,
  draftPlan,
  getPlan,
  listPlans,
  rejectPlan,
  submitPlan,
  tryPlan,
  type Plan,
  type PlanState,
} from '../../shared/plan'
import { act } from '../db/act'
import type { Tx } from '../db/open'
import { pageOf, placeOf, readPlace } from '../lib/listing'
import { serve, type Caller, type House } from '../lib/serve'
import { allPass, heldPlan, moveItems, ownDraft, planToDecide, sameDigest, tellApprovers, tellHistory } from './decide'
import { planDigest } from './digest'
import { discard, draft, override, putIn, takeOut } from './draft'
import { changeGroup, checkedGroups, decideGroups, keepGroupChecks } from './groups'
import * as rows from './rows'
import { checkedItems, showPlan } from './show'
import { tryWeights } from './try'

/** Who takes over whose customers: drafted and submitted by one manager, decided by another, by its digest. */
export function plan(house: House): void {
  const { deps } = house
  const { db, now } = deps

  serve(house, draftPlan, ({ input, caller }) => {
    const at = now()
    return act(db, at, caller.id, async (tx, audit) => {
      const id = await draft(tx, audit, deps, caller, input, at)
      return written(tx, id, caller, at)
    })
  })

  serve(house, changePlanItem, ({ input, caller }) => {
    const at = now()
    return act(db, at, caller.id, async (tx, audit) => {
      const { id, departureId } = await ownDraft(tx, input.plan, caller)
      const { handover: handoverId, successor } = input
      const [handover] = await rows.handoversOf(tx, departureId, [handoverId])
      if (!handover) throw new Failure('not_found')
      await override(tx, deps, caller, { planId: id, handoverId, toId: successor, reason: input.reason ?? null }, at)
      if (successor === null) await takeOut(tx, audit, deps, id, handoverId, at)
      else await putIn(tx, audit, deps, id, { handoverId, successorId: successor }, at)
      audit('plan.changed', id, { handover: handoverId, successor })
      return written(tx, id, caller, at)
    })
  })

  serve(house, changePlanGroup, ({ input, caller }) => {
    const at = now()
    return act(db, at, caller.id, async (tx, audit) => {
      const own = await ownDraft(tx, input.plan, caller)
      const { chat, successor } = input
      if (successor !== null && !(await rows.loadsOf(tx, [successor], own.id)).length) throw new Failure('not_found')
      await changeGroup(tx, audit, own, chat, successor)
      audit('plan.changed', own.id, { group: chat, successor })
      return written(tx, own.id, caller, at)
    })
  })

  serve(house, getPlan, ({ input, caller }) => {
    const at = now()
    return act(db, at, caller.id, async (tx, audit) => {
      audit('look.plan', input.plan)
      return shown(tx, input.plan, caller, at)
    })
  })

  serve(house, tryPlan, ({ input, caller }) => {
    const at = now()
    return act(db, at, caller.id, async (tx, audit) => {
      const found = await rows.planById(tx, input.plan, caller)
      if (!found) throw new Failure('not_found')
      audit('look.plan', input.plan, { weights: input.weights })
      return tryWeights(tx, found, await checkedItems(tx, found, at), input.weights, at)
    })
  })

  serve(house, listPlans, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const [after = null] = readPlace(input.after, 1) ?? []
      const found = await rows.listPlans(tx, caller, input.state, after, input.limit)
      audit('look.plan', 'list', { state: input.state ?? null, shown: Math.min(found.length, input.limit) })
      return pageOf(
        found,
        input.limit,
        (p) => placeOf(p.id),
        (p) => ({
          id: p.id,
          leaver: p.leaver,
          state: p.state as PlanState,
          ...p.size,
          draftedBy: p.drafter,
          submittedAt: p.submittedAt?.toISOString() ?? null,
          mine: p.draftedBy === caller.id,
        }),
      )
    }),
  )

  serve(house, submitPlan, async ({ input, caller }) => {
    const at = now()
    const answer = await act(db, at, caller.id, async (tx, audit) => {
      const own = await ownDraft(tx, input.plan, caller)
      const items = await checkedItems(tx, own, at)
      const groups = await checkedGroups(tx, own, at)
      sameDigest(own, items, groups, input.digest)
      allPass(items, groups)
      await moveItems(tx, audit, deps, items, 'submit_plan', at)
      await decideGroups(tx, audit, groups, 'submit_plan')
      const undecided = { decidedBy: null, decidedAt: null, reason: null }
      await rows.setPlan(tx, own.id, { state: 'pending', submittedAt: at, ...undecided })
      await tellApprovers(tx, deps, own, items, groups, at)
      audit('plan.submitted', own.id, { digest: input.digest })
      return written(tx, own.id, caller, at)
    })
    deps.wake('letters')
    return answer
  })

  serve(house, approvePlan, async ({ input, caller }) => {
    const at = now()
    const answer = await act(db, at, caller.id, async (tx, audit) => {
      const pending = await planToDecide(tx, input.plan, input.digest, caller, at)
      allPass(pending.items, pending.groups)
      await rows.keepChecks(tx, input.plan, pending.items)
      await keepGroupChecks(tx, input.plan, pending.groups)
      await moveItems(tx, audit, deps, pending.items, 'approve', at)
      await decideGroups(tx, audit, pending.groups, 'approve')
      await tellHistory(tx, deps, pending.plan, pending.items, caller, at)
      await rows.setPlan(tx, input.plan, { state: 'approved', decidedBy: caller.id, decidedAt: at })
      audit('plan.approved', input.plan, { digest: input.digest })
      return shown(tx, input.plan, caller, at)
    })
    deps.wake('transfers')
    deps.wake('groups')
    return answer
  })

  serve(house, rejectPlan, ({ input, caller }) => {
    const at = now()
    return act(db, at, caller.id, async (tx, audit) => {
      const { items, groups } = await planToDecide(tx, input.plan, input.digest, caller, at)
      await moveItems(tx, audit, deps, items, 'reject', at)
      await decideGroups(tx, audit, groups, 'reject')
      await rows.setPlan(tx, input.plan, {
        state: 'rejected',
        decidedBy: caller.id,
        decidedAt: at,
        reason: input.reason,
      })
      audit('plan.rejected', input.plan, { digest: input.digest })
      return shown(tx, input.plan, caller, at)
    })
  })

  serve(house, discardPlan, ({ input, caller }) => {
    const at = now()
    return act(db, at, caller.id, async (tx, audit) => {
      const found = await heldPlan(tx, input.plan, caller)
      if (found.state === 'approved' || found.state === 'discarded') throw new Failure('stale')
      await discard(tx, audit, deps, found, at)
      return OK
    })
  })
}

async function shown(tx: Tx, id: string, caller: Caller, at: Date): Promise<Plan> {
  const found = await rows.planById(tx, id, caller)
  if (!found) throw new Failure('not_found')
  return showPlan(tx, found, await checkedItems(tx, found, at), await checkedGroups(tx, found, at), caller)
}

/** After a change: its new digest and its checks go with it. */
async function written(tx: Tx, id: string, caller: Caller, at: Date): Promise<Plan> {
  const found = await rows.planById(tx, id, caller)
  if (!found) throw new Failure('not_found')
  const items = await checkedItems(tx, found, at)
  const groups = await checkedGroups(tx, found, at)
  const digest = planDigest(found.departureId, items, groups)
  await rows.setDigest(tx, id, digest)
  await rows.keepChecks(tx, id, items)
  await keepGroupChecks(tx, id, groups)
  return showPlan(tx, { ...found, digest }, items, groups, caller)
}
