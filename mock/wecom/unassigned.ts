import type { Call } from './api'
import { page } from './cursor'
import { Refusal } from './envelope'
import type { Inside } from './inside'
import { integer } from './params'
import type { Member, Relation } from './state'

/** get_unassigned_list [D:92124]: ids and a time for each customer of somebody who left, no names (facts 4.2). */
export function unassigned(inside: Inside, { body }: Call): Record<string, unknown> {
  const size = integer(body['page_size'], 'page_size', { min: 1, max: 1000, otherwise: 1000 })
  const all = rows(inside)
  if (body['page_id'] !== undefined && !body['cursor']) {
    const id = integer(body['page_id'], 'page_id', { min: 0, max: 50_000 })
    if (id * size >= 50_000) throw new Refusal(40058, "field 'page_id' out of range")
    const end = (id + 1) * size
    // The old pager gets no cursor (facts 4.2).
    return { info: all.slice(id * size, end), is_last: end >= all.length }
  }
  const { rows: info, next } = page(all, { cursor: body['cursor'], limit: size, question: 'unassigned' })
  return { info, is_last: next === '', next_cursor: next }
}

interface Row {
  handover_userid: string
  external_userid: string
  dimission_time: number
}

/** Newest departures first, as older pages said; nobody should rely on it. */
function rows(inside: Inside): Row[] {
  const { state, switches } = inside
  const quit = switches.quitIsResigned ? [...state.members.values()].filter((m) => m.status === 5) : []
  const gone = [...state.departed.values(), ...quit].sort((a, b) => (b.dimissionTime ?? 0) - (a.dimissionTime ?? 0))
  return gone.flatMap((member) =>
    [...member.relations.values()]
      .filter((relation) => listed(inside, member, relation))
      .map((r) => ({
        handover_userid: member.userid,
        external_userid: r.externalUserid,
        dimission_time: member.dimissionTime ?? 0,
      })),
  )
}

/** Switches of U10. A row that was taken over is no relation of the leaver any more. */
function listed({ state, switches }: Inside, member: Member, relation: Relation): boolean {
  if (relation.deletedByCustomer) return false
  const flows = (state.transfers.get(relation.externalUserid) ?? []).filter(
    (t) => t.flow === 'resigned' && t.handover === member.userid,
  )
  const latest = flows.at(-1)?.status
  if (latest === undefined || latest === 'void') return true
  if (switches.unassignedRowLeaves === 'at takeover') return true
  return latest !== 2 && switches.refusedRowReturns
}
