import { expect, test } from 'vitest'
import { HOUR_MS, simulate, START, type Row, type Sim } from './small-cast'

const ask = async (
  sim: Sim,
  path: string,
  body?: object,
  init: RequestInit = {},
  env?: unknown,
): Promise<[number, Row]> => {
  const request = new Request(`http://wecom/__simulator/${path}`, {
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    ...init,
  })
  const response = await sim.fetch(request, env)
  const text = await response.text()
  return [response.status, text ? (JSON.parse(text) as Row) : {}]
}

test('another process turns the dial: it adds faults, sees them, takes one off or all', async () => {
  const sim = simulate()
  const [, { id }] = await ask(sim, 'faults', { path: 'user/get', errcode: -1 })
  await ask(sim, 'faults', { event: '*', lose: true })
  expect((await sim.get('user/get', { userid: 'li' })).errcode).toBe(-1)
  expect((await ask(sim, 'faults'))[1]).toMatchObject({
    faults: [{ id, fault: { errcode: -1 } }, { fault: { lose: true } }],
  })
  const [, after] = await ask(sim, `faults/${String(id)}`, undefined, { method: 'DELETE' })
  expect(after['faults']).toHaveLength(1)
  expect((await sim.get('user/get', { userid: 'li' })).errcode).toBe(0)
  expect((await ask(sim, 'faults', undefined, { method: 'DELETE' }))[1]).toEqual({ faults: [] })
})

test('it lets time pass, lets people act, looks at the world, and reads what was done', async () => {
  const sim = simulate()
  expect((await ask(sim, 'clock'))[1]).toEqual({ now: START })
  await ask(sim, 'world', { do: 'removeMember', with: ['zhang'] })
  expect((await ask(sim, 'clock', { advance: HOUR_MS }))[1]).toEqual({ now: START + HOUR_MS })
  expect(
    (await ask(sim, 'world', { do: 'relations', with: [{ userid: 'zhang', externalUserid: 'wm1' }] }))[1],
  ).toMatchObject({
    result: [{ remark: '王总' }],
  })
  expect((await ask(sim, 'ledger'))[1]).toMatchObject({ total: 1, rows: [{ kind: 'member_removed' }] })
  expect((await ask(sim, 'ledger?from=1'))[1]).toEqual({ from: 1, total: 1, rows: [] })
  await sim.get('department/list')
  expect((await ask(sim, 'calls'))[1]).toMatchObject({ rows: [{ path: 'gettoken' }, { path: 'department/list' }] })
  expect((await ask(sim, 'deliveries'))[1]).toMatchObject({
    rows: [{ changeType: 'delete_user' }, { event: 'unsubscribe' }],
  })
  expect(await ask(sim, 'world', { do: 'fly' })).toEqual([400, { message: 'Nobody can do fly.' }])
  expect((await ask(sim, 'world', { do: 'toString' }))[0]).toBe(400)
})

test('it turns switches, limits and the clock’s skew, and blocks an API', async () => {
  const sim = simulate()
  await ask(sim, 'switches', { carriesNotes: true })
  await ask(sim, 'limits', { perApi: { 'user/get': { perMinute: 0 } } })
  await ask(sim, 'clock', { skew: 5000 })
  expect([sim.switches.carriesNotes, (await sim.get('user/get', { userid: 'li' })).errcode]).toEqual([true, 45009])
  await ask(sim, 'block', { path: 'department/list', ms: 1000 })
  expect((await sim.get('department/list')).errcode).toBe(45009)
  expect((await ask(sim, 'verify', { source: 'app' }))[1]).toMatchObject({ ok: false })
})

test('nobody from another machine and no page in a browser reaches the dial; it is no path of WeCom', async () => {
  const sim = simulate()
  const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } }, outgoing: {} })
  expect((await ask(sim, 'clock', undefined, {}, from('10.0.0.7')))[0]).toBe(404)
  expect((await ask(sim, 'clock', undefined, {}, from('::ffff:127.0.0.1')))[0]).toBe(200)
  expect((await ask(sim, 'clock', undefined, { headers: { origin: 'http://evil.test' } }))[0]).toBe(404)
  expect((await ask(sim, 'nothing'))[0]).toBe(404)
  expect(sim.calls).toHaveLength(0)
})
