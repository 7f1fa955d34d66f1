import { act } from '../db/act'
import { askGroupSoon } from '../db/group'
import { revokeSessions } from '../db/revoke'
import { askSoon } from '../db/transfer'
import type { Deps } from '../deps'
import { customerIdOf } from '../wecom/contacts'
import { rereadGroup } from '../wecom/groups'
import { endRelations, rereadContact, type EndedBy } from '../wecom/relations'
import { stopMember } from './leavers'
import { recordDeparture } from './record'
import { memberByUserid, renameMember } from './rows'
import { isHere, whereabouts } from './whereabouts'

/** The flat elements of one event. Events come late, twice, out of order or not at all (facts 5.1): each is only a hint. */
type Body = Record<string, string | undefined>
type Handler = (deps: Deps, body: Body) => Promise<void>

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

/** Ends the relation unless WeCom shows one that began after the event: then it has come again since. */
const relationDeleted =
  (by: (body: Body) => EndedBy): Handler =>
  async (deps, body) => {
    const contact = body['ExternalUserID']
    const member = await memberByUserid(deps.db, useridIn(body))
    if (!contact || !member) return
    const at = happenedAt(body) ?? deps.now()
    const now = (await rereadContact(deps, contact)).find((s) => s.userid === member.userid)
    const customerId = await customerIdOf(deps.db, contact)
    if (!customerId || (now?.since && now.since > at)) return
    await act(deps.db, deps.now(), 'wecom', async (tx, audit) => {
      const end = { memberId: member.id, customerIds: [customerId], by: by(body), at }
      const ended = await endRelations(tx, deps, end)
      if (ended.length) audit('mirror.changed', 'relation', { member: member.id, ended })
    })
  }

const groupChanged: Handler = async (deps, body) => {
  const chatId = body['ChatId']
  if (!chatId) return
  await rereadGroup(deps, chatId, body['ChangeType'] === 'dismiss')
  if (await askGroupSoon(deps.db, chatId)) deps.wake('groups')
}

const appHealth: Handler = ({ log }, body) => {
  log.warn({ event: body['Event'], effect: body['EffectTime'] }, 'WeCom is about to restrict this app (facts 2.5)')
  return Promise.resolve()
}

/** By `Event`, or `Event ChangeType`. What is not here is kept and asks nothing of us. */
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
    relationDeleted((body) => (body['Source'] === 'DELETE_BY_TRANSFER' ? 'unknown' : 'member')),
  ],
  ['change_external_contact del_follow_user', relationDeleted(() => 'customer')],
  ...['create', 'update', 'dismiss'].map((change) => [`change_external_chat ${change}`, groupChanged] as const),
  ...['inactive_alert', 'close_inactive_agent', 'low_active_alert', 'low_active'].map((e) => [e, appHealth] as const),
])

export const handlerOf = (event: string, change: string): Handler | undefined =>
  handlers.get(change ? `${event} ${change}` : event)

/** Group details lag behind their events (facts 5.4): asked at once, WeCom would still tell the old. */
const GROUP_LAG_MS = 2000

export const isRipe = (event: { event: string; receivedAt: Date }, now: Date): boolean =>
  event.event !== 'change_external_chat' || now.getTime() - event.receivedAt.getTime() >= GROUP_LAG_MS
