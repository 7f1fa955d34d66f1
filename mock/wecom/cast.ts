import type { Source } from './table'

/**
 * The people and things a simulated corp starts with: plain data, no behaviour.
 * Times are Unix seconds, as in WeCom. `mock/people.ts` makes the sample corp in this shape; a test may make its own.
 */
export interface Cast {
  corp: { id: string; name: string; fullName: string }
  /** The one self-built app (自建应用), with its receive-message settings and the contact-sync (通讯录同步) source. */
  app: {
    agentId: number
    secret: string
    /** Hosts (with port) of the app's trusted domain (可信域名) for OAuth and JS-SDK. */
    trustedHosts: string[]
    callback: CallbackSettings
    /** Members outside it are invisible to the app (可见范围). `all` = everybody. */
    visible: 'all' | string[]
    /** Ticked in 可调用接口的应用 */
    mayCallContacts: boolean
  }
  contactSync: { secret: string; callback: CallbackSettings }
  departments: CastDepartment[]
  members: CastMember[]
  customers: CastCustomer[]
  relations: CastRelation[]
  groups: CastGroup[]
  tagGroups: CastTagGroup[]
  /** Members already removed from the corp when the simulation begins (they stand in `members` too). */
  resigned: { userid: string; dimissionTime: number }[]
  /** Friendly chat history per (member, customer), oldest first; only the simulated chat window shows it. */
  chats: CastChatLine[]
  /** Customers and relations too many to be written down, beside those above (`mock/big.ts`). */
  crowd?: Crowd
}

export interface Crowd {
  customers: Source<CastCustomer>
  relations(userid: string): Source<CastRelation> | undefined
}

export interface CallbackSettings {
  url: string
  token: string
  encodingAesKey: string
}

export interface CastDepartment {
  id: number
  name: string
  parentid: number
  leaders: string[]
}

export interface CastMember {
  userid: string
  name: string
  position: string
  departments: number[]
  /** 1 activated, 2 disabled, 4 not activated */
  status: 1 | 2 | 4
  realName: boolean
  /** configured with 客户联系 */
  followsCustomers: boolean
  lastLogin: number
  /** own limit of external contacts (外部联系人数上限) */
  customerLimit: number
}

export interface CastCustomer {
  externalUserid: string
  name: string
  type: 1 | 2
  corpName?: string
  corpFullName?: string
  position?: string
  gender: 0 | 1 | 2
  avatar: string
}

export interface CastRelation {
  userid: string
  externalUserid: string
  remark: string
  description: string
  createtime: number
  tagIds: string[]
  /** type 2 tags: no id, never returned by batch/get_by_user */
  personalTags: string[]
  remarkMobiles: string[]
  remarkCorpName?: string
  addWay: number
  operUserid: string
  state?: string
}

export interface CastGroup {
  chatId: string
  name: string
  owner: string
  createTime: number
  notice: string
  /** Full, with 99 people from WeChat: nobody can be evicted to make room for a new owner (90503). */
  full?: boolean
  members: { userid: string; type: 1 | 2; joinTime: number }[]
}

export interface CastTagGroup {
  groupId: string
  groupName: string
  createTime: number
  tags: { id: string; name: string }[]
  /** Belongs to a strategy group (规则组) that another app made: its tags can be read, not marked (facts 3.5). */
  strategy?: boolean
}

export interface CastChatLine {
  userid: string
  externalUserid: string
  from: 'member' | 'customer'
  text: string
  at: number
}
