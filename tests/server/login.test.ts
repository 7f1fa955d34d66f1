import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownPath } from '../../src/server/login/routes'
import { openHouse, type ServerHouse } from '../support/house'

let house: ServerHouse
beforeAll(async () => {
  house = await openHouse()
  await house.runJobs('mirror')
})
afterAll(() => house.close())

const sessions = async () => (await house.db.selectFrom('session').selectAll().execute()).length

/** The browser's half of a login: where WeCom is asked, and the cookie that binds it to this browser. */
async function begin(to = '/workbench') {
  const answer = await house.request(`/auth/login?to=${encodeURIComponent(to)}`)
  const ask = new URL(answer.headers.get('location') ?? '')
  return { ask, cookie: (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '' }
}

function consent(ask: URL, userid: string): URLSearchParams {
  const page = house.simulator.oauth.authorize(ask, { userid })
  if ('error' in page) throw new Error(page.error)
  return new URL(page.redirect).searchParams
}

const callback = (query: URLSearchParams, cookie: string) =>
  house.request(`/auth/callback?${query}`, { headers: { cookie } })

describe('login by WeCom', () => {
  it('asks WeCom as it demands, and ends on the page that was wanted with an HttpOnly cookie (Q25, Q30)', async () => {
    const { ask, cookie } = await begin('/workbench?at=%2Fc%2F1')
    expect(ask.hash).toBe('#wechat_redirect')
    const answer = await callback(consent(ask, 'chenyiming'), cookie)
    expect(answer.headers.get('location')).toBe('/workbench?at=%2Fc%2F1')
    const session = answer.headers.getSetCookie().find((c) => c.startsWith('__Host-jiebang=')) ?? ''
    expect(session).toMatch(/HttpOnly/i)
    expect(session).toMatch(/Secure/i)
    expect(session).toMatch(/SameSite=Lax/i)
    expect(session).toMatch(/Max-Age=86400/i)
    const me = await house.get('/api/me', session.split(';')[0])
    expect(me.body).toMatchObject({ name: '陈一鸣', roles: ['rep'] })
  })

  it('keeps sessions only as hashes', async () => {
    const cookie = await house.signIn('wanglei')
    const token = cookie.split('=')[1] ?? ''
    const stored = await house.db.selectFrom('session').select('idHash').execute()
    expect(stored.map((s) => s.idHash)).not.toContain(token)
    expect(token.length).toBeGreaterThanOrEqual(22)
  })

  it('makes no session of a forged, missing, swapped or replayed state, nor of a used or unknown code (Q25)', async () => {
    const mine = await begin()
    const other = await begin()
    const good = consent(mine.ask, 'chenyiming')
    const before = await sessions()
    const forged = new URLSearchParams({ code: good.get('code') ?? '', state: 'forged' })
    expect((await callback(forged, mine.cookie)).headers.get('location')).toBe('/?login=state')
    expect((await callback(good, '')).headers.get('location')).toBe('/?login=state')
    expect((await callback(good, other.cookie)).headers.get('location')).toBe('/?login=state')
    expect((await callback(good, `${mine.cookie}x`)).headers.get('location')).toBe('/?login=state')
    const unknown = new URLSearchParams({ code: 'nosuchcode', state: mine.ask.searchParams.get('state') ?? '' })
    expect((await callback(unknown, mine.cookie)).headers.get('location')).toBe('/?login=member')
    expect(await sessions()).toBe(before)
    expect((await callback(good, mine.cookie)).headers.get('location')).toBe('/workbench')
    expect((await callback(good, mine.cookie)).headers.get('location')).toBe('/?login=member')
    expect(await sessions()).toBe(before + 1)
  })

  it('lets nobody in who is not an active member in range, however WeCom vouches for them', async () => {
    const { ask, cookie } = await begin()
    const customer = house.simulator.oauth.authorize(ask, { externalUserid: 'wmCustomer000001' })
    if ('error' in customer) throw new Error(customer.error)
    const answer = await callback(new URL(customer.redirect).searchParams, cookie)
    expect(answer.headers.get('location')).toBe('/?login=member')
    expect(answer.headers.getSetCookie().some((c) => c.startsWith('__Host-jiebang='))).toBe(false)
  })

  it('follows no address but a path of its own (Q25)', () => {
    for (const evil of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/a\nb',
      '\\\\evil',
      '/%0d%0aX',
      '',
    ])
      expect(new URL(ownPath(evil), 'https://own.example').origin).toBe('https://own.example')
    fc.assert(
      fc.property(fc.string(), (to) => new URL(ownPath(to), 'https://own.example').origin === 'https://own.example'),
    )
    fc.assert(fc.property(fc.webUrl(), (to) => ownPath(to) === '/'))
  })

  it('takes roles from department leaders and from the configuration, from nothing else', async () => {
    const roles = async (userid: string) =>
      (await house.get('/api/me', await house.signIn(userid))).body.roles as string[]
    expect(await roles('linxiao')).toEqual(['rep'])
    expect(await roles('zhoumin')).toEqual(['rep', 'manager'])
    expect(await roles('shenlan')).toEqual(['rep', 'compliance'])
    expect(await roles('machao')).toEqual(['rep', 'admin'])
  })

  it('ends after eight idle hours and after a day at the latest', async () => {
    const idle = await house.signIn('chenyiming')
    await house.simulator.clock.advance(8 * 3600_000 + 1000)
    expect((await house.get('/api/me', idle)).status).toBe(401)
    const busy = await house.signIn('chenyiming')
    for (let hour = 0; hour < 24; hour += 6) {
      expect((await house.get('/api/me', busy)).status).toBe(200)
      await house.simulator.clock.advance(6 * 3600_000 + 1000)
    }
    expect((await house.get('/api/me', busy)).status).toBe(401)
  })

  it('ends at logout, on the server', async () => {
    const cookie = await house.signIn('chenyiming')
    expect((await house.post('/api/logout', {}, cookie)).status).toBe(200)
    expect((await house.get('/api/me', cookie)).status).toBe(401)
  })
})

describe('signing a page for the WeCom client', () => {
  it('gives a signature that WeCom accepts for that very page, and none for somebody else’s (Q68 part)', async () => {
    const cookie = await house.signIn('chenyiming')
    const url = 'https://jiebang.test/sidebar'
    const { body } = await house.get(`/api/jssdk?kind=agentConfig&url=${encodeURIComponent(url)}`, cookie)
    const verify = (at: string) =>
      house.simulator.jsapi.verify({
        kind: 'agentConfig',
        corpid: house.deps.config.WECOM_CORP_ID,
        agentid: house.deps.config.WECOM_AGENT_ID,
        timestamp: String(body.timestamp),
        nonceStr: body.nonceStr,
        signature: body.signature,
        url: at,
      })
    expect(verify(url).ok).toBe(true)
    expect(verify('https://jiebang.test/workbench').ok).toBe(false)
    for (const foreign of [
      'https://evil.example/sidebar',
      'https://jiebang.test.evil.example/',
      'not a url',
      `${url}#/x`,
    ])
      expect((await house.get(`/api/jssdk?kind=agentConfig&url=${encodeURIComponent(foreign)}`, cookie)).status).toBe(
        400,
      )
  })
})
