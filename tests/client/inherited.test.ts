import { afterEach, describe, expect, it } from 'vitest'
import { listInherited, openBrief } from '../../src/shared/customer'
import { getMe } from '../../src/shared/member'
import { askMassNotices } from '../../src/shared/untold'
import { Door, Refusal } from './door'
import { closeApp, control, openApp, press, see, text } from './page'
import { inheritedRow, me, toTell } from './samples'

afterEach(closeApp)
const door = () => new Door().on(getMe).says(() => me)

describe('my inherited customers', () => {
  it('shows how many are to tell, each with its state and next step, and loads more by key', async () => {
    const server = door()
      .on(listInherited)
      .says(({ after }) =>
        after
          ? { items: [inheritedRow(3, { label: 'told' })], next: null, total: 3, toTell: 1, inChat: 1 }
          : {
              items: [inheritedRow(1, { promisesDue: 2, company: '宏远' }), inheritedRow(2, { label: 'waiting' })],
              next: 'k2',
              total: 3,
              toTell: 1,
              inChat: 1,
            },
      )
    await openApp('/workbench', '/inherited')
    await see('共 3 位，1 位还没告知')
    expect(text()).toContain('客1* · 宏远')
    expect(text()).toContain('2 项约定待兑现')
    expect(text()).toContain('等待接替完成')
    await press('加载更多')
    await see('客3*')
    expect(server.inputs(listInherited).map(({ after }) => after)).toEqual([undefined, 'k2'])
    expect(() => control('加载更多')).toThrow('0 controls')
  })

  it('keeps what is there when the next page does not come', async () => {
    door()
      .on(listInherited)
      .says(({ after }) =>
        after
          ? new Refusal('busy', '系统正忙。')
          : { items: [inheritedRow(1)], next: 'k1', total: 2, toTell: 2, inChat: 2 },
      )
    await openApp('/workbench', '/inherited')
    await press('加载更多')
    await see('系统正忙。')
    expect(text()).toContain('客1*')
    expect(control('加载更多')).toBeTruthy()
  })

  it('offers no chat that WeCom would not open: whom it does not reach stands in the list and is told otherwise', async () => {
    door()
      .on(listInherited)
      .says(() => ({ items: [inheritedRow(1, { label: 'not_reached' })], next: null, total: 1, toTell: 1, inChat: 0 }))
    await openApp('/workbench', '/inherited')
    await see('共 1 位，1 位还没告知')
    expect(text()).toContain('告知未送达')
    expect(text()).not.toContain('告知下一位')
  })

  it('says so where it could not be read again after tasks were made, and keeps what it shows', async () => {
    let made = false
    door()
      .on(askMassNotices)
      .says(({ handovers }) => {
        made = true
        return { asked: handovers.length }
      })
      .on(listInherited)
      .says(() =>
        made
          ? new Refusal('busy', '系统正忙。')
          : { items: [inheritedRow(1), inheritedRow(2)], next: null, total: 2, toTell: 2, inChat: 2 },
      )
    await openApp('/workbench', '/inherited')
    await press('一次告知多位客户')
    await press('为这一页的 2 位建群发任务')
    await see('系统正忙。')
    expect(text()).toContain('客1*')
  })

  it('says when there are none', async () => {
    door()
      .on(listInherited)
      .says(() => ({ items: [], next: null, total: 0, toTell: 0, inChat: 0 }))
    await openApp('/workbench', '/inherited')
    await see('还没有承接的客户')
  })

  it('says what broke, with the number, and tries again', async () => {
    const server = door()
      .on(listInherited)
      .says(() => new Refusal('internal', '系统出错，已记录。', 'req-8'))
    await openApp('/workbench', '/inherited')
    await see('req-8')
    server.on(listInherited).says(() => ({ items: [inheritedRow(1)], next: null, total: 1, toTell: 0, inChat: 0 }))
    await press('再试一次')
    await see('客1*')
  })
})

describe('one customer, away from the chat', () => {
  it('shows the same brief and says that the notice goes out from the chat', async () => {
    const server = door()
      .on(openBrief)
      .says(() => ({ kind: 'inherited', customer: 'c1', brief: toTell() }))
    await openApp('/workbench', '/c/c1')
    await press('发送交接告知')
    await see('请自己打开和 王磊 的聊天')
    expect(server.inputs(openBrief)).toEqual([{ customer: 'c1' }])
  })

  it('answers alike for nobody and for somebody else’s', async () => {
    door()
      .on(openBrief)
      .says(() => new Refusal('not_found', '没有找到。', 'req-404'))
    await openApp('/workbench', '/c/c9')
    await see('没有找到这位客户')
  })
})

describe('the start', () => {
  it('offers what the roles may do, and no more', async () => {
    new Door().on(getMe).says(() => ({ ...me, roles: ['rep', 'compliance'] }))
    await openApp('/workbench')
    await see('陈一鸣，您好')
    expect(text()).toContain('疑问与投诉')
    new Door().on(getMe).says(() => me)
    closeApp()
    await openApp('/workbench')
    await see('我承接的客户')
    expect(text()).not.toContain('疑问与投诉')
  })

  it('has a page for a refused login and for a lost way', async () => {
    door()
    await openApp('/workbench', '/login/member')
    await see('您还不能使用接棒')
    expect(control('重新登录')).toBeTruthy()
    closeApp()
    await openApp('/workbench', '/nowhere')
    await see('没有这个页面')
  })
})
