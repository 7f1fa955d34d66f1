import type { CastCustomer, CastDepartment, CastMember, CastRelation, CastTagGroup } from './cast'
import type { AppMessage, ChatLine, ChatMessage, Group, MassMessage, Member, Relation, Transfer } from './state'

/**
 * What people see and do, without any API: administrators, members in their client, customers in WeChat. What they do
 * is effective at once; callbacks follow by themselves. An id of nobody throws: that is a mistake of the caller.
 */
export type World = Sights & ConsoleDeeds & CustomerDeeds & LibraryDeeds & MassDeeds & CardDeeds

export interface Sights {
  /** Members of the corp, as they are now. */
  members(): Member[]
  /** Those who left. */
  departed(): Member[]
  /** Somebody who is in the corp or has left it. */
  member(userid: string): Member | undefined
  departments(): CastDepartment[]
  customers(): CastCustomer[]
  customer(externalUserid: string): CastCustomer | undefined
  /** Relations of those in the corp and of those who left, until a successor took over. */
  relations(of?: { userid?: string; externalUserid?: string }): Relation[]
  groups(): Group[]
  tagGroups(): CastTagGroup[]
  transfers(): Transfer[]
  /** Oldest first; a successor begins with an empty one (facts 4.8). */
  chat(userid: string, externalUserid: string): ChatLine[]
  /** What members received through `message/send`, oldest first. */
  appMessages(userid?: string): AppMessage[]
  /** What WeChat itself tells the customer about a takeover (facts 4.5), oldest first. */
  serviceNotices(externalUserid: string): ServiceNotice[]
}

/** In the console (or, for quitting, in the client): who belongs to the corp. */
export interface ConsoleDeeds {
  /** An administrator deletes the member: the customers wait to be assigned, the groups lose their owner (facts 2.3). */
  removeMember(userid: string): void
  /** The member leaves the corp himself: status 5 (facts 2.3, switch `quitIsResigned`). */
  memberQuits(userid: string): void
  disableMember(userid: string): void
  enableMember(userid: string): void
  addMember(member: Pick<CastMember, 'userid' | 'name' | 'departments'> & Partial<CastMember>): void
  /** To other departments: `update_user`. */
  moveMember(userid: string, departments: number[]): void
  /** His own limit of customers (外部联系人数上限). */
  allowCustomers(userid: string, limit: number): void
}

/** In the console, and for groups in the client: tags, groups, the app. */
export interface LibraryDeeds {
  addTagGroup(name: string, tags: string[]): CastTagGroup
  addTag(groupId: string, name: string): { id: string; name: string }
  editTag(tagId: string, name: string): void
  editTagGroup(groupId: string, name: string): void
  deleteTag(tagId: string): void
  /** One event for the group, none for its tags (facts 5.5). */
  deleteTagGroup(groupId: string): void
  /** The tags of a group, or without one all groups: then the event names nothing. */
  shuffleTags(groupId?: string): void
  changeGroupOwner(chatId: string, userid: string): void
  dismissGroup(chatId: string): void
  /** A new secret; the old one is 40001 from now on, and tokens live on until they end. Answers the new one. */
  rotateSecret(which: 'app' | 'contacts', value?: string): string
  /** Every token dies before its time. */
  tokensDie(errcode?: 42001 | 40014): void
  /** What WeCom tells an app that is hardly used (facts 2.5); `effectTime` in seconds with the two alerts. */
  appHealth(event: AppHealth, effectTime?: number): void
}

export type AppHealth =
  | 'inactive_alert'
  | 'close_inactive_agent'
  | 'reopen_inactive_agent'
  | 'low_active_alert'
  | 'low_active'
  | 'active_restored'

/** Between a member and a customer. */
export interface CustomerDeeds {
  /** The member edits remark, description or tags in the client: `edit_external_contact`. */
  editRelation(userid: string, externalUserid: string, patch: RelationPatch): void
  memberDeletesCustomer(userid: string, externalUserid: string): void

  /** Decides a waiting takeover at once; otherwise kept for the next one. `silent` forgets what was kept. */
  customerWill(externalUserid: string, will: 'accept' | 'refuse' | 'silent'): void
  customerAddsMember(userid: string, externalUserid: string, options?: { addWay?: number; state?: string }): void
  customerDeletesMember(userid: string, externalUserid: string): void

  /** A line in the chat of the two. */
  say(userid: string, externalUserid: string, from: 'member' | 'customer', content: string | ChatMessage): ChatLine
}

/** In the member's client: the tasks that mass messages are. */
export interface MassDeeds {
  /** Those the member has not sent. */
  massTasks(userid: string): MassMessage[]
  /** The member presses send: to each customer, as far as friendship and the month's quota go. */
  memberSendsMass(userid: string, msgid: string): void
}

/** In the member's client: the cards of the app. */
export interface CardDeeds {
  /** The member presses a button that tells the app. */
  memberPressesCard(userid: string, taskId: string, key: string): void
}

export type RelationPatch = Partial<
  Pick<CastRelation, 'remark' | 'description' | 'tagIds' | 'personalTags' | 'remarkMobiles' | 'remarkCorpName'>
>

export interface ServiceNotice {
  /** Seconds. */
  at: number
  externalUserid: string
  flow: 'resigned' | 'onjob'
  handover: { userid: string; name: string }
  takeover: { userid: string; name: string }
  /** While 'waiting' the customer may press 暂不添加; `takeoverTime` (seconds) is when silence becomes a takeover. */
  state: 'waiting' | 'added' | 'refused' | 'full' | 'void'
  takeoverTime: number
  text: { zh: string; en: string }
}
