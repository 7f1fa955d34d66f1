import { afterEach, expect, test } from 'vitest'
import { getDeparture, listCandidates, listDepartures, listHandovers } from '../../src/shared/departure'
import { draftPlan, getPlan, listPlans } from '../../src/shared/plan'
import {
  answers,
  asked,
  askedOf,
  buttons,
  close,
  field,
  open,
  press,
  Refusal,
  REQUEST_ID,
  see,
  seen,
  tick,
} from '../support/workbench'
import { candidate, departure, leaver, plan, row } from '../support/workbench-cast'

afterEach(close)

const mirror = { at: '2026-11-24T02:00:00.000Z', running: false }
const nothing = { items: [], next: null }

function leavers(...items: (typeof leaver)[]) {
  answers(listDepartures, () => ({ items, next: null, mirror }))
}

test('A leaver’s customers are told in words, the wall only when it is near, groups when there is nothing else', async () => {
  leavers(
    { ...leaver, customers: 9, counts: { to_assign: 4, to_tell: 2, refused: 2, failed: 1 } },
    { ...leaver, id: 'd2', name: '唐军', daysLeft: 25, counts: { to_assign: 3 } },
    { ...leaver, id: 'd3', name: '欧阳明月', customers: 0, counts: {}, groups: 3, daysLeft: null },
  )
  await open('/departures')
  await see('与企业微信同步于')
  await see('离职 24 天')
  for (const words of ['待分配 4', '已接替 2', '拒绝 2', '异常 1', '没有客户，只有 3 个群', '还剩 25 天'])
    await see(words)
  expect(seen()).not.toContain('341')
  const bar = document.querySelector('[role="img"]')
  expect(bar?.getAttribute('aria-label')).toBe('客户交接情况：待分配 4, 已接替 2, 拒绝 2, 异常 1')
})

test('Nobody has left: said so. The server does not answer: said so, with the number to quote', async () => {
  leavers()
  await open('/departures')
  await see('没有离职成员')
  close()
  answers(listDepartures, () => new Refusal('busy', '系统正忙，请稍后再试。'))
  await open('/departures')
  await see('系统正忙')
  await see(REQUEST_ID)
  leavers(leaver)
  await press('再试一次')
  await see('林晓')
})

function assignable(total: number) {
  leavers(leaver)
  answers(getDeparture, () => departure({ customers: total, counts: { to_assign: total } }))
  answers(listHandovers, ({ after, limit }) => {
    const from = Number(after ?? 0)
    const items = Array.from({ length: Math.min(limit, total - from) }, (_, at) => row(`h${from + at}`))
    return { items, next: from + limit < total ? String(from + limit) : null }
  })
  answers(listCandidates, () => ({
    items: [candidate('m1', '陈一鸣'), candidate('m2', '赵敏'), candidate('m3', '何青', ['successor_inactive'])],
  }))
  answers(draftPlan, () => plan({ state: 'draft', draftedBy: '何志远', decision: 'not_pending' }))
  answers(getPlan, () => plan({ state: 'draft', draftedBy: '何志远', decision: 'not_pending' }))
  answers(listPlans, () => nothing)
}

test('Several customers and several successors become a draft', async () => {
  assignable(3)
  await open('/departures/d1')
  await see('先勾选客户')
  expect(buttons('选择接替成员')[0]?.disabled).toBe(true)
  const boxes = () => [...document.querySelectorAll<HTMLInputElement>('.to-assign input')]
  boxes()[0]?.click()
  boxes()[2]?.click()
  await see('已选 2 位')
  await press('选择接替成员')
  await see('现有 120 位，将接替 3 位')
  await see('这位成员未激活')
  expect(field<HTMLInputElement>(/何青/).disabled).toBe(true)
  await tick(/陈一鸣/)
  await tick(/赵敏/)
  await see('已选 2 位成员，由规则分')
  await press('起草方案')
  expect(askedOf(draftPlan)).toMatchObject([{ departure: 'd1', handovers: ['h0', 'h2'], successors: ['m1', 'm2'] }])
  await see('林晓的客户接替方案')
})

test('All of 5,000 are chosen by one word, without reading them', async () => {
  assignable(5000)
  await open('/departures/d1')
  await tick(/全选 5,000 位/)
  await see('已选 5,000 位')
  await press('选择接替成员')
  await tick(/陈一鸣/)
  await press('起草方案')
  expect(askedOf(draftPlan)[0]?.handovers).toBe('all')
  expect(askedOf(listHandovers).length).toBe(1)
})

test('All but one: the rest is read to the end and sent by name', async () => {
  assignable(250)
  await open('/departures/d1')
  await tick(/全选/)
  document.querySelector<HTMLInputElement>('.to-assign input')?.click()
  await see('已选 249 位')
  await press('选择接替成员')
  await tick(/陈一鸣/)
  await press('起草方案')
  const { handovers } = askedOf(draftPlan)[0] ?? {}
  expect(handovers).toHaveLength(249)
  expect(handovers).not.toContain('h0')
})

test('Compliance looks and does not assign', async () => {
  assignable(3)
  await open('/departures/d1', ['rep', 'compliance'])
  await see('分配由管理者完成')
  expect(document.querySelectorAll('input').length).toBe(0)
  expect(buttons('选择接替成员')).toEqual([])
})

test('While a plan waits for its decision nothing more is assigned', async () => {
  assignable(3)
  answers(getDeparture, () => departure({ customers: 4, counts: { to_assign: 3, to_approve: 1 }, plan: 'p1' }))
  await open('/departures/d1')
  await see('有一份方案在等待审批，审批之后才能再分配')
  await tick(/全选/)
  expect(buttons('选择接替成员')[0]?.disabled).toBe(true)
})

test('Progress tells how much of the 24 hours is left', async () => {
  leavers(leaver)
  const takeoverAt = new Date(Date.now() + 5 * 3_600_000 + 11.5 * 60_000).toISOString()
  const waiting = row('h1', {
    label: 'waiting',
    transfer: 'waiting',
    takeoverAt,
    successor: { id: 'm1', name: '陈一鸣' },
  })
  answers(getDeparture, () => departure({ customers: 1, counts: { waiting: 1 } }))
  answers(listHandovers, () => ({ items: [waiting], next: null }))
  await open('/departures/d1')
  await see('还剩 5 小时 12 分')
  await see('由 陈一鸣 接替')
  await press(/等待客户/)
  expect(askedOf(listHandovers).at(-1)?.label).toBe('waiting')
})

test('Every exception says why, whose turn it is and what to do', async () => {
  leavers(leaver)
  const objectedAt = new Date(Date.now() - 3 * 86_400_000).toISOString()
  answers(getDeparture, () => departure({ customers: 3, counts: { wants_other: 1, failed: 1, checking: 1 } }))
  answers(listHandovers, ({ label }) => ({
    items: [
      row(`h-${label}`, {
        ...(label ? { label } : {}),
        ...(label === 'failed' ? { errcode: 40098 } : {}),
        ...(label === 'wants_other' ? { objectedAt, complaint: 'C-20261121-003' } : {}),
      }),
    ],
    next: null,
  }))
  await open('/departures/d1?view=exceptions')
  await see('还没有实名认证（错误码 40098）')
  await see('投诉编号 C-20261121-003')
  await see('您和合规')
  await see('已过 3 天')
  await see(/您来处理 .*不会重复提交/)
  await see('现在核对')
  await see('我看过企业微信后台了')
  await press('重新分配这些客户')
  await see('要分配的客户')
  expect(askedOf(listHandovers).at(-1)?.label).toBe('failed')
  expect(asked.some(({ endpoint }) => endpoint === draftPlan)).toBe(false)
})
