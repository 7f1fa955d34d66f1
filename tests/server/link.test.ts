import { afterEach, describe, expect, it } from 'vitest'
import { openMirrored } from '../support/beginning'
import type { ServerHouse } from '../support/house'

let house: ServerHouse
afterEach(() => house.close())

const linkOf = async (cookie: string) => (await house.get('/api/link', cookie)).body
const detail = async (cookie: string) => (await house.get('/api/link/detail', cookie)).body

async function opened() {
  house = await openMirrored()
  return house.signIn('zhoumin')
}

describe('how the line to WeCom stands', () => {
  it('is well after WeCom answered, and says how old the copy is', async () => {
    const manager = await opened()
    const said = await linkOf(manager)
    expect(said).toMatchObject({ state: 'well', errcode: null, blockedUntil: null })
    expect(Date.parse(said.goodAt)).toBeGreaterThan(0)
    expect(Date.parse(said.mirrorAt)).toBeGreaterThan(0)
  })

  it('is down while nothing answers; reads go on from what is known, and it mends itself (Q21)', async () => {
    const manager = await opened()
    const undo = house.simulator.faults.add({ path: '*', status: 503 })
    await house.simulator.clock.advance(11 * 60_000)
    await house.runJobs('departures').catch(() => undefined)
    expect(await linkOf(manager)).toMatchObject({ state: 'down' })
    expect((await house.get('/api/departures', manager)).status).toBe(200)
    undo()
    await house.simulator.clock.advance(11 * 60_000)
    await house.runJobs('departures')
    expect(await linkOf(manager)).toMatchObject({ state: 'well' })
  })

  it('names what an administrator must mend, with WeCom’s number', async () => {
    const manager = await opened()
    house.simulator.faults.add({ path: 'externalcontact/get_unassigned_list', errcode: 48002 })
    await house.simulator.clock.advance(11 * 60_000)
    await house.runJobs('departures').catch(() => undefined)
    expect(await linkOf(manager)).toMatchObject({ state: 'refused', errcode: 48002 })
    expect((await detail(manager)).troubles).toMatchObject([
      { api: 'externalcontact/get_unassigned_list', errcode: 48002 },
    ])
  })

  it('counts events that this version does not know', async () => {
    const manager = await opened()
    const row = { source: 'app', body: '{}', receivedAt: house.deps.now() }
    await house.db
      .insertInto('wecomEvent')
      .values([
        { ...row, digest: 'a', event: 'something_new', change: 'more' },
        { ...row, digest: 'b', event: 'something_new', change: 'more' },
      ])
      .execute()
    await house.runJobs('events')
    expect((await detail(manager)).events).toMatchObject({
      open: 0,
      unknown: [{ event: 'something_new', change: 'more', count: 2 }],
    })
  })

  it('tries again at once for a manager, not for everybody and not without end', async () => {
    const manager = await opened()
    const rep = await house.signIn('wanglei')
    expect((await house.post('/api/link/try', {}, rep)).status).toBe(403)
    expect((await house.get('/api/link/detail', rep)).status).toBe(403)
    expect((await house.get('/api/link', rep)).status).toBe(200)
    house.awake.clear()
    expect((await house.post('/api/link/try', {}, manager)).status).toBe(200)
    expect([...house.awake]).toEqual(expect.arrayContaining(['events', 'transfers', 'groups']))
    await house.post('/api/link/try', {}, manager)
    await house.post('/api/link/try', {}, manager)
    expect((await house.post('/api/link/try', {}, manager)).status).toBe(429)
  })
})
