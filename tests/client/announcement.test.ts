import { afterEach, expect, test } from 'vitest'
import {
  announceDeparture,
  changeLastDay,
  listAnnounceable,
  withdrawAnnouncement,
  type Announceable,
} from '../../src/shared/announcement'
import { OK } from '../../src/shared/endpoint'
import { getDeparture, listDepartures, listHandovers } from '../../src/shared/departure'
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
  type,
} from '../support/workbench'
import { departure, leaver, row } from '../support/workbench-cast'

afterEach(close)

const mirror = { at: '2026-11-24T02:00:00.000Z', running: false }
const days = (n: number) => new Date(Date.now() + n * 86_400_000)
const dayIn = (n: number) => new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(days(n))
const announced = {
  gone: false,
  knownBy: 'announced' as const,
  leftAt: days(3).toISOString(),
  daysLeft: null,
  announced: { by: '周敏', at: days(-1).toISOString() },
}
const member = (id: string, name: string, more: Partial<Announceable> = {}): Announceable => ({
  id,
  name,
  department: '华东销售一部',
  customers: 320,
  announced: false,
  ...more,
})
function leavers(...items: (typeof leaver)[]) {
  answers(listDepartures, () => ({ items, next: null, mirror }))
}
function one(more = {}) {
  answers(getDeparture, () => departure({ ...announced, ...more }))
  answers(listHandovers, () => ({ items: [row('h1')], next: null }))
}

test('A manager finds the member, names the day, reads what follows, and comes to the departure', async () => {
  leavers()
  answers(listAnnounceable, ({ text }) => ({
    items: [member('m1', '林晓'), member('m2', '王磊', { announced: true })].filter((m) => m.name.includes(text ?? '')),
    next: null,
  }))
  answers(announceDeparture, () => ({ departure: 'd1', customers: 320 }))
  one()
  await open('/departures')
  await press('登记即将离职')
  await see('华东销售一部 · 客户 320 位')
  expect(buttons(/王磊/)[0]?.disabled).toBe(true)
  await type('按姓名查找成员', '林')
  await expect.poll(() => askedOf(listAnnounceable).at(-1)?.text, { timeout: 5000 }).toBe('林')
  await press(/林晓/)
  await see('每晚备份这位成员的客户资料')
  await see('离职当天自动转为离职继承')
  await press('登记')
  await see('请选择最后工作日')
  await type('最后工作日', dayIn(-2))
  await press('登记')
  await see('这一天已经过去')
  await type('最后工作日', dayIn(3))
  await press('登记')
  await see('已登记，320 位客户可以开始分配')
  expect(askedOf(announceDeparture)).toEqual([{ member: 'm1', leavesOn: dayIn(3) }])
  await see('周敏 于')
})

test('Nobody to announce, nobody found, no answer: each is said', async () => {
  leavers()
  answers(listAnnounceable, () => ({ items: [], next: null }))
  await open('/departures')
  await press('登记即将离职')
  await see('没有可以登记的成员')
  await type('按姓名查找成员', '赵')
  await see('没有找到「赵」')
  answers(listAnnounceable, () => new Refusal('busy', '系统正忙，请稍后再试。'))
  await type('按姓名查找成员', '赵敏')
  await see('系统正忙')
  await see(REQUEST_ID)
})

test('What somebody else was quicker with is said beside the button, and what was chosen stays', async () => {
  leavers()
  answers(listAnnounceable, () => ({ items: [member('m1', '林晓')], next: null }))
  answers(announceDeparture, () => new Refusal('already_announced', '这位成员的离职已登记。'))
  await open('/departures')
  await press('登记即将离职')
  await press(/林晓/)
  await type('最后工作日', dayIn(3))
  await press('登记')
  await see('这位成员的离职已登记')
  expect(field('最后工作日').value).toBe(dayIn(3))
})

test('An announced departure stands in the list with its day; passed, withdrawn: without alarm', async () => {
  leavers(
    { ...leaver, ...announced },
    { ...leaver, ...announced, id: 'd2', name: '唐军', leftAt: days(-2).toISOString() },
    { ...leaver, ...announced, id: 'd3', name: '何青', ended: true },
  )
  await open('/departures')
  await see(/将于 .*离职/)
  await see('登记的日期已过，企业微信里仍在职')
  await see('登记已撤回')
  expect(seen()).not.toContain('离职 2 天')
  expect(document.querySelectorAll('.pill.red').length).toBe(0)
})

test('Its page moves the day and withdraws, saying first what that comes too late for', async () => {
  leavers({ ...leaver, ...announced })
  one({ customers: 9, counts: { to_assign: 4, to_submit: 1, waiting: 2, checking: 1, told: 1 } })
  answers(changeLastDay, () => OK)
  answers(withdrawAnnouncement, () => ({ calledOff: 5, underWay: 3, takenOver: 1 }))
  await open('/departures/d1')
  await see('企业微信里仍在职，可以在职分配客户')
  await press('改日期')
  await see('林晓 的最后工作日')
  await type('最后工作日', dayIn(10))
  await press('保存')
  await see('日期已改')
  expect(askedOf(changeLastDay)).toEqual([{ departure: 'd1', leavesOn: dayIn(10) }])
  await press('撤回登记')
  await see('还没提交的 5 位客户不再分配')
  await see('3 位客户已提交给企业微信，不能撤回')
  await see('1 位客户已由同事接替')
  const lists = askedOf(listDepartures).length
  await press('确认撤回')
  await see('5 位客户不再分配；3 位已提交，按原方案继续')
  expect(askedOf(withdrawAnnouncement)).toEqual([{ departure: 'd1' }])
  expect(askedOf(listDepartures).length).toBe(lists + 1)
})

test('Compliance reads it and changes nothing', async () => {
  leavers({ ...leaver, ...announced })
  one()
  await open('/departures/d1', ['rep', 'compliance'])
  await see('周敏 于')
  for (const name of ['登记即将离职', '改日期', '撤回登记']) expect(buttons(name)).toEqual([])
})

test('Who refuses while the leaver is here stays with the leaver: said so', async () => {
  leavers({ ...leaver, ...announced })
  one({ counts: { refused: 1 }, customers: 1 })
  answers(listHandovers, () => ({ items: [row('h1', { label: 'refused', transfer: 'refused' })], next: null }))
  await open('/departures/d1?view=exceptions')
  await see('客户仍由原成员服务')
  expect(seen()).not.toContain('用电话等其他方式服务')
})
