import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/server/app'
import { createMetrics } from '../../src/server/lib/metrics'
import { createOps } from '../../src/server/ops/app'
import { openHouse, type ServerHouse } from '../support/house'

let house: ServerHouse
beforeAll(async () => {
  house = await openHouse()
  await house.runJobs('mirror')
})
afterAll(() => house.close())

describe('the port for operations', () => {
  it('is not among the doors: the public reaches none of it', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics', '/debug', '/status'])
      expect([path, (await house.request(path)).status]).toEqual([path, 404])
  })

  it('says that the process lives and that its database answers', async () => {
    const ops = createOps(house.deps)
    expect(await (await ops.request('/healthz')).json()).toEqual({ ok: true })
    expect(await (await ops.request('/readyz')).json()).toEqual({ ok: true })
  })

  it('counts requests by door, what waits, and nobody', async () => {
    const metrics = createMetrics()
    const deps = { ...house.deps, metrics }
    const { app } = createApp(deps)
    const ops = createOps(deps)
    const cookie = await house.signIn('chenyiming')
    const url = house.deps.config.PUBLIC_URL
    await app.request(`${url}/api/me`, { headers: { cookie } })
    for (let n = 0; n < 50; n++) await app.request(`${url}/api/nobody-${n}`)
    await app.request(`${url}/n/a-secret-link`)
    house.simulator.world.removeMember('linxiao')
    await house.simulator.callbacks.idle()
    const text = await (await ops.request('/metrics')).text()
    expect(text).toMatch(/jiebang_request_seconds_count\{door="GET \/api\/me",status="2xx"\} 1/)
    expect(text).toMatch(/jiebang_request_seconds_count\{door="none",status="4xx"\} 50/)
    expect(text).toMatch(/jiebang_request_seconds_count\{door="GET \/n\/:token",status="4xx"\} 1/)
    expect(text).toMatch(/jiebang_waiting\{kind="events"\} [1-9]/)
    expect(text).toMatch(/jiebang_database_up 1/)
    expect(text).not.toMatch(/secret-link|nobody-|linxiao|chenyiming/)
    await house.settle()
  })
})
