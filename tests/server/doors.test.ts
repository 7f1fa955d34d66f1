import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Door } from '../../src/server/lib/serve'
import { openHouse, type ServerHouse } from '../support/house'

/** Walks every door of the real route table. A new route is walked, too, without anybody adding it here. */
let house: ServerHouse
beforeAll(async () => {
  house = await openHouse()
  await house.runJobs('mirror')
})
afterAll(() => house.close())

const staff = (door: Door) => door.access === 'signed-in' || Array.isArray(door.access)
const addressOf = (door: Door) => door.path.replace(/:\w+/g, 'nobody')

function knock(door: Door, headers: Record<string, string> = {}): Promise<Response> {
  const json = { 'content-type': 'application/json', 'x-jiebang': '1', ...headers }
  return house.request(
    addressOf(door),
    door.method === 'POST' ? { method: 'POST', headers: json, body: '{}' } : { headers },
  )
}

describe('every door', () => {
  it('has an access rule, and those without login are the few that prove their caller otherwise (T-24)', () => {
    expect(house.doors.length).toBeGreaterThan(25)
    const open = house.doors.filter((d) => !staff(d)).map((d) => `${d.method} ${d.path} (${String(d.access)})`)
    expect(open).toMatchInlineSnapshot(`
      [
        "GET /auth/login (anyone)",
        "GET /auth/callback (anyone)",
        "GET /n/complaint (anyone)",
        "POST /n/complaint (anyone)",
        "GET /n/:token (customer-link)",
        "GET /n/:token/full (customer-link)",
        "GET /n/:token/record (customer-link)",
        "GET /n/:token/objection (customer-link)",
        "GET /n/:token/complaint (customer-link)",
        "POST /n/:token/seen (customer-link)",
        "POST /n/:token/acknowledge (customer-link)",
        "POST /n/:token/objection (customer-link)",
        "POST /n/:token/complaint (customer-link)",
        "GET /wecom/callback/app (wecom)",
        "POST /wecom/callback/app (wecom)",
        "GET /wecom/callback/contacts (wecom)",
        "POST /wecom/callback/contacts (wecom)",
      ]
    `)
  })

  it('of members answers 401 without a session, in Chinese and English, with a request id (Q26)', async () => {
    for (const door of house.doors.filter(staff)) {
      const answer = await knock(door)
      expect([door.path, answer.status]).toEqual([door.path, 401])
      expect(await answer.json()).toMatchObject({
        code: 'signed_out',
        message: expect.stringContaining('登录'),
        requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
      })
      expect(await (await knock(door, { 'accept-language': 'en' })).json()).toMatchObject({
        message: expect.stringContaining('login'),
      })
    }
  })

  it('refuses members whose role is not named in its rule (T-24)', async () => {
    const cookie = await house.signIn('machao')
    for (const door of house.doors.filter(
      (d) => Array.isArray(d.access) && !d.access.some((r) => r === 'rep' || r === 'admin'),
    ))
      expect([door.path, (await knock(door, { cookie })).status]).toEqual([door.path, 403])
  })

  it('that changes something refuses other sites and bare forms, and changes nothing (Q31)', async () => {
    const cookie = await house.signIn('zhoumin')
    const before = await house.db.selectFrom('auditHead').select('seq').executeTakeFirstOrThrow()
    for (const door of house.doors.filter((d) => staff(d) && d.method === 'POST')) {
      const attempts: Record<string, string>[] = [
        { origin: 'https://evil.example', 'content-type': 'application/json', 'x-jiebang': '1' },
        { origin: 'null', 'content-type': 'application/json' },
        { 'sec-fetch-site': 'cross-site', 'content-type': 'application/json', 'x-jiebang': '1' },
        { 'content-type': 'text/plain' },
        { 'content-type': 'application/x-www-form-urlencoded' },
      ]
      for (const headers of attempts) {
        const answer = await house.request(addressOf(door), {
          method: 'POST',
          headers: { cookie, ...headers },
          body: '{}',
        })
        expect([door.path, headers, answer.status]).toEqual([door.path, headers, 403])
      }
      // What changes something is not asked for with GET; some paths have a door of their own for it.
      if (!house.doors.some((d) => d.method === 'GET' && d.path === door.path))
        expect((await house.request(addressOf(door), { headers: { cookie } })).status).toBe(404)
    }
    expect(await house.db.selectFrom('auditHead').select('seq').executeTakeFirstOrThrow()).toEqual(before)
  })

  it('answers data that nobody may store, with the same strict headers everywhere (Q49, Q52)', async () => {
    const cookie = await house.signIn('zhoumin')
    for (const path of ['/api/me', '/api/departures', '/api/nothing', '/n/unknown', '/n/complaint']) {
      const { headers } = await house.request(path, { headers: { cookie } })
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('content-security-policy')).toMatch(/script-src 'self'(;|$)/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('strict-transport-security')).toContain('max-age=31536000')
      expect(headers.get('access-control-allow-origin')).toBeNull()
      if (path.startsWith('/api')) expect(headers.get('cache-control')).toBe('no-store')
    }
  })
})

describe('invariant 5: a leaver has nothing', () => {
  it('on any door, from the first request after WeCom’s event, with the session that was just good (T-40, Q28)', async () => {
    const cookie = await house.signIn('linxiao')
    expect((await house.get('/api/me', cookie)).status).toBe(200)
    house.simulator.world.removeMember('linxiao')
    await house.settle()
    for (const door of house.doors.filter(staff))
      expect([door.path, (await knock(door, { cookie })).status]).toEqual([door.path, 401])
    await expect(house.signIn('linxiao')).rejects.toThrow()
  })

  it('nor when the event is lost: the next look at WeCom, five minutes later at most, finds it (T-40)', async () => {
    const cookie = await house.signIn('wanglei')
    house.simulator.faults.add({ event: '*', lose: true })
    house.simulator.world.removeMember('wanglei')
    await house.settle()
    house.simulator.faults.clear()
    await house.runJobs('departures')
    expect((await house.get('/api/me', cookie)).status).toBe(401)
  })
})
