import { foundIn } from './mask'

/**
 * What a text to a customer must not say (compliance 3.1), in Chinese and English. Lists find what is usual; the second
 * person who confirms a text reads the rest. `refuse`: it cannot be published or sent; `warn`: somebody looks twice.
 */
export const lintRules = [
  'reason',
  'judgement',
  'marketing',
  'pressure',
  'deemed',
  'ownership',
  'personal',
  'link',
  'article',
  'leaving',
] as const
export type LintRule = (typeof lintRules)[number]
export interface Finding {
  rule: LintRule
  weight: 'refuse' | 'warn'
  /** What was found, as it stands there. */
  words: string
}

/** What stands in a group takes it back (a lookbehind would, but see mask.ts). */
const patterns: readonly [LintRule, Finding['weight'], RegExp][] = [
  [
    'reason',
    'refuse',
    /开除|開除|辞退|解雇|解聘|除名|劝退|裁员|被裁|跳槽|离职原因|另谋|辞职|辭職|违纪|违规离|竞争对手|退休|产假|病假|病故|去世|身故|(?:因|由于|因为)[^，。；]{0,12}(?:离职|离开|离任|不再负责)|\b(?:fired|dismissed|laid off|sacked|terminated|resigned|redundan\w+|misconduct|competitor|retired|passed away|left because)\b/gi,
  ],
  [
    'judgement',
    'refuse',
    /(?:业务|服务|表现|能力|态度|业绩)[^，。；、]{0,4}(?:优秀|出色|突出|不力|较差|很差|不佳|恶劣|更好|更强)|失职|不称职|不负责任|最优秀|更专业|金牌|王牌|骗|\b(?:excellent|outstanding|incompetent|negligent|unprofessional|unreliable|the best|better service|more experienced)\b/gi,
  ],
  [
    'marketing',
    'refuse',
    /优惠|優惠|折扣|打折|促销|促銷|特价|抢购|红包|礼品|赠送|返现|返利|代金|[消购]?费?券|新品|团购|秒杀|活动价|上新|推荐购买|\b(?:coupons?|discounts?|promotions?|vouchers?|special offers?|special price|gift|cashback|free trial|on sale|buy now|new products?)\b/gi,
  ],
  [
    'pressure',
    'refuse',
    /倒计时|倒計時|仅剩|还剩\d|只剩|最后机会|过时不候|逾期(?:不|将|视)|否则(?:将|会)|必须(?:点击|点开|确认|同意|回复)|请?(?:立即|马上|尽快|务必|速)(?:点击|点开|确认|同意|回复|操作)|限时|\d+ ?(?:小时|分钟)内(?:点击|确认|回复|同意)|\b(?:hurry|last chance|only \d+ (?:hours?|days?|minutes?) left|act now|or else|otherwise (?:we|your)|you must (?:click|open|confirm|agree|reply)|within \d+ (?:hours?|minutes?) (?:or|you))\b/gi,
  ],
  [
    'deemed',
    'refuse',
    /默认同意|默認同意|(不会|不能|不得|不应|[不非])?(?:视为|视同|等于|即代表|即表示)(?:您|你)?(?:已经?)?(?:同意|接受|授权)|(?:继续使用|点开|打开|不回复|未回复|沉默)[^，。；]{0,6}(?:即|就是|表示|代表|视为)[^，。；]{0,4}(?:同意|接受|授权)|\b(?:deemed (?:to )?(?:consent|agree|accept)|by (?:continuing|opening|using)[^.;]{0,40}(?:agree|consent|accept)|silence (?:means|is) )/gi,
  ],
  [
    'ownership',
    'refuse',
    /归(?:我们|本|我)?公司(?:所有|拥有|占有)|(?:公司|我们)(?:拥有|占有)(?:您|你)|公司的?客户资产|\b(?:we|the company) owns? (?:you|your)\b|\bbelongs? to (?:us|the company|our company)\b/gi,
  ],
  ['link', 'refuse', /https?:\/\/|\bwww\.|\b[\w-]{1,63}\.(?:com|cn|net|org)\b/gi],
  ['article', 'refuse', /第[\d一二三四五六七八九十百]+条|《[^》]{2,30}(?:法|条例|办法)》|\b(?:article|section) \d+/gi],
  ['leaving', 'warn', /离职|離職|\bresign\w*/gi],
]

/** People write 优 惠, 优·惠 or 优惠 in wide letters; what is only there to part words is left out before looking. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u200b-\u200d\u2060\ufeff\u00ad]/g, '')
    .replace(/(\p{Script=Han})[\s·•*_\-.|/]+(?=\p{Script=Han})/gu, '$1')

export function findingsIn(text: string): Finding[] {
  const read = plain(text)
  const said = patterns.flatMap(([rule, weight, pattern]) =>
    [...read.matchAll(pattern)].flatMap(([words, not]) => (not ? [] : [{ rule, weight, words }])),
  )
  const values = foundIn(text).map(({ from, to }) => text.slice(from, to))
  return [...said, ...values.map((words) => ({ rule: 'personal' as const, weight: 'refuse' as const, words }))]
}

/** From 21 to 8 o'clock in Beijing a message waits better until morning (T-16); a member may send it all the same. */
export const isQuietHour = (at: Date): boolean => {
  const hour = (at.getUTCHours() + 8) % 24
  return hour >= 21 || hour < 8
}

/**
 * What a member is told of words to a customer before they are sent: refused, or warned of, by rule (T-16). Offers are a
 * purpose of their own: with the customer's consent to it they may be sent, and nothing else changes.
 */
export function draftFindings(text: string, { at, marketing }: { at: Date; marketing: boolean }): Draft[] {
  const said = findingsIn(text).filter(({ rule }) => rule !== 'link' && !(rule === 'marketing' && marketing))
  return isQuietHour(at) ? [...said, { rule: 'quiet_hour', weight: 'warn', words: '' }] : said
}
export const draftRules = [...lintRules, 'quiet_hour'] as const
type Draft = Omit<Finding, 'rule'> & { rule: (typeof draftRules)[number] }
