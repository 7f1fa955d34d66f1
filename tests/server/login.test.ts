import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownPath } from '../../src/server/login/routes'
import { STATE_MS } from '../../src/server/login/state'
import { evilAddresses } from '../support/evil-addresses'
import { openMirrored } from '../support/beginning'
import type { ServerHouse } from '../support/house'

const RUNS = Number(process.env['RUNS'] ?? 200)
let house: ServerHouse
beforeAll(async () => {
  house = await openMirrored()
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

/** The one cookie of this kind that an answer sets, as a Cookie header. */
const setBy = (answer: Response, kind: string): string =>
  answer.headers
    .getSetCookie()
    .filter((line) => line.includes(kind) && !/max-age=0/i.test(line))
    .map((line) => line.split(';', 1)[0])
    .join('; ')

/** What a signed cookie says: its value and the bytes of its signature, of which the last letter of base64 has two bits to spare. */
const said = (cookie: string): string => {
  const text = decode(cookie)
  const at = text.lastIndexOf('.')
  return text.slice(0, at) + Buffer.from(text.slice(at), 'base64').toString('hex')
}

const decode = (value: string): string => {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
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

  it('makes no session of a forged, missing, swapped, expired or replayed state (Q25)', async () => {
    const mine = await begin()
    const other = await begin()
    const good = consent(mine.ask, 'chenyiming')
    const before = await sessions()
    const refusals: [URLSearchParams, string][] = [
      [new URLSearchParams({ code: good.get('code') ?? '', state: 'f'.repeat(32) }), mine.cookie],
      [new URLSearchParams({ code: good.get('code') ?? '', state: 'forged' }), mine.cookie],
      [new URLSearchParams({ code: good.get('code') ?? '' }), mine.cookie],
      [new URLSearchParams({ state: good.get('state') ?? '' }), (await begin()).cookie],
      [good, ''],
      [good, other.cookie],
      [good, `${mine.cookie}x`],
      [good, mine.cookie.replace('-login-', '-login-0')],
      [consent(other.ask, 'chenyiming'), mine.cookie],
    ]
    for (const [query, cookie] of refusals)
      expect((await callback(query, cookie)).headers.get('location')).toBe('/?login=state')
    expect(await sessions()).toBe(before)
    expect((await callback(good, mine.cookie)).headers.get('location')).toBe('/workbench')
    // Who kept the cookie and the address, and has a code that would still be good.
    const fresh = consent(mine.ask, 'chenyiming')
    expect((await callback(fresh, mine.cookie)).headers.get('location')).toBe('/?login=state')
    const late = await begin()
    await house.simulator.clock.advance(STATE_MS + 1000)
    expect((await callback(consent(late.ask, 'chenyiming'), late.cookie)).headers.get('location')).toBe('/?login=state')
    expect(await sessions()).toBe(before + 1)
  })

  it(`makes no session of ${RUNS} mutated states and cookies (Q25)`, { timeout: 60_000 }, async () => {
    const { ask, cookie } = await begin()
    const good = consent(ask, 'chenyiming')
    const before = await sessions()
    const flip = (text: string, at: number, to: number) => {
      const i = at % text.length
      const was = text.charCodeAt(i)
      return text.slice(0, i) + String.fromCharCode(33 + ((was - 33 + 1 + (to % 93)) % 94)) + text.slice(i + 1)
    }
    const value = cookie.indexOf('=') + 1
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.nat(1000), fc.nat(1000), async (inState, at, to) => {
        const query = new URLSearchParams(good)
        if (inState) query.set('state', flip(good.get('state') ?? '', at, to))
        const sent = inState ? cookie : cookie.slice(0, value) + flip(cookie.slice(value), at, to)
        // What is only written otherwise and says the same is the same.
        if (!inState && said(sent.slice(value)) === said(cookie.slice(value))) return true
        return (await callback(query, sent)).headers.get('location') === '/?login=state'
      }),
      { numRuns: RUNS },
    )
    expect(await sessions()).toBe(before)
  })

  it('asks WeCom once more, without a word, when a code is old or used, and then says so (40029, facts 7.2)', async () => {
    const used = await begin('/workbench?at=%2Fplans')
    const good = consent(used.ask, 'chenyiming')
    await callback(good, used.cookie)
    const before = await sessions()
    const again = await begin('/workbench?at=%2Fplans')
    const stale = new URLSearchParams({
      code: good.get('code') ?? '',
      state: again.ask.searchParams.get('state') ?? '',
    })
    const first = await callback(stale, again.cookie)
    const ask = new URL(first.headers.get('location') ?? '')
    expect(ask.origin + ask.pathname).toBe(house.deps.config.WECOM_AUTHORIZE_URL)
    const cookie = setBy(first, '-login-')
    const second = new URLSearchParams({ code: good.get('code') ?? '', state: ask.searchParams.get('state') ?? '' })
    expect((await callback(second, cookie)).headers.get('location')).toBe('/?login=code')
    expect(await sessions()).toBe(before)
    const third = await begin('/workbench?at=%2Fplans')
    const wrong = new URLSearchParams({ code: 'nosuchcode', state: third.ask.searchParams.get('state') ?? '' })
    const retry = await callback(wrong, third.cookie)
    const answer = await callback(
      consent(new URL(retry.headers.get('location') ?? ''), 'chenyiming'),
      setBy(retry, '-login-'),
    )
    expect(answer.headers.get('location')).toBe('/workbench?at=%2Fplans')
  })

  it('works in two tabs at once, in either order (Q25)', async () => {
    const [one, two] = [await begin('/sidebar'), await begin('/workbench')]
    const both = `${one.cookie}; ${two.cookie}`
    const second = await callback(consent(two.ask, 'chenyiming'), both)
    const first = await callback(consent(one.ask, 'chenyiming'), `${both}; ${setBy(second, '__Host-jiebang=')}`)
    expect([first, second].map((answer) => answer.headers.get('location'))).toEqual(['/sidebar', '/workbench'])
    expect((await house.get('/api/me', setBy(first, '__Host-jiebang='))).status).toBe(200)
  })

  it('does not let a page that begins logins without end fill the browser with cookies', async () => {
    const names = Array.from({ length: 9 }, (_, n) => `__Host-jiebang-login-0000000${n}=x`)
    const answer = await house.request('/auth/login', { headers: { cookie: names.join('; ') } })
    expect(answer.headers.getSetCookie().filter((line) => /max-age=0/i.test(line))).toHaveLength(9)
  })

  it('lets nobody in who is not an active member in range, however WeCom vouches for them', async () => {
    const { ask, cookie } = await begin()
    const customer = house.simulator.oauth.authorize(ask, { externalUserid: 'wmCustomer000001' })
    if ('error' in customer) throw new Error(customer.error)
    const answer = await callback(new URL(customer.redirect).searchParams, cookie)
    expect(answer.headers.get('location')).toBe('/?login=member')
    expect(answer.headers.getSetCookie().some((c) => c.startsWith('__Host-jiebang='))).toBe(false)
  })

  it('follows no address but a page of its own, whatever is asked (Q25)', async () => {
    const payloads = evilAddresses()
    expect(payloads.length).toBeGreaterThan(300)
    expect(payloads.filter((evil) => ownPath(evil) !== '/')).toEqual([])
    for (const good of ['/', '/sidebar', '/workbench', '/workbench?at=%2Fc%2F1', '/sidebar?at=%2F'])
      expect(ownPath(good)).toBe(good)
    fc.assert(
      fc.property(fc.string(), (to) => new URL(ownPath(to), 'https://own.example').origin === 'https://own.example'),
    )
    fc.assert(fc.property(fc.webUrl(), (to) => ownPath(to) === '/'))
    for (const evil of payloads.filter((_, n) => n % 60 === 0)) {
      const { ask, cookie } = await begin(evil)
      const answer = await callback(consent(ask, 'chenyiming'), cookie)
      expect([evil, answer.headers.get('location')]).toEqual([evil, '/'])
    }
  })

  it('takes roles from department leaders and from the configuration, from nothing else', async () => {
    const roles = async (userid: string) =>
      (await house.get('/api/me', await house.signIn(userid))).body.roles as string[]
    expect(await roles('linxiao')).toEqual(['rep'])
    expect(await roles('zhoumin')).toEqual(['rep', 'manager'])
    expect(await roles('shenlan')).toEqual(['rep', 'compliance'])
    expect(await roles('machao')).toEqual(['rep', 'admin'])
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
