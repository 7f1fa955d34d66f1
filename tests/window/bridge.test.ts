import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { STORY } from '../../mock/people'
import { ORIGIN, rig, signedConfig, Visitor, type Rig } from './fake-app'

const APIS = [
  'getContext',
  'getCurExternalContact',
  'getCurExternalChat',
  'sendChatMessage',
  'openEnterpriseChat',
  'navigateToAddCustomer',
]
const card = { msgtype: 'news', news: { link: `${ORIGIN}/n/abc`, title: '服务人员变更', desc: '请查看' } }

let world: Rig
let visitor: Visitor
beforeAll(async () => {
  world = await rig()
})
afterAll(() => world.close())
beforeEach(async () => {
  visitor = new Visitor(world.window)
  await visitor.post('/__window/desk', { member: STORY.leaver, entry: 'sidebar', customer: STORY.customer })
})

const register = async (list = APIS): Promise<Record<string, unknown>> =>
  visitor.invoke('agentConfig', await signedConfig(world.simulator, list))
const desk = async (): Promise<Record<string, unknown>> =>
  (await (await visitor.go('/__window/desk')).json()) as Record<string, unknown>

describe('registering (facts 6.3, 6.6)', () => {
  it('accepts a true signature of the page it stands on', async () => {
    expect(await register()).toMatchObject({
      err_msg: 'agentConfig:ok',
      checkResult: { getContext: true, navigateToAddCustomer: false },
    })
  })

  it('answers 40093 to a signature of another page', async () => {
    const answer = await visitor.invoke('agentConfig', await signedConfig(world.simulator, APIS, `${ORIGIN}/workbench`))
    expect(String(answer['err_msg'])).toMatch(/^agentConfig:fail_invalid signature .*40093/)
  })

  it('lets a page call only what it listed, and only that page', async () => {
    await register(['getContext'])
    expect(await visitor.invoke('getContext')).toMatchObject({ err_msg: 'getContext:ok', entry: 'single_chat_tools' })
    const refused = { err_msg: 'getCurExternalContact:fail_no permission to execute' }
    expect(await visitor.invoke('getCurExternalContact')).toEqual(refused)
    expect(await visitor.invoke('getContext', {}, 'another page')).toEqual({
      err_msg: 'getContext:fail_no permission to execute',
    })
  })
})

describe('calls (facts 6.4, 6.5)', () => {
  it('tells the current customer, and the group only in a group', async () => {
    await register()
    expect(await visitor.invoke('getCurExternalContact')).toEqual({
      err_msg: 'getCurExternalContact:ok',
      userId: STORY.customer,
    })
    expect(await visitor.invoke('getCurExternalChat')).toEqual({
      err_msg: 'getCurExternalChat:fail_without context of external contact',
    })
    const chat = world.simulator.world.groups().find((g) => g.owner === STORY.leaver)?.chatId
    await visitor.post('/__window/desk', { entry: 'group', chat })
    expect(await visitor.invoke('getCurExternalChat')).toEqual({ err_msg: 'getCurExternalChat:ok', chatId: chat })
    expect(await visitor.invoke('getCurExternalContact')).toEqual({
      err_msg: 'getCurExternalContact:fail_without context of external contact',
    })
  })

  it('has no customer in the workbench', async () => {
    await visitor.post('/__window/desk', { entry: 'workbench' })
    await register()
    expect(await visitor.invoke('getContext')).toMatchObject({ entry: 'normal' })
    for (const name of ['getCurExternalContact', 'sendChatMessage'])
      expect(await visitor.invoke(name, card)).toEqual({ err_msg: `${name}:fail_without context of external contact` })
  })

  it('refuses a member without 客户联系 and an app without the right', async () => {
    await visitor.post('/__window/desk', { permitted: false })
    await register()
    expect(await visitor.invoke('getCurExternalContact')).toEqual({
      err_msg: 'getCurExternalContact:fail no permission',
    })
    await visitor.post('/__window/desk', { permitted: true, member: 'wangsiqi' })
    expect(await visitor.invoke('getCurExternalContact')).toEqual({
      err_msg: 'getCurExternalContact:fail no permission',
    })
  })

  it('does not know what is newer than the client, or not on a desktop', async () => {
    await visitor.post('/__window/desk', { version: '2.8.10' })
    await visitor.invoke('preVerifyJSAPI', {})
    expect(await visitor.invoke('getContext')).toEqual({ err_msg: 'getContext:fail_function not exist' })
    await visitor.post('/__window/desk', { version: '5.0.11' })
    await register()
    expect(await visitor.invoke('navigateToAddCustomer')).toEqual({
      err_msg: 'navigateToAddCustomer:fail_function not exist',
    })
    expect(await visitor.invoke('constructor')).toEqual({ err_msg: 'constructor:fail_function not exist' })
  })

  it('fails the APIs the desk was told to fail', async () => {
    await register()
    await visitor.post('/__window/desk', { failing: ['getCurExternalContact'] })
    expect(await visitor.invoke('getCurExternalContact')).toEqual({ err_msg: 'getCurExternalContact:fail' })
    expect(await visitor.invoke('getContext')).toMatchObject({ err_msg: 'getContext:ok' })
  })

  it('answers checkJsApi as a string, as the client does', async () => {
    const answer = await visitor.invoke('checkJsApi', { jsApiList: ['sendChatMessage', 'nothing'] })
    expect(JSON.parse(String(answer['checkResult']))).toEqual({ sendChatMessage: true, nothing: false })
  })

  it('opens a chat of the member, not one of somebody else', async () => {
    await register()
    const mine = world.simulator.world.relations({ userid: STORY.leaver })[5]?.externalUserid
    const other = world.simulator.world.relations({ userid: 'lihaoran' })[0]?.externalUserid
    expect(await visitor.invoke('openEnterpriseChat', { externalUserIds: other })).toEqual({
      err_msg: 'openEnterpriseChat:fail no permission',
    })
    expect(await visitor.invoke('openEnterpriseChat', { externalUserIds: mine })).toMatchObject({
      err_msg: 'openEnterpriseChat:ok',
    })
    expect((await desk())['customer']).toBe(mine)
  })
})

describe('sendChatMessage', () => {
  it('waits for the person at the window, then stands in the chat as said by the member', async () => {
    await register()
    const answer = visitor.invoke('sendChatMessage', { ...card, appId: 'x', verifyNonceStr: 'y' })
    const asking = await asked()
    expect(asking).toMatchObject({
      to: '王磊 宏远建材',
      message: { kind: 'card', text: '服务人员变更', link: card.news.link },
    })
    await visitor.post('/__window/confirm', { id: asking.id, answer: 'send' })
    expect(await answer).toEqual({ err_msg: 'sendChatMessage:ok' })
    const said = world.simulator.world.chat(STORY.leaver, STORY.customer).at(-1)
    expect(said).toMatchObject({ from: 'member', message: card })
    expect(said?.message).not.toHaveProperty('verifyNonceStr')
    expect((await visitor.post('/__window/confirm', { id: asking.id, answer: 'send' })).status).toBe(409)
  })

  it.each([
    ['cancel', 'sendChatMessage:cancel'],
    ['fail', 'sendChatMessage:fail'],
  ])('says nothing in the chat on %s', async (confirm, err_msg) => {
    await visitor.post('/__window/desk', { confirm })
    await register()
    const before = world.simulator.world.chat(STORY.leaver, STORY.customer).length
    expect(await visitor.invoke('sendChatMessage', { msgtype: 'text', text: { content: '您好' } })).toEqual({ err_msg })
    expect(world.simulator.world.chat(STORY.leaver, STORY.customer)).toHaveLength(before)
  })

  it('sends by itself when told to, and refuses what is no message', async () => {
    await visitor.post('/__window/desk', { confirm: 'send' })
    await register()
    expect(await visitor.invoke('sendChatMessage', { msgtype: 'text', text: { content: '您好' } })).toEqual({
      err_msg: 'sendChatMessage:ok',
    })
    expect(world.simulator.world.chat(STORY.leaver, STORY.customer).at(-1)).toMatchObject({
      from: 'member',
      text: '您好',
    })
    expect(await visitor.invoke('sendChatMessage', { msgtype: 'news', news: {} })).toEqual({
      err_msg: 'sendChatMessage:fail_invalid link',
    })
  })

  it('drops the question when another chat is opened', async () => {
    await register()
    const answer = visitor.invoke('sendChatMessage', card)
    await asked()
    await visitor.post('/__window/desk', { entry: 'workbench' })
    expect(await answer).toEqual({ err_msg: 'sendChatMessage:cancel' })
    expect((await desk())['asking']).toBeNull()
  })
})

async function asked(): Promise<{ id: string }> {
  for (;;) {
    const asking = (await desk())['asking'] as { id: string } | null
    if (asking) return asking
  }
}
