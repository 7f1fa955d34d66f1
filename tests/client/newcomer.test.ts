import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findChat, openBrief } from '../../src/shared/customer'
import { getMe, signPage, type Role } from '../../src/shared/member'
import { getCoverage, listNewcomers, prepareFirst, settleFirst } from '../../src/shared/newcomer'
import { listUntold } from '../../src/shared/untold'
import { Bridge } from './bridge'
import { Door, Refusal } from './door'
import { closeApp, openApp, press, see, text } from './page'
import { ago, me } from './samples'

// Before anything imports the SDK: it reads the user agent once (facts 6.1).
vi.hoisted(() => {
  Object.defineProperty(navigator, 'userAgent', { value: 'Chrome/107.0 wxwork/5.0.11', configurable: true })
})

/** Customers who are new to the company, as their colleague and those who answer for it see them (S15). */
const bridge = new Bridge()
const contact = { name: '赵敏之', kind: 'wechat', company: null, title: null, since: ago(1) } as const
let door: Door
let first: { sentAt: string | null; by: string | null } | null
const as = (...roles: Role[]) => door.on(getMe).says(() => ({ ...me, roles }))

beforeEach(() => {
  bridge.reset()
  first = { sentAt: null, by: null }
  door = new Door()
    .on(getMe)
    .says(() => me)
    .on(signPage)
    .says(() => ({ timestamp: 1, nonceStr: 'n', signature: 's' }))
    .on(openBrief)
    .says(() => ({ kind: 'own', customer: 'c7', farewell: null, first, contact }))
    .on(prepareFirst)
    .says(({ language }) => ({
      ...{ id: 'a1', filled: ['宏远', '陈一鸣'], characters: 88, late: false },
      text: language === 'en' ? 'Hello, this is 陈一鸣 of 宏远.' : '您好，我是宏远的陈一鸣。',
    }))
    .on(settleFirst)
    .says(({ outcome }) => {
      if (outcome === 'sent') first = { sentAt: new Date().toISOString(), by: '陈一鸣' }
      return { ok: true, at: new Date().toISOString() }
    })
})
afterEach(closeApp)

describe('beside a new customer’s chat', () => {
  it('the first notice stands ready, is sent by the member themselves, and stays written there', async () => {
    await openApp('/sidebar')
    await see('新客户，请先告知')
    await press('发送首次告知')
    await see('您好，我是')
    // Words and no card: a card leads to a handover's page.
    expect(text()).not.toContain('卡片')
    await press('发送')
    await see('已发送')
    expect(text()).toContain('不代表客户同意任何事项')
    expect(bridge.named('sendChatMessage')).toMatchObject([
      { msgtype: 'text', text: { content: '您好，我是宏远的陈一鸣。' } },
    ])
    expect(door.inputs(settleFirst)).toEqual([{ attempt: 'a1', outcome: 'sent' }])
    await press('完成')
    await see('陈一鸣 于')
    expect(text()).not.toContain('新客户，请先告知')
  })

  it('who was told elsewhere meanwhile is not told again', async () => {
    door.on(prepareFirst).says(() => {
      first = { sentAt: new Date().toISOString(), by: '孙婷' }
      return new Refusal('stale', '内容已经变了，请刷新后再看。')
    })
    await openApp('/sidebar')
    await press('发送首次告知')
    await see('内容已经变了')
    // Nothing to try again: it would be refused again.
    expect(text()).not.toContain('再试一次')
    // The card behind says so at once.
    await see('孙婷 于')
    expect(text()).not.toContain('新客户，请先告知')
    await press('关闭')
    expect(text()).not.toContain('内容已经变了')
  })

  it('of somebody who is not new nothing is said', async () => {
    first = null
    await openApp('/sidebar')
    await see('这是您自己的客户')
    expect(text()).not.toContain('首次告知')
  })
})

describe('the list of new customers', () => {
  const row = (n: number, late: boolean) => ({
    ...{ customer: `c${n}`, shortName: `赵${n}*`, company: null, since: ago(late ? 30 : 1), late },
  })

  it('says how many, who is late, and opens the chat of whoever waits longest', async () => {
    door
      .on(listNewcomers)
      .says(({ after }) =>
        after
          ? { items: [row(3, false)], next: null, total: 3, late: 1 }
          : { items: [row(1, true), row(2, false)], next: 'k', total: 3, late: 1 },
      )
      .on(findChat)
      .says(() => ({ contact: 'wmNEW' }))
    await openApp('/workbench', '/newcomers')
    await see('3 位新客户还没有告知，其中 1 位已超过一天')
    await press('加载更多')
    await see('赵3*')
    await press('告知下一位：赵1*')
    await press('打开聊天')
    await vi.waitFor(() => expect(door.inputs(findChat)).toEqual([{ customer: 'c1' }]), 5000)
  })

  it('says when all are told, and when it cannot be read', async () => {
    door.on(listNewcomers).says(() => new Refusal('busy', '系统正忙。'))
    await openApp('/workbench', '/newcomers')
    await see('系统正忙。')
    door.on(listNewcomers).says(() => ({ items: [], next: null, total: 0, late: 0 }))
    await press('再试一次')
    await see('新客户都已告知')
    expect(text()).not.toContain('告知下一位')
  })
})

describe('the coverage', () => {
  const none = { inTime: 0, later: 0, waiting: 0, late: 0, gone: 0 }

  it('counts in words, of those whose day is over, who owes whom, and what being told does not do', async () => {
    as('compliance')
      .on(listUntold)
      .says(() => ({ items: [], next: null }))
      .on(getCoverage)
      .says(() => ({
        ...{ since: ago(24 * 30), all: { inTime: 9, later: 1, waiting: 2, late: 1, gone: 1 } },
        ...{ unfounded: 3, onConsent: 4 },
        byMember: [
          { member: 'm2', name: '孙婷', ...none, late: 1, waiting: 1 },
          { member: 'm1', name: '陈一鸣', ...none, inTime: 9 },
        ],
      }))
    await openApp('/workbench', '/untold')
    await see('14 位新客户')
    // Nine of the twelve who are not still in their first day.
    expect(text()).toContain('一天内告知 75%')
    expect(text()).toContain('孙婷：还没告知 2 位，其中 1 位超过一天')
    expect(text()).not.toContain('陈一鸣：')
    expect(text()).toContain('3 位属于缺少法律依据的客户类型')
    expect(text()).toContain('告知不等于同意')
  })

  it('names the eight who are latest, and says how many more there are', async () => {
    const owing = Array.from({ length: 11 }, (_, n) => ({ member: `m${n}`, name: `成员${n}`, ...none, late: 1 }))
    as('compliance')
      .on(listUntold)
      .says(() => ({ items: [], next: null }))
      .on(getCoverage)
      .says(() => ({ since: ago(1), all: { ...none, late: 11 }, unfounded: 0, onConsent: 0, byMember: owing }))
    await openApp('/workbench', '/untold')
    await see('另有 3 位同事')
    expect(text()).toContain('成员7')
    expect(text()).not.toContain('成员8')
  })

  it('of nobody there is no share; what cannot be read says so, and the list above stays', async () => {
    as('manager')
      .on(listUntold)
      .says(() => ({ items: [], next: null }))
      .on(getCoverage)
      .says(() => ({ since: ago(1), all: none, unfounded: 0, onConsent: 0, byMember: [] }))
    await openApp('/workbench', '/untold')
    await see('没有新客户')
    expect(text()).not.toContain('%')
    closeApp()
    door.on(getCoverage).says(() => new Refusal('busy', '系统正忙。'))
    await openApp('/workbench', '/untold')
    await see('系统正忙。')
    expect(text()).toContain('没有送不到的告知')
  })
})
