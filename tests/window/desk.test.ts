import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DEMO, STORY } from '../../mock/people'
import { registerDefaults } from '../../mock/wecom/switches'
import type { View } from '../../mock/window/view'
import { ORIGIN, rig, Visitor, type Rig } from './fake-app'

let world: Rig
let visitor: Visitor
beforeEach(async () => {
  world = await rig()
  visitor = new Visitor(world.window)
})
afterEach(() => world.close())

const view = async (): Promise<View> => (await (await visitor.go('/__window/desk')).json()) as View
const desk = (change: object): Promise<Response> => visitor.post('/__window/desk', change)
const act = (what: object): Promise<Response> => visitor.post('/__window/world', what)

describe('the desk', () => {
  it('begins with 林晓 beside 王磊', async () => {
    const seen = await view()
    expect(seen).toMatchObject({
      company: '宏远服务有限公司',
      entry: 'sidebar',
      customer: STORY.customer,
      frame: { path: '/sidebar' },
    })
    expect(seen.me).toMatchObject({ userid: STORY.leaver, name: '林晓', department: '华东业务部', gone: false })
    expect(seen.rows[0]).toMatchObject({ id: STORY.customer, name: '王磊 宏远建材', kind: 'customer' })
    expect(seen.rows).toHaveLength(62)
    expect(seen.lines.length).toBeGreaterThan(2)
    expect(seen.phone).toMatchObject({ name: '王磊', will: 'silent', path: null })
  })

  it('lets a member see only chats of their own', async () => {
    expect((await desk({ member: 'chenyiming', customer: STORY.customer })).status).toBe(409)
    expect((await view()).me.userid).toBe(STORY.leaver)
    await desk({ member: 'chenyiming' })
    const seen = await view()
    expect(seen.rows.some((r) => r.id === seen.customer)).toBe(true)
    expect(
      (await desk({ entry: 'group', chat: world.simulator.world.groups().find((g) => g.owner === 'suqi')?.chatId }))
        .status,
    ).toBe(409)
  })

  it('shows the workbench to whoever has no customers', async () => {
    await desk({ member: 'machao' })
    expect(await view()).toMatchObject({ entry: 'workbench', frame: { path: '/workbench' }, rows: [] })
  })

  it('refuses what it does not understand, in words', async () => {
    for (const change of [{ nothing: 1 }, { member: 'nobody' }, { version: 'new' }, { bridge: 'broken' }]) {
      const response = await desk(change)
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(((await response.json()) as { message: string }).message).toMatch(/\w/)
    }
    expect((await act({ act: 'removeMember', member: 'nobody' })).status).toBe(409)
    expect(
      (await visitor.post('/__window/world', { act: 'advance', hours: 1 }, { origin: 'http://evil.example' })).status,
    ).toBe(403)
  })

  it("opens a message's link in the workbench, and none of another site", async () => {
    await desk({ open: `${ORIGIN}/workbench?at=/plans/1` })
    expect((await view()).frame.path).toBe('/workbench?at=/plans/1')
    for (const open of ['https://evil.example/', 'javascript:alert(1)', '/__window/', '//evil.example/x'])
      expect((await desk({ open })).status, open).toBe(409)
    expect((await desk({ phone: 'https://evil.example/' })).status).toBe(409)
    await desk({ phone: `${ORIGIN}/n/abc` })
    expect((await view()).phone.path).toBe('/n/abc')
  })

  it("remembers where each member's client stood", async () => {
    const other = (await view()).rows[3]?.id
    await desk({ entry: 'sidebar', customer: other })
    await desk({ member: 'zhoumin', entry: 'workbench' })
    await desk({ member: STORY.leaver })
    expect(await view()).toMatchObject({ entry: 'sidebar', customer: other })
    await desk({ member: 'zhoumin' })
    expect((await view()).entry).toBe('workbench')
  })

  it('speaks one language, and so do the pages inside', async () => {
    const heard = async (): Promise<string> =>
      ((await (await visitor.go('/echo')).json()) as { headers: Record<string, string> }).headers['accept-language'] ??
      ''
    await view()
    expect(await heard()).toMatch(/^zh/)
    await desk({ language: 'en' })
    expect((await view()).language).toBe('en')
    expect(await heard()).toMatch(/^en/)
  })

  it('tells its listeners when the corp changes', async () => {
    const reader = (await visitor.go('/__window/events')).body?.getReader()
    const next = async () => new TextDecoder().decode((await reader?.read())?.value)
    expect(await next()).toContain('hello')
    await act({ act: 'say', from: 'customer', member: STORY.leaver, customer: STORY.customer, text: '在吗' })
    expect(await next()).toContain('changed')
    await reader?.cancel()
    expect((await view()).lines.at(-1)?.message).toEqual({ kind: 'text', text: '在吗' })
  })

  it('turns faults of WeCom on and off', async () => {
    await act({ act: 'fault', id: 'down', on: true })
    expect(world.simulator.faults.list()).toHaveLength(1)
    expect((await view()).faults.find((f) => f.id === 'down')?.on).toBe(true)
    await act({ act: 'fault', id: 'down', on: false })
    expect(world.simulator.faults.list()).toHaveLength(0)
  })

  it('says what is on in words, groups the faults, and clears all of them at once, those of others too', async () => {
    const { perMinute } = world.simulator.limits
    for (const id of ['lost', 'tight', 'third', 'mixed']) await act({ act: 'fault', id, on: true })
    world.simulator.faults.add({ path: 'user/get', errcode: -1 })
    expect(world.simulator.limits.perMinute).toBe(20)
    const { faults, otherFaults } = await view()
    expect(faults.filter((f) => f.on).map((f) => [f.group, f.en])).toEqual([
      ['network', 'Transfer done, answer lost'],
      ['limits', '20 calls a minute and API'],
      ['callbacks', 'Callbacks out of order, up to an hour late'],
      ['outcomes', '30 % refuse after 24 hours'],
    ])
    expect(otherFaults).toBe(1)
    await act({ act: 'clearFaults' })
    expect([world.simulator.faults.list(), world.simulator.limits.perMinute]).toEqual([[], perMinute])
    expect((await view()).faults.filter((f) => f.on)).toEqual([])
  })

  it('offers every open question of the register with its choices, marks the usual one, and takes another', async () => {
    const { questions } = await view()
    expect(questions.map((q) => q.name).sort()).toEqual(Object.keys(registerDefaults).sort())
    expect(questions.every((q) => q.chosen === q.usual && q.choices.length > 1)).toBe(true)
    await act({ act: 'switch', name: 'freshResults', choice: 2 })
    expect(world.simulator.switches.freshResults).toBe('none')
    expect((await view()).questions.find((q) => q.name === 'freshResults')?.chosen).toBe(2)
    expect((await act({ act: 'switch', name: 'freshResults', choice: 9 })).status).toBe(409)
    await act({ act: 'switch', name: 'freshResults', choice: 0 })
  })
})

describe('the story', () => {
  const told = async () => {
    const { step, glow, target } = (await view()).story ?? {}
    return [step, glow, target]
  }

  it('knows at each moment what moves it on', async () => {
    const { simulator } = world
    expect(await told()).toEqual([1, 'leave', STORY.leaver])
    await act({ act: 'removeMember', member: STORY.leaver })
    expect(await told()).toEqual([2, 'member', STORY.manager])
    await desk({ member: STORY.manager, entry: 'sidebar' })
    expect(await told()).toEqual([2, 'workbench', null])
    await desk({ entry: 'workbench' })
    expect(await told()).toEqual([2, 'frame', null])
    await visitor.post('/api/plans/1/submit', {})
    expect(await told(), 'the app refused').toEqual([2, 'frame', null])
    await letWrite(STORY.secondManager)
    expect(await told()).toEqual([3, 'member', STORY.secondManager])
    await transfer()
    expect(await told()).toEqual([4, 'advance', null])
    await act({ act: 'advance', hours: 24 })
    expect(await told()).toEqual([5, 'member', STORY.successor])
    await desk({ member: STORY.successor })
    expect(await told()).toEqual([5, 'chat', STORY.customer])
    await desk({ entry: 'sidebar', customer: STORY.customer })
    expect(await told()).toEqual([5, 'frame', null])
    simulator.world.say(STORY.successor, STORY.customer, 'member', `请看 ${ORIGIN}/n/abc`)
    expect(await told()).toEqual([6, 'phone', STORY.customer])
    await visitor.post('/n/abc/acknowledge', {})
    expect((await told())[0], 'the page does not exist here').toBe(6)
  })

  it("shows WeChat's notice on the phone; the customer may refuse there", async () => {
    await act({ act: 'removeMember', member: STORY.leaver })
    await transfer()
    expect((await view()).phone.notices).toMatchObject([{ state: 'waiting', successor: '陈一鸣' }])
    await act({ act: 'customerWill', customer: STORY.customer, will: 'refuse' })
    expect((await view()).phone).toMatchObject({ will: 'refuse', notices: [{ state: 'refused' }] })
    const entry = (await view()).wire.find((w) => w.zh.includes('分配给'))
    expect(entry).toMatchObject({
      good: true,
      zh: expect.stringContaining('把 林晓 的 1 位客户分配给 陈一鸣') as string,
    })
    const raw = await (await visitor.go(`/__window/wire/${entry?.id}`)).json()
    expect(raw).toMatchObject({ path: '/cgi-bin/externalcontact/resigned/transfer_customer', status: 200 })
    expect((await visitor.go('/__window/wire/nothing')).status).toBe(404)
  })

  it('a customer taken over stands on top of the chats of the successor', async () => {
    await act({ act: 'removeMember', member: STORY.leaver })
    await transfer()
    await act({ act: 'advance', hours: 25 })
    await desk({ member: STORY.successor })
    expect((await view()).rows[0]).toMatchObject({ id: STORY.customer, added: true, last: '' })
  })

  /** WeCom's API as the app uses it. */
  async function call(path: string, body?: object): Promise<Record<string, unknown>> {
    const init = body ? { method: 'POST', body: JSON.stringify(body) } : {}
    const at = path.includes('?') ? path : `${path}?access_token=${await token()}`
    return (await (await world.simulator.fetch(new Request(`http://qyapi/cgi-bin/${at}`, init))).json()) as Record<
      string,
      unknown
    >
  }
  const token = async (): Promise<string> =>
    String((await call(`gettoken?corpid=${DEMO.corpId}&corpsecret=${DEMO.appSecret}`))['access_token'])

  async function letWrite(touser: string): Promise<void> {
    const textcard = { title: '待审批', description: '<div>请看</div>', url: `${ORIGIN}/workbench?at=/plans/1` }
    const answer = await call('message/send', { touser, agentid: DEMO.agentId, msgtype: 'textcard', textcard })
    expect(answer).toMatchObject({ errcode: 0 })
  }

  async function transfer(): Promise<void> {
    const answer = await call('externalcontact/resigned/transfer_customer', {
      handover_userid: STORY.leaver,
      takeover_userid: STORY.successor,
      external_userid: [STORY.customer],
    })
    expect(answer).toMatchObject({ errcode: 0, customer: [{ errcode: 0 }] })
  }
})
