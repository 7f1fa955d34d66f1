import type { Call } from './api'
import { pageFrom, skipping } from './cursor'
import { Refusal } from './envelope'
import type { Inside } from './inside'
import { integer } from './params'
import type { Member } from './state'

/** get_unassigned_list [D:92124]: ids and a time for each customer of somebody who left, no names (facts 4.2). */
export function unassigned(inside: Inside, { body }: Call): Record<string, unknown> {
  const size = integer(body['page_size'], 'page_size', { min: 1, max: 1000, otherwise: 1000 })
  if (body['page_id'] !== undefined && !body['cursor']) {
    const id = integer(body['page_id'], 'page_id', { min: 0, max: 50_000 })
    if (id * size >= 50_000) throw new Refusal(40058, "field 'page_id' out of range")
    const info = [...take(skipping(rows(inside), id * size), size + 1)]
    // The old pager gets no cursor (facts 4.2).
    return { info: info.slice(0, size), is_last: info.length <= size }
  }
  const asked = { cursor: body['cursor'], limit: size, question: 'unassigned' }
  const { rows: info, next } = pageFrom((position) => skipping(rows(inside), position), asked)
  return { info, is_last: next === '', next_cursor: next }
}

interface Row {
  handover_userid: string
  external_userid: string
  dimission_time: number
}

function* take<T>(rows: Iterable<T>, n: number): Generator<T> {
  let left = n
  for (const row of rows) {
    if (left-- === 0) return
    yield row
  }
}

/** Newest departures first, as older pages said; nobody should rely on it. */
function* rows(inside: Inside): Generator<Row> {
  const { state, switches } = inside
  const quit = switches.quitIsResigned ? [...state.members.values()].filter((m) => m.status === 5) : []
  const gone = [...state.departed.values(), ...quit].sort((a, b) => (b.dimissionTime ?? 0) - (a.dimissionTime ?? 0))
  for (const member of gone)
    for (const externalUserid of member.relations.keys())
      if (listed(inside, member, externalUserid))
        yield {
          handover_userid: member.userid,
          external_userid: externalUserid,
          dimission_time: member.dimissionTime ?? 0,
        }
}

/** Switches of U10. A row that was taken over is no relation of the leaver any more. */
function listed({ state, switches }: Inside, { userid, relations }: Member, externalUserid: string): boolean {
  // A row nobody touched is not made for the sake of a question whose answer is known.
  const relation = (relations.touched ?? ((id) => relations.get(id)))(externalUserid)
  if (relation?.deletedByCustomer) return false
  const flows = (state.transfers.get(externalUserid) ?? []).filter(
    (t) => t.flow === 'resigned' && t.handover === userid,
  )
  const latest = flows.at(-1)?.status
  if (latest === undefined || latest === 'void') return true
  if (switches.unassignedRowLeaves === 'at takeover') return true
  return latest !== 2 && switches.refusedRowReturns
}
