import type { Call } from './api'
import { pageFrom, skipping } from './cursor'
import { Refusal } from './envelope'
import { departedOf, memberOf, type Inside } from './inside'
import { text } from './params'
import type { Transfer } from './state'

const ROWS_A_PAGE = 1000
const FRESH = 300

/**
 * transfer_result, resigned and on the job: rows of exactly this pair and flow (facts 4.4). A customer who was assigned
 * to the same successor twice has one row, the later.
 */
export function results(inside: Inside, { body }: Call, flow: Transfer['flow']): Record<string, unknown> {
  const handover = person(inside, text(body['handover_userid'], 'handover_userid'))
  const takeover = person(inside, text(body['takeover_userid'], 'takeover_userid'))
  const asked = { cursor: body['cursor'], limit: ROWS_A_PAGE, question: [flow, handover, takeover] }
  const { rows, next } = pageFrom((at) => skipping(shown(inside, { flow, handover, takeover }), at), asked)
  return {
    customer: rows.map((t) => ({ external_userid: t.externalUserid, status: t.status, takeover_time: t.takeoverTime })),
    next_cursor: next,
  }
}

function* shown(inside: Inside, pair: Pick<Transfer, 'flow' | 'handover' | 'takeover'>): Generator<Transfer> {
  let index = 0
  for (const transfer of inside.pairs.rows(pair)) if (!withheld(inside, transfer, index++)) yield transfer
}

function person(inside: Inside, userid: string): string {
  const found = memberOf(inside, userid) ?? departedOf(inside, userid)
  if (!found) throw new Refusal(40003)
  return found.userid
}

/** Fewer rows than were assigned, or none, were seen (facts 4.4). */
function withheld({ switches, clock }: Inside, { startedAt }: Transfer, index: number): boolean {
  if (switches.freshResults === 'all' || startedAt < clock.seconds() - FRESH) return false
  return switches.freshResults === 'none' || index % 2 === 1
}
