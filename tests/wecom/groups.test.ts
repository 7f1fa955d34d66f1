import { expect, test } from 'vitest'
import { HOUR_MS, rows, simulate, type Sim } from './small-cast'

const list = (sim: Sim, body: object) => sim.post('externalcontact/groupchat/list', { limit: 100, ...body })
const move = (sim: Sim, ids: string[], new_owner = 'li', path = 'transfer') =>
  sim.post(`externalcontact/groupchat/${path}`, { chat_id_list: ids, new_owner })

test('groupchat/list needs a limit and gives ids with a status', async () => {
  const sim = simulate()
  expect(await list(sim, {})).toEqual({
    errcode: 0,
    errmsg: 'ok',
    group_chat_list: [
      { chat_id: 'wr1', status: 0 },
      { chat_id: 'wr2', status: 0 },
    ],
    next_cursor: '',
  })
  expect((await sim.post('externalcontact/groupchat/list')).errcode).toBe(40058)
})

test('groups of a departed owner are status 1 and come, as documented, only when he is asked for', async () => {
  const sim = simulate()
  sim.world.removeMember('zhang')
  expect((await list(sim, { owner_filter: { userid_list: ['zhang'] } }))['group_chat_list']).toEqual([
    { chat_id: 'wr1', status: 1 },
  ])
  expect((await list(sim, { status_filter: 1 }))['group_chat_list']).toEqual([])
})

test('with the other side of U6 a departed owner is 40003, and his groups come without a filter', async () => {
  const sim = simulate({ switches: { departedOwnerFilter: 40003 } })
  sim.world.removeMember('zhang')
  expect(await list(sim, { owner_filter: { userid_list: ['zhang'] } })).toMatchObject({
    errcode: 40003,
    group_chat_list: [],
  })
  expect((await list(sim, { status_filter: 1 }))['group_chat_list']).toEqual([{ chat_id: 'wr1', status: 1 }])
})

test('without owner_filter more than a thousand visible members are too many: 81017', async () => {
  const sim = simulate({
    change: (cast) => {
      const one = cast.members[1]
      if (one) cast.members.push(...Array.from({ length: 1000 }, (_, i) => ({ ...one, userid: `m${i}` })))
    },
  })
  expect((await list(sim, {})).errcode).toBe(81017)
})

test('groupchat/get names people only when asked to', async () => {
  const sim = simulate()
  const ask = (need_name: 0 | 1) => sim.post('externalcontact/groupchat/get', { chat_id: 'wr1', need_name })
  const named = (await ask(1))['group_chat'] as Record<string, unknown>
  expect(named).toMatchObject({
    owner: 'zhang',
    name: '供货群',
    member_version: expect.stringMatching(/^[0-9a-f]{32}$/),
  })
  expect(rows(named, 'member_list')).toMatchObject([
    { userid: 'zhang', type: 1, name: 'ZHANG' },
    { userid: 'wm1', type: 2, name: '王磊' },
  ])
  expect(rows((await ask(0))['group_chat'] as Record<string, unknown>, 'member_list')[0]).not.toHaveProperty('name')
})

test('a departed owner’s group moves at once, and the failed ones are named with their reason', async () => {
  const sim = simulate()
  sim.world.removeMember('zhang')
  expect(await move(sim, ['wr1', 'wr2', 'wr9'])).toEqual({
    errcode: 0,
    errmsg: 'ok',
    failed_chat_list: [
      { chat_id: 'wr2', errcode: 90500, errmsg: 'the owner of this chat is not resigned' },
      { chat_id: 'wr9', errcode: 90501, errmsg: 'chat is not external group chat' },
    ],
  })
  expect(sim.world.groups()[0]).toMatchObject({
    owner: 'li',
    status: 3,
    members: [{ userid: 'wm1' }, { userid: 'li' }],
  })
  expect(await move(sim, ['wr1'])).toMatchObject({ failed_chat_list: [{ errcode: 90508 }] })
  expect(sim.ledger.at(-1)).toMatchObject({ kind: 'group_moved', handover: 'zhang', takeover: 'li', chatId: 'wr1' })
})

test('by switch, inheriting a group takes a while: status 2 and 90507 until then', async () => {
  const sim = simulate({ switches: { groupSeconds: 60 } })
  sim.world.removeMember('zhang')
  await move(sim, ['wr1'])
  expect(sim.world.groups()[0]).toMatchObject({ owner: 'zhang', status: 2 })
  expect(await move(sim, ['wr1'])).toMatchObject({ failed_chat_list: [{ errcode: 90507 }] })
  await sim.clock.advance(60_000)
  expect(sim.world.groups()[0]).toMatchObject({ owner: 'li', status: 3 })
})

test('a full group cannot take a new owner: 90503', async () => {
  const sim = simulate({ change: (cast) => cast.groups.forEach((g) => (g.full = true)) })
  sim.world.removeMember('zhang')
  expect(await move(sim, ['wr1'])).toMatchObject({ failed_chat_list: [{ errcode: 90503 }] })
})

test('the new owner must be fit, as for customers', async () => {
  const sim = simulate()
  sim.world.removeMember('zhang')
  expect((await move(sim, ['wr1'], 'unreal')).errcode).toBe(40098)
  expect((await move(sim, ['wr1'], 'office')).errcode).toBe(84074)
})

test('no more than 300 groups of one owner move in a day', async () => {
  const sim = simulate({ limits: { groupsPerDay: 0 } })
  sim.world.removeMember('zhang')
  expect(await move(sim, ['wr1'])).toMatchObject({ failed_chat_list: [{ chat_id: 'wr1' }] })
})

test('on the job, a group moves twice in 90 days, not to its owner, and not from somebody who left', async () => {
  const sim = simulate()
  const onJob = async (to: string) =>
    rows(await move(sim, ['wr2'], to, 'onjob_transfer'), 'failed_chat_list')[0]?.['errcode'] ?? 0
  expect([await onJob('wang'), await onJob('li'), await onJob('wang'), await onJob('li')]).toEqual([90504, 0, 0, 40128])
  await sim.clock.advance(90 * 24 * HOUR_MS)
  expect(await onJob('li')).toBe(0)
  sim.world.removeMember('li')
  expect(await onJob('wang')).toBe(90502)
})

test('a leaver with groups only stands in no list of customers; his groups are found by their status', async () => {
  const sim = simulate({ change: (cast) => (cast.relations = cast.relations.filter((r) => r.userid !== 'wang')) })
  sim.world.removeMember('wang')
  expect(await sim.post('externalcontact/get_unassigned_list')).toMatchObject({ info: [], is_last: true })
  const asked = { status_filter: 1, limit: 100, owner_filter: { userid_list: ['wang'] } }
  expect(await sim.post('externalcontact/groupchat/list', asked)).toMatchObject({
    group_chat_list: [{ chat_id: 'wr2', status: 1 }],
  })
})
