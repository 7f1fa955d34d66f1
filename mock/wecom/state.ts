import type {
  CastChatLine,
  CastCustomer,
  CastDepartment,
  CastGroup,
  CastMember,
  CastRelation,
  CastTagGroup,
} from './cast'
import type { Effect } from './ledger'
import type { Outgoing } from './callbacks'
import type { Table } from './table'

/**
 * Everything that lives in the simulated corp: plain data (Maps, Sets, arrays), so that it can be written to disk and
 * read back. Times on WeCom's wire are Unix seconds and so are these, unless the name says `Ms`.
 */
export interface State {
  departments: CastDepartment[]
  /** Keys are lower-case: a userid is case-insensitive (facts 0). */
  members: Map<string, Member>
  departed: Map<string, Member>
  customers: Table<CastCustomer>
  groups: Map<string, Group>
  tagGroups: CastTagGroup[]
  /** By external_userid, oldest first. */
  transfers: Map<string, Transfer[]>
  waiting: Set<Transfer>
  wills: Map<string, 'accept' | 'refuse'>
  /** By `userid|externalUserid`, oldest first. */
  chats: Map<string, ChatLine[]>
  messages: AppMessage[]
  massMessages: MassMessage[]
  /** Every task_id that a card has had. */
  tasks: Set<string>
  /** What changes a card, by its response_code. */
  cardCodes: Map<string, CardCode>
  tokens: Token[]
  tickets: Ticket[]
  codes: Map<string, OAuthCode>
  /** Moved groups by `owner|day`. */
  groupMoves: Map<string, number>
  effects: Effect[]
  /** Callbacks a fault holds back. */
  delayed: Outgoing[]
  serial: number
}

export interface Member extends Omit<CastMember, 'status'> {
  /** 1 activated, 2 disabled, 4 not activated, 5 quit by himself (facts 2.2) */
  status: 1 | 2 | 4 | 5
  /** By external_userid. */
  relations: Table<Relation>
  /** When the member left the corp. */
  dimissionTime: number | null
}

export interface Relation extends CastRelation {
  /** The customer deleted the member: the row stays, one-way (facts 1.4, 84061). */
  deletedByCustomer: boolean
}

export interface Group extends CastGroup {
  /** 0 normal, 1 owner left, 2 being inherited, 3 inherited */
  status: 0 | 1 | 2 | 3
  /** Where it is being moved to; `due` is at once unless switch `groupSeconds`. */
  inheriting: { newOwner: string; due: number; requestId: string } | null
  /** When it was moved on the job (facts 4.6: twice in 90 days). */
  movedAt: number[]
}

/** One flow of facts 4.9. */
export interface Transfer {
  flow: 'resigned' | 'onjob'
  handover: string
  takeover: string
  externalUserid: string
  startedAt: number
  /** The future moment while waiting, then when it happened. */
  takeoverTime: number
  /** 1 taken over, 2 waiting, 3 refused, 4 successor full; 'void' has no row in any result. */
  status: 1 | 2 | 3 | 4 | 'void'
  /** What the customer has decided early, and when. */
  decided: { will: 'accept' | 'refuse'; at: number } | null
  /** `transfer_success_msg` of an on-job transfer. */
  successMsg: string
  requestId: string
}

export interface ChatLine extends CastChatLine {
  /** A sent card or file, as `sendChatMessage` was given it; `text` then is a line that stands for it. */
  message?: ChatMessage
}

/** The parameters of the client's `sendChatMessage` (facts 6.5). */
export interface ChatMessage {
  msgtype: string
  [body: string]: unknown
}

export interface AppMessage {
  msgid: string
  /** Virtual ms. */
  at: number
  userid: string
  msgtype: string
  /** The object under the msgtype: `{ content }`, `{ title, description, url, btntxt? }`, a card … */
  body: Record<string, unknown>
}

/** Good for one change within 72 hours (facts 8.2). */
interface CardCode {
  task: string
  userids: string[]
  expiresMs: number
  used: boolean
}

/** A task that waits for its member, then what became of each customer. */
export interface MassMessage {
  msgid: string
  /** Seconds. */
  at: number
  sender: string
  content: string
  /** 0 unsent, 1 sent, 2 no friend, 3 has had as many as a month allows */
  receivers: Record<string, 0 | 1 | 2 | 3>
  sentAt: number | null
}

export interface Token {
  value: string
  secret: 'app' | 'contacts'
  expiresMs: number
  /** 42001 or 40014 once it is dead before its time. */
  dead: 0 | 42001 | 40014
}

export interface Ticket {
  value: string
  kind: 'config' | 'agentConfig'
  expiresMs: number
}

export interface OAuthCode {
  who: { userid: string } | { externalUserid: string }
  scope: 'snsapi_base' | 'snsapi_privateinfo'
  expiresMs: number
  used: boolean
}
