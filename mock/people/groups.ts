import type { CastGroup, CastRelation } from '../wecom/cast'
import { chance, wecomId } from './chance'
import { DAY } from './members'

const rows: [name: string, owner: string, from: string, colleagues: string[]][] = [
  ['宏远建材 年度供货群', 'linxiao', 'linxiao', ['zhoumin']],
  ['华东老客户新品通知', 'linxiao', 'linxiao', ['chenyiming']],
  ['华东设备售后群', 'chenyiming', 'chenyiming', ['sunting']],
  ['苏州工业园区采购交流', 'xuwei', 'xuwei', ['sunting']],
  ['华南对账群', 'lihaoran', 'lihaoran', ['hezhiyuan']],
  ['佛山陶瓷展客户群', 'lihaoran', 'lihaoran', ['hezhiyuan']],
  ['会员福利一群', 'yulei', 'ouyangqian', ['suqi']],
  ['会员福利二群', 'yulei', 'tanlei', ['suqi']],
  ['续费答疑群', 'yulei', 'suqi', ['ouyangqian']],
  ['客户成功 VIP 群', 'suqi', 'suqi', ['tanlei']],
]

/** Ten customer groups; 余蕾 owns three and follows nobody herself. `now` in seconds. */
export const groups = (now: number, relations: CastRelation[]): CastGroup[] =>
  rows.map(([name, owner, from, colleagues], n) => {
    const c = chance(50_000 + n)
    const createTime = now - (40 + c.below(500)) * DAY
    const known = relations.filter((r) => r.userid === from).map((r) => r.externalUserid)
    const first = known[0]
    const guests = new Set([...(from === 'linxiao' && first ? [first] : []), ...c.some(known, 6 + c.below(14))])
    return {
      chatId: wecomId('wr', n),
      name,
      owner,
      createTime,
      notice: n % 3 === 0 ? '群内只谈业务，报价与合同请私聊。' : '',
      members: [
        ...[owner, ...colleagues].map((userid) => ({ userid, type: 1 as const, joinTime: createTime })),
        ...[...guests].map((userid, i) => ({ userid, type: 2 as const, joinTime: createTime + i * 3600 })),
      ],
    }
  })
