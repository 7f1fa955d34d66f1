import type { Fault } from '../wecom/faults'
import type { Limits } from '../wecom/limits'

export type FaultGroup = 'network' | 'answers' | 'limits' | 'callbacks' | 'outcomes'

/** What a person can switch on from the menu; tests and other processes set finer ones on the dial itself. */
export type Preset = { id: string; group: FaultGroup; zh: string; en: string } & (
  { fault: Fault } | { limits: Partial<Pick<Limits, 'perMinute' | 'tokenSeconds' | 'groupsPerDay'>> }
)

const TRANSFER = 'externalcontact/resigned/transfer_customer'
const RESULT = 'externalcontact/resigned/transfer_result'
const TWO_DAYS = 48 * 3600_000

export const presets: Preset[] = [
  {
    id: 'down',
    group: 'network',
    zh: '接口全部中断',
    en: 'API unreachable',
    fault: { path: '*', drop: 'before-effect' },
  },
  { id: 'slow', group: 'network', zh: '接口慢 3 秒', en: 'API 3 s slow', fault: { path: '*', latency: 3000 } },
  { id: 'shaky', group: 'network', zh: '三次断一次', en: 'One call in three breaks', fault: { path: '*', drop: 'before-effect', chance: 0.33 } }, // prettier-ignore
  {
    id: 'reset',
    group: 'network',
    zh: '回答中途断开',
    en: 'Answers break off halfway',
    fault: { path: '*', reset: true },
  },
  { id: 'trickle', group: 'network', zh: '回答每秒 200 字节', en: 'Answers at 200 bytes a second', fault: { path: '*', bytesPerSecond: 200 } }, // prettier-ignore
  { id: 'lost', group: 'network', zh: '分配成功但回答丢失', en: 'Transfer done, answer lost', fault: { path: TRANSFER, drop: 'after-effect' } }, // prettier-ignore
  {
    id: 'gateway',
    group: 'answers',
    zh: '网关错误 502',
    en: 'Bad gateway 502',
    fault: { path: '*', status: 502, html: true },
  },
  { id: 'half', group: 'answers', zh: '回答只有一半', en: 'Half an answer', fault: { path: '*', truncate: true } },
  { id: 'nonsense', group: 'answers', zh: '回答的类型全错', en: 'Wrong types in answers', fault: { path: '*', spoiled: 'wrong-types' } }, // prettier-ignore
  { id: 'rows', group: 'answers', zh: '结果缺行、重复、乱序', en: 'Results miss, double and mix rows', fault: { path: RESULT, rows: { missing: 0.3, doubled: 0.3, shuffled: true, foreign: 1 } } }, // prettier-ignore
  {
    id: 'loop',
    group: 'answers',
    zh: '翻页永远没有尽头',
    en: 'Paging never ends',
    fault: { path: '*', cursor: 'endless' },
  },
  { id: 'some', group: 'answers', zh: '三成客户分配被拒 40096', en: '30 % of customers refused, 40096', fault: { path: TRANSFER, someItems: { share: 0.3, errcode: 40096 } } }, // prettier-ignore
  { id: 'busy', group: 'limits', zh: '频率超限 45009', en: 'Rate limit 45009', fault: { path: '*', errcode: 45009 } },
  {
    id: 'tight',
    group: 'limits',
    zh: '每个接口每分钟只许 20 次',
    en: '20 calls a minute and API',
    limits: { perMinute: 20 },
  },
  { id: 'token', group: 'limits', zh: '每次调用 token 都已过期', en: 'The token has always expired', fault: { path: '*', expireToken: true, every: 2 } }, // prettier-ignore
  { id: 'forbidden', group: 'limits', zh: '没有接口权限 48002', en: 'No API permission 48002', fault: { path: '*', errcode: 48002 } }, // prettier-ignore
  { id: 'address', group: 'limits', zh: '服务器 IP 不可信 60020', en: 'Server address not trusted 60020', fault: { path: '*', errcode: 60020 } }, // prettier-ignore
  { id: 'silent', group: 'callbacks', zh: '事件回调丢失', en: 'Callbacks lost', fault: { event: '*', lose: true } },
  { id: 'twice', group: 'callbacks', zh: '事件回调重复', en: 'Callbacks twice', fault: { event: '*', duplicate: 2 } },
  { id: 'mixed', group: 'callbacks', zh: '事件乱序，最迟一小时', en: 'Callbacks out of order, up to an hour late', fault: { event: '*', shuffle: 3600_000 } }, // prettier-ignore
  {
    id: 'late',
    group: 'callbacks',
    zh: '事件迟到 48 小时',
    en: 'Callbacks 48 hours late',
    fault: { event: '*', delay: TWO_DAYS },
  },
  { id: 'forged', group: 'callbacks', zh: '事件签名错误', en: 'Callbacks with a wrong signature', fault: { event: '*', badSignature: true } }, // prettier-ignore
  {
    id: 'refusing',
    group: 'outcomes',
    zh: '24 小时后全部拒绝',
    en: 'Everybody refuses after 24 hours',
    fault: { outcome: 'refuse' },
  },
  { id: 'third', group: 'outcomes', zh: '24 小时后三成拒绝', en: '30 % refuse after 24 hours', fault: { outcome: 'refuse', chance: 0.3 } }, // prettier-ignore
  { id: 'fullUp', group: 'outcomes', zh: '24 小时后接替人已满', en: 'The successor is full after 24 hours', fault: { outcome: 'limit' } }, // prettier-ignore
]
