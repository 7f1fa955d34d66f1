import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { contactGet, contactsByUser, transferCustomer, userGet } from '../../src/server/wecom/apis'
import { AnswerLost, createWeCom, WeComError, type WeComSettings } from '../../src/server/wecom/client'
import { kindOf } from '../../src/server/wecom/errcodes'
import { failureOf } from '../../src/server/wecom/failure'
import { whoLoggedIn } from '../../src/server/wecom/oauth'
import { signUrl } from '../../src/server/wecom/jsapi'
import { walkPages } from '../../src/server/wecom/pages'

interface Asked {
  path: string
  token: string | null
  url: string
  body: string
}

let asked: Asked[]
let tokens: number
let logged: unknown[]
let clock: number
let slept: number[]

/** A WeCom that hands out tokens and answers the rest as the test says. */
function wecom(answer: (a: Asked) => unknown, settings: Partial<WeComSettings> = {}) {
  const log = (...words: unknown[]) => void logged.push(words)
  return createWeCom({
    apiUrl: 'https://wecom.test',
    corpId: 'ww1',
    secret: 'the-secret',
    now: () => clock,
    log: { debug: log, info: log, warn: log },
    sleep: (ms) => {
      slept.push(ms)
      clock += ms
      return Promise.resolve()
    },
    fetch: async (request) => {
      const url = new URL(request.url)
      const path = url.pathname.replace('/cgi-bin/', '')
      if (path === 'gettoken')
        return Response.json({ errcode: 0, errmsg: 'ok', access_token: `token-${++tokens}`, expires_in: 7200 })
      const one = { path, token: url.searchParams.get('access_token'), url: request.url, body: await request.text() }
      asked.push(one)
      await new Promise((done) => setTimeout(done, 1))
      const given = answer(one)
      return given instanceof Response ? given : Response.json(given)
    },
    ...settings,
  })
}

const ok = (more: object = {}) => ({ errcode: 0, errmsg: 'ok', ...more })
const refuses = (errcode: number) => ({
  errcode,
  errmsg: 'no, hint: [1_1_a], from ip: 10.0.0.1, more info at https://x',
})
const transfer = { handover_userid: 'a', takeover_userid: 'b', external_userid: ['wm1'] }

beforeEach(() => {
  asked = []
  tokens = 0
  logged = []
  clock = 1.8e12
  slept = []
})

describe('the token', () => {
  it('is fetched once for two hundred calls at once, and again five minutes before its end (Q15)', async () => {
    const client = wecom(() => ok({ userid: 'lisi' }))
    await Promise.all(Array.from({ length: 200 }, () => client.ask(userGet, { userid: 'lisi' })))
    expect(tokens).toBe(1)
    clock += 6_899_000
    await client.ask(userGet, { userid: 'lisi' })
    expect(tokens).toBe(1)
    clock += 2000
    await client.ask(userGet, { userid: 'lisi' })
    expect(tokens).toBe(2)
  })

  it.each([42001, 40014])(
    'is renewed once when it dies under two hundred calls (%i): all succeed (Q15)',
    async (code) => {
      const client = wecom((a) => (a.token === 'token-1' ? refuses(code) : ok({ userid: 'lisi' })))
      await Promise.all(Array.from({ length: 200 }, () => client.ask(userGet, { userid: 'lisi' })))
      expect(tokens).toBe(2)
      const perCall = asked.length / 200
      expect(perCall).toBeLessThanOrEqual(2)
    },
  )

  it('may be renewed for an effect, too, because nothing has happened yet; but only once', async () => {
    const client = wecom(() => refuses(42001))
    await expect(client.ask(transferCustomer, transfer)).rejects.toMatchObject({ errcode: 42001, kind: 'refresh' })
    expect(asked).toHaveLength(2)
  })

  it('is asked for at most three times an hour with a wrong secret (Q15)', async () => {
    let attempts = 0
    const client = wecom(() => ok(), {
      fetch: () => {
        attempts++
        return Promise.resolve(Response.json(refuses(40001)))
      },
    })
    for (let minute = 0; minute < 60; minute++) {
      await expect(client.ask(userGet, { userid: 'x' })).rejects.toMatchObject({ errcode: 40001 })
      clock += 60_000
    }
    expect(attempts).toBeLessThanOrEqual(3)
  })

  it('stands in no log line, no error and no answer (Q33)', async () => {
    const client = wecom((a) => ({ errcode: 60020, errmsg: `bad ${a.token} in ${a.url}` }))
    const error: unknown = await client.ask(userGet, { userid: 'x' }).catch((e: unknown) => e)
    const all = JSON.stringify([logged, error, String(error), (error as Error).stack])
    expect(all).not.toContain('token-1')
    expect(all).not.toContain('the-secret')
    expect(all).toContain('60020')
  })
})

describe('a refusal', () => {
  it('repeats a read that may be repeated, at most three times, and an effect never', async () => {
    const client = wecom(() => refuses(-1))
    await expect(client.ask(userGet, { userid: 'x' })).rejects.toMatchObject({ errcode: -1, kind: 'retry' })
    expect(asked).toHaveLength(4)
    asked = []
    await expect(client.ask(transferCustomer, transfer)).rejects.toBeInstanceOf(WeComError)
    expect(asked).toHaveLength(1)
  })

  it('keeps out of a block: reads wait it out, effects are refused without a call (Q16)', async () => {
    const client = wecom(() => (asked.length === 1 ? refuses(45009) : ok({ userid: 'x' })))
    await client.ask(userGet, { userid: 'x' })
    expect(slept.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(60_000)
    const blocked = wecom(() => refuses(45009))
    await expect(blocked.ask(transferCustomer, transfer)).rejects.toMatchObject({ errcode: 45009 })
    const before = asked.length
    await expect(blocked.ask(transferCustomer, transfer)).rejects.toMatchObject({ errcode: 45009, kind: 'retry' })
    expect(asked).toHaveLength(before)
  })

  it('has a kind, and the kind has a sentence (Q22)', () => {
    const kinds = { [-1]: 'retry', 45033: 'retry', 6000: 'retry', 40014: 'refresh', 40001: 'config', 60020: 'config' }
    for (const [code, kind] of Object.entries(kinds)) expect(kindOf(Number(code))).toBe(kind)
    for (const code of [48002, 84074, 60011]) expect(kindOf(code)).toBe('permission')
    for (const code of [40097, 40098, 90503]) expect(kindOf(code)).toBe('person')
    for (const code of [40131, 84061, 123456789]) expect(kindOf(code)).toBe('final')
    const code = (error: unknown) => (failureOf(error) as { code?: string }).code
    expect(code(new WeComError(48002, 'permission', 'x'))).toBe('wecom_permission')
    expect(code(new WeComError(60020, 'config', 'x'))).toBe('wecom_config')
    expect(code(new WeComError(45009, 'retry', 'x', { until: 1.8e12, ms: 90_000 }))).toBe('wecom_limited')
    expect(code(new WeComError(-1, 'retry', 'x'))).toBe('wecom_unreachable')
    expect(code(new WeComError(40098, 'person', 'x'))).toBe('wecom_refused')
    expect(code(new WeComError(40097, 'final', 'x'))).toBe('wecom_refused')
    expect(code(new AnswerLost('x', 'y', false))).toBe('wecom_unreachable')
  })

  it('of a login code that is old or used is told apart from nobody, and no code is tried twice (Q25)', async () => {
    expect(
      await whoLoggedIn(
        wecom(() => refuses(40029)),
        'c',
      ),
    ).toBe('bad_code')
    expect(
      await whoLoggedIn(
        wecom(() => refuses(42003)),
        'c',
      ),
    ).toBe('bad_code')
    expect(
      await whoLoggedIn(
        wecom(() => ok({ openid: 'o' })),
        'c',
      ),
    ).toBeNull()
    expect(
      await whoLoggedIn(
        wecom(() => ok({ userid: 'LiSi' })),
        'c',
      ),
    ).toEqual({ userid: 'lisi' })
    asked = []
    await expect(
      whoLoggedIn(
        wecom(() => new Response('', { status: 502 })),
        'c',
      ),
    ).rejects.toMatchObject({
      code: 'wecom_unreachable',
    })
    expect(asked).toHaveLength(1)
  })
})

describe('the ticket that pages sign with', () => {
  it('is fetched once per kind and kept until five minutes before its end; a failed one is asked for again', async () => {
    let broken = true
    const client = wecom(() => (broken ? refuses(40013) : ok({ ticket: 'T', expires_in: 7200 })))
    const deps = { wecom: client, now: () => new Date(clock) }
    const sign = (kind: 'config' | 'agentConfig') => signUrl(deps, kind, 'https://jiebang.test/')
    await expect(sign('config')).rejects.toMatchObject({ code: 'wecom_config' })
    broken = false
    asked = []
    const all = await Promise.all([sign('config'), sign('config'), sign('agentConfig'), sign('agentConfig')])
    expect(asked.map((a) => a.path).sort()).toEqual(['get_jsapi_ticket', 'ticket/get'])
    expect(new Set(all.map((s) => s.nonceStr)).size).toBe(4)
    expect(all[0]?.timestamp).toBe(clock / 1000)
    clock += 7000_000
    await sign('config')
    expect(asked).toHaveLength(3)
  })
})

describe('an answer that is none', () => {
  const bodies: (() => Response)[] = [
    () => new Response('<html>502</html>'),
    () => new Response(''),
    () => new Response('{"errcode":0,"errmsg":'),
    () => new Response('[]'),
    () => new Response('null'),
    () => new Response('{"errmsg":"ok"}'),
    () => new Response('{"errcode":"0"}'),
    () => new Response('{"errcode":0,"external_contact":7}'),
    () => new Response('{"errcode":0}', { status: 500 }),
    () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.test/' } }),
    () => new Response('x'.repeat(11 * 1024 * 1024)),
    () => new Response('['.repeat(200_000)),
  ]

  it('is AnswerLost, whatever it looks like, and an effect is not repeated (Q17, Q19)', async () => {
    for (let i = 0; i < bodies.length; i++) {
      asked = []
      const error: unknown = await wecom(() => bodies[i]!())
        .ask({ ...contactGet, effect: true }, { external_userid: 'wm1' })
        .catch((e: unknown) => e)
      expect(error, `body ${i}`).toBeInstanceOf(AnswerLost)
      expect((error as AnswerLost).notSent).toBe(false)
      expect(asked).toHaveLength(1)
    }
  })

  it('never crashes on any JSON at all (Q19)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const client = wecom(() => ok({ external_contact_list: value, next_cursor: value }))
        await client.ask(contactsByUser, { userid_list: ['a'] }).catch((e: unknown) => {
          expect(e).toBeInstanceOf(AnswerLost)
        })
      }),
      { numRuns: 200 },
    )
  })

  it('comes from nobody there as "not sent", so that the caller may try again', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    const dead = createWeCom({
      apiUrl: `http://127.0.0.1:${port}`,
      corpId: 'ww1',
      secret: 's',
      now: () => clock,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
      sleep: () => Promise.resolve(),
    })
    await expect(dead.ask(transferCustomer, transfer)).rejects.toMatchObject({ why: 'ECONNREFUSED', notSent: true })
  })

  it('does not make anybody wait for ever (Q19, Q24)', async () => {
    const never = new Promise<Response>(() => undefined)
    const client = wecom(() => ok(), {
      timeoutMs: 30,
      fetch: (request) =>
        request.url.includes('gettoken')
          ? Promise.resolve(Response.json({ errcode: 0, access_token: 't', expires_in: 7200 }))
          : never,
    })
    await expect(client.ask(transferCustomer, transfer)).rejects.toMatchObject({ why: 'time-out', notSent: false })
  })

  it('keeps no more than five calls of one API in flight (facts 1.3)', async () => {
    let flying = 0
    let most = 0
    const client = wecom(() => ok(), {
      fetch: async (request) => {
        if (request.url.includes('gettoken')) return Response.json({ errcode: 0, access_token: 't', expires_in: 7200 })
        most = Math.max(most, ++flying)
        await new Promise((done) => setTimeout(done, 2))
        flying--
        return Response.json(ok({ userid: 'x' }))
      },
    })
    await Promise.all(Array.from({ length: 40 }, () => client.ask(userGet, { userid: 'x' })))
    expect(most).toBe(5)
  })
})

describe('reading page by page', () => {
  it('terminates and misses nothing, however the cursors behave (Q20)', async () => {
    const cursors = ['honest', 'loops', 'never last', 'empty pages', 'repeats'] as const
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 40 }), fc.constantFrom(...cursors), async (n, how) => {
        const pages = Array.from({ length: n }, (_, i) => [`row ${i}`])
        if (how === 'empty pages' && n > 2) pages.splice(1, 0, [])
        let calls = 0
        const rows = new Set<string>()
        const whole = await walkPages(
          (cursor) => {
            calls++
            const at = cursor === '' ? 0 : Number(cursor.split(' ')[0])
            const last = at >= pages.length - 1
            const next = !last ? String(at + 1) : { honest: '', 'empty pages': '' }[how as 'honest']
            const again = how === 'loops' ? '0' : how === 'never last' ? `${at} ${calls}` : `${at}`
            return Promise.resolve({ items: pages[at] ?? [], next_cursor: next ?? again, is_last: false })
          },
          (page) => {
            const before = rows.size
            page.items.forEach((row) => rows.add(row))
            return rows.size - before
          },
        )
        expect(rows.size).toBe(n)
        expect(calls).toBeLessThanOrEqual(pages.length + 3)
        if (how === 'honest') expect(whole).toBe(true)
        if (how === 'never last' && n > 0) expect(whole).toBe(false)
      }),
    )
  })
})
