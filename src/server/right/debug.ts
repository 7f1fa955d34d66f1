import { askDebug, DEBUG_MS, endDebug, grantDebug, listDebug, openDebug } from '../../shared/debug'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { act } from '../db/act'
import { pageOf, placeOf, readPlace, word } from '../lib/listing'
import { serve, type House } from '../lib/serve'
import * as rows from './debug-rows'
import { activeMember } from './rows'

/** Who may look at what their own client does: given for an hour, by somebody else, seen by all administrators. */
export function debug(house: House): void {
  const { deps } = house
  const { db, now } = deps
  const standing = (until: Date | undefined) => ({ until: until?.toISOString() ?? null, at: now().toISOString() })

  serve(house, askDebug, async ({ caller }) => standing((await rows.holding(db, caller.id, now()))?.until))

  serve(house, openDebug, ({ caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const held = await rows.open(tx, caller.id, now())
      if (held) audit('debug.opened', caller.id, { grant: held.id })
      return standing(held?.until)
    }),
  )

  serve(house, listDebug, ({ caller, input }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const [after = null] = readPlace(input.after, word) ?? []
      const found = await rows.listed(tx, now(), after, input.limit + 1)
      audit('look.debug', 'members', { grants: found.slice(0, input.limit).map((g) => g.id) })
      return pageOf(
        found,
        input.limit,
        (g) => placeOf(g.id),
        ({ at, until, opened, ...g }) => ({
          ...g,
          at: at.toISOString(),
          until: until.toISOString(),
          opened: opened?.toISOString() ?? null,
        }),
      )
    }),
  )

  serve(house, grantDebug, ({ caller, input }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const member = await activeMember(tx, input.member)
      if (!member) throw new Failure('not_found')
      if (member.id === caller.id) throw new Failure('own_right')
      const over = await rows.endOver(tx, member.id, now())
      if (over) audit('debug.ended', member.id, { grant: over.id, why: 'expired' })
      const [id, until] = [deps.id(), new Date(now().getTime() + DEBUG_MS)]
      const grant = { id, memberId: member.id, reason: input.reason, grantedBy: caller.id, grantedAt: now(), until }
      if (!(await rows.add(tx, grant))) throw new Failure('already_debugging')
      audit('debug.granted', member.id, { grant: id, until: until.toISOString() })
      return { grant: id, until: until.toISOString() }
    }),
  )

  serve(house, endDebug, ({ caller, input }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const ended = await rows.end(tx, input.grant, caller.id, now())
      if (!ended) throw new Failure((await rows.known(tx, input.grant)) ? 'stale' : 'not_found')
      audit('debug.ended', ended.memberId, { grant: input.grant, why: 'ended' })
      return OK
    }),
  )
}
