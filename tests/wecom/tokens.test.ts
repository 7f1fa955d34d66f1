import { expect, test } from 'vitest'
import { HOUR_MS, simulate } from './small-cast'

const gettoken = async (sim: ReturnType<typeof simulate>, query: string) =>
  (await (await sim.fetch(new Request(`http://wecom/cgi-bin/gettoken?${query}`))).json()) as {
    errcode: number
    [k: string]: unknown
  }

const good = 'corpid=ww0000000000000001&corpsecret=app-secret'

test('WeCom gives the same token again while it is valid, for 7200 seconds', async () => {
  const sim = simulate()
  const first = await gettoken(sim, good)
  expect(first).toEqual({ errcode: 0, errmsg: 'ok', access_token: expect.any(String), expires_in: 7200 })
  await sim.clock.advance(HOUR_MS)
  expect(await gettoken(sim, good)).toMatchObject({ access_token: first['access_token'], expires_in: 3600 })
  await sim.clock.advance(HOUR_MS)
  expect((await gettoken(sim, good))['access_token']).not.toBe(first['access_token'])
})

test('WeCom names the missing secret before the missing corpid, then a wrong corpid, then a wrong secret', async () => {
  const sim = simulate()
  const codes = []
  for (const query of ['', 'corpsecret=x', 'corpid=wx&corpsecret=x', 'corpid=ww0000000000000001&corpsecret=x'])
    codes.push((await gettoken(sim, query)).errcode)
  expect(codes).toEqual([41004, 41002, 40013, 40001])
})

test('WeCom bans an address for an hour after repeated wrong secrets', async () => {
  const sim = simulate({ limits: { wrongSecrets: 3 } })
  for (let i = 0; i < 3; i++)
    expect((await gettoken(sim, 'corpid=ww0000000000000001&corpsecret=x')).errcode).toBe(40001)
  expect((await gettoken(sim, good)).errcode).toBe(45009)
  await sim.clock.advance(HOUR_MS)
  expect((await gettoken(sim, good)).errcode).toBe(0)
})

test('WeCom reads the token from the query only', async () => {
  const sim = simulate()
  const token = await sim.token()
  const request = new Request('http://wecom/cgi-bin/user/get?userid=li', {
    headers: { access_token: token, authorization: `Bearer ${token}` },
  })
  expect(await (await sim.fetch(request)).json()).toMatchObject({ errcode: 41001 })
})

test('WeCom tells a made-up token (40014) from an expired one (42001), and both before any parameter', async () => {
  const sim = simulate()
  const old = await sim.token()
  await sim.clock.advance(2 * HOUR_MS)
  const ask = async (token: string) =>
    (await sim.fetch(new Request(`http://wecom/cgi-bin/user/get?access_token=${token}`))).json()
  expect(await ask(old)).toMatchObject({ errcode: 42001 })
  expect(await ask('made-up')).toMatchObject({ errcode: 40014 })
})

test('WeCom may end a token before its time; the next gettoken gives another', async () => {
  const sim = simulate()
  const before = await sim.token()
  sim.faults.add({ path: 'user/get', nth: 1, expireToken: true })
  expect((await sim.get('user/get', { userid: 'li' })).errcode).toBe(42001)
  expect(await sim.token()).not.toBe(before)
  expect((await sim.get('user/get', { userid: 'li' })).errcode).toBe(0)
})

test('each secret opens its own doors: 48001 for the wrong kind, 48002 for customer contact', async () => {
  const sim = simulate()
  expect((await sim.get('user/delete', { userid: 'li' })).errcode).toBe(48001)
  expect((await sim.get('externalcontact/get_follow_user_list', {}, 'contacts')).errcode).toBe(48002)
  expect((await sim.get('user/get', { userid: 'li' }, 'contacts')).errcode).toBe(48009)
  const unticked = simulate({ change: (cast) => (cast.app.mayCallContacts = false) })
  expect(await unticked.post('externalcontact/get_unassigned_list')).toMatchObject({
    errcode: 48002,
    info: [],
    next_cursor: '',
  })
})

test('the corp ticket and the app ticket are two, each kept for two hours, a hundred askings an hour', async () => {
  const sim = simulate({ limits: { ticketsPerHour: 3 } })
  const corp = await sim.get('get_jsapi_ticket')
  const app = await sim.get('ticket/get', { type: 'agent_config' })
  expect(corp).toEqual({ errcode: 0, errmsg: 'ok', ticket: expect.any(String), expires_in: 7200 })
  expect(app['ticket']).not.toBe(corp['ticket'])
  expect((await sim.get('get_jsapi_ticket'))['ticket']).toBe(corp['ticket'])
  expect((await sim.get('get_jsapi_ticket')).errcode).toBe(45009)
  await sim.clock.advance(HOUR_MS)
  expect((await sim.get('get_jsapi_ticket')).errcode).toBe(0)
})
