import { act } from '../db/act'
import { pressCard } from '../db/card'
import { askGroupSoon } from '../db/group'
import { revokeSessions } from '../db/revoke'
import { askSoon } from '../db/transfer'
import type { Deps } from '../deps'
import { customerIdOf } from '../wecom/contacts'
import { rereadGroup } from '../wecom/groups'
import type { EndedBy } from '../wecom/relation-rows'
import { endRelations, rereadContact } from '../wecom/relations'
import { readTags } from '../wecom/tags'
import { stopMember } from './leavers'
import { recordDeparture } from './record'
import { memberByUserid, renameMember } from './rows'
import { isHere, whereabouts } from './whereabouts'

/** The flat elements of one event. Events come late, twice, out of order or not at all (facts 5.1): each is only a hint. */
type Body = Record<string, string | undefined>
type Handler = (deps: Deps, body: Body) => Promise<void>

/** Known, and nothing to do about it. */
const nothing: Handler = () => Promise.resolve()

const useridIn = (body: Body): string => (body['UserID'] ?? '').toLowerCase()

function happenedAt(body: Body): Date | null {
  const seconds = Number(body['CreateTime'])
  return Number.isInteger(seconds) && seconds > 0 && seconds < 4_102_444_800 ? new Date(seconds * 1000) : null
}

/** Sessions die before anything is asked of WeCom; a member who is still here just signs in again. */
const memberDeleted: Handler = async (deps, body) => {
  const userid = useridIn(body)
  const member = await memberByUserid(deps.db, userid)
  if (!userid || member?.status === 'left') return
  if (member) await act(deps.db, deps.now(), 'wecom', (tx, audit) => revokeSessions(tx, audit, [member.id]))
  if (isHere(await whereabouts(deps, userid))) return
  await recordDeparture(deps, { userid, leftAt: happenedAt(body), knownBy: 'event', waiting: [] })
  deps.wake('departures')
}

/** The app's own hint that somebody left, was switched off or is out of range; WeCom is asked which (facts 2.4). */
const memberUnsubscribed: Handler = async (deps, body) => {
  const userid = (body['FromUserName'] ?? '').toLowerCase()
  const member = await memberByUserid(deps.db, userid)
  if (!member || member.status === 'left') return
  const where = await whereabouts(deps, userid)
  if (where === 'gone') {
    await recordDeparture(deps, { userid, leftAt: happenedAt(body), knownBy: 'event', waiting: [] })
    deps.wake('departures')
  } else if (where !== 'active' && member.status === 'active') await stopMember(deps, member.id, where)
}

const memberUpdated: Handler = async (deps, body) => {
  const [userid, to] = [useridIn(body), (body['NewUserID'] ?? '').toLowerCase()]
  const member = await memberByUserid(deps.db, userid)
  if (!member) return
  if (to && to !== userid && !(await memberByUserid(deps.db, to)))
    await act(deps.db, deps.now(), 'wecom', async (tx, audit) => {
      await renameMember(tx, userid, to)
      audit('mirror.changed', 'member', { renamed: [member.id] })
    })
  if (!['2', '5'].includes(body['Status'] ?? '') || member.status !== 'active') return
  const where = await whereabouts(deps, to || userid)
  if (where !== 'active') await stopMember(deps, member.id, where)
}

/** Somebody who had left is created anew: the list of members must be read before they can come in. */
const memberCreated: Handler = async (deps, body) => {
  if ((await memberByUserid(deps.db, useridIn(body)))?.status === 'left') deps.wake('mirror')
}

const relationChanged: Handler = async (deps, body) => {
  if (body['ExternalUserID']) await rereadContact(deps, body['ExternalUserID'])
}

const transferMoved: Handler = async (deps, body) => {
  await relationChanged(deps, body)
  const member = await memberByUserid(deps.db, useridIn(body))
  const customerId = await customerIdOf(deps.db, body['ExternalUserID'] ?? '')
  if (member && customerId) await askSoon(deps.db, customerId, member.id, deps.now())
  deps.wake('transfers')
}

/**
 * Ends the relation, unless it has come again since the event: then the end was another friendship's. An end that was noticed
 * before the event came gets its reason now (wecom/relations.ts, `endRelations`).
 */
const relationDeleted =
  (by: (body: Body) => EndedBy): Handler =>
  async (deps, body) => {
    const contact = body['ExternalUserID']
    const member = await memberByUserid(deps.db, useridIn(body))
    if (!contact || !member) return
    await rereadContact(deps, contact)
    const customerId = await customerIdOf(deps.db, contact)
    if (!customerId) return
    await act(deps.db, deps.now(), 'wecom', async (tx, audit) => {
      const end = { memberId: member.id, customerIds: [customerId], by: by(body), at: happenedAt(body) ?? deps.now() }
      const ended = await endRelations(tx, deps, end)
      if (ended.length) audit('mirror.changed', 'relation', { member: member.id, ended, by: end.by })
    })
  }

const groupChanged: Handler = async (deps, body) => {
  const chatId = body['ChatId']
  if (!chatId) return
  await rereadGroup(deps, chatId, body['ChangeType'] === 'dismiss')
  if (await askGroupSoon(deps.db, chatId)) deps.wake('groups')
}

/** A button of a card that an approver was sent; what it meant is the plan's to say (db/card.ts). */
const cardPressed: Handler = async (deps, body) => {
  const { TaskId: card = '', EventKey: key = '', ResponseCode: code = '' } = body
  const userid = (body['FromUserName'] ?? '').toLowerCase()
  await pressCard(deps, { card, key, code, userid, at: happenedAt(body) ?? new Date(0) })
  deps.wake('approvals')
}

const appHealth: Handler = ({ log }, body) => {
  log.warn({ event: body['Event'], effect: body['EffectTime'] }, 'WeCom is about to restrict this app (facts 2.5)')
  return Promise.resolve()
}

/**
 * The corp's tags. One tag is asked for by itself; a group, or everything in a new order, is one event for many tags, and then
 * all are read again, which is one call as well (facts 5.5). What WeCom says now counts, so the order of events does not.
 */
const tagsChanged: Handler = async (deps, body) => {
  // Those of a rule group (规则组) are not in the corp's library.
  if (body['StrategyId'] && body['StrategyId'] !== '0') return
  const one = body['TagType'] === 'tag' && body['ChangeType'] !== 'shuffle' ? body['Id'] : ''
  await readTags(deps, one || undefined)
}

/** By `Event`, or `Event ChangeType`. What is not here is unknown: it is kept and counted. */
const handlers = new Map<string, Handler>([
  ['change_contact delete_user', memberDeleted],
  ['change_contact update_user', memberUpdated],
  ['change_contact create_user', memberCreated],
  ['unsubscribe', memberUnsubscribed],
  ['change_external_contact add_external_contact', transferMoved],
  ['change_external_contact transfer_fail', transferMoved],
  ['change_external_contact add_half_external_contact', relationChanged],
  ['change_external_contact edit_external_contact', relationChanged],
  // On-job inheritance takes the customer away from a member who deleted nobody.
  [
    'change_external_contact del_external_contact',
    relationDeleted((body) => (body['Source'] === 'DELETE_BY_TRANSFER' ? 'transfer' : 'member')),
  ],
  ['change_external_contact del_follow_user', relationDeleted(() => 'customer')],
  ['change_external_contact msg_audit_approved', nothing],
  ...['create', 'update', 'delete', 'shuffle'].map((change) => [`change_external_tag ${change}`, tagsChanged] as const),
  ...['create_party', 'update_party', 'delete_party', 'update_tag'].map(
    (c) => [`change_contact ${c}`, nothing] as const,
  ),
  ...['subscribe', 'enter_agent', 'click', 'view', 'template_card_menu_event', 'batch_job_result'].map(
    (event) => [event, nothing] as const,
  ),
  ['template_card_event', cardPressed],
  ...['create', 'update', 'dismiss'].map((change) => [`change_external_chat ${change}`, groupChanged] as const),
  ...['inactive_alert', 'close_inactive_agent', 'low_active_alert', 'low_active'].map((e) => [e, appHealth] as const),
])

/** Does what an event asks for, and answers what became of it. */
export async function handle(
  deps: Deps,
  { event, change, body }: { event: string; change: string; body: Body },
): Promise<'done' | 'nothing' | 'unknown'> {
  const handler = handlers.get(change ? `${event} ${change}` : event)
  if (!handler) return 'unknown'
  await handler(deps, body)
  return handler === nothing ? 'nothing' : 'done'
}
