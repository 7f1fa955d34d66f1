import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CallFault } from '../../mock/wecom/faults'
import type { RowsFault } from '../../mock/wecom/tamper'
import { HOUR_MS, rows, simulate, START, type Row, type Sim } from './small-cast'

const LIST = 'externalcontact/get_unassigned_list'
const RESIGNED = 'externalcontact/resigned/transfer_customer'

async function raw(sim: Sim, path = 'user/get', query: Record<string, string> = { userid: 'li' }): Promise<Response> {
  const access_token = await sim.token()
  return sim.fetch(new Request(`http://wecom/cgi-bin/${path}?${new URLSearchParams({ access_token, ...query })}`))
}

function left(options: Parameters<typeof simulate>[0] = {}): Sim {
  const sim = simulate(options)
  sim.world.removeMember('zhang')
  return sim
}

/** As a client that trusts everything would walk, at most `most` pages. */
async function walk(sim: Sim, most = 9, size = 2): Promise<string[][]> {
  const pages: string[][] = []
  let cursor = ''
  for (let last = false; !last && pages.length < most;) {
    const reply = await sim.post(LIST, { page_size: size, cursor })
    pages.push(rows(reply, 'info').map((r) => String(r['external_userid'])))
    cursor = String(reply['next_cursor'])
    last = reply['is_last'] === true || cursor === ''
  }
  return pages
}

test('a cursor can lead back to its page, go on for ever, or never say that it was the last', async () => {
  const sim = left()
  expect(await walk(sim)).toEqual([['wm1', 'wm2'], ['wm3']])
  const loop = sim.faults.add({ path: LIST, cursor: 'loop' })
  const looped = await walk(sim, 5)
  expect(looped).toEqual(Array(5).fill(['wm1', 'wm2']))
  loop()
  const endless = sim.faults.add({ path: LIST, cursor: 'endless' })
  expect((await walk(sim, 6)).flat()).toEqual(['wm1', 'wm2', 'wm3'])
  expect(await walk(sim, 6)).toHaveLength(6)
  endless()
  sim.faults.add({ path: LIST, cursor: 'never-last' })
  const reply = await sim.post(LIST)
  expect([reply['is_last'], reply['next_cursor'], rows(reply, 'info').length]).toEqual([false, '', 3])
})

test('a page can come twice or be empty in the middle; who goes on by the cursor misses nobody', async () => {
  const sim = left()
  const twice = sim.faults.add({ path: LIST, cursor: 'repeated' })
  expect(await walk(sim)).toEqual([['wm1', 'wm2'], ['wm1', 'wm2'], ['wm3'], ['wm3']])
  twice()
  sim.faults.add({ path: LIST, cursor: 'empty' })
  expect(await walk(sim)).toEqual([[], ['wm1', 'wm2'], [], ['wm3']])
})

test('something can change during a walk: a row goes, the pages shift, a walk by position misses one (facts 4.2)', async () => {
  const sim = left()
  const wish = { handover_userid: 'zhang', takeover_userid: 'li', external_userid: ['wm1'] }
  await sim.post(RESIGNED, { ...wish, external_userid: ['wm9'] })
  sim.faults.add({
    path: LIST,
    nth: 2,
    meanwhile: { deed: 'addMember', with: [{ userid: 'new', name: 'N', departments: [2] }] },
  })
  const first = await sim.post(LIST, { page_size: 1 })
  await sim.post(RESIGNED, wish)
  const second = await sim.post(LIST, { page_size: 1, cursor: first['next_cursor'] })
  expect([rows(first, 'info')[0]?.['external_userid'], rows(second, 'info')[0]?.['external_userid']]).toEqual([
    'wm1',
    'wm3',
  ])
  expect(sim.world.member('new')).toBeDefined()
})

test('rows can be missing, doubled, shuffled or somebody else’s; the same seed spoils the same', async () => {
  const shapes = fc.record({
    missing: fc.double({ min: 0, max: 1, noNaN: true }),
    doubled: fc.double({ min: 0, max: 1, noNaN: true }),
    shuffled: fc.boolean(),
    foreign: fc.integer({ min: 0, max: 3 }),
  })
  const answered = async (seed: number, fault: RowsFault): Promise<string[]> => {
    const sim = left({ seed })
    sim.faults.add({ path: LIST, rows: fault })
    return rows(await sim.post(LIST), 'info').map((r) => String(r['external_userid']))
  }
  await fc.assert(
    fc.asyncProperty(fc.integer(), shapes, async (seed, fault) => {
      const ids = await answered(seed, fault)
      expect(await answered(seed, fault)).toEqual(ids)
      expect(ids.filter((id) => id.startsWith('wmForeign'))).toHaveLength(fault.foreign)
      expect(ids.every((id) => /^wm([123]|Foreign\d)$/.test(id))).toBe(true)
    }),
    { numRuns: 20 },
  )
  expect(await answered(1, { missing: 1 })).toEqual([])
  expect(await answered(1, { doubled: 1 })).toEqual(['wm1', 'wm1', 'wm2', 'wm2', 'wm3', 'wm3'])
})

test('an answer can be spoiled in every way of Q19, after its effect', async () => {
  const spoiled = async (kind: CallFault['spoiled']): Promise<string> => {
    const sim = simulate()
    sim.faults.add({ path: 'user/get', ...(kind ? { spoiled: kind } : {}) })
    return (await raw(sim)).text()
  }
  expect(await spoiled('empty')).toBe('')
  expect(JSON.parse(await spoiled('list'))).toHaveLength(1)
  expect(await spoiled('null')).toBe('null')
  expect(JSON.parse(await spoiled('errcode-text'))).toMatchObject({ errcode: '0', userid: 'li' })
  expect(JSON.parse(await spoiled('errcode-missing'))).not.toHaveProperty('errcode')
  expect(JSON.parse(await spoiled('wrong-types'))).toMatchObject({ errcode: 0, userid: 7, status: '1' })
  expect(await spoiled('nan-ids')).toContain('"userid":NaN')
  expect((await spoiled('huge')).length).toBeGreaterThan(10 * 1024 * 1024)
  expect(await spoiled('deep')).toContain('[[[[[[[[')
  await expect(spoiled('not-json').then(JSON.parse)).rejects.toThrow(SyntaxError)
  const sim = simulate()
  sim.faults.add({ path: 'user/get', body: '<xml/>' })
  expect(await (await raw(sim)).text()).toBe('<xml/>')
})

test('a body can trickle, so many bytes a second', async () => {
  const sim = simulate()
  sim.faults.add({ path: 'user/get', bytesPerSecond: 100_000 })
  const response = await raw(sim)
  const parts: number[] = []
  for await (const part of response.body ?? []) parts.push((part as Uint8Array).length)
  expect(parts).toEqual([expect.any(Number)])
  sim.faults.clear()
  sim.faults.add({ path: 'user/get', bytesPerSecond: 1000 })
  const slow = await raw(sim)
  let seen = 0
  for await (const part of slow.body ?? []) {
    seen += 1
    expect((part as Uint8Array).length).toBeLessThanOrEqual(100)
  }
  expect(seen).toBeGreaterThan(2)
})

test('a fault can strike by chance; half of many calls is about half, and the seed decides which', async () => {
  const struck = async (seed: number) => {
    const sim = simulate({ seed, limits: { workMillis: 0 } })
    sim.faults.add({ path: 'user/get', chance: 0.5, errcode: -1 })
    const codes: number[] = []
    for (let i = 0; i < 40; i++) codes.push((await sim.get('user/get', { userid: 'li' })).errcode)
    return codes
  }
  const [first, again, other] = [await struck(7), await struck(7), await struck(8)]
  expect(again).toEqual(first)
  expect(other).not.toEqual(first)
  const hits = first.filter((c) => c === -1).length
  expect(hits > 8 && hits < 32).toBe(true)
})

test('a share of the customers of a transfer can be refused with a code', async () => {
  const sim = left({ seed: 3 })
  sim.faults.add({ path: RESIGNED, someItems: { share: 1, errcode: 40096 } })
  const wish = { handover_userid: 'zhang', takeover_userid: 'li', external_userid: ['wm1', 'wm2'] }
  expect(rows(await sim.post(RESIGNED, wish), 'customer').map((r) => r['errcode'])).toEqual([40096, 40096])
})

test.each([
  ['refuse', 3, 'customer_refused'],
  ['limit', 4, 'customer_limit_exceed'],
  ['silent', 1, 'add_external_contact'],
  ['accept', 1, 'add_external_contact'],
] as const)('what happens at +24 h can be decided for a customer: %s is status %i', async (outcome, status, said) => {
  const sim = left()
  sim.faults.add({ outcome, customers: ['wm1'] })
  const pair = { handover_userid: 'zhang', takeover_userid: 'li' }
  await sim.post(RESIGNED, { ...pair, external_userid: ['wm1', 'wm2'] })
  await sim.clock.advance(24 * HOUR_MS)
  const result = rows(await sim.post('externalcontact/resigned/transfer_result', pair), 'customer')
  expect(result.map((r) => [r['external_userid'], r['status']])).toEqual([
    ['wm1', status],
    ['wm2', 1],
  ])
  expect(sim.callbacks.deliveries.some((d) => d.xml.includes(said) && d.xml.includes('wm1'))).toBe(true)
})

test('the clock of WeCom can go before ours: its times, its Date header and what falls due are by its own', async () => {
  const sim = left()
  sim.clock.skew(HOUR_MS)
  const pair = { handover_userid: 'zhang', takeover_userid: 'li' }
  await sim.post(RESIGNED, { ...pair, external_userid: ['wm1'] })
  const takeover = rows(await sim.post('externalcontact/resigned/transfer_result', pair), 'customer')[0]?.[
    'takeover_time'
  ]
  expect(takeover).toBe(START / 1000 + 25 * 3600)
  expect(sim.clock.now()).toBe(START)
  expect((await raw(sim)).headers.get('date')).toBe(new Date(START + HOUR_MS).toUTCString())
  await sim.clock.advance(24 * HOUR_MS)
  expect(sim.clock.now()).toBe(START + 24 * HOUR_MS)
  expect(sim.ledger.at(-1)?.kind).toBe('taken_over')
})

test('a secret can be changed: the old one is 40001 from now on, its tokens live on; tokens can die early or be short', async () => {
  const sim = simulate()
  const token = await sim.token()
  const fresh = sim.world.rotateSecret('app')
  const ask = async (corpsecret: string): Promise<Row> => {
    const query = new URLSearchParams({ corpid: 'ww0000000000000001', corpsecret })
    return (await (await sim.fetch(new Request(`http://wecom/cgi-bin/gettoken?${query}`))).json()) as Row
  }
  expect((await ask('app-secret'))['errcode']).toBe(40001)
  expect(await ask(fresh)).toMatchObject({ errcode: 0, access_token: token })
  sim.world.tokensDie(40014)
  const url = `http://wecom/cgi-bin/user/get?userid=li&access_token=${token}`
  expect(await (await sim.fetch(new Request(url))).json()).toMatchObject({ errcode: 40014 })
  sim.limits.tokenSeconds = 60
  expect(await ask(fresh)).toMatchObject({ errcode: 0, expires_in: 60 })
})

test('counters can be turned while it runs, for one API too, and a block holds as long as WeCom’s', async () => {
  const sim = simulate()
  const code = async () => (await sim.get('user/get', { userid: 'li' })).errcode
  sim.limits.perApi['user/get'] = { perMinute: 2 }
  expect([await code(), await code(), await code()]).toEqual([0, 0, 45009])
  expect((await sim.get('department/list')).errcode).toBe(0)
  sim.limits.perApi = {}
  expect(await code()).toBe(45009)
  await sim.clock.advance(60_000)
  expect(await code()).toBe(0)
  sim.block('user/get', HOUR_MS)
  await sim.clock.advance(HOUR_MS - 1)
  expect(await code()).toBe(45009)
  await sim.clock.advance(1)
  expect(await code()).toBe(0)
})

test('callbacks can overtake each other, within a span, each copy by itself', async () => {
  const sim = simulate({ seed: 5 })
  sim.faults.add({ event: '*', shuffle: HOUR_MS, duplicate: 2 })
  for (const id of ['wm1', 'wm2', 'wm3']) sim.world.editRelation('zhang', id, { remark: id })
  expect(sim.received).toHaveLength(0)
  await sim.clock.advance(HOUR_MS)
  const order = sim.callbacks.deliveries.map((d) => /wm\d/.exec(d.xml)?.[0])
  expect([...order].sort()).toEqual(['wm1', 'wm1', 'wm2', 'wm2', 'wm3', 'wm3'])
  expect(order).not.toEqual([...order].sort())
})

test('a callback can be lost by chance, or come 48 hours late', async () => {
  const sim = simulate({ seed: 2 })
  const remove = sim.faults.add({ event: 'edit_external_contact', lose: true, chance: 0.5 })
  for (let i = 0; i < 30; i++) sim.world.editRelation('zhang', 'wm1', { remark: String(i) })
  await sim.callbacks.idle()
  const lost = sim.callbacks.deliveries.filter((d) => d.outcome === 'lost').length
  expect([lost > 5 && lost < 25, sim.received.length]).toEqual([true, 30 - lost])
  remove()
  sim.faults.add({ event: '*', delay: 48 * HOUR_MS })
  sim.world.editRelation('zhang', 'wm1', { remark: 'x' })
  await sim.clock.advance(48 * HOUR_MS - 1)
  expect(sim.received).toHaveLength(30 - lost)
  await sim.clock.advance(1)
  expect(sim.received).toHaveLength(31 - lost)
})
