import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openMirrored } from '../support/beginning'
import type { ServerHouse } from '../support/house'

let house: ServerHouse
let asker: string
let other: string
let target: string
beforeEach(async () => {
  house = await openMirrored({ probes: true, settings: { ADMINS: 'machao,sunyue,hezhiyuan' } })
  asker = await house.signIn('machao')
  other = await house.signIn('sunyue')
  target = await idOf('linxiao')
})
afterEach(() => house.close())

const idOf = async (userid: string) =>
  (await house.db.selectFrom('member').select('id').where('userid', '=', userid).executeTakeFirstOrThrow()).id
const ask = async (cookie = asker, member = target) =>
  house.post('/api/blocks', { member, reason: 'device', words: '手机昨晚被偷' }, cookie)
const stopped = async () => {
  const { block } = (await ask()).body as { block: string }
  expect((await house.post(`/api/blocks/${block}/confirm`, {}, other)).status).toBe(200)
  return block
}
const actions = async () =>
  (await house.db.selectFrom('audit').select('action').where('action', 'like', 'block.%').orderBy('seq').execute()).map(
    (a) => a.action,
  )

describe('two administrators stop a member', () => {
  it('who has nothing from that moment on, on two devices, though WeCom is down and says active (T-40)', async () => {
    const devices = [await house.signIn('linxiao'), await house.signIn('linxiao')]
    house.simulator.faults.add({ api: '*', http: 500 } as never)
    const { block } = (await ask()).body as { block: string }
    expect((await house.get('/api/me', devices[0])).status).toBe(200)
    expect((await house.post(`/api/blocks/${block}/confirm`, {}, other)).status).toBe(200)
    for (const cookie of devices) expect((await house.get('/api/me', cookie)).status).toBe(401)
    house.simulator.faults.clear()
    await expect(house.signIn('linxiao')).rejects.toThrow('member')
    // Whatever WeCom says of them, also after a whole reading.
    await house.runJobs('mirror', 'departures')
    await expect(house.signIn('linxiao')).rejects.toThrow('member')
    expect(await actions()).toEqual(['block.asked', 'block.confirmed'])
  })

  it('never alone, never oneself, never who is stopped', async () => {
    const { block } = (await ask()).body as { block: string }
    expect((await house.post(`/api/blocks/${block}/confirm`, {}, asker)).body.code).toBe('own_request')
    expect((await ask(asker, await idOf('machao'))).body.code).toBe('not_found')
    expect((await ask(other)).body.code).toBe('already_blocked')
    const own = ((await ask(asker, await idOf('sunyue'))).body as { block: string }).block
    for (const path of ['confirm', 'decline'])
      expect((await house.post(`/api/blocks/${own}/${path}`, {}, other)).body.code).toBe('not_found')
    const listed = (await house.get('/api/blocks', other)).body.items as { id: string }[]
    expect(listed.map((b) => b.id)).toEqual([block])
    const alone = house.db
      .updateTable('memberBlock')
      .set({ confirmedBy: await idOf('machao'), confirmedAt: new Date() })
      .where('id', '=', block)
    await expect(alone.execute()).rejects.toThrow('check')
  })

  it('and two let them in again; old sessions stay dead', async () => {
    const before = await house.signIn('linxiao')
    const block = await stopped()
    expect((await house.post(`/api/blocks/${block}/lift`, { words: '手机找到了' }, other)).status).toBe(200)
    expect((await house.post(`/api/blocks/${block}/lift/confirm`, {}, other)).body.code).toBe('own_request')
    expect((await house.post(`/api/blocks/${block}/lift/decline`, {}, asker)).status).toBe(200)
    await expect(house.signIn('linxiao')).rejects.toThrow('member')
    expect((await house.post(`/api/blocks/${block}/lift`, { words: '手机找到了' }, other)).status).toBe(200)
    expect((await house.post(`/api/blocks/${block}/lift/confirm`, {}, asker)).status).toBe(200)
    expect((await house.get('/api/me', before)).status).toBe(401)
    expect((await house.get('/api/me', await house.signIn('linxiao'))).status).toBe(200)
  })

  it('a request that is declined, or older than a day, stops nobody and makes room for the next', async () => {
    const { block } = (await ask()).body as { block: string }
    expect((await house.post(`/api/blocks/${block}/decline`, {}, other)).status).toBe(200)
    expect((await house.post(`/api/blocks/${block}/confirm`, {}, other)).body.code).toBe('stale')
    const second = ((await ask()).body as { block: string }).block
    await house.simulator.clock.advance(25 * 3600_000)
    const [late, again] = [await house.signIn('sunyue'), await house.signIn('machao')]
    expect((await house.post(`/api/blocks/${second}/confirm`, {}, late)).body.code).toBe('stale')
    expect((await ask(again)).status).toBe(200)
    expect((await house.get('/api/me', await house.signIn('linxiao'))).status).toBe(200)
  })

  it('shows the administrators what waits, who asked and what the probe found', async () => {
    const block = await stopped()
    await house.runJobs()
    const shown = (await house.get('/api/blocks', asker)).body.items[0] as { probe: { red: number; doors: number } }
    expect(shown).toMatchObject({ id: block, state: 'blocked', name: '林晓', mine: true, asked: { by: '马超' } })
    expect(shown.probe).toMatchObject({ red: 0, doors: house.doors.length })
    expect((await house.post(`/api/blocks/${block}/probe`, {}, other)).status).toBe(200)
    await house.runJobs()
    expect((await house.db.selectFrom('probe').select('why').orderBy('id').execute()).map((p) => p.why)).toEqual([
      'blocked',
      'asked',
    ])
    const found = (await house.get('/api/blocks/members?text=%E6%9E%97', asker)).body.items as object[]
    expect(found).toEqual([{ id: target, name: '林晓', department: '销售部', open: true }])
  })
})
