import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWindow } from '../../mock/window/device'
import { CSP, ORIGIN, rig, Visitor, type Rig } from './fake-app'

let world: Rig
let visitor: Visitor
beforeAll(async () => {
  world = await rig()
})
afterAll(() => world.close())
beforeEach(() => {
  visitor = new Visitor(world.window)
})

const headersSeen = async (path = '/echo'): Promise<Record<string, string>> =>
  ((await (await visitor.go(path)).json()) as { headers: Record<string, string> }).headers

describe('the window in front of the app', () => {
  it('leads a visitor to the window', async () => {
    const response = await visitor.go('/')
    expect([response.status, response.headers.get('location')]).toEqual([302, '/__window/'])
  })

  it('puts the bridge before every other script of a page, and changes nothing else', async () => {
    const html = await (await visitor.go('/sidebar', { headers: { accept: 'text/html' } })).text()
    expect(html.match(/<script[^>]*>/g)).toEqual(['<script src="/__window/bridge.js">', '<script src="/first.js">'])
    expect(html).toContain('<head data-x="1"><script')
    expect(html.replace('<script src="/__window/bridge.js"></script>', '')).toContain(
      '<meta charset="utf-8"><title>/sidebar</title>',
    )
  })

  it('leaves a customer page as it is: it opens in WeChat', async () => {
    const response = await visitor.go('/n/abc')
    expect(await response.text()).not.toContain('__window')
    expect((await headersSeen('/n/abc/echo'))['user-agent']).toMatch(/micromessenger/i)
    expect((await headersSeen('/n/abc/echo'))['user-agent']).not.toMatch(/wxwork/i)
  })

  it('loosens only the rule about frames (it plays the native client)', async () => {
    for (const path of ['/sidebar', '/n/abc', '/echo']) {
      const { headers } = await visitor.go(path)
      expect(headers.get('content-security-policy')).toBe(
        CSP.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
      )
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
    }
  })

  it('sends what the real client would: WeCom user agent, the public host, no cookie of its own', async () => {
    await visitor.go('/__window/desk')
    const seen = await headersSeen()
    expect(seen['user-agent']).toContain('wxwork/5.0.11')
    expect(seen['host']).toBe('localhost:3102')
    expect(seen['x-forwarded-host']).toBe('localhost:3102')
    expect(seen['x-forwarded-proto']).toBe('http')
    expect(seen['cookie']).toBeUndefined()
  })

  it('keeps cookies away from the browser, one jar for each member, none for customer pages', async () => {
    await visitor.go('/__window/desk')
    const signedIn = await visitor.go('/sign-in/linxiao')
    expect(signedIn.headers.getSetCookie().join()).not.toContain('jiebang')
    expect((await headersSeen())['cookie']).toBe('jiebang=linxiao')
    await visitor.post('/__window/desk', { member: 'chenyiming' })
    expect((await headersSeen())['cookie']).toBeUndefined()
    await visitor.go('/sign-in/chenyiming')
    expect((await headersSeen())['cookie']).toBe('jiebang=chenyiming')
    await visitor.post('/__window/desk', { member: 'linxiao' })
    expect((await headersSeen())['cookie']).toBe('jiebang=linxiao')
    expect((await headersSeen('/n/abc/echo'))['cookie']).toBeUndefined()
    expect((await visitor.go('/n/abc/cookie')).headers.getSetCookie().join()).not.toContain('customer')
    expect((await headersSeen())['cookie']).toBe('jiebang=linxiao')
  })

  it('gives each visitor a desk of their own', async () => {
    await visitor.go('/__window/desk')
    await visitor.go('/sign-in/linxiao')
    const other = new Visitor(world.window)
    await other.go('/__window/desk')
    const seen = (await (await other.go('/echo')).json()) as { headers: Record<string, string> }
    expect(seen.headers['cookie']).toBeUndefined()
  })

  it('passes redirects, bodies and streams through', async () => {
    expect((await visitor.go('/sign-in/x')).headers.get('location')).toBe('/workbench?from=login#top')
    const echo = (await (await visitor.post('/echo?a=1', { b: '二' }, { origin: ORIGIN })).json()) as {
      body: string
      headers: Record<string, string>
    }
    expect(echo.body).toBe('{"b":"二"}')
    expect(echo.headers['origin']).toBe(ORIGIN)
    const reader = (await visitor.go('/stream')).body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('first ')
    await reader?.cancel()
  })

  it('never leaves the app for an address in the path', async () => {
    expect((await visitor.go('//example.com/echo')).status).toBe(404)
  })

  it('says so when the app does not answer', async () => {
    const window = createWindow({ simulator: world.simulator, appUrl: 'http://127.0.0.1:9', files: 'dist/window' })
    expect((await new Visitor(window).go('/sidebar')).status).toBe(502)
  })
})

describe("WeCom's authorize page", () => {
  const ask = (redirect: string) =>
    `/connect/oauth2/authorize?appid=wwc0ffee0000jiebang&redirect_uri=${encodeURIComponent(redirect)}&response_type=code&scope=snsapi_base&state=abc&agentid=1000002`

  it('sends whoever sits at the desk back with a code', async () => {
    const to = new URL((await visitor.go(ask(`${ORIGIN}/auth/callback`))).headers.get('location') ?? '')
    expect(to.pathname).toBe('/auth/callback')
    expect(to.searchParams.get('state')).toBe('abc')
    expect(to.searchParams.get('code')).toBeTruthy()
  })

  it('drops the fragment a browser would carry on, unless told to keep it', async () => {
    const location = async () => (await visitor.go(ask(`${ORIGIN}/auth/callback`))).headers.get('location')
    expect(await location()).toMatch(/#$/)
    await visitor.post('/__window/desk', { fragment: 'keep' })
    expect(await location()).not.toContain('#')
  })

  it('refuses a domain that is not trusted', async () => {
    const response = await visitor.go(ask('http://evil.example/auth/callback'))
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('redirect_uri参数错误')
  })

  it('signs nobody in who has left', async () => {
    await visitor.post('/__window/desk', { member: 'tangjun' })
    expect((await visitor.go(ask(`${ORIGIN}/auth/callback`))).status).toBe(400)
  })
})
