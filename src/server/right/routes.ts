import { confirmRight, endGrant, findMembers, grantRole, listDepartments, listRights } from '../../shared/right'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { act } from '../db/act'
import { pageOf, placeOf, readPlace, word } from '../lib/listing'
import { serve, type House } from '../lib/serve'
import { debug } from './debug'
import { grant } from './grant'
import { holdersOf, namedIn } from './holders'
import * as rows from './rows'

const MOST_FOUND = 20

/** Who may do what and why; given, confirmed and ended by administrators, never for themselves (T-39). */
export function right(house: House): void {
  const { db, config } = house.deps

  serve(house, listRights, ({ deps, caller, input }) => {
    const now = deps.now()
    return act(db, now, caller.id, async (tx, audit) => {
      const named = namedIn(config)
      const found = await rows.holdersAfter(tx, named, readPlace(input.after, word, word), input.limit + 1, now)
      const holders = await holdersOf(tx, config, found, caller.id, now)
      const page = pageOf(
        holders,
        input.limit,
        (h) => placeOf(h.name, h.id),
        (h) => h,
      )
      audit('look.rights', 'members', { members: page.items.map((h) => h.id) })
      return { ...page, others: Number((await rows.countOthers(tx, named, now)).count) }
    })
  })

  serve(house, findMembers, async ({ caller, input }) => ({
    items: await rows.membersNamed(db, input.name, caller.id, MOST_FOUND),
  }))

  serve(house, listDepartments, async () => ({ items: await rows.departments(db) }))

  serve(house, grantRole, ({ deps, caller, input }) =>
    act(db, deps.now(), caller.id, (tx, audit) => grant(tx, audit, deps, caller, input)),
  )

  serve(house, endGrant, ({ deps, caller, input }) => {
    const now = deps.now()
    return act(db, now, caller.id, async (tx, audit) => {
      const ended = await rows.closeGrant(tx, input.grant, caller.id, now, input.reason)
      if (!ended) throw new Failure((await rows.grantKnown(tx, input.grant)) ? 'stale' : 'not_found')
      const review = { memberId: ended.memberId, role: ended.role, source: 'grant', place: input.grant } as const
      await rows.addReview(tx, { id: deps.id(), ...review, reviewedBy: caller.id, reviewedAt: now, verdict: 'ended' })
      audit('role.ended', ended.memberId, { grant: input.grant, role: ended.role, why: 'ended' })
      return OK
    })
  })

  serve(house, confirmRight, ({ deps, caller, input: { member, role, source, place } }) => {
    const now = deps.now()
    return act(db, now, caller.id, async (tx, audit) => {
      const found = await rows.activeMember(tx, member)
      if (!found) throw new Failure('not_found')
      if (found.id === caller.id) throw new Failure('own_right')
      const [holder] = await holdersOf(tx, config, [found], caller.id, now)
      const still = holder?.rights.some((r) => r.role === role && r.source === source && r.place === place)
      // Being in range is WeCom's to decide and nothing to confirm here.
      if (!still || source === 'range') throw new Failure('stale')
      const review = { memberId: member, role, source, place, reviewedBy: caller.id, reviewedAt: now }
      await rows.addReview(tx, { id: deps.id(), ...review, verdict: 'confirmed' })
      audit('right.confirmed', member, { role, source, place })
      return OK
    })
  })

  debug(house)
}
