import { endMemberSessions, endOtherSessions, endSession, listSessions, type Device } from '../../shared/session'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { act } from '../db/act'
import { endSessions } from '../db/revoke'
import { serve, type House } from '../lib/serve'
import * as rows from './rows'
import { limitsOf } from './session'

/** Where somebody is logged in, and how to end it. */
export function sessions(house: House): void {
  const { deps } = house

  serve(house, listSessions, async ({ caller }) => {
    const { idleMs, absoluteMs } = limitsOf(deps.config)
    const now = deps.now().getTime()
    const found = await rows.sessionsOf(deps.db, caller.id, new Date(now - absoluteMs), new Date(now - idleMs))
    const items = found.map(({ id, device, createdAt, seenAt }) => ({
      id,
      device: device as Device,
      since: createdAt.toISOString(),
      usedAt: seenAt.toISOString(),
      current: id === caller.session,
    }))
    items.sort((a, b) => Number(b.current) - Number(a.current))
    return { items, idleHours: deps.config.SESSION_IDLE_HOURS, hours: deps.config.SESSION_HOURS }
  })

  serve(house, endOtherSessions, ({ caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const ended = await rows.dropOthers(tx, caller.id, caller.session)
      for (const { id } of ended) audit('session.ended', caller.id, { session: id, why: 'by_member' })
      return { ended: ended.length }
    }),
  )

  serve(house, endSession, ({ caller, input }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      if (!(await rows.dropOwn(tx, caller.id, input.session))) throw new Failure('not_found')
      audit('session.ended', caller.id, { session: input.session, why: 'by_member' })
      return OK
    }),
  )

  serve(house, endMemberSessions, ({ caller, input }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      if (!(await rows.holdMember(tx, input.member))) throw new Failure('not_found')
      return { ended: await endSessions(tx, audit, [input.member], { reason: input.reason }) }
    }),
  )
}
