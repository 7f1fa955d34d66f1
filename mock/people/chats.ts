import type { CastChatLine, CastRelation } from '../wecom/cast'
import { chance } from './chance'
import { DAY } from './members'

type Talk = [from: 'm' | 'c', text: string][]

const talks: Talk[] = [
  [
    ['c', '上次的报价方便再发一份吗？老板要看'],
    ['m', '好的，我按新规格重新核一下，今天发您'],
    ['c', '不急，明天上午也行'],
  ],
  [
    ['m', '您好，这批货今天下午出库，物流单号晚点发您'],
    ['c', '收到，辛苦'],
    ['m', '预计后天到，卸货提前一小时联系司机就行'],
  ],
  [
    ['c', '这个型号月底能排上吗'],
    ['m', '产线排到 26 号，您这边三百件可以插进去'],
    ['c', '那先给我留着，合同明天盖章'],
    ['m', '好的，给您留了'],
  ],
  [
    ['c', '发票收到了，抬头没问题'],
    ['m', '好的，这个月对账单我 25 号发您'],
  ],
  [
    ['m', '新款样品到了，给您寄两套看看？'],
    ['c', '可以，还是寄仓库那个地址'],
    ['m', '好嘞，今天寄'],
  ],
  [
    ['c', '上批有两箱外包装破了，里面没事'],
    ['m', '抱歉抱歉，我跟仓库反馈，下批给您加护角'],
    ['c', '行'],
  ],
  [
    ['c', '最近涨价了吗？同行都在传'],
    ['m', '原料涨了一点，老客户这边本月还是原价'],
    ['c', '那我月底前再下一单'],
  ],
  [
    ['m', '节前最后一班车周四发，您要补货的话周三前告诉我'],
    ['c', '好的，我让仓库盘一下'],
    ['c', '再来八十箱'],
    ['m', '收到，已排'],
  ],
]

const withWanglei: Talk = [
  ['c', '小林，二期那批料的报价单更新了吗'],
  ['m', '王经理，价格已经谈下来了，单子这周补发给您'],
  ['c', '好。发货时间也确认一下，工地 20 号要用'],
  ['m', '我问过工厂，明天给您准信'],
  ['c', '行，等你消息'],
]

/** A few lines per relation, the most for those who leave: small talk about orders, nothing a person would mind being read. */
export function chats(now: number, relations: CastRelation[]): CastChatLine[] {
  const spoken = new Map<string, number>()
  const lines: CastChatLine[] = []
  for (const [n, { userid, externalUserid }] of relations.entries()) {
    const had = spoken.get(userid) ?? 0
    if (had >= (userid === 'linxiao' || userid === 'xuwei' ? 14 : 7)) continue
    spoken.set(userid, had + 1)
    const c = chance(70_000 + n)
    const talk = n === 0 ? withWanglei : c.pick(talks)
    const daysAgo = n === 0 ? 1 : 1 + Math.round(had * 0.7) + (userid === 'tangjun' ? 345 : 0)
    const end = morning(now - daysAgo * DAY) + (n === 0 ? 7 : c.below(80) / 10) * 3600
    for (const [i, [from, text]] of talk.entries())
      lines.push({
        userid,
        externalUserid,
        from: from === 'm' ? 'member' : 'customer',
        text,
        at: Math.round(end - (talk.length - i) * 420 - c.below(120)),
      })
  }
  return lines
}

/** Half past nine in Shanghai, on the day of `seconds`. */
const morning = (seconds: number): number => Math.floor((seconds + 8 * 3600) / DAY) * DAY + 1.5 * 3600
