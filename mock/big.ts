import type { Cast, CastCustomer, CastRelation, Crowd } from './wecom/cast'

/**
 * A corp for benchmarks: up to a million relations, of which nothing is written down. Everyone has equally many customers,
 * every tenth of them shared with the member before. The same numbers give the same corp.
 */
export interface BigCast {
  members: number
  relations: number
  /** Seconds: when the corp is looked at. */
  now: number
  groups?: number
  callbackUrls?: { app: string; contacts: string }
  publicHost?: string
}

export const bigUserid = (n: number): string => `member${String(n).padStart(4, '0')}`
export const bigExternalUserid = (n: number): string => `wm${String(n).padStart(30, '0')}`

export function bigCast(size: BigCast): Cast {
  const { members, now, publicHost = 'big.test' } = size
  const urls = size.callbackUrls ?? { app: `https://${publicHost}/app`, contacts: `https://${publicHost}/contacts` }
  const callback = (url: string, token: string) => ({
    url,
    token,
    encodingAesKey: Buffer.from(token.padEnd(32, 'k')).toString('base64').slice(0, 43),
  })
  const departments = Math.ceil(members / TEAM)
  return {
    corp: { id: 'wwbigcorp000000001', name: '大集', fullName: '大集股份有限公司' },
    app: {
      agentId: 1000002,
      secret: 'big-app-secret',
      trustedHosts: [publicHost],
      callback: callback(urls.app, 'bigApp'),
      visible: 'all',
      mayCallContacts: true,
    },
    contactSync: { secret: 'big-contacts-secret', callback: callback(urls.contacts, 'bigContacts') },
    departments: [
      { id: 1, name: '大集', parentid: 0, leaders: [] },
      ...range(departments, (n) => ({ id: n + 2, name: `第${n + 1}组`, parentid: 1, leaders: [bigUserid(n * TEAM)] })),
    ],
    members: range(members, (n) => ({
      userid: bigUserid(n),
      name: nameOf(n),
      position: '客户经理',
      departments: [Math.floor(n / TEAM) + 2],
      status: 1,
      realName: true,
      followsCustomers: true,
      lastLogin: now - DAY,
      customerLimit: 50_000,
    })),
    customers: [],
    relations: [],
    groups: range(size.groups ?? 0, (n) => ({
      chatId: `wr${String(n).padStart(30, '0')}`,
      name: `客户群${n}`,
      owner: bigUserid(n % members),
      createTime: now - 90 * DAY,
      notice: '',
      members: [{ userid: bigUserid(n % members), type: 1, joinTime: now - 90 * DAY }],
    })),
    tagGroups: range(TAGS / 5, (g) => ({
      groupId: `etgroup${g}`,
      groupName: `标签组${g + 1}`,
      createTime: now - 400 * DAY,
      tags: range(5, (t) => ({ id: `ettag${g * 5 + t}`, name: `标签${g * 5 + t}` })),
    })),
    resigned: [],
    chats: [],
    crowd: crowd(size),
  }
}

const DAY = 86_400
const TEAM = 20
const TAGS = 30

function crowd({ members, relations, now }: BigCast): Crowd {
  if (members < 2 || relations < members) throw new Error('A big corp has at least two members with a customer each.')
  const [base, more] = [Math.floor(relations / members), relations % members]
  const sizeOf = (m: number): number => base + (m < more ? 1 : 0)
  const ownOf = (m: number): number => sizeOf(m) - Math.floor(sizeOf(m) / 10)
  /** The number of the first customer that is member m's own. */
  const firstOf = (m: number): number => Math.min(m, more) * ownOf(0) + Math.max(0, m - more) * ownOf(members - 1)
  const before = (m: number): number => (m + members - 1) % members
  const customers = firstOf(members)
  /** Which customer stands at place i of member m. Every tenth is the one nine places up in the list of the member before. */
  const customerAt = (m: number, i: number): number =>
    i % 10 === 9 ? firstOf(before(m)) + ((i - 9) / 10) * 9 : firstOf(m) + i - Math.floor(i / 10)
  const memberOf = (customer: number): number => {
    const early = more * ownOf(0)
    return customer < early
      ? Math.floor(customer / ownOf(0))
      : more + Math.floor((customer - early) / ownOf(members - 1))
  }
  const placeOf = (m: number, customer: number): number => {
    if (customer < 0) return -1
    const owner = memberOf(customer)
    const own = customer - firstOf(owner)
    if (owner === m) return own + Math.floor(own / 9)
    const shared = owner === before(m) && own % 9 === 0 ? (own / 9) * 10 + 9 : -1
    return shared < sizeOf(m) ? shared : -1
  }
  const numberOf = (id: string): number => {
    const n = /^wm\d{30}$/.test(id) ? Number(id.slice(2)) : -1
    return n < customers ? n : -1
  }
  return {
    customers: { size: customers, at: customer, idAt: bigExternalUserid, indexOf: numberOf },
    relations(userid) {
      const m = Number(/^member(\d{4,})$/i.exec(userid)?.[1] ?? -1)
      if (m < 0 || m >= members) return undefined
      return {
        size: sizeOf(m),
        at: (i) => relation(bigUserid(m), customerAt(m, i), now),
        idAt: (i) => bigExternalUserid(customerAt(m, i)),
        indexOf: (id) => placeOf(m, numberOf(id)),
      }
    },
  }
}

const customer = (n: number): CastCustomer => ({
  externalUserid: bigExternalUserid(n),
  name: nameOf(n * 7 + 3),
  type: n % 10 === 3 ? 2 : 1,
  ...(n % 10 === 3 ? { corpName: `公司${n % 5000}`, corpFullName: `公司${n % 5000}有限公司`, position: '采购' } : {}),
  gender: n % 3 === 0 ? 0 : n % 3 === 1 ? 1 : 2,
  avatar: `https://wework.qpic.cn/wwhead/${n}/0`,
})

const relation = (userid: string, n: number, now: number): CastRelation => ({
  userid,
  externalUserid: bigExternalUserid(n),
  remark: n % 4 ? `${nameOf(n)} ${n % 977}` : '',
  description: n % 6 ? '' : `第 ${n} 位客户，偏好电话联系`,
  createtime: now - DAY * (1 + (n % 900)),
  tagIds: n % 2 ? [`ettag${n % TAGS}`, `ettag${(n + 7) % TAGS}`] : [],
  personalTags: n % 50 ? [] : ['老朋友'],
  remarkMobiles: n % 5 ? [] : [`138${String(n).padStart(8, '0')}`],
  addWay: n % 17 ? 1 : 3,
  operUserid: userid,
})

const surnames = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高罗'
const given = '伟敏静丽磊军洋勇艳杰娟涛超霞平刚桂英华玲芳燕辉'
const nameOf = (n: number): string =>
  `${surnames[n % surnames.length]}${given[(n >> 2) % given.length]}${n % 3 ? given[(n >> 5) % given.length] : ''}`

const range = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))
