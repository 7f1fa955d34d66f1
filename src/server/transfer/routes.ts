import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { withdrawPlan } from '../../shared/plan'
import { answerOpenCall, checkNow, getOpenCall } from '../../shared/settle'
import { act } from '../db/act'
import { departureInScope } from '../db/scope'
import { holdUnsent, moveTransfers } from '../db/transfer'
import { serve, type House } from '../lib/serve'
import { answerCall, showCall } from './call'
import * as rows from './call-rows'

/** One wish to look now is enough for so long: WeCom is asked about every open pair of the departure. */
const PAUSE_S = 20

/** What managers do about what was sent, or was about to be sent, to WeCom. */
export function transfer(house: House): void {
  const { deps } = house
  const { db, now } = deps

  serve(house, checkNow, async ({ input, caller }) => {
    const at = now()
    await act(db, at, caller.id, async (tx, audit) => {
      const found = await departureInScope(tx, input.departure, caller)
      if (!found) throw new Failure('not_found')
      const before = new Date(at.getTime() - PAUSE_S * 1000)
      if (!(await rows.takeLook(tx, found.id, at, before))) throw new Failure('limited', { seconds: PAUSE_S })
      await rows.askAll(tx, found.id)
      audit('transfer.check_wished', found.id)
    })
    deps.wake('transfers')
    return OK
  })

  serve(house, getOpenCall, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      audit('look.call', input.handover)
      return showCall(await rows.openCall(tx, input.handover, caller), now())
    }),
  )

  serve(house, answerOpenCall, async ({ input, caller }) => {
    await answerCall(deps, caller, input)
    return OK
  })

  serve(house, withdrawPlan, ({ input, caller }) => {
    const at = now()
    return act(db, at, caller.id, async (tx, audit) => {
      const plan = await rows.planInScope(tx, input.plan, caller)
      if (!plan) throw new Failure('not_found')
      if (plan.state !== 'approved') throw new Failure('stale')
      const unsent = await holdUnsent(tx, await rows.approvedOf(tx, plan.id))
      const moves = unsent.map((handoverId) => ({ handoverId, event: 'cancel' as const }))
      const { moved } = await moveTransfers(tx, audit, { at, id: deps.id, author: caller.id }, moves)
      const answer = { withdrawn: moved.length, gone: await rows.sentOf(tx, plan.id) }
      audit('plan.withdrawn', plan.id, answer)
      return answer
    })
  })
}
