import type { CastCustomer, CastMember, CastRelation } from '../wecom/cast'
import { chance, wecomId, type Chance } from './chance'
import { DAY } from './members'
import { company, personName, positions, shownName } from './names'
import { day, description } from './notes'
import { cities, industries, levels, sources, tagByName } from './tags'

/** Who keeps how many of the 400, first followers only. The order is the order of the book. */
const share: [userid: string, customers: number][] = [
  ['linxiao', 60],
  ['xuwei', 34],
  ['tangjun', 14],
  ['chenyiming', 38],
  ['sunting', 44],
  ['gaojie', 36],
  ['lihaoran', 57],
  ['suqi', 30],
  ['tanlei', 47],
  ['ouyangqian', 40],
]

/** Some are followed by a second member too: directors, and colleagues who met them later. */
const also: [first: string, second: string, every: number][] = [
  ['linxiao', 'zhoumin', 11],
  ['linxiao', 'chenyiming', 23],
  ['xuwei', 'sunting', 9],
  ['lihaoran', 'hezhiyuan', 9],
  ['chenyiming', 'zhoumin', 15],
  ['tanlei', 'ouyangqian', 13],
  ['suqi', 'tanlei', 14],
]

const personal = ['孩子读小学', '爱喝茶', '常出差', '喜欢早联系', '打羽毛球', '话少']

export interface Book {
  customers: CastCustomer[]
  relations: CastRelation[]
}

/** The customers and who follows them. `now` in seconds. */
export function book(now: number, members: CastMember[]): Book {
  const made: Book = { customers: [], relations: [] }
  let n = 0
  for (const [userid, count] of share) {
    const region = members.find((m) => m.userid === userid)?.departments[0]
    for (let i = 0; i < count; i++, n++)
      addOne(made, n, i, userid, region === 2 ? 'east' : region === 3 ? 'south' : 'any', now)
  }
  made.customers.push(...strangers)
  return made
}

/** Nobody of ours has met them yet; what follows a new contact is tried with them. */
export const strangers: CastCustomer[] = [
  { externalUserid: wecomId('wm', 9001), name: '赵敏之', type: 1, gender: 2, avatar: '' },
  { externalUserid: wecomId('wm', 9002), name: '小满', type: 1, gender: 0, avatar: '' },
  { externalUserid: wecomId('wm', 9003), name: '欧阳明远', type: 1, gender: 1, avatar: '' },
  {
    ...{ externalUserid: wecomId('wo', 9004), name: '何苗', type: 2, gender: 2, avatar: '' },
    ...{ corpName: '恒泰贸易', corpFullName: '苏州恒泰贸易有限公司', position: '采购主管' },
  },
]

function addOne(made: Book, n: number, i: number, userid: string, region: keyof typeof cities, now: number): void {
  const c = chance(20_000 + n)
  const city = c.pick(cities[region])
  const industry = c.pick(industries)
  const real = personName(c)
  const firm = company(c, city, industry)
  const position = c.pick(positions)
  const story = n === 0
  const type = !story && c.odds(24) ? 2 : 1
  const customer: CastCustomer = {
    externalUserid: wecomId(type === 2 ? 'wo' : 'wm', n),
    name: story ? '王磊' : shownName(c, n, real),
    type,
    // Company and position come from WeCom users only (facts 3.2).
    ...(type === 2 ? { corpName: firm.name, corpFullName: firm.fullName, position } : {}),
    gender: story ? 1 : c.pick([0, 1, 1, 2, 2] as const),
    avatar: story || c.odds(90) ? `https://wework.qpic.cn/sim/${n}/0` : '',
  }
  made.customers.push(customer)
  const relation: CastRelation = {
    userid,
    externalUserid: customer.externalUserid,
    remark: c.odds(82) ? `${real} ${firm.name}`.slice(0, 20) : '',
    description: c.odds(12) && userid !== 'linxiao' ? '' : description(c, now, position, promised(c, userid)),
    createtime: now - (20 + c.below(1100)) * DAY - c.below(DAY),
    tagIds: [city, industry, c.odds(60) ? c.pick(levels) : '', c.odds(50) ? c.pick(sources) : '']
      .filter(Boolean)
      .map(tagByName),
    personalTags: c.odds(15) ? [c.pick(personal)] : [],
    // Numbers nobody owns: the shape is right, the middle is zeros.
    remarkMobiles: c.odds(30) ? [`1990000${String(n).padStart(4, '0')}`] : [],
    ...(type === 1 && c.odds(70) ? { remarkCorpName: firm.fullName.slice(0, 20) } : {}),
    addWay: c.pick([1, 1, 2, 3, 4, 16]),
    operUserid: userid,
    ...(c.odds(12) ? { state: c.pick(['expo-2025', 'qr-frontdesk', 'mp-menu']) } : {}),
  }
  // Gone for most of a year: nothing was added after he left.
  if (userid === 'tangjun') relation.createtime -= 380 * DAY
  made.relations.push(story ? wanglei(now, relation) : relation)
  for (const [first, second, every] of also)
    if (first === userid && i % every === every - 1) made.relations.push(secondFollower(relation, second, c, now))
}

function promised(c: Chance, userid: string): number {
  const often = userid === 'linxiao' || userid === 'xuwei' ? 36 : 9
  return c.odds(often) ? 1 + (c.odds(30) ? 1 : 0) : 0
}

const secondFollower = (first: CastRelation, userid: string, c: Chance, now: number): CastRelation => ({
  ...first,
  userid,
  description: c.odds(50) ? '一起拜访过，日常由同事跟进' : '',
  createtime: Math.min(first.createtime + (30 + c.below(200)) * DAY, now - 20 * DAY),
  personalTags: [],
  remarkMobiles: [],
  tagIds: first.tagIds.slice(0, 2),
  addWay: 201,
  operUserid: first.userid,
})

/** The customer the demo follows: a buyer with two open promises, one of them late. */
const wanglei = (now: number, made: CastRelation): CastRelation => ({
  ...made,
  remark: '王磊 宏远建材',
  description: [
    '采购经理，认交期不认价，下午五点后不收货',
    `承诺 ${day(now + 3 * DAY)} 补发报价单`,
    `承诺 ${day(now - 2 * DAY)} 确认发货时间`,
  ].join('\n'),
  createtime: now - 812 * DAY,
  tagIds: ['上海', '建材', 'A 重点', '老客户介绍'].map(tagByName),
  personalTags: ['爱喝茶'],
  remarkMobiles: ['19900000000'],
  remarkCorpName: '上海宏远建材有限公司',
  addWay: 1,
})
