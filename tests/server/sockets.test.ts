import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/server/app'
import { bind, type Listening } from '../../src/server/lib/listen'
import { openHouse, type ServerHouse } from '../support/house'

/** The app on a real port, as `start.ts` opens it, and callers who do not keep to HTTP (Q42). */
let house: ServerHouse
let server: Listening
let port: number
beforeAll(async () => {
  house = await openHouse()
  server = await bind(createApp(house.deps).app.fetch, { host: '127.0.0.1', port: 0, setting: 'PORT' })
  port = Number(new URL(server.address).port)
})
afterAll(async () => {
  await server.close()
  await house.close()
})

interface Wire {
  said: string
  /** ms from the connection to its end */
  lasted: number
}

/** Sends the pieces as they are and waits for the server to end the connection, or for `patience` ms. */
const speak = (pieces: string | Buffer, patience = 3000): Promise<Wire> =>
  new Promise((done) => {
    const began = performance.now()
    const socket = connect(port, '127.0.0.1', () => socket.write(pieces))
    let said = ''
    socket.on('data', (chunk) => (said += chunk.toString('latin1')))
    socket.on('error', () => undefined)
    const end = () => (clearTimeout(timer), socket.destroy(), done({ said, lasted: performance.now() - began }))
    const timer = setTimeout(end, patience)
    socket.on('close', end)
  })

const answers = (said: string): number[] => [...said.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((m) => Number(m[1]))
const SMUGGLED = 'GET /n/smuggled HTTP/1.1\r\nHost: x\r\n\r\n'
const post = (headers: string, body: string) => `POST /n/complaint HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n${body}`

describe('a caller who does not keep to HTTP', () => {
  it.each<[string, string]>([
    ['two lengths', post('Content-Length: 6\r\nContent-Length: 5', `12345G${SMUGGLED}`)],
    ['a length and chunks', post('Content-Length: 4\r\nTransfer-Encoding: chunked', `0\r\n\r\n${SMUGGLED}`)],
    ['chunks and a length', post('Transfer-Encoding: chunked\r\nContent-Length: 4', `0\r\n\r\n${SMUGGLED}`)],
    ['two encodings', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: x', `0\r\n\r\n${SMUGGLED}`)],
    ['an encoding that is nearly chunked', post('Transfer-Encoding: xchunked', `0\r\n\r\n${SMUGGLED}`)],
    ['an encoding behind a space', post('Transfer-Encoding : chunked', `0\r\n\r\n${SMUGGLED}`)],
    ['an encoding behind a tab', post('Transfer-Encoding:\tchunked\r\nContent-Length: 3', `0\r\n\r\n${SMUGGLED}`)],
    ['an encoding on a folded line', post('X: y\r\n Transfer-Encoding: chunked', SMUGGLED)],
    ['a length that is no number', post('Content-Length: 0x10', SMUGGLED)],
    ['a length with a sign', post('Content-Length: +5', `12345${SMUGGLED}`)],
    ['a length beyond all numbers', post('Content-Length: 99999999999999999999', SMUGGLED)],
    ['a chunk that is no number', post('Transfer-Encoding: chunked', `zz\r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
    [
      'a chunk beyond all numbers',
      post('Transfer-Encoding: chunked', `fffffffffffffffff\r\nabc\r\n0\r\n\r\n${SMUGGLED}`),
    ],
    ['a chunk longer than it says', post('Transfer-Encoding: chunked', `1\r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
    ['a bare line feed', `GET / HTTP/1.1\nHost: x\nX: y\n\n`],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n'],
    ['a header of 20 KB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`],
    ['five thousand headers', `GET / HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(5000)}\r\n`],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['a version there is not', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello'],
    ['a method in small letters', 'get / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('%s: is refused, and what follows is not taken for a second request', async (_, said) => {
    const wire = await speak(said)
    const got = answers(wire.said)
    expect(got.filter((status) => status < 400 || status >= 500)).toEqual([])
    expect(got.length).toBeLessThanOrEqual(1)
  })

  it('asks by other methods, through other hosts or forms of address: nothing but a no', async () => {
    for (const line of [
      'TRACE / HTTP/1.1',
      'CONNECT evil.example:443 HTTP/1.1',
      'OPTIONS * HTTP/1.1',
      'PUT /n/x HTTP/1.1',
      'DELETE /n/x HTTP/1.1',
      'PATCH /api/me HTTP/1.1',
      'PURGE / HTTP/1.1',
    ]) {
      const wire = await speak(`${line}\r\nHost: x\r\nConnection: close\r\n\r\n`)
      expect([line, answers(wire.said).filter((status) => status < 400 || status >= 500)]).toEqual([line, []])
    }
    const absolute = await speak('GET http://evil.example/n/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(absolute.said).not.toContain('evil.example')
  })

  it('sends ten megabytes: is stopped at the limit', async () => {
    const wire = await speak(
      Buffer.concat([
        Buffer.from(post(`Content-Length: ${10 << 20}\r\nContent-Type: application/x-www-form-urlencoded`, '')),
        Buffer.alloc(10 << 20, 'a'),
      ]),
    )
    expect(answers(wire.said)).toEqual([413])
  })

  it('keeps a connection for the next request longer than proxies do, so that none goes into one being closed', async () => {
    const socket = connect(port, '127.0.0.1')
    let said = ''
    socket.on('data', (chunk) => (said += chunk.toString('latin1')))
    const ask = () => socket.write('GET /n/nobody HTTP/1.1\r\nHost: x\r\n\r\n')
    ask()
    await expect.poll(() => answers(said).length).toBe(1)
    expect(/timeout=(\d+)/.exec(said)?.[1]).toBe('75')
    // Node's own patience is 5 s.
    await new Promise((done) => setTimeout(done, 6500))
    ask()
    await expect.poll(() => answers(said).length).toBe(2)
    socket.destroy()
  })

  it('two hundred of them who send a byte every now and then hold nobody up, and are cut off within 15 s', async () => {
    const kinds = [
      'GET / HTTP/1.1\r\nHost: x\r\n',
      'POST /wecom/callback/app HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na',
    ]
    const slow = Array.from({ length: 200 }, (_, i) => drip(kinds[i % kinds.length]!))
    await new Promise((wait) => setTimeout(wait, 300))
    const healthy = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const began = performance.now()
        const answer = await fetch(`${server.address}/n/complaint`)
        return { status: answer.status, ms: performance.now() - began }
      }),
    )
    expect(healthy.filter((h) => h.status !== 200)).toEqual([])
    const lasted = await Promise.all(slow)
    // Cut at 10 or 12 s, looked at every 2 s; a busy machine looks later.
    expect(Math.max(...lasted)).toBeLessThan(20_000)
    expect(Math.min(...lasted)).toBeGreaterThan(5000)
  }, 40_000)
})

/** Sends the beginning, then a byte a second; answers how long it was let. */
const drip = (beginning: string): Promise<number> =>
  new Promise((done) => {
    const began = performance.now()
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(beginning))
    const timer = setInterval(() => socket.writable && socket.write('a'), 1000)
    socket.resume()
    socket.on('error', () => undefined)
    socket.on('close', () => (clearInterval(timer), done(performance.now() - began)))
  })
