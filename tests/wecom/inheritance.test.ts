import { expect, test } from 'vitest'
import { DAY, HOUR_MS, rows, simulate, START, type Sim } from './small-cast'

const now = START / 1000
const RESIGNED = 'externalcontact/resigned/transfer_customer'
const wish = (ids: string[], more: object = {}) => ({
  handover_userid: 'zhang',
  takeover_userid: 'li',
  external_userid: ids,
  ...more,
})

const result = async (sim: Sim, path = 'externalcontact/resigned/transfer_result') =>
  rows(await sim.post(path, { handover_userid: 'zhang', takeover_userid: 'li' }), 'customer')
const unassigned = async (sim: Sim) =>
  rows(await sim.post('externalcontact/get_unassigned_list'), 'info').map((r) => r['external_userid'])

function afterLeaving(options: Parameters<typeof simulate>[0] = {}): Sim {
  const sim = simulate(options)
  sim.world.removeMember('zhang')
  return sim
}

test('whoever left with customers stands in get_unassigned_list: ids and a time, no names', async () => {
  const sim = afterLeaving()
  expect(await sim.post('externalcontact/get_unassigned_list', { page_size: 2 })).toEqual({
    errcode: 0,
    errmsg: 'ok',
    info: [
      { handover_userid: 'zhang', external_userid: 'wm1', dimission_time: now },
      { handover_userid: 'zhang', external_userid: 'wm2', dimission_time: now },
    ],
    is_last: false,
    next_cursor: expect.stringMatching(/.+/),
  })
})

test('get_unassigned_list pages by cursor to the end, or by the old page_id without any cursor', async () => {
  const sim = afterLeaving()
  const first = await sim.post('externalcontact/get_unassigned_list', { page_size: 2 })
  const last = await sim.post('externalcontact/get_unassigned_list', { page_size: 2, cursor: first['next_cursor'] })
  expect(last).toMatchObject({ info: [{ external_userid: 'wm3' }], is_last: true, next_cursor: '' })
  const old = await sim.post('externalcontact/get_unassigned_list', { page_id: 1, page_size: 2 })
  expect(old).toMatchObject({ info: [{ external_userid: 'wm3' }], is_last: true })
  expect(old).not.toHaveProperty('next_cursor')
  expect((await sim.post('externalcontact/get_unassigned_list', { page_id: 50, page_size: 1000 })).errcode).toBe(40058)
  expect((await sim.post('externalcontact/get_unassigned_list', { page_size: 1001 })).errcode).toBe(40058)
})

test('an item with errcode 0 is only a beginning: status 2 with the future takeover time, and 24 hours later status 1', async () => {
  const sim = afterLeaving()
  expect(await sim.post(RESIGNED, wish(['wm1', 'wm9']))).toEqual({
    errcode: 0,
    errmsg: 'ok',
    customer: [
      { external_userid: 'wm1', errcode: 0 },
      { external_userid: 'wm9', errcode: 40096 },
    ],
  })
  expect(await result(sim)).toEqual([{ external_userid: 'wm1', status: 2, takeover_time: now + DAY }])
  await sim.clock.advance(24 * HOUR_MS - 1)
  expect(await result(sim)).toMatchObject([{ status: 2 }])
  await sim.clock.advance(1)
  expect(await result(sim)).toEqual([{ external_userid: 'wm1', status: 1, takeover_time: now + DAY }])
  expect(sim.ledger.map((e) => e.kind)).toEqual(['member_removed', 'transfer_started', 'taken_over'])
})

test('time that flows by itself decides, too, at the next request', async () => {
  const sim = afterLeaving({ frozen: false, startAt: Date.now() - 24 * HOUR_MS })
  await sim.post(RESIGNED, wish(['wm1']))
  await sim.clock.advance(24 * HOUR_MS - 20)
  await new Promise((done) => setTimeout(done, 1100))
  expect(await result(sim)).toMatchObject([{ status: 1 }])
})

test('the successor gets a new relation: then, add_way 202, and nothing of the remarks and tags', async () => {
  const sim = afterLeaving()
  await sim.post(RESIGNED, wish(['wm1']))
  await sim.clock.advance(24 * HOUR_MS)
  expect(rows(await sim.get('externalcontact/get', { external_userid: 'wm1' }), 'follow_user')).toEqual([
    { userid: 'li', remark: '', description: '', createtime: now + DAY, oper_userid: 'li', add_way: 202 },
  ])
  expect(sim.world.relations({ userid: 'zhang' }).map((r) => r.externalUserid)).toEqual(['wm2', 'wm3'])
})

test('with switch U1 remarks and corp tags are carried over', async () => {
  const sim = afterLeaving({ switches: { carriesNotes: true } })
  await sim.post(RESIGNED, wish(['wm1']))
  await sim.clock.advance(24 * HOUR_MS)
  const [row] = sim.world.relations({ userid: 'li', externalUserid: 'wm1' })
  expect(row).toMatchObject({
    remark: '王总',
    tagIds: ['et1', 'et2'],
    remarkMobiles: ['13800000001'],
    personalTags: [],
  })
})

test('a customer who refuses is status 3 at once, with takeover_time 0, and never moves', async () => {
  const sim = afterLeaving()
  await sim.post(RESIGNED, wish(['wm1']))
  sim.world.customerWill('wm1', 'refuse')
  expect(await result(sim)).toEqual([{ external_userid: 'wm1', status: 3, takeover_time: 0 }])
  await sim.clock.advance(48 * HOUR_MS)
  expect(await result(sim)).toMatchObject([{ status: 3 }])
  expect(sim.world.relations({ userid: 'li', externalUserid: 'wm1' })).toEqual([])
})

test('a customer who accepts early is status 1 now', async () => {
  const sim = afterLeaving()
  await sim.post(RESIGNED, wish(['wm1']))
  await sim.clock.advance(HOUR_MS)
  sim.world.customerWill('wm1', 'accept')
  expect(await result(sim)).toEqual([{ external_userid: 'wm1', status: 1, takeover_time: now + 3600 }])
})

test('a customer who made up his mind before answers the next transfer, once', async () => {
  const sim = afterLeaving()
  sim.world.customerWill('wm1', 'refuse')
  await sim.post(RESIGNED, wish(['wm1']))
  expect(await result(sim)).toMatchObject([{ status: 3 }])
  expect(await sim.post(RESIGNED, wish(['wm1']))).toMatchObject({ customer: [{ errcode: 0 }] })
  expect(await result(sim)).toMatchObject([{ status: 2 }])
})

test('the row leaves the unassigned list at assign and does not come back after a refusal', async () => {
  const sim = afterLeaving()
  await sim.post(RESIGNED, wish(['wm1']))
  expect(await unassigned(sim)).toEqual(['wm2', 'wm3'])
  sim.world.customerWill('wm1', 'refuse')
  expect(await unassigned(sim)).toEqual(['wm2', 'wm3'])
})

test('with the other side of U10 the row stays until takeover', async () => {
  const sim = afterLeaving({ switches: { unassignedRowLeaves: 'at takeover' } })
  await sim.post(RESIGNED, wish(['wm1']))
  expect(await unassigned(sim)).toContain('wm1')
  await sim.clock.advance(24 * HOUR_MS)
  expect(await unassigned(sim)).not.toContain('wm1')
})

test('a customer in a flow is 40100 for the same leaver and 40129 for another', async () => {
  const sim = afterLeaving()
  sim.world.removeMember('wang')
  await sim.post(RESIGNED, wish(['wm3']))
  expect(await sim.post(RESIGNED, wish(['wm3'], { takeover_userid: 'full' }))).toMatchObject({
    customer: [{ errcode: 40100 }],
  })
  expect(await sim.post(RESIGNED, wish(['wm3'], { handover_userid: 'wang' }))).toMatchObject({
    customer: [{ errcode: 40129 }],
  })
})

test('an id twice in one call starts one flow', async () => {
  const sim = afterLeaving()
  expect(rows(await sim.post(RESIGNED, wish(['wm1', 'wm1'])), 'customer').map((c) => c['errcode'])).toEqual([0, 40100])
  expect(sim.ledger.filter((e) => e.kind === 'transfer_started')).toHaveLength(1)
})

test('somebody else’s customer is 40131, and so is one that was already taken over', async () => {
  const sim = afterLeaving()
  expect(await sim.post(RESIGNED, wish(['wm5']))).toMatchObject({ customer: [{ errcode: 40131 }] })
  await sim.post(RESIGNED, wish(['wm1']))
  await sim.clock.advance(24 * HOUR_MS)
  expect(await sim.post(RESIGNED, wish(['wm1']))).toMatchObject({ customer: [{ errcode: 40131 }] })
})

test.each([
  ['somebody who never was', 'nobody', 40003],
  ['somebody not real-name verified', 'unreal', 40098],
  ['somebody who has not logged in for a year', 'asleep', 41054],
  ['somebody not activated', 'inactive', 41054],
  ['somebody without 客户联系', 'office', 84074],
  ['the leaver himself', 'zhang', 40130],
])('%s cannot take over', async (_who, takeover_userid, errcode) => {
  expect(await afterLeaving().post(RESIGNED, wish(['wm1'], { takeover_userid }))).toMatchObject({
    errcode,
    customer: [],
  })
})

test('an active member has not resigned: 40097, on top or, by switch, per item', async () => {
  expect(await simulate().post(RESIGNED, wish(['wm1']))).toMatchObject({ errcode: 40097 })
  const perItem = simulate({ switches: { wholeCallCodes: 'item' } })
  expect(await perItem.post(RESIGNED, wish(['wm1']))).toMatchObject({
    errcode: 0,
    customer: [{ external_userid: 'wm1', errcode: 40097 }],
  })
})

test('after a year, customers of a leaver cannot be handed over any more', async () => {
  const sim = afterLeaving()
  await sim.clock.advance(364 * 24 * HOUR_MS)
  expect((await sim.post(RESIGNED, wish(['wm1']))).errcode).toBe(0)
  await sim.clock.advance(2 * 24 * HOUR_MS)
  const late = sim.world.member('li')
  if (late) late.lastLogin = sim.clock.now() / 1000
  expect((await sim.post(RESIGNED, wish(['wm2']))).errcode).toBe(40097)
})

test('at most 100 ids, as an array', async () => {
  const sim = afterLeaving()
  const ids = Array.from({ length: 101 }, (_, i) => `wm${i}`)
  expect((await sim.post(RESIGNED, wish(ids))).errcode).toBe(40058)
  expect((await sim.post(RESIGNED, { ...wish([]), external_userid: 'wm1' })).errcode).toBe(40058)
  expect((await sim.post(RESIGNED, wish([]))).errcode).toBe(41035)
})

test('a successor at the limit is 40099 when asked, or status 4 when he filled up while the customer waited', async () => {
  const sim = afterLeaving({
    change: (cast) => cast.members.forEach((m) => m.userid === 'full' && (m.customerLimit = 2)),
  })
  const ask = (id: string) => sim.post(RESIGNED, wish([id], { takeover_userid: 'full' }))
  await ask('wm1')
  expect(await ask('wm2')).toMatchObject({ customer: [{ errcode: 0 }] })
  await sim.clock.advance(24 * HOUR_MS)
  const reply = await sim.post('externalcontact/resigned/transfer_result', {
    handover_userid: 'zhang',
    takeover_userid: 'full',
  })
  expect(rows(reply, 'customer').map((c) => c['status'])).toEqual([1, 4])
  expect(await ask('wm3')).toMatchObject({ customer: [{ errcode: 40099 }] })
  expect(sim.ledger.filter((e) => e.kind === 'full')).toMatchObject([{ externalUserid: 'wm2', takeover: 'full' }])
})

test('two calls for one successor at the same time conflict: 45035; for two successors they do not', async () => {
  const sim = afterLeaving()
  await sim.token()
  const replies = await Promise.all([
    sim.post(RESIGNED, wish(['wm1'])),
    sim.post(RESIGNED, wish(['wm2'])),
    sim.post(RESIGNED, wish(['wm3'], { takeover_userid: 'wang' })),
  ])
  expect(replies.map((r) => r.errcode)).toEqual([0, 45035, 0])
})

test('results need exactly the pair, and pages hold a thousand rows', async () => {
  const customers = Array.from({ length: 1001 }, (_, i) => `wmX${i}`)
  const sim = afterLeaving({
    change: (cast) => {
      const [person, relation] = [cast.customers[1], cast.relations[1]]
      if (!person || !relation) throw new Error('the small cast changed')
      cast.members.forEach((m) => (m.customerLimit = 5000))
      cast.customers.push(...customers.map((externalUserid) => ({ ...person, externalUserid })))
      cast.relations.push(...customers.map((externalUserid) => ({ ...relation, externalUserid })))
    },
  })
  for (let i = 0; i < 1001; i += 100) await sim.post(RESIGNED, wish(customers.slice(i, i + 100)))
  const path = 'externalcontact/resigned/transfer_result'
  const first = await sim.post(path, { handover_userid: 'zhang', takeover_userid: 'li' })
  const second = await sim.post(path, { handover_userid: 'zhang', takeover_userid: 'li', cursor: first['next_cursor'] })
  expect([rows(first, 'customer').length, rows(second, 'customer').length, second['next_cursor']]).toEqual([
    1000,
    1,
    '',
  ])
  expect(await sim.post(path, { handover_userid: 'zhang', takeover_userid: 'wang' })).toMatchObject({
    errcode: 0,
    customer: [],
  })
})

test('by switch, fresh results are half or empty for five minutes', async () => {
  const sim = afterLeaving({ switches: { freshResults: 'half' } })
  await sim.post(RESIGNED, wish(['wm1', 'wm2']))
  expect(await result(sim)).toHaveLength(1)
  sim.switches.freshResults = 'none'
  expect(await result(sim)).toHaveLength(0)
  await sim.clock.advance(301_000)
  expect(await result(sim)).toHaveLength(2)
})

test('when the successor leaves while the customer waits, the row vanishes and the customer can be assigned again', async () => {
  const sim = afterLeaving()
  await sim.post(RESIGNED, wish(['wm1'], { takeover_userid: 'wang' }))
  sim.world.removeMember('wang')
  await sim.clock.advance(24 * HOUR_MS)
  expect(
    await sim.post('externalcontact/resigned/transfer_result', { handover_userid: 'zhang', takeover_userid: 'wang' }),
  ).toMatchObject({ customer: [] })
  expect(await unassigned(sim)).toContain('wm1')
})

test('WeChat tells the customer who will follow whom, and how it ended', async () => {
  const sim = afterLeaving()
  await sim.post(RESIGNED, wish(['wm1']))
  expect(sim.world.serviceNotices('wm1')).toMatchObject([
    { state: 'waiting', handover: { name: 'ZHANG' }, takeover: { name: 'LI' }, takeoverTime: now + DAY },
  ])
  sim.world.customerWill('wm1', 'refuse')
  expect(sim.world.serviceNotices('wm1')[0]?.state).toBe('refused')
})

test('on the job, both are active, the customer stays until the end, then hears the given words', async () => {
  const sim = simulate()
  const ask = wish(['wm1'], { transfer_success_msg: '您好，以后由我为您服务' })
  expect(await sim.post('externalcontact/transfer_customer', ask)).toMatchObject({
    errcode: 0,
    customer: [{ errcode: 0 }],
  })
  expect(await result(sim, 'externalcontact/transfer_result')).toMatchObject([{ status: 2 }])
  expect(await result(sim)).toEqual([])
  await sim.clock.advance(24 * HOUR_MS)
  expect(await result(sim, 'externalcontact/transfer_result')).toMatchObject([{ status: 1 }])
  expect(sim.world.chat('li', 'wm1')).toMatchObject([{ from: 'member', text: '您好，以后由我为您服务' }])
  expect(
    (await sim.post('externalcontact/transfer_customer', wish(['wm2'], { transfer_success_msg: '长'.repeat(201) })))
      .errcode,
  ).toBe(40058)
})

test('on the job, a third transfer of a customer within 90 days is 40128', async () => {
  const sim = simulate()
  const move = async (from: string, to: string) => {
    const reply = await sim.post('externalcontact/transfer_customer', {
      handover_userid: from,
      takeover_userid: to,
      external_userid: ['wm1'],
    })
    await sim.clock.advance(24 * HOUR_MS)
    return rows(reply, 'customer')[0]?.['errcode']
  }
  expect([await move('zhang', 'li'), await move('li', 'zhang'), await move('zhang', 'li')]).toEqual([0, 0, 40128])
  await sim.clock.advance(90 * 24 * HOUR_MS)
  expect(await move('zhang', 'li')).toBe(0)
})

test('a userid that came back is a new account; the old customers still wait', async () => {
  const sim = afterLeaving()
  sim.world.addMember({ userid: 'zhang', name: '张新', departments: [2] })
  expect((await sim.get('externalcontact/list', { userid: 'zhang' })).errcode).toBe(84061)
  expect(await unassigned(sim)).toHaveLength(3)
})

test('who quit by himself is status 5, and resigned only by switch U9', async () => {
  const sim = simulate()
  sim.world.memberQuits('zhang')
  expect(await sim.get('user/get', { userid: 'zhang' })).toMatchObject({ status: 5 })
  expect(await unassigned(sim)).toEqual([])
  sim.switches.quitIsResigned = true
  expect(await unassigned(sim)).toHaveLength(3)
  expect(await sim.post(RESIGNED, wish(['wm1']))).toMatchObject({ errcode: 0, customer: [{ errcode: 0 }] })
})

test('on the job, a customer who refuses stays where he was, with tags and remark, and nobody is told of a deletion', async () => {
  const sim = simulate()
  await sim.post('externalcontact/transfer_customer', wish(['wm1']))
  sim.world.customerWill('wm1', 'refuse')
  await sim.clock.advance(25 * HOUR_MS)
  expect(await result(sim, 'externalcontact/transfer_result')).toMatchObject([{ status: 3, takeover_time: 0 }])
  expect(sim.world.relations({ externalUserid: 'wm1' })).toMatchObject([{ userid: 'zhang', remark: '王总' }])
  expect(sim.callbacks.deliveries.map((d) => d.changeType)).toEqual(['transfer_fail'])
})
