import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import tls from 'node:tls'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { transferCustomer, userGet } from '../../src/server/wecom/apis'
import { AnswerLost, createWeCom } from '../../src/server/wecom/client'

const pem = (name: string) => readFileSync(`tests/support/tls/${name}`)
const TOKEN = JSON.stringify({ errcode: 0, errmsg: 'ok', access_token: 't', expires_in: 7200 })
const transfer = { handover_userid: 'a', takeover_userid: 'b', external_userid: ['wm1'] }

let servers: Server[]
let reached: string[]
beforeEach(() => {
  servers = []
  reached = []
})
afterEach(async () => {
  for (const server of servers) {
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void)()
    server.close()
    await once(server, 'close')
  }
})

async function listening(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const clientOf = (apiUrl: string, timeoutMs = 10_000) =>
  createWeCom({
    apiUrl,
    corpId: 'ww1',
    secret: 's',
    now: () => 1.8e12,
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    sleep: () => Promise.resolve(),
    timeoutMs,
  })

describe('a certificate (Q23)', () => {
  /** Everything is as in production, only that the tests' authority is one more that is trusted. */
  function trustTestAuthority(): void {
    const connect = tls.connect
    const more = (options: tls.ConnectionOptions) =>
      connect({ ...options, ca: [...tls.rootCertificates, pem('ca.pem')] })
    vi.spyOn(tls, 'connect').mockImplementation(more as typeof tls.connect)
  }

  async function ask(certificate: string): Promise<unknown> {
    trustTestAuthority()
    const server = createTlsServer({ cert: pem(certificate), key: pem('server.key') }, (request, response) => {
      reached.push(request.url ?? '')
      response.end(request.url?.includes('gettoken') ? TOKEN : JSON.stringify({ errcode: 0, userid: 'lisi' }))
    })
    const port = await listening(server)
    return clientOf(`https://127.0.0.1:${port}`)
      .ask(userGet, { userid: 'lisi' })
      .catch((error: unknown) => error)
  }

  it('that is good is accepted', async () => {
    expect(await ask('good.pem')).toMatchObject({ userid: 'lisi' })
    expect(reached).toHaveLength(2)
  })

  it.each([
    ['self-signed.pem', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired.pem', 'CERT_HAS_EXPIRED'],
    ['wrong-host.pem', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('%s is refused before a byte of ours is sent', async (certificate, why) => {
    expect(await ask(certificate)).toMatchObject({ name: 'AnswerLost', why, notSent: true })
    expect(reached).toEqual([])
  })
})

describe('over a real connection', () => {
  /** Answers gettoken well and the rest as the test says. */
  async function serverThat(answers: RequestListener): Promise<string> {
    const server = createServer((request, response) => {
      reached.push(request.url ?? '')
      if (request.url?.includes('gettoken')) response.end(TOKEN)
      else answers(request, response)
    })
    return `http://127.0.0.1:${await listening(server)}`
  }

  it('a body that drips is given up when the time is over, and an effect is not repeated (Q19)', async () => {
    const dripping: NodeJS.Timeout[] = []
    const url = await serverThat((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{')
      dripping.push(setInterval(() => response.write(' '), 50))
      response.on('error', () => undefined)
    })
    const asked = clientOf(url, 400).ask(transferCustomer, transfer)
    await expect(asked).rejects.toMatchObject({ name: 'AnswerLost', why: 'time-out', notSent: false })
    dripping.forEach(clearInterval)
    expect(reached.filter((path) => path.includes('transfer_customer'))).toHaveLength(1)
  })

  it('an endless body is cut at ten megabytes (Q19)', async () => {
    let sent = 0
    const url = await serverThat((_, response) => {
      const more = (): void => {
        while (!response.destroyed && sent < 64 * 1024 * 1024) {
          sent += 1024 * 1024
          if (!response.write('x'.repeat(1024 * 1024))) return void response.once('drain', more)
        }
        response.end()
      }
      response.on('error', () => undefined)
      more()
    })
    await expect(clientOf(url).ask(transferCustomer, transfer)).rejects.toMatchObject({ why: 'too large' })
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  it('a redirect is not followed, so the token goes nowhere else', async () => {
    const elsewhere = await serverThat((_, response) => response.end('{"errcode":0}'))
    const url = await serverThat((request, response) => {
      response.writeHead(307, { location: `${elsewhere}${request.url}` })
      response.end()
    })
    const error: unknown = await clientOf(url)
      .ask(transferCustomer, transfer)
      .catch((e: unknown) => e)
    expect(error).toBeInstanceOf(AnswerLost)
    expect(error).toMatchObject({ why: 'status 307', notSent: false })
    expect(reached.filter((path) => path.includes('transfer_customer'))).toHaveLength(1)
  })

  it('a connection that breaks in the middle of the answer is a lost answer', async () => {
    const url = await serverThat((_, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{"errcode":0,')
      setImmediate(() => response.destroy())
    })
    await expect(clientOf(url).ask(transferCustomer, transfer)).rejects.toMatchObject({
      name: 'AnswerLost',
      notSent: false,
    })
  })
})
