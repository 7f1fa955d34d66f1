import { announceDeparture, changeLastDay, listAnnounceable, withdrawAnnouncement } from '../../shared/announcement'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { act } from '../db/act'
import { pageOf, placeOf, readPlace, word } from '../lib/listing'
import { serve, type House } from '../lib/serve'
import { announce, reschedule, withdraw } from './announce'
import { membersHere } from './announce-rows'

/** That somebody will leave, said by a manager before WeCom knows it; moved to another day; taken back. */
export function announcement(house: House): void {
  serve(house, listAnnounceable, ({ deps, caller, input }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const [after = null] = readPlace(input.after, word) ?? []
      const rows = await membersHere(tx, caller, input.text ?? '', after, input.limit + 1)
      const place = (m: { id: string }) => placeOf(m.id)
      const page = pageOf(rows, input.limit, place, (m) => m)
      audit('look.list', 'members', { members: page.items.map((m) => m.id) })
      return page
    }),
  )

  serve(house, announceDeparture, async ({ deps, caller, input }) => {
    if (input.member === caller.id) throw new Failure('own_departure')
    const answer = await act(deps.db, deps.now(), caller.id, (tx, audit) => announce(tx, audit, deps, caller, input))
    // What WeCom still tells of this member is copied at once, not only tonight.
    deps.wake('freeze')
    return answer
  })

  serve(house, changeLastDay, ({ deps, caller, input: { departure, leavesOn } }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      await reschedule(tx, audit, caller, departure, leavesOn, now)
      return OK
    })
  })

  serve(house, withdrawAnnouncement, ({ deps, caller, input }) =>
    act(deps.db, deps.now(), caller.id, (tx, audit) => withdraw(tx, audit, deps, caller, input.departure)),
  )
}
