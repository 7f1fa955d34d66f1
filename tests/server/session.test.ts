import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secretToken } from '../../src/server/lib/id'
import { openMirrored } from '../support/beginning'
import type { ServerHouse } from '../support/house'

let house: ServerHouse
beforeAll(async () => {
  house = await openMirrored({ settings: { SESSION_LIMIT: '3' } })
})
afterAll(() => house.close())

const ok = async (cookie: string) => (await house.get('/api/me', cookie)).status === 200
const mine = async (cookie: string) =>
  (await house.get('/api/sessions', cookie)).body.items as { id: string; current: boolean; device: string }[]
const memberId = async (userid: string) =>
  (await house.db.selectFrom('member').select('id').where('userid', '=', userid).executeTakeFirstOrThrow()).id
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 wxwork/4.1.30 MicroMessenger/7.0.1'

/** A login in a browser that has these cookies already; answers what it has afterwards. */
async function logIn(userid: string, has = '', agent = ''): Promise<string> {
  const headers = { cookie: has, 'user-agent': agent }
  const login = await house.request('/auth/login?to=/workbench', { headers })
  const page = house.simulator.oauth.authorize(new URL(login.headers.get('location') ?? ''), { userid })
  if ('error' in page) throw new Error(page.error)
  const state = (login.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
  const { pathname, search } = new URL(page.redirect)
  const back = await house.request(pathname + search, { headers: { ...headers, cookie: `${state}; ${has}` } })
  return (back.headers.getSetCookie().find((line) => line.startsWith('__Host-jiebang=')) ?? '').split(';')[0] ?? ''
}

describe('a session (Q30)', () => {
  it('has an id of 128 bits: a million of them without a collision, evenly spread', { timeout: 120_000 }, () => {
    const count = 1_000_000
    const heads = new BigUint64Array(count)
    const seen = new Float64Array(256)
    for (let n = 0; n < count; n++) {
      const bytes = Buffer.from(secretToken(), 'base64url')
      if (bytes.length !== 16) throw new Error(`${bytes.length} bytes`)
      heads[n] = bytes.readBigUInt64LE()
      for (const byte of bytes) seen[byte]! += 1
    }
    heads.sort()
    expect(heads.findIndex((head, n) => n > 0 && head === heads[n - 1])).toBe(-1)
    const even = (count * 16) / 256
    const chi2 = seen.reduce((sum, n) => sum + (n - even) ** 2 / even, 0)
    // 255 degrees of freedom: mean 255, deviation 22.6; beyond six of them something is wrong.
    expect(chi2).toBeGreaterThan(255 - 6 * 22.6)
    expect(chi2).toBeLessThan(255 + 6 * 22.6)
  })

  it('is new at every login, and the one this browser had ends (rotation)', async () => {
    const first = await logIn('chenyiming')
    const second = await logIn('chenyiming', first)
    expect(second).not.toBe(first)
    expect([await ok(first), await ok(second)]).toEqual([false, true])
    const other = await logIn('wanglei', second)
    expect([await ok(second), (await house.get('/api/me', other)).body.name]).toEqual([false, '王磊'])
    await house.post('/api/logout', {}, other)
  })

  it('is never one that was in the browser before (fixation)', async () => {
    const planted = '__Host-jiebang=AAAAAAAAAAAAAAAAAAAAAA'
    const cookie = await logIn('chenyiming', planted)
    expect(cookie).not.toBe(planted)
    expect([await ok(planted), await ok(cookie)]).toEqual([false, true])
    await house.post('/api/logout', {}, cookie)
  })

  it('is one of three at most, as the setting says: the oldest ends, also when many begin at once', async () => {
    const cookies: string[] = []
    for (let n = 0; n < 4; n++) {
      cookies.push(await logIn('chenyiming'))
      await house.simulator.clock.advance(1000)
    }
    expect(await Promise.all(cookies.map(ok))).toEqual([false, true, true, true])
    await Promise.all(Array.from({ length: 8 }, () => logIn('chenyiming')))
    const left = house.db
      .selectFrom('session')
      .select('id')
      .where('memberId', '=', await memberId('chenyiming'))
    expect(await left.execute()).toHaveLength(3)
  })

  it('ends after eight idle hours and after a day at the latest, and its row goes', async () => {
    const idle = await house.signIn('chenyiming')
    await house.simulator.clock.advance(8 * 3600_000 + 1000)
    expect(await ok(idle)).toBe(false)
    const busy = await house.signIn('chenyiming')
    for (let hour = 0; hour < 24; hour += 6) {
      expect(await ok(busy)).toBe(true)
      await house.simulator.clock.advance(6 * 3600_000 + 1000)
    }
    expect(await ok(busy)).toBe(false)
    // For a day it is known as one that grew old, so that its page may come back to what was typed.
    await house.simulator.clock.advance(24 * 3600_000)
    await house.signIn('wanglei')
    expect(await house.db.selectFrom('session').select('id').execute()).toHaveLength(1)
  })

  it('is stored as a hash only, and its member sees of it a handle, a family of device and two times', async () => {
    const cookie = await logIn('chenyiming', '', PHONE)
    const { body } = await house.get('/api/sessions', cookie)
    expect(Object.keys(body.items[0] as object).sort()).toEqual(['current', 'device', 'id', 'since', 'usedAt'])
    expect(body).toMatchObject({ idleHours: 8, hours: 24, items: [{ device: 'ios', current: true }] })
    const rows = JSON.stringify(await house.db.selectFrom('session').selectAll().execute())
    expect(rows).not.toContain(cookie.split('=')[1])
    expect(rows).not.toMatch(/iphone|wxwork|mozilla/i)
    expect(JSON.stringify(body)).not.toContain(/[0-9a-f]{64}/.exec(rows)?.[0])
  })
})

describe('my logins', () => {
  it('can be ended one by one or all but this one; somebody else’s and none are alike', async () => {
    const [one, two, three] = [await logIn('zhoumin'), await logIn('zhoumin'), await logIn('zhoumin')]
    const list = await mine(one)
    expect(list.map((s) => s.current)).toEqual([true, false, false])
    const foreign = (await mine(await logIn('hezhiyuan')))[0]?.id ?? ''
    const strip = ({ status, body }: { status: number; body: Record<string, unknown> }) => [
      status,
      body['code'],
      body['message'],
    ]
    const absent = strip(await house.post('/api/sessions/nobody/end', {}, one))
    expect(absent[0]).toBe(404)
    expect(strip(await house.post(`/api/sessions/${foreign}/end`, {}, one))).toEqual(absent)
    const [, second] = await mine(two)
    expect((await house.post(`/api/sessions/${second?.id}/end`, {}, two)).status).toBe(200)
    expect((await mine(two)).map((s) => s.id)).not.toContain(second?.id)
    expect((await house.post('/api/sessions/end-others', {}, two)).body).toEqual({ ended: 1 })
    expect(await Promise.all([one, two, three].map(ok))).toEqual([false, true, false])
  })

  it('are ended altogether by an administrator, with a reason, and one that slips in at that moment is worth nothing', async () => {
    const cookies = [await logIn('sunyue'), await logIn('sunyue')]
    const admin = await house.signIn('machao')
    const path = `/api/members/${await memberId('sunyue')}/end-sessions`
    expect((await house.post(path, { reason: ' ' }, admin)).status).toBe(400)
    expect((await house.post(path, { reason: '手机丢失' }, await house.signIn('zhoumin'))).status).toBe(403)
    expect((await house.post(path, { reason: '手机丢失' }, admin)).body).toEqual({ ended: 2 })
    expect(await Promise.all(cookies.map(ok))).toEqual([false, false])
    const entry = await house.db
      .selectFrom('audit')
      .selectAll()
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    expect(entry).toMatchObject({ action: 'sessions.revoked', detail: { reason: '手机丢失', sessions: 2 } })
    // They may log in again: nothing was taken from them but the logins.
    expect(await ok(await logIn('sunyue'))).toBe(true)
    expect((await house.post('/api/members/nobody/end-sessions', { reason: 'x' }, admin)).status).toBe(404)
  })
})
