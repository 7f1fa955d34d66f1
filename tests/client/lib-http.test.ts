import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Window as HappyWindow } from 'happy-dom'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { TIMEOUT_MS, wire, type Sent } from '../../src/client/lib/http'

const heard: { method?: string; url?: string; body: string; headers: IncomingMessage['headers'] }[] = []
let says: { status: number; body: string | Buffer }
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (part) => (body += String(part)))
  request.on('end', () => {
    heard.push({ method: request.method!, url: request.url!, body, headers: request.headers })
    response.writeHead(says.status, { 'x-request-id': 'r1', 'content-type': 'application/json' })
    response.end(says.body)
  })
})
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  ;(window as unknown as HappyWindow).happyDOM.setURL(`http://127.0.0.1:${port}/sidebar`)
})
afterAll(() => server.close())

const sent = (more: Partial<Sent>): Sent => ({
  ...{ method: 'POST', url: '/api/x', params: {}, bytes: false, shows: false },
  ...{ headers: { 'x-jiebang': '1', 'content-type': 'application/json' } },
  ...more,
})

describe.each([
  ['what only shows (fetch)', true],
  ['what changes something (axios)', false],
])('%s', (_, shows) => {
  it('is asked with its body and headers, and its answer is read, whatever its status', async () => {
    says = { status: 409, body: '{"code":"stale"}' }
    const answer = await wire.carry(sent({ shows, data: '{"text":"寄样品"}' }))
    expect(answer).toMatchObject({ status: 409, data: { code: 'stale' } })
    expect(Reflect.get(answer.headers as object, 'x-request-id')).toBe('r1')
    expect(heard.at(-1)).toMatchObject({ method: 'POST', url: '/api/x', body: '{"text":"寄样品"}' })
    expect(heard.at(-1)?.headers).toMatchObject({ 'x-jiebang': '1', 'content-type': 'application/json' })
  })

  it('is asked with what is given of its query, and a proxy’s page stays a text', async () => {
    says = { status: 502, body: '<html>Bad gateway</html>' }
    const params = { after: 'a/b 王', none: undefined, nothing: null, limit: 20 }
    const answer = await wire.carry(sent({ shows, method: 'GET', params }))
    expect(answer).toMatchObject({ status: 502, data: '<html>Bad gateway</html>' })
    const { pathname, searchParams } = new URL(heard.at(-1)?.url ?? '', location.origin)
    expect([pathname, [...searchParams]]).toEqual([
      '/api/x',
      [
        ['after', 'a/b 王'],
        ['limit', '20'],
      ],
    ])
  })

  it('throws where nobody answers', async () => {
    await expect(wire.carry(sent({ shows, url: 'http://127.0.0.1:1/api/x', data: '{}' }))).rejects.toThrow()
  })
})

it.each([true, false])('a file comes as its bytes (shows: %s)', async (shows) => {
  says = { status: 200, body: Buffer.from([0xef, 0xbb, 0xbf, 0, 255]) }
  const { data } = await wire.carry(sent({ shows, bytes: true, data: '{}' }))
  expect([...new Uint8Array(data as ArrayBuffer)]).toEqual([0xef, 0xbb, 0xbf, 0, 255])
})

it('where axios did not come, what changes something is sent all the same', async () => {
  vi.resetModules()
  vi.doMock('../../src/client/lib/axios', () => Promise.reject(new TypeError('Failed to fetch')))
  const anew = await import('../../src/client/lib/http')
  says = { status: 200, body: '{"ok":true}' }
  const answer = await anew.wire.carry(sent({ data: '{"text":"寄样品"}' }))
  expect(answer).toMatchObject({ status: 200, data: { ok: true } })
  expect(heard.at(-1)).toMatchObject({ method: 'POST', body: '{"text":"寄样品"}' })
  vi.doUnmock('../../src/client/lib/axios')
})

it('what is not answered in fifteen seconds is given up, and that is said', async () => {
  vi.useFakeTimers()
  vi.stubGlobal('fetch', (_: string, { signal }: RequestInit) => {
    return new Promise((_, give) => signal?.addEventListener('abort', () => give(new Error('aborted'))))
  })
  const answer = wire.carry(sent({ shows: true, method: 'GET' })).catch((thrown: unknown) => thrown)
  await vi.advanceTimersByTimeAsync(TIMEOUT_MS)
  expect(await answer).toMatchObject({ code: 'ETIMEDOUT' })
  vi.useRealTimers()
  vi.unstubAllGlobals()
})
