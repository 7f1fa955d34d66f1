import { serve } from '@hono/node-server'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createSimulator } from '../../mock/wecom/simulator'
import { HOUR_MS, simulate, smallCast, START } from './small-cast'

const remark = { userid: 'zhang', external_userid: 'wm1', remark: 'new' }
const kinds = (sim: ReturnType<typeof simulate>) => sim.ledger.map((e) => e.kind)

test('a connection dropped before the effect leaves nothing behind; dropped after it, the effect stands', async () => {
  const sim = simulate()
  sim.faults.add({ path: 'externalcontact/remark', nth: 1, drop: 'before-effect' })
  sim.faults.add({ path: 'externalcontact/remark', nth: 2, drop: 'after-effect' })
  await expect(sim.post('externalcontact/remark', remark)).rejects.toThrow('fetch failed')
  expect([kinds(sim), sim.calls.at(-1)]).toMatchObject([[], { status: 0, answer: null, fault: 'drop-before-effect' }])
  await expect(sim.post('externalcontact/remark', remark)).rejects.toThrow('fetch failed')
  expect([kinds(sim), sim.calls.at(-1)]).toMatchObject([
    ['remarked'],
    { status: 0, errcode: 0, fault: 'drop-after-effect' },
  ])
  expect((await sim.post('externalcontact/remark', remark)).errcode).toBe(0)
})

test('an answer can be cut, broken off, HTML, another HTTP status, or late', async () => {
  const sim = simulate()
  const ask = async (fault: object) => {
    const remove = sim.faults.add({ path: 'user/get', ...fault })
    const token = await sim.token()
    const response = await sim.fetch(new Request(`http://wecom/cgi-bin/user/get?userid=li&access_token=${token}`))
    remove()
    return response
  }
  await expect((await ask({ truncate: true })).json()).rejects.toThrow(SyntaxError)
  await expect((await ask({ reset: true })).json()).rejects.toThrow()
  const html = await ask({ html: true, status: 503 })
  expect([html.status, html.headers.get('content-type'), await html.text()]).toEqual([
    503,
    'text/html',
    expect.stringContaining('<html>'),
  ])
  expect((await ask({ status: 500 })).status).toBe(500)
  expect(await (await ask({ slowBody: 5 })).json()).toMatchObject({ errcode: 0, userid: 'li' })
  const before = performance.now()
  await ask({ latency: 40 })
  expect(performance.now() - before).toBeGreaterThan(35)
})

test('an errcode can be forced on the nth call, on every nth, so many times, before or after the effect', async () => {
  const sim = simulate()
  sim.faults.add({ path: 'user/get', every: 2, times: 2, errcode: -1 })
  const codes = []
  for (let i = 0; i < 6; i++) codes.push((await sim.get('user/get', { userid: 'li' })).errcode)
  expect(codes).toEqual([0, -1, 0, -1, 0, 0])
  sim.faults.clear()
  sim.faults.add({ path: '*', errcode: 6000, effect: true, nth: 2 })
  expect((await sim.post('externalcontact/remark', remark)).errcode).toBe(6000)
  expect(kinds(sim)).toEqual(['remarked'])
})

test('single customers of a transfer can be given a code', async () => {
  const sim = simulate()
  sim.world.removeMember('zhang')
  sim.faults.add({ path: 'externalcontact/resigned/transfer_customer', items: { wm2: 40096 } })
  const wish = { handover_userid: 'zhang', takeover_userid: 'li', external_userid: ['wm1', 'wm2'] }
  expect(await sim.post('externalcontact/resigned/transfer_customer', wish)).toMatchObject({
    customer: [{ errcode: 0 }, { errcode: 40096 }],
  })
})

test('behind a real port a dropped connection is a broken socket, not an HTTP answer', async () => {
  const sim = createSimulator(smallCast(), { startAt: START })
  const server = serve({ fetch: sim.fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cgi-bin/gettoken?corpid=ww0000000000000001&corpsecret=app-secret`
  sim.faults.add({ path: 'gettoken', nth: 1, drop: 'after-effect' })
  sim.faults.add({ path: 'gettoken', nth: 2, reset: true })
  await expect(fetch(url)).rejects.toThrow('fetch failed')
  await expect(fetch(url).then((r) => r.json())).rejects.toThrow()
  expect(await (await fetch(url)).json()).toMatchObject({ errcode: 0 })
  server.close()
})

test('a saved corp goes on where it was: time, waiting customers, tokens, effects', async () => {
  const cast = smallCast()
  const before = simulate({ cast })
  before.world.removeMember('zhang')
  await before.post('externalcontact/resigned/transfer_customer', {
    handover_userid: 'zhang',
    takeover_userid: 'li',
    external_userid: ['wm1', 'wm2'],
  })
  before.world.say('li', 'wo4', 'customer', '在吗')
  await before.clock.advance(HOUR_MS)
  const after = simulate({ cast, saved: before.save() })
  expect(after.clock.now()).toBe(before.clock.now())
  expect(await after.token()).toBe(await before.token())
  after.world.customerWill('wm2', 'refuse')
  await after.clock.advance(23 * HOUR_MS)
  expect(after.ledger.map((e) => e.kind)).toEqual([
    'member_removed',
    'transfer_started',
    'transfer_started',
    'refused',
    'taken_over',
  ])
  expect(after.world.chat('li', 'wo4')).toMatchObject([{ text: '在吗' }])
  expect(before.world.relations({ userid: 'li', externalUserid: 'wm1' })).toEqual([])
})

test('a window is told about changes once per turn', async () => {
  const sim = simulate()
  let told = 0
  const end = sim.onChange(() => told++)
  sim.world.say('li', 'wo4', 'member', '您好')
  sim.world.say('li', 'wo4', 'member', {
    msgtype: 'news',
    news: { title: '交接告知', link: 'https://app.example.com/n/1' },
  })
  await Promise.resolve()
  expect([told, sim.world.chat('li', 'wo4').map((l) => l.text)]).toEqual([1, ['您好', '[news] 交接告知']])
  end()
  sim.world.say('li', 'wo4', 'customer', '好的')
  await Promise.resolve()
  expect(told).toBe(1)
})
