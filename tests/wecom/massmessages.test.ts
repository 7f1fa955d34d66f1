import { expect, test } from 'vitest'
import { rows, simulate, type Sim } from './small-cast'

const add = (sim: Sim, body: object = {}) =>
  sim.post('externalcontact/add_msg_template', {
    ...{ chat_type: 'single', external_userid: ['wm1'], sender: 'zhang', text: { content: '您好' } },
    ...body,
  })
const result = (sim: Sim, msgid: unknown, userid = 'zhang') =>
  sim.post('externalcontact/get_groupmsg_send_result', { msgid, userid })

test('a mass message is a task: nobody receives anything before the member sends it', async () => {
  const sim = simulate()
  const { msgid, fail_list } = await add(sim, { external_userid: ['wm1', 'wm2', 'wo4'] })
  expect(fail_list).toEqual(['wo4'])
  expect(sim.world.chat('zhang', 'wm1')).toEqual([])
  expect(await result(sim, msgid)).toMatchObject({ errcode: 41063, send_list: [] })
  await sim.clock.advance(10_000)
  expect(rows(await result(sim, msgid), 'send_list').map((r) => r['status'])).toEqual([0, 0])
  sim.world.customerDeletesMember('zhang', 'wm2')
  sim.world.memberSendsMass('zhang', String(msgid))
  expect(rows(await result(sim, msgid), 'send_list')).toEqual([
    { external_userid: 'wm1', userid: 'zhang', status: 1, send_time: expect.any(Number) },
    { external_userid: 'wm2', userid: 'zhang', status: 2 },
  ])
  expect(sim.world.chat('zhang', 'wm1')).toMatchObject([{ from: 'member', text: '您好' }])
  expect(sim.world.massTasks('zhang')).toEqual([])
  expect(() => sim.world.memberSendsMass('zhang', String(msgid))).toThrow('already')
})

test('a customer receives as many a month as it has days, and not one more', async () => {
  const sim = simulate()
  let last: unknown
  for (let i = 0; i < 31; i++) {
    last = (await add(sim))['msgid']
    sim.world.memberSendsMass('zhang', String(last))
  }
  await sim.clock.advance(10_000)
  expect(rows(await result(sim, last), 'send_list').map((r) => r['status'])).toEqual([3])
  expect(sim.world.chat('zhang', 'wm1')).toHaveLength(30)
})

test('the list of messages is by time and creator, with the text', async () => {
  const sim = simulate()
  const { msgid } = await add(sim)
  const now = Math.floor(sim.clock.now() / 1000)
  const list = (more: object) =>
    sim.post('externalcontact/get_groupmsg_list_v2', {
      ...{ chat_type: 'single', start_time: now - 60, end_time: now + 60, limit: 100 },
      ...more,
    })
  expect(rows(await list({ creator: 'zhang' }), 'group_msg_list')).toMatchObject([{ msgid, text: { content: '您好' } }])
  expect(rows(await list({ creator: 'li' }), 'group_msg_list')).toEqual([])
  expect(await list({ end_time: now + 40 * 86_400 })).toMatchObject({ errcode: 40058 })
})

test.each([
  ['nobody who could receive it', { external_userid: ['wo4'] }, 41048],
  ['no receivers', { external_userid: [] }, 41048],
  ['a sender nobody knows', { sender: 'nobody' }, 40003],
  ['a sender who is not active', { sender: 'inactive' }, 41054],
  ['no text', { text: {} }, 40058],
  ['a text of more than 4000 bytes', { text: { content: '字'.repeat(1334) } }, 45002],
  ['ids in one string', { external_userid: 'wm1' }, 40058],
])('%s is refused', async (_, body, errcode) => {
  expect(await add(simulate(), body)).toMatchObject({ errcode })
})
