import type { Cast, CastCustomer, CastMember, CastRelation } from '../../mock/wecom/cast'

const DAY = 86_400
/** 2026-11-24T02:00:00Z in seconds: when tests begin (house.ts). */
const NOW = 1_795_485_600

/**
 * The smallest corp in which everything can happen: two departments under a root, seven people, twelve customers.
 * Sales (2, led by zhoumin): linxiao leaves in most tests, chenyiming and wanglei take over. Service (3, led by
 * hezhiyuan): sunyue owns only a group. shenlan is compliance, machao has no customers and is not in 客户联系.
 * A test changes what it needs: `smallCorp((cast) => cast.customers.pop())`.
 */
export function smallCorp(change?: (cast: Cast) => void): Cast {
  const callback = (kind: string) => ({
    url: `https://jiebang.test/wecom/callback/${kind}`,
    token: `${kind}Token123`,
    encodingAesKey: Buffer.from(kind.padEnd(32, 'k')).toString('base64').slice(0, 43),
  })
  const cast: Cast = {
    corp: { id: 'ww0123456789abcdef', name: '宏远', fullName: '宏远服务有限公司' },
    app: {
      agentId: 1000002,
      secret: 'app-secret',
      trustedHosts: ['jiebang.test'],
      callback: callback('app'),
      visible: 'all',
      mayCallContacts: true,
    },
    contactSync: { secret: 'sync-secret', callback: callback('contacts') },
    departments: [
      { id: 1, name: '宏远', parentid: 0, leaders: [] },
      { id: 2, name: '销售部', parentid: 1, leaders: ['zhoumin'] },
      { id: 3, name: '客服部', parentid: 1, leaders: ['hezhiyuan'] },
    ],
    members: [
      member('linxiao', '林晓', 2),
      member('chenyiming', '陈一鸣', 2),
      member('wanglei', '王磊', 2),
      member('zhoumin', '周敏', 2),
      member('hezhiyuan', '何志远', 3),
      member('sunyue', '孙悦', 3),
      { ...member('shenlan', '沈岚', 1), followsCustomers: false },
      { ...member('machao', '马超', 1), followsCustomers: false },
    ],
    customers: Array.from({ length: 12 }, (_, i) => customer(i + 1)),
    relations: [
      ...Array.from({ length: 8 }, (_, i) => relation('linxiao', i + 1)),
      ...[9, 10].map((n) => relation('chenyiming', n)),
      relation('wanglei', 11),
      relation('hezhiyuan', 12),
      // One customer of linxiao's knows chenyiming, too.
      relation('chenyiming', 8),
    ],
    groups: [
      group('wrLinGroup', '林晓的客户群', 'linxiao', [1, 2, 3]),
      group('wrSunGroup', '孙悦的客户群', 'sunyue', [4]),
    ],
    tagGroups: [
      {
        groupId: 'etG1',
        groupName: '等级',
        createTime: NOW - 400 * DAY,
        tags: [
          { id: 'etA', name: '重要' },
          { id: 'etB', name: '一般' },
        ],
      },
    ],
    resigned: [],
    chats: [],
  }
  change?.(cast)
  return cast
}

export const member = (userid: string, name: string, department: number): CastMember => ({
  userid,
  name,
  position: '顾问',
  departments: [department],
  status: 1,
  realName: true,
  followsCustomers: true,
  lastLogin: NOW - DAY,
  customerLimit: 5000,
})

export const contactId = (n: number): string => `wmCustomer${String(n).padStart(6, '0')}`

export const customer = (n: number): CastCustomer => ({
  externalUserid: contactId(n),
  name: `客户${n}`,
  type: n % 3 === 0 ? 2 : 1,
  ...(n % 3 === 0 ? { corpName: `公司${n}`, position: '经理' } : {}),
  gender: 0,
  avatar: '',
})

export const relation = (userid: string, n: number): CastRelation => ({
  userid,
  externalUserid: contactId(n),
  remark: `备注${n}`,
  description: n === 1 ? '常买建材\n承诺 2026-11-28 补发报价单' : '',
  createtime: NOW - (100 + n) * DAY,
  tagIds: n % 2 ? ['etA'] : [],
  personalTags: n === 1 ? ['钓鱼'] : [],
  remarkMobiles: n === 1 ? ['13800000001'] : [],
  addWay: 1,
  operUserid: userid,
})

const group = (chatId: string, name: string, owner: string, customers: number[]): Cast['groups'][number] => ({
  chatId,
  name,
  owner,
  createTime: NOW - 50 * DAY,
  notice: '',
  members: [
    { userid: owner, type: 1, joinTime: NOW - 50 * DAY },
    ...customers.map((n) => ({ userid: contactId(n), type: 2 as const, joinTime: NOW - 40 * DAY })),
  ],
})
