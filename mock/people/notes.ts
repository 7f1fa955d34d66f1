import type { Chance } from './chance'
import { DAY } from './members'

const facts = [
  '对账每月 25 号前，找财务小刘',
  '习惯先电话后微信，上午开会别打',
  '单子急，交期比价格重要',
  '价格敏感，报价要留两个点',
  '只认含税价，发票开专票',
  '仓库下午五点后不收货',
  '老客户介绍来的，回访勤一点',
  '年底集中备货，十月就要排产',
  '样品确认过两版，按第二版走',
  '同时在用另一家，正在比服务',
  '合同走盖章流程，一般要一周',
  '开票抬头已更新，用新抬头',
  '下半年要开新厂，有增量',
  '账期 45 天，去年没有逾期',
]

const promises = [
  '补发报价单',
  '确认发货时间',
  '寄新款样品两套',
  '安排技术上门一次',
  '给年度返利方案',
  '补开上月发票',
  '更新合同附件二',
  '协调仓库提前备货',
  '回复质保条款的疑问',
  '约见老板谈明年框架',
  '退换上批破损件',
  '发一份安装说明',
]

export const day = (seconds: number): string => new Date(seconds * 1000 + 8 * 3600_000).toISOString().slice(0, 10)

/**
 * What a rep keeps in WeCom's 描述 field (150 characters at most, facts 3.4). Promises stand there because WeCom has no
 * other place; one a line, `承诺` first. Some dates have already passed.
 */
export function description(c: Chance, now: number, position: string, promised: number): string {
  const lines = [[position, c.pick(facts)].filter(Boolean).join('，')]
  if (c.odds(35)) lines.push(c.pick(facts))
  for (const text of c.some(promises, promised)) lines.push(promiseLine(c, now, text))
  return [...new Set(lines)].join('\n').slice(0, 150)
}

function promiseLine(c: Chance, now: number, text: string): string {
  const at = now + (c.below(34) - 9) * DAY
  const how = c.below(10)
  if (how === 0) return `承诺：${text}`
  if (how === 1) return `承诺：确认${Number(day(at).slice(5, 7))}月发货时间`
  return `承诺 ${day(at)} ${text}`
}
