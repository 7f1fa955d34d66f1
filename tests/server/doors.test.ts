import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Door } from '../../src/server/lib/serve'
import { methodsAt } from '../../src/server/lib/serve'
import { openMirrored } from '../support/beginning'
import { bySelf, type ServerHouse } from '../support/house'

/** Walks every door of the real route table. A new route is walked, too, without anybody adding it here. */
let house: ServerHouse
beforeAll(async () => {
  house = await openMirrored()
})
afterAll(() => house.close())

const staff = (door: Door) => door.access === 'signed-in' || Array.isArray(door.access)
const addressOf = (door: Door) => door.path.replace(/:\w+/g, 'nobody')

function knock(door: Door, headers: Record<string, string> = {}): Promise<Response> {
  const json = { ...bySelf(house.deps.config.PUBLIC_URL), ...headers }
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
        "GET /n/rules (anyone)",
        "GET /n/complaint/find (anyone)",
        "POST /n/complaint/find (anyone)",
        "GET /n/complaint/:number/:proof (anyone)",
        "POST /n/complaint/:number/:proof/seen (anyone)",
        "POST /n/complaint/:number/:proof/more (anyone)",
        "POST /n/complaint/:number/:proof/again (anyone)",
        "GET /n/complaint (anyone)",
        "POST /n/complaint (anyone)",
        "GET /n/:token/complaint (customer-link)",
        "POST /n/:token/complaint (customer-link)",
        "GET /n/:token/identify (customer-link)",
        "GET /n/known (anyone)",
        "GET /n/:token/choice/serve (customer-link)",
        "POST /n/:token/choice/serve (customer-link)",
        "POST /n/:token/choice/serve/seen (customer-link)",
        "GET /n/:token/choice/history_raw (customer-link)",
        "POST /n/:token/choice/history_raw (customer-link)",
        "POST /n/:token/choice/history_raw/seen (customer-link)",
        "GET /n/:token/choice/sensitive_use (customer-link)",
        "POST /n/:token/choice/sensitive_use (customer-link)",
        "POST /n/:token/choice/sensitive_use/seen (customer-link)",
        "GET /n/:token/receipt/:number (customer-link)",
        "GET /n/:token/receipt/:number/file (customer-link)",
        "GET /n/:token (customer-link)",
        "GET /n/:token/full (customer-link)",
        "GET /n/:token/full/file (customer-link)",
        "GET /n/:token/versions (customer-link)",
        "GET /n/:token/versions/:version (customer-link)",
        "GET /n/:token/record (customer-link)",
        "POST /n/:token/seen (customer-link)",
        "POST /n/:token/acknowledge (customer-link)",
        "GET /letter.css (anyone)",
        "GET /n/:token/objection (customer-link)",
        "POST /n/:token/objection (customer-link)",
        "GET /n/:token/request (customer-link)",
        "POST /n/:token/request (customer-link)",
        "POST /n/:token/request/seen (customer-link)",
        "POST /n/:token/request/file (customer-link)",
        "GET /wecom/callback/app (wecom)",
        "POST /wecom/callback/app (wecom)",
        "GET /wecom/callback/contacts (wecom)",
        "POST /wecom/callback/contacts (wecom)",
        "POST /csp-reports (anyone)",
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

  it('that changes something asks for our origin and our header, and otherwise changes nothing (Q31)', async () => {
    const cookie = await house.signIn('zhoumin')
    const before = await house.db.selectFrom('auditHead').select('seq').executeTakeFirstOrThrow()
    const ours = bySelf(house.deps.config.PUBLIC_URL)
    const { origin: _origin, ...noOrigin } = ours
    const { 'x-jiebang': _header, ...noHeader } = ours
    const attempts: Record<string, string>[] = [
      noOrigin,
      noHeader,
      { ...ours, 'x-jiebang': '0' },
      { ...ours, origin: 'null' },
      { ...ours, origin: 'https://evil.example' },
      { ...ours, origin: `${ours.origin}.evil.example` },
      { ...ours, origin: ours.origin.replace('https:', 'http:') },
      { ...ours, origin: `${ours.origin}:8443` },
      { ...ours, 'sec-fetch-site': 'cross-site' },
      { ...ours, 'sec-fetch-site': 'same-site' },
      { ...noHeader, 'content-type': 'text/plain' },
      { ...noHeader, 'content-type': 'application/x-www-form-urlencoded' },
      { ...noHeader, 'content-type': 'multipart/form-data; boundary=x' },
    ]
    const overrides = { 'x-http-method-override': 'POST', 'x-http-method': 'POST', 'x-method-override': 'POST' }
    for (const door of house.doors.filter((d) => staff(d) && d.method === 'POST')) {
      const path = addressOf(door)
      for (const headers of attempts) {
        const answer = await house.request(path, { method: 'POST', headers: { cookie, ...headers }, body: '{}' })
        expect([path, headers, answer.status]).toEqual([path, headers, 403])
      }
      // With our origin and header, but as a form would say it: read as nothing.
      const form = { ...ours, 'content-type': 'text/plain' }
      const asForm = await house.request(path, { method: 'POST', headers: { cookie, ...form }, body: '{}' })
      expect([path, asForm.status < 200 || asForm.status > 399]).toEqual([path, true])
      if (methodsAt(house.doors, path).includes('GET')) continue
      for (const method of ['GET', 'HEAD'])
        for (const query of ['', '?_method=POST']) {
          const { status } = await house.request(path + query, { method, headers: { cookie, ...ours, ...overrides } })
          expect([method, path, status]).toEqual([method, path, 405])
        }
    }
    expect(await house.db.selectFrom('auditHead').select('seq').executeTakeFirstOrThrow()).toEqual(before)
  })

  it('is not read from another site either, where a browser says that it asks for one (Q31)', async () => {
    const cookie = await house.signIn('zhoumin')
    const from = async (site: string) =>
      (await house.request('/api/me', { headers: { cookie, 'sec-fetch-site': site } })).status
    expect([await from('same-origin'), await from('none')]).toEqual([200, 200])
    expect([await from('cross-site'), await from('same-site')]).toEqual([403, 403])
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
