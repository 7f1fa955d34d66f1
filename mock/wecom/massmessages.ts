import type { Call, Family } from './api'
import { pageFrom, skipping } from './cursor'
import { Refusal } from './envelope'
import { inRange, memberOf, type Inside } from './inside'
import { bytes, integer, optionalText, text, texts } from './params'
import type { MassMessage, Member } from './state'

/**
 * Mass messages to customers (facts 8.1): a task for the member, sent by nobody but the member in the client. Written from
 * 92135 (add_msg_template), 93338 (list, result); what a member does with the task stands in massdeeds.ts.
 */
export const massMessages: Family = {
  'externalcontact/add_msg_template': {
    method: 'POST',
    access: 'customer contact',
    empty: { fail_list: [], msgid: '' },
    answer: add,
  },
  'externalcontact/get_groupmsg_send_result': {
    method: 'POST',
    access: 'customer contact',
    empty: { send_list: [], next_cursor: '' },
    answer: result,
  },
  'externalcontact/get_groupmsg_list_v2': {
    method: 'POST',
    access: 'customer contact',
    empty: { group_msg_list: [], next_cursor: '' },
    answer: list,
  },
}

const MOST_RECEIVERS = 10_000
const MOST_BYTES = 4000
const MONTH = 31 * 86_400
/** Results can be asked for so many seconds after the task was made (41063). */
const DISPATCH = 5

function add(inside: Inside, { id, path, body }: Call): Record<string, unknown> {
  const chatType = optionalText(body['chat_type'], 'chat_type') || 'single'
  if (chatType !== 'single') throw new Refusal(40058, "field 'chat_type' is not simulated but single")
  const sender = optionalText(body['sender'], 'sender')
  const receivers = texts(body['external_userid'], 'external_userid', MOST_RECEIVERS)
  if (!receivers.length) throw new Refusal(41048)
  const content = contentOf(body)
  const member = sender ? senderOf(inside, sender) : null
  const friends = receivers.filter((external) =>
    member ? isFriend(member, external) : [...inside.state.members.values()].some((m) => isFriend(m, external)),
  )
  if (!friends.length) throw new Refusal(41048)
  const by =
    member?.userid ?? [...inside.state.members.values()].find((m) => isFriend(m, friends[0] ?? ''))?.userid ?? ''
  const msgid = `msg${id}${inside.clock.now()}`.replace(/[^\w]/g, '')
  const message: MassMessage = { msgid, at: inside.clock.seconds(), sender: by, content, receivers: {}, sentAt: null }
  for (const external of friends) message.receivers[external] = 0
  inside.state.massMessages.push(message)
  inside.record({ api: path, requestId: id, kind: 'mass_made', userid: by })
  inside.changed()
  return { fail_list: receivers.filter((external) => !friends.includes(external)), msgid }
}

function contentOf(body: Record<string, unknown>): string {
  const given = body['text']
  const content =
    typeof given === 'object' && given !== null
      ? optionalText((given as Record<string, unknown>)['content'], 'content')
      : ''
  if (!content) throw new Refusal(40058, 'text and attachments are empty')
  if (bytes(content) > MOST_BYTES) throw new Refusal(45002)
  return content
}

function senderOf(inside: Inside, userid: string): Member {
  const member = memberOf(inside, userid)
  if (!member) throw new Refusal(40003)
  if (!inRange(inside, userid)) throw new Refusal(60011)
  if (member.status !== 1) throw new Refusal(41054)
  return member
}

const isFriend = (member: Member, external: string): boolean =>
  member.relations.get(external) !== undefined && member.relations.get(external)?.deletedByCustomer === false

function result(inside: Inside, { body }: Call): Record<string, unknown> {
  const msgid = text(body['msgid'], 'msgid', 41046)
  const userid = text(body['userid'], 'userid')
  const found = inside.state.massMessages.find((one) => one.msgid === msgid)
  if (!found) throw new Refusal(41047)
  if (inside.clock.seconds() < found.at + DISPATCH) throw new Refusal(41063)
  if (found.sender !== userid.toLowerCase()) throw new Refusal(40003)
  const limit = integer(body['limit'], 'limit', { min: 1, max: 1000, otherwise: 500 })
  const asked = { cursor: body['cursor'], limit, question: ['groupmsg', msgid, userid] }
  const { rows, next } = pageFrom((at) => skipping(Object.entries(found.receivers), at), asked)
  return {
    send_list: rows.map(([external_userid, status]) => ({
      external_userid,
      userid: found.sender,
      status,
      ...(status === 1 && found.sentAt !== null ? { send_time: found.sentAt } : {}),
    })),
    next_cursor: next,
  }
}

function list(inside: Inside, { body }: Call): Record<string, unknown> {
  text(body['chat_type'], 'chat_type')
  const start = integer(body['start_time'], 'start_time', { min: 0, max: 2 ** 33 })
  const end = integer(body['end_time'], 'end_time', { min: start, max: 2 ** 33 })
  if (end - start > MONTH) throw new Refusal(40058, "field 'end_time' exceed one month")
  const creator = optionalText(body['creator'], 'creator').toLowerCase()
  integer(body['filter_type'], 'filter_type', { min: 0, max: 2, otherwise: 2 })
  const limit = integer(body['limit'], 'limit', { min: 1, max: 100, otherwise: 50 })
  const asked = { cursor: body['cursor'], limit, question: ['groupmsgs', start, end, creator] }
  const here = inside.state.massMessages.filter(
    (one) => one.at >= start && one.at <= end && (!creator || one.sender === creator),
  )
  const { rows, next } = pageFrom((at) => skipping(here, at), asked)
  return {
    group_msg_list: rows.map(({ msgid, sender, at, content }) => ({
      msgid,
      creator: sender,
      create_time: at,
      create_type: 0,
      text: { content },
      attachments: [],
    })),
    next_cursor: next,
  }
}
