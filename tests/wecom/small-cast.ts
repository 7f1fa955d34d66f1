import { randomBytes } from 'node:crypto'
import type { Cast, CastMember, CastRelation } from '../../mock/wecom/cast'
import { createSimulator, type Simulator, type SimulatorOptions } from '../../mock/wecom/simulator'

export const DAY = 86_400
export const HOUR_MS = 3_600_000
/** 2026-11-23 09:00 in Shanghai. */
export const START = Date.UTC(2026, 10, 23, 1)
const now = START / 1000

const member = (userid: string, more: Partial<CastMember> = {}): CastMember => ({
  userid,
  name: userid.toUpperCase(),
  position: '客户经理',
  departments: [2],
  status: 1,
  realName: true,
  followsCustomers: true,
  lastLogin: now - DAY,
  customerLimit: 100,
  ...more,
})

const relation = (userid: string, externalUserid: string, more: Partial<CastRelation> = {}): CastRelation => ({
  userid,
  externalUserid,
  remark: '',
  description: '',
  createtime: now - 100 * DAY,
  tagIds: [],
  personalTags: [],
  remarkMobiles: [],
  addWay: 1,
  operUserid: userid,
  ...more,
})

/** Zhang leaves, Li takes over; wm1…wm3 are Zhang's, wm3 is Wang's too, wo4 (a WeCom user) is Li's. */
export const smallCast = (change: (cast: Cast) => void = () => undefined): Cast => {
  const cast: Cast = {
    corp: { id: 'ww0000000000000001', name: '小店', fullName: '小店有限公司' },
    app: {
      agentId: 1000002,
      secret: 'app-secret',
      trustedHosts: ['app.example.com', 'localhost:3000'],
      callback: { url: 'http://app.example.com/callback', token: 'appToken', encodingAesKey: aesKey() },
      visible: 'all',
      mayCallContacts: true,
    },
    contactSync: {
      secret: 'contacts-secret',
      callback: { url: 'http://app.example.com/contacts', token: 'contactsToken', encodingAesKey: aesKey() },
    },
    departments: [
      { id: 1, name: '小店', parentid: 0, leaders: [] },
      { id: 2, name: '销售', parentid: 1, leaders: ['wang'] },
    ],
    members: [
      member('zhang'),
      member('li'),
      member('wang'),
      member('unreal', { realName: false }),
      member('asleep', { lastLogin: now - 366 * DAY }),
      member('inactive', { status: 4 }),
      member('office', { followsCustomers: false }),
      member('full', { customerLimit: 1 }),
    ],
    customers: [
      { externalUserid: 'wm1', name: '王磊', type: 1, gender: 1, avatar: 'https://example.com/1' },
      { externalUserid: 'wm2', name: '赵敏', type: 1, gender: 2, avatar: '' },
      { externalUserid: 'wm3', name: '周芷', type: 1, gender: 0, avatar: '' },
      {
        externalUserid: 'wo4',
        name: '钱进',
        type: 2,
        corpName: '腾讯',
        corpFullName: '腾讯科技',
        position: '经理',
        gender: 1,
        avatar: '',
      },
      { externalUserid: 'wm5', name: '孙立', type: 1, gender: 1, avatar: '' },
    ],
    relations: [
      relation('zhang', 'wm1', {
        remark: '王总',
        description: '认交期',
        tagIds: ['et1', 'et2'],
        personalTags: ['爱喝茶'],
        remarkMobiles: ['13800000001'],
        remarkCorpName: '建材公司',
        state: 'qr1',
      }),
      relation('zhang', 'wm2'),
      relation('zhang', 'wm3'),
      relation('wang', 'wm3'),
      relation('li', 'wo4'),
      relation('full', 'wm5'),
    ],
    groups: [
      {
        chatId: 'wr1',
        name: '供货群',
        owner: 'zhang',
        createTime: now - 50 * DAY,
        notice: '',
        members: [
          { userid: 'zhang', type: 1, joinTime: now - 50 * DAY },
          { userid: 'wm1', type: 2, joinTime: now - 49 * DAY },
        ],
      },
      {
        chatId: 'wr2',
        name: '售后群',
        owner: 'wang',
        createTime: now - 9 * DAY,
        notice: '',
        members: [{ userid: 'wang', type: 1, joinTime: now }],
      },
    ],
    tagGroups: [
      { groupId: 'etg1', groupName: '城市', createTime: now, tags: [{ id: 'et1', name: '上海' }] },
      { groupId: 'etg2', groupName: '等级', createTime: now, tags: [{ id: 'et2', name: 'A' }, { id: 'et3', name: 'B' }] }, // prettier-ignore
    ],
    resigned: [],
    chats: [],
  }
  change(cast)
  return cast
}

const aesKey = () => randomBytes(32).toString('base64').slice(0, 43)

export interface Sim extends Simulator {
  get(path: string, query?: Record<string, string>, as?: 'app' | 'contacts'): Promise<Reply>
  post(path: string, body?: unknown): Promise<Reply>
  token(as?: 'app' | 'contacts'): Promise<string>
  /** Callback requests that left, in order. */
  received: Request[]
}

export type Row = Record<string, unknown>
type Reply = { errcode: number; errmsg: string } & Row

/** A list in an answer. */
export const rows = (reply: Row, key: string): Row[] => reply[key] as Row[]

/** A frozen simulator whose callbacks arrive in `received`. */
export function simulate(options: SimulatorOptions & { change?: (cast: Cast) => void; cast?: Cast } = {}): Sim {
  const cast = options.cast ?? smallCast(options.change)
  const received: Request[] = []
  const send = (request: Request) => {
    received.push(request.clone())
    return Promise.resolve(new Response(''))
  }
  const sim = createSimulator(cast, { startAt: START, frozen: true, send, ...options })
  const read = async (response: Promise<Response>): Promise<Reply> => (await (await response).json()) as Reply
  const url = (path: string, query: Record<string, string>) =>
    `http://wecom/cgi-bin/${path}?${new URLSearchParams(query)}`
  const token = async (as: 'app' | 'contacts' = 'app') => {
    const corpsecret = as === 'app' ? cast.app.secret : cast.contactSync.secret
    const reply = await read(sim.fetch(new Request(url('gettoken', { corpid: cast.corp.id, corpsecret }))))
    return String(reply['access_token'])
  }
  return Object.assign(sim, {
    received,
    token,
    get: async (path: string, query: Record<string, string> = {}, as: 'app' | 'contacts' = 'app') =>
      read(sim.fetch(new Request(url(path, { access_token: await token(as), ...query })))),
    post: async (path: string, body: unknown = {}) =>
      read(
        sim.fetch(
          new Request(url(path, { access_token: await token() }), { method: 'POST', body: JSON.stringify(body) }),
        ),
      ),
  })
}
