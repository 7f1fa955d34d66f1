import { afterEach, expect, test } from 'vitest'
import { getDeparture, listCandidates, listDepartures, listHandovers } from '../../src/shared/departure'
import type { GroupRow } from '../../src/shared/group'
import {
  approvePlan,
  changePlanGroup,
  draftPlan,
  getPlan,
  listPlans,
  type Plan,
  type PlanGroup,
} from '../../src/shared/plan'
import { answers, askedOf, buttons, close, open, press, see, seen, tick } from '../support/workbench'
import { candidate, departure, DIGEST, leaver, OTHER_DIGEST, plan, row } from '../support/workbench-cast'

afterEach(close)

const group = (name: string, more: Partial<GroupRow> = {}): GroupRow => ({
  chat: `wr${name}`,
  name,
  members: 12,
  label: 'to_assign',
  successor: null,
  owner: null,
  nextTryAt: null,
  errcode: null,
  ...more,
})
const planned = (name: string, more: Partial<PlanGroup> = {}): PlanGroup => ({
  chat: `wr${name}`,
  name,
  members: 12,
  successor: 'm1',
  successorName: '陈一鸣',
  checks: [],
  ...more,
})
const draft = (more: Partial<Plan> = {}) =>
  plan({
    state: 'draft',
    draftedBy: '何志远',
    mine: true,
    submittedAt: null,
    rounds: [],
    decision: 'not_pending',
    ...more,
  })

function shows(given: Parameters<typeof departure>[0]) {
  answers(listDepartures, () => ({ items: [leaver], next: null, mirror: { at: null, running: false } }))
  answers(getDeparture, () => departure(given))
  answers(listHandovers, () => ({ items: [row('h1')], next: null }))
  answers(listCandidates, () => ({ items: [candidate('m1', '陈一鸣'), candidate('m2', '赵敏')] }))
  answers(listPlans, () => ({ items: [], next: null }))
  answers(draftPlan, () => draft())
  answers(getPlan, () => draft())
}

test('A leaver with only groups: they are given to colleagues by themselves', async () => {
  shows({ customers: 0, counts: {}, groups: 2, groupsToAssign: 2, groupList: [group('老客户群'), group('')] })
  await open('/departures/d1')
  await see('待分配群 2 个')
  await see('未命名的群')
  await press('把 2 个群交给同事')
  await see('2 个群也分给选中的成员')
  await tick(/陈一鸣/)
  await press('起草方案')
  expect(askedOf(draftPlan)).toEqual([{ departure: 'd1', handovers: [], groups: true, successors: ['m1'] }])
})

test('Groups go with the customers unless somebody says no', async () => {
  shows({ customers: 1, counts: { to_assign: 1 }, groups: 3, groupsToAssign: 3, groupList: [group('群')] })
  await open('/departures/d1')
  expect(buttons(/把 3 个群/)).toEqual([])
  await tick(/全选 1 位/)
  await tick('连同待分配的 3 个客户群')
  await press('选择接替成员')
  await tick(/陈一鸣/)
  await press('起草方案')
  expect(askedOf(draftPlan)).toEqual([{ departure: 'd1', handovers: 'all', groups: false, successors: ['m1'] }])
})

test('Each group says in words how far it is, to whom it goes, and what a person must do', async () => {
  const nextTryAt = new Date(Date.now() + 3_600_000).toISOString()
  shows({
    customers: 0,
    counts: {},
    groups: 6,
    groupsToAssign: 1,
    groupList: [
      group('一', { label: 'moved', successor: '陈一鸣' }),
      group('二', { label: 'tomorrow', successor: '陈一鸣', nextTryAt }),
      group('三', { label: 'person', successor: '陈一鸣', errcode: 90503 }),
      group('四', { label: 'elsewhere', successor: '陈一鸣', owner: '孙悦' }),
      group('五', { label: 'later', successor: '赵敏', errcode: 90500, nextTryAt }),
      group('六', { label: 'checking', successor: '赵敏' }),
    ],
  })
  await open('/departures/d1')
  await see(/三 ?需要人处理.*由 陈一鸣 任群主.*群管理员在企业微信客户端里移出几位成员/)
  await see(/今天已转 300 个，其余 1 个 .* 后继续，不用操作/)
  await see('现在的群主是 孙悦')
  await see(/群主还没有离职（错误码 90500） · .* 后再试/)
  await see(/六 ?待核对.*核对清楚前不会重复提交/)
  expect(seen()).not.toMatch(/一 ?已换群主/)
  await press('显示全部 6 个群')
  await see(/一 ?已换群主/)
})

test('Compliance reads the groups and assigns none', async () => {
  shows({ customers: 0, counts: {}, groups: 1, groupsToAssign: 1, groupList: [group('群')] })
  await open('/departures/d1', ['rep', 'compliance'])
  await see('分配由管理者完成')
  expect(buttons(/交给同事/)).toEqual([])
})

test('In a plan each group can get another owner or be taken out, and what speaks against one stops it', async () => {
  shows({})
  const bad = planned('坏群', { checks: ['successor_inactive'] })
  const groups = [planned('好群'), bad]
  answers(getPlan, () =>
    draft({ groups, split: [{ successor: 'm1', name: '陈一鸣', before: 1, added: 2, groups: 2 }] }),
  )
  answers(changePlanGroup, () => draft({ groups: [planned('好群')], digest: OTHER_DIGEST }))
  await open('/plans/p1')
  await see('2 位客户、2 个群，1 位接替成员')
  await see('客户群 2 个')
  await see('有 1 个群必须先处理')
  expect(buttons('提交审批')[0]?.disabled).toBe(true)
  await press('更改 坏群 的新群主')
  await press(/^赵敏/)
  expect(askedOf(changePlanGroup)).toEqual([{ plan: 'p1', chat: 'wr坏群', successor: 'm2' }])
  await see(OTHER_DIGEST.slice(0, 8))
  await press('更改 好群 的新群主')
  await press('移出方案')
  expect(askedOf(changePlanGroup)[1]).toEqual({ plan: 'p1', chat: 'wr好群', successor: null })
})

test('Who decides reads what happens to the groups, also where there are no customers', async () => {
  shows({})
  answers(getPlan, () => plan({ items: [], groups: [planned('群')], split: [] }))
  answers(approvePlan, () => plan({ state: 'approved', groups: [planned('群')] }))
  await open('/plans/p1')
  await see('客户群立即更换群主')
  expect(seen()).not.toContain('24 小时内客户可以拒绝')
  await press('通过并提交 1 个群')
  expect(askedOf(approvePlan)).toEqual([{ plan: 'p1', digest: DIGEST }])
})
