import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as ask } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve, type ServerType } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/server/app'
import { styleHash } from '../../src/server/letter/style'
import { files } from '../../src/server/lib/files'
import type { App } from '../../src/server/lib/serve'
import { openMirrored } from '../support/beginning'
import { bySelf, type ServerHouse } from '../support/house'

let house: ServerHouse
let app: App
let folder: string
let server: ServerType
const PUBLIC = () => house.deps.config.PUBLIC_URL
beforeAll(async () => {
  // As in production; beside the simulator the sidebar stands in a frame.
  house = await openMirrored({ settings: { FRAME_ANCESTORS: "'none'" } })
  folder = mkdtempSync(join(tmpdir(), 'jiebang-files-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>x</title>')
  writeFileSync(join(folder, 'assets', 'main-abc123.js'), 'export {}')
  const built = createApp(house.deps)
  files(built, folder)
  app = built.app
  server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  if (!server.listening) await new Promise((done) => server.once('listening', done))
})
afterAll(async () => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
  await house.close()
})

const get = (path: string, init: RequestInit = {}) => Promise.resolve(app.request(`${PUBLIC()}${path}`, init))
/** What each answer has of its own; ids, times and cookies differ every time. */
const shown = ({ status, headers }: Response) => {
  const { 'x-request-id': id, date, 'set-cookie': _, 'content-length': __, ...rest } = Object.fromEntries(headers)
  expect(id).toMatch(/^[0-9a-f]{32}$/)
  expect(date).toBeTruthy()
  return { status, ...rest }
}
const everywhere = () => ({
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; report-uri /csp-reports; report-to csp",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'permissions-policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=(), clipboard-write=(self)',
  'referrer-policy': 'no-referrer',
  'reporting-endpoints': `csp="${PUBLIC()}/csp-reports"`,
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-robots-tag': 'noindex',
  'x-xss-protection': '0',
})
const JSON_TYPE = { 'content-type': 'application/json' }
/** Which client is served is told where a page of it may ask. */
const API = { 'x-release': expect.stringMatching(/^[0-9a-f]{12}$/) as string }
const SECRET = { 'cache-control': 'no-store' }

describe('the headers of every kind of answer (Q49, Q50, Q52)', () => {
  it('html, asset', async () => {
    expect(shown(await get('/workbench'))).toEqual({
      ...everywhere(),
      status: 200,
      vary: 'Sec-Fetch-Site',
      'cache-control': 'no-cache',
      'content-type': 'text/html; charset=UTF-8',
    })
    expect(shown(await get('/assets/main-abc123.js'))).toMatchObject({
      ...everywhere(),
      status: 200,
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringContaining('javascript'),
    })
  })

  it('api, error, 404, 405, 413', async () => {
    const cookie = await house.signIn('zhoumin')
    const headers = { cookie, ...bySelf(PUBLIC()) }
    const post = (path: string, body: string) => get(path, { method: 'POST', headers, body })
    const expected: [Promise<Response>, number, object?][] = [
      [get('/api/me', { headers }), 200],
      [get('/api/me'), 401],
      [post('/api/plans/x/approve', '{}'), 400],
      [post('/api/mirror/run', '[]'), 400],
      [get('/api/nothing', { headers }), 404],
      [get('/nothing'), 404, {}],
      [get('/api/logout', { headers }), 405, { ...API, allow: 'POST' }],
      [get('/api/me', { method: 'DELETE', headers }), 405, { ...API, allow: 'GET, HEAD, POST' }],
      [post('/workbench', '{}'), 405, { allow: 'GET, HEAD' }],
      [post('/api/logout', `{"x":"${'x'.repeat(300_000)}"}`), 413],
    ]
    for (const [answer, status, more = API] of expected)
      expect(shown(await answer)).toEqual({ ...everywhere(), ...JSON_TYPE, ...SECRET, ...more, status })
  })

  it('login, callback, the customer’s page', async () => {
    for (const path of ['/auth/login?to=/', '/auth/callback?code=x&state=y'])
      expect(shown(await get(path))).toMatchObject({ ...everywhere(), ...SECRET, status: 302 })
    expect(shown(await get('/wecom/callback/app?msg_signature=x&timestamp=1&nonce=1&echostr=x'))).toMatchObject({
      ...everywhere(),
      ...SECRET,
    })
    const page = shown(await get('/n/nosuchlink'))
    const policy = everywhere()['content-security-policy'].replace("style-src 'self'", `style-src ${styleHash}`)
    expect(page).toMatchObject({ ...everywhere(), ...SECRET, 'content-security-policy': policy, status: 404 })
    expect(page['content-type' as keyof typeof page]).toMatch(/^text\/html; charset=utf-8$/i)
  })

  it('keep an opener away from a page, unless the reader opened it by themselves, which no other site can feign', async () => {
    for (const path of ['/workbench', '/sidebar', '/n/nosuchlink'])
      for (const site of ['cross-site', 'same-site', 'same-origin', 'nonsense', 'none', undefined]) {
        const { headers } = await get(path, site ? { headers: { 'sec-fetch-site': site } } : {})
        const policy = headers.get('cross-origin-opener-policy')
        expect([path, site, policy]).toEqual([path, site, site === 'none' ? null : 'same-origin'])
        expect(headers.get('vary')).toContain('Sec-Fetch-Site')
      }
  })

  it('is data nowhere that looks like a file: a cache in between finds nothing to keep (Q52)', async () => {
    const cookie = await house.signIn('zhoumin')
    for (const path of [
      '/api/me/y.css',
      '/api/me.css',
      '/api/me;y.css',
      '/api/me%2fy.css',
      '/api/departures/y.js',
      '/api/me%00.css',
    ]) {
      const answer = await get(path, { headers: { cookie } })
      expect([path, answer.status]).toEqual([path, 404])
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  it('lets no other origin read, whoever asks beforehand (Q56)', async () => {
    const hosts = [
      'evil.example',
      'jiebang.test.evil.example',
      'evil-jiebang.test',
      'jiebang.test:8443',
      'sub.jiebang.test',
    ]
    const origins = [
      'null',
      ...['https', 'http', 'file', 'chrome-extension', 'capacitor'].flatMap((scheme) =>
        [...hosts, ...hosts.map((h) => h.toUpperCase())].map((host) => `${scheme}://${host}`),
      ),
    ]
    expect(origins.length).toBeGreaterThan(50)
    for (const origin of origins)
      for (const path of ['/api/me', '/api/logout']) {
        const answer = await get(path, {
          method: 'OPTIONS',
          headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-jiebang' },
        })
        expect(answer.status).toBe(405)
        expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
      }
  })

  it.each(['TRACE', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])(
    '%s is 405 on the wire, too (Q49)',
    async (method) => {
      const { port } = server.address() as AddressInfo
      for (const path of ['/api/me', '/workbench', '/nothing']) {
        const status = await new Promise<number | undefined>((done, failed) =>
          ask({ port, host: '127.0.0.1', path, method }, (answer) => {
            answer.resume()
            done(answer.statusCode)
          })
            .on('error', failed)
            .end(),
        )
        expect([path, status]).toEqual([path, 405])
      }
    },
  )
})

describe('what a browser reports of our policy', () => {
  const report = (body: string, more: Record<string, string> = {}) =>
    get('/csp-reports', {
      method: 'POST',
      headers: { 'content-type': 'application/csp-report', 'content-length': String(body.length), ...more },
      body,
    })
  const old = (blocked: string) =>
    JSON.stringify({
      'csp-report': {
        'document-uri': 'https://jiebang.test/n/SECRETTOKEN',
        referrer: 'https://jiebang.test/n/SECRETTOKEN',
        'effective-directive': 'script-src-elem',
        'blocked-uri': blocked,
        'script-sample': 'alert(13800000001)',
      },
    })

  it('is logged as a rule and an origin: no address of a page, no token, no sample', async () => {
    house.logged.length = 0
    expect((await report(old('https://evil.example/x?phone=13800000001'), { origin: 'null' })).status).toBe(204)
    expect((await report(old('inline'))).status).toBe(204)
    const fresh = JSON.stringify([
      {
        type: 'csp-violation',
        url: 'https://jiebang.test/n/SECRETTOKEN',
        body: { effectiveDirective: 'img-src', blockedURL: 'data:image/png;base64,x' },
      },
    ])
    expect((await report(fresh)).status).toBe(204)
    const lines = house.logged.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ rule, blocked }) => [rule, blocked])).toEqual([
      ['script-src-elem', 'https://evil.example'],
      ['script-src-elem', 'inline'],
      ['img-src', 'data:'],
    ])
    expect(house.logged.join()).not.toMatch(/SECRETTOKEN|13800000001|alert/)
  })

  it('is thrown away when it is not one, too large, or one too many', async () => {
    house.logged.length = 0
    await house.simulator.clock.advance(60_000)
    for (const nonsense of ['', '{', 'null', '[]', '{"csp-report":1}', '[{"body":{"effectiveDirective":"<b>"}}]'])
      expect((await report(nonsense)).status).toBe(204)
    expect(house.logged).toEqual([])
    expect((await report(old('x'.repeat(20_000)))).status).toBe(413)
    await house.simulator.clock.advance(60_000)
    const answers = await Promise.all(Array.from({ length: 70 }, () => report(old('inline'))))
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10)
    expect(answers.at(-1)?.headers.get('retry-after')).toBe('60')
    house.logged.length = 0
  })
})
