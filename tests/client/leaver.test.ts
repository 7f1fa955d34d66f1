import { afterEach, expect, test, vi } from 'vitest'
import { askBlock, confirmBlock, listBlockable, listBlocks, type Block } from '../../src/shared/block'
import { getDeparture, listHandovers, listDepartures } from '../../src/shared/departure'
import { OK } from '../../src/shared/endpoint'
import { listInherited } from '../../src/shared/customer'
import { stillHere } from '../../src/shared/member'
import { getOwnLog } from '../../src/shared/own'
import { askProbe, getProbes, type Probe } from '../../src/shared/probe'
import { decideSignal, getSignal, listSignals, type Signal } from '../../src/shared/signal'
import {
  answers,
  askedOf,
  buttons,
  close,
  field,
  open,
  press,
  Refusal,
  see,
  seen,
  tick,
  type,
} from '../support/workbench'
import { departure, leaver } from '../support/workbench-cast'

afterEach(close)

const at = '2026-11-24T02:00:00.000Z'
const asked: Block = {
  id: 'b1',
  name: '欧阳慕容晓晓',
  department: '华东销售一部',
  reason: 'device',
  words: '手机昨晚被偷',
  state: 'asked',
  asked: { by: '马超', at },
  confirmed: null,
  liftAsked: null,
  lifted: null,
  mine: false,
  probe: null,
}

test('A second administrator reads why, confirms, and sees what the probe found; the first cannot confirm', async () => {
  answers(listBlocks, () => ({ items: [asked, { ...asked, id: 'b2', name: '孙悦', mine: true }], next: null }))
  answers(confirmBlock, () => OK)
  await open('/blocks', ['rep', 'admin'])
  await see('手机昨晚被偷')
  await see('马超 于')
  await see('由您提出，要由另一位管理员确认')
  expect(buttons('确认停用')).toHaveLength(1)
  answers(listBlocks, () => ({
    items: [{ ...asked, state: 'blocked' as const, confirmed: { by: '孙悦', at }, probe: { doors: 70, red: 0, at } }],
    next: null,
  }))
  await press('确认停用')
  await see('已检查 70 个入口，全部拒绝')
  expect(askedOf(confirmBlock)).toEqual([{ block: 'b1' }])
})

test('Asking needs a member, a reason and words; what is missing is said, what is typed stays', async () => {
  answers(listBlocks, () => ({ items: [], next: null }))
  answers(listBlockable, () => ({
    items: [
      { id: 'm1', name: '林晓', department: null, open: false },
      { id: 'm2', name: '王磊', department: null, open: true },
    ],
    next: null,
  }))
  answers(askBlock, () => new Refusal('already_blocked', '这位成员已停用，或已有人提出停用，请刷新后查看。'))
  await open('/blocks', ['rep', 'admin'])
  await see('没有停用的成员')
  await press('停用一位成员')
  await vi.waitFor(() => expect(buttons(/王磊/)[0]?.disabled).toBe(true), 5000)
  await press(/林晓/)
  await press('提出停用')
  await see('请选择原因')
  await see('请写明情况')
  await tick('设备丢失或被盗')
  await type('情况说明', '手机昨晚被偷')
  await press('提出停用')
  await see('已有人提出停用')
  expect(askedOf(askBlock)).toEqual([{ member: 'm1', reason: 'device', words: '手机昨晚被偷' }])
  expect(field('情况说明').value).toBe('手机昨晚被偷')
})

const green: Probe = {
  id: 'p1',
  why: 'left',
  askedBy: null,
  revokedAt: at,
  endedAt: '2026-11-24T02:00:09.000Z',
  opened: true,
  doors: 70,
  red: 0,
  leftOver: 0,
  knocks: [{ door: 'GET /api/me', credential: 'laid', status: 401, bytes: 0, ms: 2, shut: true }],
  digest: 'a'.repeat(64),
}

test('A departure shows what every door said; a door that answered is red and said first', async () => {
  answers(listDepartures, () => ({ items: [leaver], next: null, mirror: { at, running: false } }))
  answers(getDeparture, () => departure())
  answers(listHandovers, () => ({ items: [], next: null }))
  answers(getProbes, () => ({ probes: [green] }))
  answers(askProbe, () => OK)
  await open('/departures/d1', ['rep', 'compliance'])
  await see('70 个入口全部拒绝，没有一个字节的数据')
  await see('9 秒后检查完')
  await see('GET /api/me')
  const red = {
    ...green,
    red: 1,
    knocks: [
      ...green.knocks,
      { ...green.knocks[0]!, door: 'GET /api/inherited', bytes: 812, status: 200, shut: false },
    ],
  }
  answers(getProbes, () => ({ probes: [red] }))
  await press('再检查一次')
  await see('有 1 次访问没有被拒绝')
  await see('请立即联系技术负责人')
  expect(document.querySelector('tbody tr')?.textContent).toContain('GET /api/inherited')
  close()
  answers(listDepartures, () => ({ items: [leaver], next: null, mirror: { at, running: false } }))
  answers(getDeparture, () => departure())
  answers(listHandovers, () => ({ items: [], next: null }))
  answers(getProbes, () => ({ probes: [] }))
  await open('/departures/d1', ['rep', 'manager'])
  await see('这位成员没有可以失效的登录')
  expect(buttons('再检查一次')).toEqual([])
})

const bulk: Signal = {
  id: 's1',
  kind: 'bulk',
  member: '林晓',
  department: '销售部',
  since: at,
  until: '2026-11-24T02:50:00.000Z',
  count: 51,
  usual: null,
  decision: null,
}

test('A question with its looks is decided in words, and the decision stands there', async () => {
  answers(listSignals, () => ({ items: [bulk], next: null, on: true, open: 1 }))
  answers(getSignal, () => ({ signal: bulk, items: [{ seq: 1, at, customer: '王*', what: 'look.brief' }], next: null }))
  answers(decideSignal, () => OK)
  await open('/signals', ['rep', 'compliance'])
  await see('这些是问题，不是结论')
  await press(/有人在 1 小时内打开了 51 位客户，是否与工作有关？/)
  await see('王*')
  await press('记下判断')
  await see('请选择一项')
  await tick('有合理解释')
  await type('说明', '批量核对生日')
  answers(getSignal, () => ({
    signal: { ...bulk, decision: { is: 'explained' as const, words: '批量核对生日', by: '沈岚', at } },
    items: [],
    next: null,
  }))
  await press('记下判断')
  await see(/沈岚 于.*批量核对生日/)
  expect(askedOf(decideSignal)).toEqual([{ signal: 's1', decision: 'explained', words: '批量核对生日' }])
})

test('Without the rules for staff nothing is looked for, and the page says why (T-74)', async () => {
  answers(listSignals, () => ({ items: [], next: null, on: false, open: 0 }))
  await open('/signals', ['rep', 'compliance'])
  await see('没有开启')
  await see('民主程序')
})

test('Members read what is recorded of them; who is about to leave reads what is narrower, plainly (T-74)', async () => {
  const log = { days: 30, logins: 12, customers: 40, looks: { brief: 55 }, acts: 7, runs: [], rules: null }
  answers(getOwnLog, () => log)
  await open('/own', ['rep'])
  await see('不用于考勤和绩效')
  await see('没有开启对查看习惯的分析')
  await see('打开过几位客户40')
  expect(seen()).not.toContain('最后工作日')
  close()
  answers(getOwnLog, () => ({ ...log, rules: { consultedOn: '2026-03-02', publishedOn: '2026-03-16' } }))
  answers(listInherited, () => ({ items: [], next: null, total: 0, toTell: 0, inChat: 0 }))
  await open('/own', ['rep'], { leaving: { leavesOn: '2026-12-01', page: 20, opensADay: 30 }, watermark: 'strong' })
  await see(/您的离职已登记，最后工作日 (2026年)?12月1日/)
  await see('每天可以完整打开 30 位客户')
  await see('2026-03-02 征求员工意见')
})

test('A page whose session was ended elsewhere forgets everything and says what to do (Q28, Q55)', async () => {
  const { watch } = await import('../../src/client/lib/watch')
  answers(getOwnLog, () => ({ days: 30, logins: 12, customers: 40, looks: {}, acts: 7, runs: [], rules: null }))
  answers(stillHere, () => new Refusal('signed_out', '登录已过期，请重新打开本页。'))
  await open('/own', ['rep'])
  await see('打开过几位客户40')
  sessionStorage.setItem('jiebang.draft.x', '半句话')
  localStorage.setItem('jiebang.language', 'zh-CN')
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 10_000)
  watch(close)
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 10_000)
  document.dispatchEvent(new Event('pointerdown'))
  await see('您已退出，这一页的内容已清除')
  expect(seen()).not.toContain('打开过几位客户')
  expect(Object.keys(sessionStorage)).toEqual([])
  expect(Object.keys(localStorage)).toEqual(['jiebang.language'])
})
