import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { DEMO, sampleCorp } from '../../mock/people'
import { createSimulator, type Simulator } from '../../mock/wecom/simulator'
import { createWindow } from '../../mock/window/device'

export const HOST = 'localhost:3102'
export const ORIGIN = `http://${HOST}`
export const CSP = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'"

const page = (words: string): string =>
  `<!doctype html><html lang="zh-CN"><head data-x="1"><meta charset="utf-8"><title>${words}</title><script src="/first.js"></script></head><body>${words}</body></html>`

/** A stand-in for the app, with just enough of everything a proxy can get wrong. */
function fakeApp(): Hono {
  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    c.header('content-security-policy', CSP)
    c.header('x-frame-options', 'DENY')
  })
  for (const path of ['/sidebar', '/workbench', '/n/abc']) app.get(path, (c) => c.html(page(path)))
  app.all('/echo', async (c) => c.json({ method: c.req.method, headers: c.req.header(), body: await c.req.text() }))
  app.all('/n/:token/echo', (c) => c.json({ headers: c.req.header() }))
  app.get('/sign-in/:name', (c) => {
    c.header('set-cookie', `jiebang=${c.req.param('name')}; Path=/; HttpOnly`, { append: true })
    c.header('set-cookie', 'gone=1; Max-Age=0', { append: true })
    return c.redirect('/workbench?from=login#top')
  })
  app.get('/n/:token/cookie', (c) => {
    c.header('set-cookie', 'customer=1; Path=/')
    return c.text('no')
  })
  app.get('/stream', (c) =>
    stream(c, async (out) => {
      await out.write('first ')
      await out.sleep(300)
      await out.write('second')
    }),
  )
  return app
}

export interface Rig {
  simulator: Simulator
  window: { fetch(request: Request): Promise<Response> }
  close(): Promise<void>
}

/** The window in front of the stand-in, over the sample corp. */
export async function rig(): Promise<Rig> {
  const server = serve({ fetch: fakeApp().fetch, port: 0, hostname: '127.0.0.1' })
  if (!server.listening) await once(server, 'listening')
  const appUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const callback = `${appUrl}/callback`
  const cast = sampleCorp({
    now: Date.UTC(2026, 10, 24, 1),
    publicHost: HOST,
    callbackUrls: { app: callback, contacts: callback },
  })
  const simulator = createSimulator(cast, { startAt: Date.UTC(2026, 10, 24, 1), frozen: true })
  const window = createWindow({ simulator, appUrl, files: 'dist/window' })
  return { simulator, window, close: () => new Promise((done) => server.close(() => done())) }
}

/** Somebody at the window: keeps the window's cookie like a browser. */
export class Visitor {
  private cookie = ''
  constructor(private readonly window: Rig['window']) {}

  async go(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    if (this.cookie) headers.set('cookie', this.cookie)
    const response = await this.window.fetch(new Request(ORIGIN + path, { ...init, headers }))
    const given = response.headers.getSetCookie().find((line) => line.startsWith('window_desk='))
    if (given) this.cookie = given.split(';')[0] ?? ''
    return response
  }

  async post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
    return this.go(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  }

  /** One bridge call of a page. */
  async invoke(name: string, params: object = {}, page = 'p1'): Promise<Record<string, unknown>> {
    const response = await this.post('/__window/bridge', { page, name, params, href: `${ORIGIN}/sidebar#/x` })
    return (await response.json()) as Record<string, unknown>
  }
}

async function api(simulator: Simulator, path: string): Promise<Record<string, unknown>> {
  const response = await simulator.fetch(new Request(`http://qyapi/cgi-bin/${path}`))
  return (await response.json()) as Record<string, unknown>
}

/** Parameters of agentConfig as an app would sign them: ticket from WeCom, SHA-1 (wecom-facts 6.3). */
export async function signedConfig(
  simulator: Simulator,
  jsApiList: string[],
  url = `${ORIGIN}/sidebar`,
): Promise<object> {
  const { access_token } = await api(simulator, `gettoken?corpid=${DEMO.corpId}&corpsecret=${DEMO.appSecret}`)
  const { ticket } = await api(simulator, `ticket/get?access_token=${String(access_token)}&type=agent_config`)
  const [nonceStr, timestamp] = ['abc123', String(Math.floor(simulator.clock.now() / 1000))]
  const text = `jsapi_ticket=${String(ticket)}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`
  const signature = createHash('sha1').update(text).digest('hex')
  return { corpid: DEMO.corpId, agentid: String(DEMO.agentId), timestamp, nonceStr, signature, jsApiList }
}
