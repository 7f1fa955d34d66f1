import { forced, type Call, type Family } from './api'
import { Refusal, textOf } from './envelope'
import { atLimit, departedOf, memberOf, resigned, type Inside } from './inside'
import { known } from './members'
import { beginTransfer } from './outcomes'
import { atMost, optionalText, text, texts } from './params'
import { DAY, recently, stillInheritable, successor } from './successor'
import { results } from './results'
import type { Member, Transfer } from './state'
import { unassigned } from './unassigned'

/**
 * Handing customers over: get_unassigned_list [D:92124], resigned/transfer_customer [D:94081] and transfer_result
 * [D:94082], on the job transfer_customer [D:92125] and transfer_result [D:94088].
 */
export const inheritance: Family = {
  'externalcontact/get_unassigned_list': {
    method: 'POST',
    access: 'customer contact',
    empty: { info: [], is_last: true, next_cursor: '' },
    stored: true,
    answer: unassigned,
  },
  'externalcontact/resigned/transfer_customer': transferApi('resigned'),
  'externalcontact/resigned/transfer_result': resultApi('resigned'),
  'externalcontact/transfer_customer': transferApi('onjob'),
  'externalcontact/transfer_result': resultApi('onjob'),
}

type Flow = Transfer['flow']

function transferApi(flow: Flow): Family[string] {
  return {
    method: 'POST',
    access: 'customer contact',
    empty: { customer: [] },
    // Two calls for one successor at the same time are in each other's way (facts 1.3, 13.37).
    alone: ({ body }) => `assign ${String(body['takeover_userid']).toLowerCase()}`,
    answer: (inside, call) => transfer(inside, call, flow),
  }
}

function resultApi(flow: Flow): Family[string] {
  return {
    method: 'POST',
    access: 'customer contact',
    empty: { customer: [], next_cursor: '' },
    stored: true,
    answer: (inside, call) => results(inside, call, flow),
  }
}

interface Pair {
  handover: Member
  takeover: Member
}

function transfer(inside: Inside, call: Call, flow: Flow): Record<string, unknown> {
  const { body } = call
  const from = text(body['handover_userid'], 'handover_userid')
  const to = text(body['takeover_userid'], 'takeover_userid')
  const ids = texts(body['external_userid'], 'external_userid', 100, 41035)
  if (ids.length === 0) throw new Refusal(41035)
  // A resigned flow has no text of its own (facts 4.3); an unknown key is ignored, as everywhere.
  const successMsg =
    flow === 'onjob'
      ? atMost(optionalText(body['transfer_success_msg'], 'transfer_success_msg'), 'transfer_success_msg', 200)
      : ''
  const pair = pairOf(inside, from, to, flow)
  if (typeof pair === 'number') return { customer: ids.map((id) => ({ external_userid: id, errcode: pair })) }
  return {
    customer: ids.map((id) => {
      const errcode = forced(inside, call, id) ?? refusalOf(inside, pair, id, flow)
      if (errcode === 0)
        beginTransfer(inside, { ...pair, flow, externalUserid: id, successMsg, requestId: call.id, api: call.path })
      return { external_userid: id, errcode }
    }),
  }
}

/** The two people, or the code every item gets where `wholeCallCodes` says so. */
function pairOf(inside: Inside, from: string, to: string, flow: Flow): Pair | number {
  try {
    if (from.toLowerCase() === to.toLowerCase()) throw new Refusal(40130)
    const handover = flow === 'resigned' ? leaver(inside, from) : giver(inside, from)
    return { handover, takeover: successor(inside, to) }
  } catch (error) {
    const whole = [40097, 40098, 40130]
    if (inside.switches.wholeCallCodes === 'item' && error instanceof Refusal && whole.includes(error.errcode))
      return error.errcode
    throw error
  }
}

function leaver(inside: Inside, userid: string): Member {
  const gone = resigned(inside, userid)
  if (!gone) throw new Refusal(memberOf(inside, userid) ? 40097 : 40003)
  // No code of its own is documented for somebody gone too long.
  if (!stillInheritable(inside, gone)) throw new Refusal(40097, `${textOf(40097)} within one year`)
  return gone
}

function giver(inside: Inside, userid: string): Member {
  if (departedOf(inside, userid) && !memberOf(inside, userid)) throw new Refusal(40003)
  const member = known(inside, userid)
  if (member.status !== 1 || !recently(inside, member)) throw new Refusal(41054)
  return member
}

/** Per-item codes (facts 1.4, 4.3, 4.7); 0 starts the flow. */
function refusalOf(inside: Inside, { handover, takeover }: Pair, id: string, flow: Flow): number {
  if (!inside.state.customers.has(id)) return 40096
  const past = inside.state.transfers.get(id) ?? []
  const running = past.find((t) => t.status === 2)
  if (running) return running.handover === handover.userid ? 40100 : 40129
  const relation = handover.relations.get(id)
  if (!relation || relation.deletedByCustomer) return 40131
  const again = past.some((t) => t.handover === handover.userid && (t.status === 3 || t.status === 4))
  if (flow === 'resigned' && again && !inside.switches.reassignAfterRefusal) return 40128
  if (
    flow === 'onjob' &&
    past.filter((t) => t.flow === 'onjob' && t.startedAt > inside.clock.seconds() - 90 * DAY).length >= 2
  )
    return 40128
  if (!takeover.relations.has(id) && atLimit(takeover)) return 40099
  return 0
}
