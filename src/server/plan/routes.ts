import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import {
  approvePlan,
  changePlanGroup,
  changePlanItem,
  discardPlan,
  draftPlan,
  draftTogether,
  getPlan,
  listPlans,
  rejectPlan,
  submitPlan,
  tryPlan,
  type Plan,
  type PlanState,
} from '../../shared/plan'
import { act } from '../db/act'
import { endRounds } from '../db/approval'
import { mustBeLive } from '../db/ground'
import type { Tx } from '../db/open'
import type { Deps } from '../deps'
import { pageOf, placeOf, readPlace, word } from '../lib/listing'
import { serve, type Caller, type House } from '../lib/serve'
import { approveOnce, askForApproval, rejectRound, standingOf } from './approval'
import { allPass, heldPlan, keepDigest, moveItems, ownDraft, planToDecide, sameDigest, tellHistory } from './decide'
import { discard, draft, override, putIn, takeOut } from './draft'
import { dutyRoutes, nameDuty, tellDuty } from './duty'
import { changeGroup, checkedGroups, decideGroups, keepGroupChecks } from './groups'
import { planningRoutes } from './planning'
import { tellPlanner } from './rounds'
import * as rows from './rows'
import { checkedItems, showPlan } from './show'
import { tryWeights } from './try'

/** Who takes over whose customers: drafted and submitted by one manager, decided by another, by its digest. */
export function plan(house: House): void {
  planningRoutes(house)
  dutyRoutes(house)
  const { deps } = house
  const { db, now } = deps

  serve(house, draftPlan, ({ input, caller }) => {
    const at = now()
    return act(db, at, caller.id, async (tx, audit) => {
      const { departure, handovers, ...wish } = input
      const [id] = await draft(tx, audit, deps, caller, { ...wish, departures: [{ id: departure, handovers }] }, at)
      return written(tx, deps, id!, caller, at)
    })
  })

  serve(house, draftTogether, ({ input, caller }) => {
    const at = now()
    return act(db, at, caller.id, async (tx, audit) => {
      const departures = [...new Set(input.departures)].map((id) => ({ id, handovers: 'all' as const }))
      const plans: Plan[] = []
      for (const id of await draft(tx, audit, deps, caller, { ...input, departures }, at))
        plans.push(await written(tx, deps, id, caller, at))
      return { plans: plans.map(lineOf) }
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
      return written(tx, deps, id, caller, at)
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
      return written(tx, deps, own.id, caller, at)
    })
  })

  serve(house, getPlan, ({ input, caller }) => {
    const at = now()
    return act(db, at, caller.id, async (tx, audit) => {
      audit('look.plan', input.plan)
      return shown(tx, deps, input.plan, caller, at)
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
      const [after = null] = readPlace(input.after, word) ?? []
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
          due: p.waiting && new Date(p.waiting.due).toISOString(),
          ...{ given: p.waiting?.given ?? 0, needed: p.waiting?.needed ?? 0 },
          draftedBy: p.drafter,
          submittedAt: p.submittedAt?.toISOString() ?? null,
          ...{ mine: p.draftedBy === caller.id, approved: p.waiting?.mine ?? false },
        }),
      )
    }),
  )

  serve(house, submitPlan, async ({ input, caller }) => {
    const at = now()
    const answer = await act(db, at, caller.id, async (tx, audit) => {
      const own = await ownDraft(tx, input.plan, caller)
      await mustBeLive(tx)
      const items = await checkedItems(tx, own, at)
      const groups = await checkedGroups(tx, own, at)
      sameDigest(own, items, groups, input.digest)
      allPass(items, groups)
      await moveItems(tx, audit, deps, items, 'submit_plan', at)
      await decideGroups(tx, audit, groups, 'submit_plan')
      const undecided = { decidedBy: null, decidedAt: null, reason: null }
      await rows.setPlan(tx, own.id, { state: 'pending', submittedAt: at, ...undecided })
      const handovers = items.map((i) => i.handover)
      await nameDuty(tx, audit, own.id, input.duty)
      await askForApproval(tx, audit, deps, { plan: own, handovers, caller, at })
      audit('plan.submitted', own.id, { digest: input.digest })
      return written(tx, deps, own.id, caller, at)
    })
    deps.wake('approvals')
    return answer
  })

  serve(house, approvePlan, async ({ input, caller }) => {
    const at = now()
    const answer = await act(db, at, caller.id, async (tx, audit) => {
      const pending = await planToDecide(tx, input.plan, input.digest, caller, at)
      await mustBeLive(tx)
      allPass(pending.items, pending.groups)
      if (!(await approveOnce(tx, audit, { planId: input.plan, round: pending.round, caller, at })))
        return shown(tx, deps, input.plan, caller, at)
      await rows.keepChecks(tx, input.plan, pending.items)
      await keepGroupChecks(tx, input.plan, pending.groups)
      await moveItems(tx, audit, deps, pending.items, 'approve', at)
      await decideGroups(tx, audit, pending.groups, 'approve')
      await tellHistory(tx, deps, pending.plan, pending.items, caller, at)
      await rows.setPlan(tx, input.plan, { state: 'approved', decidedBy: caller.id, decidedAt: at })
      await endRounds(tx, [input.plan], 'approved', at)
      await tellDuty(tx, deps, pending.plan, at)
      audit('plan.approved', input.plan, { digest: input.digest })
      return shown(tx, deps, input.plan, caller, at)
    })
    for (const job of ['transfers', 'groups', 'approvals', 'letters'] as const) deps.wake(job)
    return answer
  })

  serve(house, rejectPlan, async ({ input, caller }) => {
    const at = now()
    const answer = await act(db, at, caller.id, async (tx, audit) => {
      const { plan, items, groups, round } = await planToDecide(tx, input.plan, input.digest, caller, at)
      await rejectRound(tx, { planId: input.plan, round, caller, at }, input.reason)
      await moveItems(tx, audit, deps, items, 'reject', at)
      await decideGroups(tx, audit, groups, 'reject')
      await rows.setPlan(tx, input.plan, {
        state: 'rejected',
        decidedBy: caller.id,
        decidedAt: at,
        reason: input.reason,
      })
      audit('plan.rejected', input.plan, { digest: input.digest })
      await tellPlanner(tx, deps, plan, round.id, 'rejected', at)
      return shown(tx, deps, input.plan, caller, at)
    })
    for (const job of ['approvals', 'letters'] as const) deps.wake(job)
    return answer
  })

  serve(house, discardPlan, async ({ input, caller }) => {
    const at = now()
    const answer = await act(db, at, caller.id, async (tx, audit) => {
      const found = await heldPlan(tx, input.plan, caller)
      if (found.state === 'approved' || found.state === 'discarded') throw new Failure('stale')
      await discard(tx, audit, deps, found, at)
      return OK
    })
    deps.wake('approvals')
    return answer
  })
}

const lineOf = ({ id, leaver, items, nobody }: Plan) => ({ id, leaver, customers: items.length, nobody: nobody.length })

async function shown(tx: Tx, deps: Deps, id: string, caller: Caller, at: Date): Promise<Plan> {
  const found = await rows.planById(tx, id, caller)
  if (!found) throw new Failure('not_found')
  const items = await checkedItems(tx, found, at)
  const groups = await checkedGroups(tx, found, at)
  return showPlan(tx, found, items, groups, await standingOf(tx, deps, found, at), caller, at)
}

/** After a change: its new digest and its checks go with it. */
async function written(tx: Tx, deps: Deps, id: string, caller: Caller, at: Date): Promise<Plan> {
  const found = await rows.planById(tx, id, caller)
  if (!found) throw new Failure('not_found')
  const items = await checkedItems(tx, found, at)
  const groups = await checkedGroups(tx, found, at)
  await keepDigest(tx, found, items, groups)
  return shown(tx, deps, id, caller, at)
}
