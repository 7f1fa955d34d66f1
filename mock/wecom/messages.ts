import { createHash } from 'node:crypto'
import type { Call, Family } from './api'
import { beginCard, codeFor } from './cards'
import { Refusal } from './envelope'
import { inRange, memberOf, visibleMembers, type Inside } from './inside'
import { checkBody } from './messagebody'
import { integer, optionalText, text } from './params'
import type { Member } from './state'
import { isInteractive } from './templatecard'

/** message/send [D:90236]: to members only, never to customers (facts 8.1). */
export const messages: Family = {
  'message/send': {
    method: 'POST',
    access: 'app',
    empty: { invaliduser: '', invalidparty: '', invalidtag: '' },
    answer: send,
  },
}

interface Receivers {
  members: Member[]
  invalid: string[]
}

function send(inside: Inside, { id, path, body }: Call): Record<string, unknown> {
  if (body['agentid'] === undefined) throw new Refusal(41011)
  // A number; the digits as text are accepted by nobody's documentation.
  if (integer(body['agentid'], 'agentid', { min: 0, max: 2 ** 31 }) !== inside.cast.app.agentId)
    throw new Refusal(301002)
  const msgtype = text(body['msgtype'], 'msgtype', 40008)
  const content = checkBody(msgtype, body[msgtype])
  const { members, invalid } = receivers(inside, body)
  if (members.length === 0) throw new Refusal(81013)
  if (msgtype === 'template_card') beginCard(inside, content)
  const msgid = createHash('sha256').update(`${id} ${inside.clock.now()}`).digest('base64url')
  const reached = repeated(inside, body, msgtype, content, members) ? [] : members.filter((m) => underRate(inside, m))
  for (const { userid } of reached) {
    inside.state.messages.push({ msgid, at: inside.clock.now(), userid, msgtype, body: content })
    inside.record({ api: path, requestId: id, kind: 'message_sent', userid })
  }
  inside.changed()
  // Ids come back in lower case (facts 8.2).
  return {
    invaliduser: invalid.join('|'),
    invalidparty: '',
    invalidtag: '',
    msgid,
    ...(isInteractive(content)
      ? {
          response_code: codeFor(
            inside,
            String(content['task_id']),
            reached.map((m) => m.userid),
          ),
        }
      : {}),
  }
}

function receivers(inside: Inside, body: Record<string, unknown>): Receivers {
  const to = optionalText(body['touser'], 'touser')
  const parties = optionalText(body['toparty'], 'toparty').split('|').filter(Boolean)
  const range = visibleMembers(inside).filter((m) => m.status === 1 || m.status === 4)
  if (to === '@all') return { members: range, invalid: [] }
  const ids = to.split('|').filter(Boolean)
  if (ids.length > 1000) throw new Refusal(40058, "field 'touser' exceed max length 1000")
  if (parties.length > 100) throw new Refusal(40058, "field 'toparty' exceed max length 100")
  const members = new Set(range.filter((m) => m.departments.some((d) => parties.includes(String(d)))))
  const invalid: string[] = []
  for (const id of ids) {
    const member = memberOf(inside, id)
    if (member && range.includes(member) && inRange(inside, id)) members.add(member)
    else invalid.push(id.toLowerCase())
  }
  return { members: [...members], invalid }
}

/** `enable_duplicate_check`: the same content to the same people inside the interval is swallowed. */
function repeated(
  inside: Inside,
  body: Record<string, unknown>,
  msgtype: string,
  content: Record<string, unknown>,
  members: Member[],
): boolean {
  if (body['enable_duplicate_check'] !== 1) return false
  const seconds = integer(body['duplicate_check_interval'], 'duplicate_check_interval', {
    min: 1,
    max: 14_400,
    otherwise: 1800,
  })
  const same = JSON.stringify(content)
  const since = inside.clock.now() - seconds * 1000
  return members.every(({ userid }) =>
    inside.state.messages.some(
      (m) => m.userid === userid && m.at > since && m.msgtype === msgtype && JSON.stringify(m.body) === same,
    ),
  )
}

/** More than this to one member is dropped without a word (facts 1.3). */
function underRate({ limits, clock }: Inside, { userid }: Member): boolean {
  const { messagesPerMemberMinute: perMinute, messagesPerMemberHour: perHour } = limits.numbers
  return limits.fits(`message to ${userid}`, clock.now(), { perMinute, perHour })
}
