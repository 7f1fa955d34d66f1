import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ComplaintAct } from '../../src/shared/complaint'
import {
  beginComplaint,
  contactCustomer,
  decideComplaint,
  getComplaint,
  listAbout,
  listComplaints,
  listHandlers,
  openRequest,
  triageComplaint,
  type ComplaintDetail,
  type ComplaintRow,
} from '../../src/shared/complaintdesk'
import { OK } from '../../src/shared/endpoint'
import {
  answers,
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
  type,
} from '../support/workbench'

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-24T02:00:00Z'), toFake: ['Date'] }))
afterEach(() => {
  close()
  vi.useRealTimers()
})

const row: ComplaintRow = {
  ...{
    number: 'TS-20261121-0003',
    at: '2026-11-21T02:00:00.000Z',
    channel: 'mail',
    state: 'handling',
    kind: 'service',
  },
  ...{ severity: 'normal', owner: { name: '沈岚', me: false }, about: '陈一鸣', day: 16, red: true, stopped: false },
  ...{ next: { what: 'decide', by: '2026-11-23', late: true }, bounced: false, excerpt: '报价单谁来补发？' },
}
const detail: ComplaintDetail = {
  ...row,
  ...{ language: 'zh-CN', round: 1, follows: null, aboutId: 'm1', clocks: [row.next!], stopBy: '2026-12-21' },
  ...{ calendar: '2026.1', unsure: [], conflict: null, may: ['triage', 'contact', 'note'], asked: false },
  ...{
    informedBy: null,
    ways: ['page', 'mail'],
    customer: null,
    requests: [],
    text: '报价单谁来补发？',
    contact: 'wang@example.com',
  },
  ...{ events: [], decisions: [], mails: [], message: null },
}
const may = (...acts: ComplaintAct[]) => acts
const list = (items: ComplaintRow[], next: string | null = null) => ({
  items,
  next,
  yearsMissing: [],
  mailTrouble: null,
})

test('The queue says what is late in words, who has it, and pages by key; the filters ask the server', async () => {
  answers(listComplaints, ({ after, view }) => {
    if (view === 'mine') return list([])
    return after ? list([{ ...row, number: 'TS-20261120-0001', owner: null, stopped: true }]) : list([row], 'k1')
  })
  await open('/complaints', ['rep', 'compliance'])
  await see('报价单谁来补发？')
  await see('已过第 15 个工作日，今天第 16 个')
  await see('逾期 · 11月23日前作出决定')
  await see('经办：沈岚')
  await press('加载更多')
  await see('已超过 30 天')
  await see('待安排')
  expect(askedOf(listComplaints).at(-1)?.after).toBe('k1')
  await press('我的')
  await see('这里没有投诉')
  expect(askedOf(listComplaints).at(-1)?.view).toBe('mine')
})

test('A filter that could not be read shows nothing of the one before, and can be tried again', async () => {
  let down = true
  answers(listComplaints, ({ view }) => {
    if (view === 'open') return list([row])
    return down ? new Refusal('busy', '系统正忙。') : list([{ ...row, excerpt: '另一件事' }])
  })
  await open('/complaints', ['rep', 'compliance'])
  await see('报价单谁来补发？')
  await press('我的')
  await see('系统正忙。')
  expect(seen()).not.toContain('报价单谁来补发？')
  down = false
  await press('再试一次')
  await see('另一件事')
})

test('A year without a calendar is a loud banner', async () => {
  answers(listComplaints, () => ({ ...list([row]), yearsMissing: [2027] }))
  await open('/complaints', ['rep', 'compliance'])
  await see('没有 2027 年的放假安排')
  expect(document.querySelector('[role="alert"]')?.textContent).toContain('2027')
})

test('None yet, and not allowed', async () => {
  answers(listComplaints, () => list([]))
  await open('/complaints', ['rep', 'compliance'])
  await see('还没有客户写来')
  close()
  answers(listComplaints, () => new Refusal('forbidden', '您的角色没有这项权限。需要的话，请联系系统管理员。'))
  await open('/complaints', ['rep'])
  await see('您的角色没有这项权限')
  await see(REQUEST_ID)
})

test('Sorting says kind, gravity, whom it is about and who handles it; who must not is not offered', async () => {
  answers(listComplaints, () => list([row]))
  answers(getComplaint, () => ({ ...detail, state: 'acknowledged' as const, owner: null, kind: null, severity: null }))
  answers(listAbout, () => ({ items: [{ id: 'm1', name: '陈一鸣', department: '东区' }] }))
  answers(listHandlers, () => ({
    items: [
      { id: 'c1', name: '沈岚', me: true, open: 2, conflict: null },
      { id: 'c2', name: '刘洋', me: false, open: 0, conflict: 'lead' as const },
    ],
  }))
  answers(triageComplaint, () => OK)
  await open('/complaints/TS-20261121-0003', ['rep', 'compliance'])
  await see('由任何一位合规人员来做')
  await press('分类并指定经办人')
  await see('沈岚 · 手上 2 件')
  expect(seen()).not.toContain('刘洋')
  await press('保存')
  await see('请选择类别')
  await tick('员工行为')
  await tick('较重')
  await tick('沈岚 · 手上 2 件')
  await press('保存')
  expect(askedOf(triageComplaint)).toEqual([
    { number: 'TS-20261121-0003', kind: 'employee', severity: 'serious', about: 'm1', owner: 'c1' },
  ])
})

test('What a complaint asks about the customer’s information is opened as a request, and stands beside the words', async () => {
  let opened = false
  answers(listComplaints, () => list([row]))
  answers(getComplaint, () => ({
    ...{ ...detail, customer: 'c1', may: may('request', 'note') },
    requests: opened ? [{ id: 'q1', number: 'QQ-20261124-0001', kind: 'copy' as const }] : [],
  }))
  answers(openRequest, () => {
    opened = true
    return { id: 'q1', number: 'QQ-20261124-0001' }
  })
  await open('/complaints/TS-20261121-0003', ['rep', 'compliance'])
  await press('另立个人信息请求')
  await press('保存')
  await see('请选择')
  expect(askedOf(openRequest)).toEqual([])
  await tick('复制')
  await type(/客户的原话里/, '把资料给我一份')
  await press('保存')
  await see('已立案：QQ-20261124-0001')
  expect(askedOf(openRequest)).toEqual([{ number: 'TS-20261121-0003', kind: 'copy', text: '把资料给我一份' }])
  await see('复制 · QQ-20261124-0001')
  expect(document.querySelector('a[href$="/requests/q1"]')).not.toBeNull()
})

test('A result without reasons is asked for again; what finds fault with a colleague goes to a second person', async () => {
  answers(listComplaints, () => list([row]))
  answers(getComplaint, () => ({ ...detail, owner: { name: '沈岚', me: true }, may: may('decide', 'ask', 'note') }))
  answers(decideComplaint, () => OK)
  await open('/complaints/TS-20261121-0003', ['rep', 'compliance'])
  await see('由您来做')
  await press('作出决定')
  await tick('投诉成立')
  await type('一句话结果（客户会收到）', '已补发报价单')
  await press(/^作出决定$/)
  const save = buttons('作出决定').at(-1)
  save?.click()
  await see('没有理由的结果不能保存，至少 10 个字')
  expect(askedOf(decideComplaint)).toEqual([])
  await type('理由（客户会看到）', '核对了聊天记录，确有两次没有回复。')
  field(/^认定员工有过错/).click()
  await press('提交复核')
  expect(askedOf(decideComplaint)).toMatchObject([{ outcome: 'upheld', againstStaff: true }])
})

test('Whoever must not handle it is told why; telling the customer is written down with how', async () => {
  answers(listComplaints, () => list([row]))
  answers(getComplaint, () => ({ ...detail, conflict: 'lead' as const, may: [] }))
  await open('/complaints/TS-20261121-0003', ['rep', 'compliance'])
  await see('被投诉人是您的直属下级')
  expect(buttons('分类并指定经办人')).toEqual([])
  close()
  answers(listComplaints, () => list([row]))
  answers(getComplaint, () => ({
    ...detail,
    state: 'resolved' as const,
    message: '您的投诉已处理',
    may: may('contact', 'note'),
  }))
  answers(contactCustomer, () => OK)
  answers(beginComplaint, () => OK)
  await open('/complaints/TS-20261121-0003', ['rep', 'compliance'])
  await see('您的投诉已处理')
  await press('登记联系客户')
  await see('处理结果和理由')
  await tick('电话')
  await type('说了什么、联系的是谁', '11月24日致电本人')
  await press('保存')
  expect(askedOf(contactCustomer)).toMatchObject([{ how: 'phone', what: 'result' }])
})
