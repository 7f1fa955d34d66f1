import { expect, test } from 'vitest'
import { simulate, type Sim } from './small-cast'

const send = (sim: Sim, body: object) =>
  sim.post('message/send', { agentid: 1000002, touser: 'li', msgtype: 'text', text: { content: '你好' }, ...body })

test('a message reaches members, and the bad ids come back in lower case with errcode 0', async () => {
  const sim = simulate()
  sim.world.removeMember('zhang')
  const reply = await send(sim, { touser: 'LI|Zhang|Nobody|wang' })
  expect(reply).toEqual({
    errcode: 0,
    errmsg: 'ok',
    invaliduser: 'zhang|nobody',
    invalidparty: '',
    invalidtag: '',
    msgid: expect.any(String),
  })
  expect(sim.world.appMessages('li')).toMatchObject([
    { msgtype: 'text', body: { content: '你好' }, msgid: reply['msgid'] },
  ])
  expect(sim.ledger.filter((e) => e.kind === 'message_sent').map((e) => e.userid)).toEqual(['li', 'wang'])
})

test('when nobody is left to receive, it is 81013', async () => {
  expect(await send(simulate(), { touser: 'nobody' })).toMatchObject({ errcode: 81013, invaliduser: '' })
})

test('members outside the visible range are bad ids', async () => {
  const sim = simulate({ change: (cast) => (cast.app.visible = ['li']) })
  expect(await send(sim, { touser: 'li|wang' })).toMatchObject({ errcode: 0, invaliduser: 'wang' })
})

test.each([
  ['no agentid', { agentid: undefined }, 41011],
  ['another agentid', { agentid: 1 }, 301002],
  ['an unknown type', { msgtype: 'poem', poem: {} }, 40008],
  ['a text of more than 2048 bytes', { text: { content: '字'.repeat(683) } }, 45002],
  ['a textcard without url', { msgtype: 'textcard', textcard: { title: 't', description: 'd' } }, 40058],
  [
    'a textcard with a long title',
    { msgtype: 'textcard', textcard: { title: '长'.repeat(129), description: 'd', url: 'https://a' } },
    40058,
  ],
  [
    'a card with buttons but no task_id',
    { msgtype: 'template_card', template_card: { card_type: 'button_interaction' } },
    42016,
  ],
  [
    'a button without a key',
    {
      msgtype: 'template_card',
      template_card: { card_type: 'button_interaction', task_id: 't1', button_list: [{ text: '同意' }] },
    },
    42017,
  ],
  ['more than a thousand receivers', { touser: Array.from({ length: 1001 }, (_, i) => `u${i}`).join('|') }, 40058],
])('message/send refuses %s', async (_what, body, errcode) => {
  expect((await send(simulate(), body)).errcode).toBe(errcode)
})

test('textcards and template cards arrive as they were sent; an interactive one has a response_code', async () => {
  const sim = simulate()
  const textcard = { title: '12 位客户', description: '<div class="gray">今天</div>', url: 'https://app.example.com/' }
  expect((await send(sim, { msgtype: 'textcard', textcard })).errcode).toBe(0)
  const template_card = {
    card_type: 'button_interaction',
    task_id: 'plan_1',
    button_list: [{ text: '同意', key: 'yes' }],
  }
  expect(await send(sim, { msgtype: 'template_card', template_card })).toHaveProperty('response_code')
  expect(sim.world.appMessages('li').map((m) => m.body)).toEqual([textcard, template_card])
})

test('more than 30 messages a minute to one member are dropped without a word', async () => {
  const sim = simulate()
  for (let i = 0; i < 31; i++) expect((await send(sim, { text: { content: String(i) } })).errcode).toBe(0)
  expect(sim.world.appMessages('li')).toHaveLength(30)
  await sim.clock.advance(60_000)
  await send(sim, {})
  expect(sim.world.appMessages('li')).toHaveLength(31)
})

test('with the duplicate check the same content again is swallowed for its interval', async () => {
  const sim = simulate()
  const twice = { enable_duplicate_check: 1, duplicate_check_interval: 600 }
  await send(sim, twice)
  expect((await send(sim, twice)).errcode).toBe(0)
  expect(sim.world.appMessages('li')).toHaveLength(1)
  await sim.clock.advance(600_000)
  await send(sim, twice)
  expect(sim.world.appMessages('li')).toHaveLength(2)
})

const card = (task_id: string, more: object = {}) => ({
  card_type: 'button_interaction',
  main_title: { title: '交接方案待审批' },
  task_id,
  button_list: [
    { type: 1, text: '查看', url: 'https://app.example.com/' },
    { type: 0, text: '转给别人', key: 'pass' },
  ],
  ...more,
})
const sendCard = (sim: Sim, task: string, more: object = {}) =>
  send(sim, { msgtype: 'template_card', template_card: card(task, more) })

test.each([
  ['a button that opens nothing', { button_list: [{ type: 1, text: '查看' }] }, 40058],
  ['a button of another style', { button_list: [{ text: '好', key: 'a', style: 9 }] }, 40058],
  ['a key of more than 1024 bytes', { button_list: [{ text: '好', key: '键'.repeat(342) }] }, 40058],
  ['no button at all', { button_list: [] }, 40058],
  ['seven buttons', { button_list: Array.from({ length: 7 }, (_, i) => ({ text: '好', key: `k${i}` })) }, 40058],
  ['seven lines', { horizontal_content_list: Array.from({ length: 7 }, () => ({ keyname: '一' })) }, 40058],
  ['a task_id with other letters', { task_id: '方案' }, 40058],
  ['a title that is no object', { main_title: '方案' }, 40058],
])('a card with %s is refused', async (_what, more, errcode) => {
  expect((await sendCard(simulate(), 'plan_1', more)).errcode).toBe(errcode)
})

test('a card needs a callback address, and a task_id is used once', async () => {
  const deaf = simulate({ change: (cast) => (cast.app.callback.url = '') })
  expect((await sendCard(deaf, 'plan_1')).errcode).toBe(43012)
  const sim = simulate()
  expect((await sendCard(sim, 'plan_1')).errcode).toBe(0)
  expect((await sendCard(sim, 'plan_1')).errcode).toBe(42015)
})

test('a response_code changes what the card shows, once, within 72 hours', async () => {
  const sim = simulate()
  const { response_code } = await sendCard(sim, 'plan_1')
  const update = (more: object) =>
    sim.post('message/update_template_card', { agentid: 1000002, userids: ['li', 'wang'], response_code, ...more })
  expect((await update({ button: { replace_name: '' } })).errcode).toBe(40058)
  expect(await update({ button: { replace_name: '已通过' } })).toMatchObject({ errcode: 0, invaliduser: ['wang'] })
  expect(sim.world.appMessages('li')[0]!.body).toMatchObject({ replace_text: '已通过' })
  expect((await update({ button: { replace_name: '又一次' } })).errcode).toBe(42014)
  const old = await sendCard(sim, 'plan_2')
  await sim.clock.advance(72 * 3_600_000)
  expect((await update({ response_code: old['response_code'], button: { replace_name: '晚了' } })).errcode).toBe(42014)
})

test('a button that tells the app is a callback with a code of its own; a grey one is none', async () => {
  const sim = simulate()
  await sendCard(sim, 'plan_1')
  expect(() => sim.world.memberPressesCard('wang', 'plan_1', 'pass')).toThrow('no card')
  expect(() => sim.world.memberPressesCard('li', 'plan_1', 'other')).toThrow('no button')
  sim.world.memberPressesCard('li', 'plan_1', 'pass')
  await sim.callbacks.idle()
  const { xml, event } = sim.callbacks.deliveries.at(-1)!
  expect(event).toBe('template_card_event')
  expect(xml).toContain('<FromUserName><![CDATA[li]]></FromUserName>')
  expect(xml).toContain('<EventKey><![CDATA[pass]]></EventKey><TaskId><![CDATA[plan_1]]></TaskId>')
  const code = /<ResponseCode><!\[CDATA\[(.+?)]]>/.exec(xml)![1]
  const answer = { agentid: 1000002, userids: ['li'], response_code: code }
  const next = card('plan_1', { replace_text: '已转交' })
  expect((await sim.post('message/update_template_card', { ...answer, template_card: next })).errcode).toBe(0)
  expect(() => sim.world.memberPressesCard('li', 'plan_1', 'pass')).toThrow('works')
})
