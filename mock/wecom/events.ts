import { randomBytes } from 'node:crypto'
import type { Inside } from './inside'
import type { Field } from './xml'
import { inRange } from './inside'
import type { AppHealth } from './world'

/** Events of the customer contacts [D:92130], of the contact book [D:90970], of the app [D:90240]. */

const head = (inside: Inside, from: string, event: string, seconds: number): Field[] => [
  ['ToUserName', inside.cast.corp.id],
  ['FromUserName', from],
  ['CreateTime', seconds],
  ['MsgType', 'event'],
  ['Event', event],
]

interface Pair {
  userid: string
  externalUserid: string
}

function contact(
  inside: Inside,
  type: string,
  pair: Pair,
  extra: Field[] = [],
  seconds = inside.clock.seconds(),
): void {
  // Only followers in the app's range are told about, and only to an app that may call (facts 1.2).
  if (!inside.cast.app.mayCallContacts || !inRange(inside, pair.userid)) return
  const fields: Field[] = [['UserID', pair.userid], ['ExternalUserID', pair.externalUserid], ...extra]
  if (type === 'transfer_fail') fields.unshift(...fields.splice(2))
  inside.callbacks.emit(
    'app',
    [...head(inside, 'sys', 'change_external_contact', seconds), ['ChangeType', type], ...fields],
    seconds * 1000,
  )
}

export const events = {
  /** After a takeover there is no WelcomeCode (U4); after a customer added a member there is one. */
  customerAdded(inside: Inside, pair: Pair, more: { state?: string; welcome?: boolean; seconds?: number } = {}): void {
    const extra: Field[] = []
    if (more.state) extra.push(['State', more.state])
    if (more.welcome) extra.push(['WelcomeCode', randomBytes(16).toString('base64url')])
    contact(inside, 'add_external_contact', pair, extra, more.seconds)
  },
  relationEdited: (inside: Inside, pair: Pair): void => contact(inside, 'edit_external_contact', pair),
  memberDeletedCustomer: (inside: Inside, pair: Pair, byTransfer?: number): void =>
    contact(inside, 'del_external_contact', pair, byTransfer ? [['Source', 'DELETE_BY_TRANSFER']] : [], byTransfer),
  customerDeletedMember: (inside: Inside, pair: Pair): void => contact(inside, 'del_follow_user', pair),
  /** `userid` is the successor who failed; the leaver is not named (facts 5.3). */
  transferFailed: (
    inside: Inside,
    pair: Pair,
    reason: 'customer_refused' | 'customer_limit_exceed',
    seconds: number,
  ): void => contact(inside, 'transfer_fail', pair, [['FailReason', reason]], seconds),
  groupOwnerChanged: (inside: Inside, chatId: string, owner: string): void =>
    chat(inside, owner, [
      ['ChatId', chatId],
      ['ChangeType', 'update'],
      ['UpdateDetail', 'change_owner'],
    ]),
  groupDismissed: (inside: Inside, chatId: string, owner: string): void =>
    chat(inside, owner, [
      ['ChatId', chatId],
      ['ChangeType', 'dismiss'],
    ]),
  /** Done in the console or the client; done by API there is no event (facts 5.5). */
  tagChanged(inside: Inside, type: string, kind: 'tag' | 'tag_group', id: string): void {
    if (!inside.cast.app.mayCallContacts) return
    const what: Field[] = [
      ['Id', id],
      ['TagType', kind],
      ['ChangeType', type],
    ]
    inside.callbacks.emit('app', [...head(inside, 'sys', 'change_external_tag', inside.clock.seconds()), ...what])
  },
  /** `ChangeType` is not CDATA here (facts 2.4). Never delivered to the app's own address. */
  memberDeleted: (inside: Inside, userid: string): void => contactBook(inside, 'delete_user', [['UserID', userid]]),
  memberCreated: (inside: Inside, userid: string, departments: number[]): void =>
    contactBook(inside, 'create_user', [
      ['UserID', userid],
      ['Department', departments.join(',')],
    ]),
  memberMoved: (inside: Inside, userid: string, departments: number[]): void =>
    contactBook(inside, 'update_user', [
      ['UserID', userid],
      ['Department', departments.join(',')],
    ]),
  appHealth(inside: Inside, event: AppHealth, effectTime?: number): void {
    const when: Field[] = effectTime === undefined ? [] : [['EffectTime', effectTime]]
    const { agentId } = inside.cast.app
    inside.callbacks.emit('app', [...head(inside, 'sys', event, inside.clock.seconds()), ['AgentID', agentId], ...when])
  },
  /** From the member who pressed, at once. */
  cardPressed(inside: Inside, userid: string, press: { task: string; key: string; type: string; code: string }): void {
    inside.callbacks.emit('app', [
      ...head(inside, userid, 'template_card_event', inside.clock.seconds()),
      ['EventKey', press.key],
      ['TaskId', press.task],
      ['CardType', press.type],
      ['ResponseCode', press.code],
      ['AgentID', inside.cast.app.agentId],
    ])
  },
  /** To the app, when somebody in its range comes, or leaves or is disabled. */
  appRange(inside: Inside, event: 'subscribe' | 'unsubscribe', userid: string): void {
    if (!inRange(inside, userid)) return
    const { agentId } = inside.cast.app
    inside.callbacks.emit('app', [...head(inside, userid, event, inside.clock.seconds()), ['AgentID', agentId]])
  },
}

function chat(inside: Inside, owner: string, what: Field[]): void {
  if (!inside.cast.app.mayCallContacts || !inRange(inside, owner)) return
  inside.callbacks.emit('app', [...head(inside, 'sys', 'change_external_chat', inside.clock.seconds()), ...what])
}

function contactBook(inside: Inside, type: string, fields: Field[]): void {
  const begin = head(inside, 'sys', 'change_contact', inside.clock.seconds())
  inside.callbacks.emit('contacts', [...begin, ['ChangeType', { plain: type }], ...fields])
}
