import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDb, openPool, type Db } from '../../src/server/db/open'
import { appTicket, contactGet, transferCustomer, userGet } from '../../src/server/wecom/apis'
import { createWeCom, type WeComSettings } from '../../src/server/wecom/client'
import { wecomHealth } from '../../src/server/wecom/health'
import { sealer } from '../../src/server/lib/seal'
import { sharedIn } from '../../src/server/wecom/shared-rows'
import { freshDatabase, type FreshDatabase } from '../support/postgres'

const SECRET = 'k'.repeat(32)
const START = Date.parse('2026-11-24T02:00:00Z')
const transfer = { handover_userid: 'a', takeover_userid: 'b', external_userid: ['wm1'] }

let database: FreshDatabase
let dbs: Db[]
let clock: number
/** WeCom, as both processes see it. */
let good: string
let tokens: number
let calls: { path: string; token: string | null; at: number }[]
let answer: (call: { path: string; token: string | null }) => object

beforeEach(async () => {
  database = await freshDatabase()
  dbs = []
  clock = START
  tokens = 0
  calls = []
  good = ''
  answer = ({ token }) => (token === good ? { errcode: 0, userid: 'lisi' } : { errcode: 42001 })
})
afterEach(async () => {
  for (const db of dbs) await db.destroy()
  await database.drop()
})

async function wecom(request: Request): Promise<Response> {
  const url = new URL(request.url)
  const path = url.pathname.replace('/cgi-bin/', '')
  await new Promise((done) => setTimeout(done, 1))
  const call = { path, token: url.searchParams.get('access_token'), at: clock }
  calls.push(call)
  if (path !== 'gettoken') return Response.json(answer(call))
  const given = answer(call) as { errcode: number }
  if (given.errcode !== 42001) return Response.json(given)
  good = `token-${++tokens}`
  return Response.json({ errcode: 0, access_token: good, expires_in: 7200 })
}

/** One process of ours, with its own pool, on the one database. */
function process_(settings: Partial<WeComSettings> = {}) {
  const db = openDb(openPool(database.app, () => undefined))
  dbs.push(db)
  const client = createWeCom({
    apiUrl: 'https://wecom.test',
    corpId: 'ww1',
    secret: 'the-secret',
    now: () => clock,
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    sleep: (ms) => {
      clock += ms
      return Promise.resolve()
    },
    fetch: wecom,
    shared: sharedIn(db, SECRET),
    ...settings,
  })
  return { db, client }
}
const asking = ({ client }: ReturnType<typeof process_>, n: number) =>
  Array.from({ length: n }, () => client.ask(userGet, { userid: 'lisi' }))
const asked = (path: string) => calls.filter((c) => c.path === path).length

describe('processes on one database', () => {
  it('fetch one token between them, and the second takes it without asking (Q15)', async () => {
    const [one, two] = [process_(), process_()]
    await Promise.all([...asking(one, 20), ...asking(two, 20)])
    expect(asked('gettoken')).toBe(1)
    await Promise.all(asking(process_(), 5))
    expect(asked('gettoken')).toBe(1)
    clock += 6_900_001
    await Promise.all([...asking(one, 5), ...asking(two, 5)])
    expect(asked('gettoken')).toBe(2)
  })

  it.each([42001, 40014])(
    'renew it once when it dies under two hundred calls of both (%i): all succeed, each replayed once at most (Q15)',
    async (errcode) => {
      answer = ({ token }) => (token === good ? { errcode: 0, userid: 'lisi' } : { errcode })
      const given = answer
      answer = (call) => (call.path === 'gettoken' ? { errcode: 42001 } : given(call))
      const [one, two] = [process_(), process_()]
      await Promise.all([...asking(one, 1), ...asking(two, 1)])
      calls = []
      good = 'none: it died early'
      const answers = await Promise.all([...asking(one, 100), ...asking(two, 100)])
      expect(answers).toHaveLength(200)
      expect(asked('gettoken')).toBe(1)
      expect(asked('user/get')).toBeLessThanOrEqual(400)
    },
  )

  it('ask at most three times an hour with a refused secret, all together (Q15, C12)', async () => {
    answer = () => ({ errcode: 40001 })
    const both = [process_(), process_()]
    for (let minute = 0; minute < 60; minute++) {
      for (const one of both)
        await expect(one.client.ask(userGet, { userid: 'x' })).rejects.toMatchObject({ errcode: 40001, kind: 'config' })
      clock += 60_000
    }
    expect(asked('gettoken')).toBe(3)
    // Another secret has a row of its own, so mending the setting helps at once.
    answer = ({ path, token }) =>
      path === 'gettoken' || token !== good ? { errcode: 42001 } : { errcode: 0, userid: 'x' }
    await process_({ secret: 'the-right-one' }).client.ask(userGet, { userid: 'x' })
    expect(asked('gettoken')).toBe(4)
  })

  it('share the tickets that pages are signed with', async () => {
    const given = answer
    answer = (call) => (call.path === 'ticket/get' ? { errcode: 0, ticket: 'T', expires_in: 7200 } : given(call))
    const ask = () => process_().client.ask(appTicket, { type: 'agent_config' })
    expect((await Promise.all([ask(), ask()])).map((t) => t.ticket)).toEqual(['T', 'T'])
    expect(asked('ticket/get')).toBe(1)
  })

  it('keep token and secret out of readable sight of the database', async () => {
    const one = process_()
    await Promise.all(asking(one, 1))
    const { rows } = await sql<{ all: string }>`
      select string_agg(c::text, '') || coalesce((select string_agg(a::text, '') from wecom_api a), '') as all
      from wecom_credential c`.execute(one.db)
    expect(rows[0]?.all).toContain('user/get')
    expect(rows[0]?.all).not.toMatch(/token-1|the-secret/)
    // A database under another SECRET is no key to it: a new token is fetched.
    await createWeCom({
      ...{ apiUrl: 'https://wecom.test', corpId: 'ww1', secret: 'the-secret', now: () => clock, fetch: wecom },
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
      shared: sharedIn(one.db, 'another'.repeat(6)),
    }).ask(userGet, { userid: 'lisi' })
    expect(asked('gettoken')).toBe(2)
    const { seal, unseal } = sealer(SECRET)
    expect(unseal(seal('x', 'here'), 'here')).toBe('x')
    expect(unseal(seal('x', 'here'), 'there')).toBeNull()
    expect(unseal('', 'here')).toBeNull()
  })

  it('all keep out of a block that one of them met; effects learn until when (Q16)', async () => {
    const [one, two] = [process_(), process_()]
    await Promise.all([...asking(one, 1), ...asking(two, 1)])
    const given = answer
    answer = (call) => (call.path === 'gettoken' ? given(call) : { errcode: 45009 })
    const until = clock + 60_000
    await expect(one.client.ask(transferCustomer, transfer)).rejects.toMatchObject({ errcode: 45009, until })
    calls = []
    clock += 59_000
    await expect(two.client.ask(transferCustomer, transfer)).rejects.toMatchObject({ kind: 'retry', until })
    expect(calls).toEqual([])
    // Only this API is closed.
    answer = given
    await two.client.ask(userGet, { userid: 'lisi' })
    clock = until
    answer = (call) => (call.path === 'gettoken' ? given(call) : { errcode: 0, customer: [] })
    await two.client.ask(transferCustomer, transfer)
    await one.client.ask(transferCustomer, transfer)
  })

  it('send one call to see whether a block is over; when it is not, it was the hour (Q16)', async () => {
    const both = [process_(), process_()]
    const [one] = both
    await Promise.all(both.flatMap((p) => asking(p, 1)))
    const given = answer
    answer = (call) => (call.path === 'externalcontact/get' ? { errcode: 45009 } : given(call))
    const look = (p: (typeof both)[number]) => p.client.ask(contactGet, { external_userid: 'wm1' }, { patience: 0 })
    await expect(look(one!)).rejects.toMatchObject({ errcode: 45009 })
    clock += 60_000
    calls = []
    const refused = await Promise.allSettled(both.flatMap((p) => Array.from({ length: 10 }, () => look(p))))
    expect(refused.every((r) => r.status === 'rejected')).toBe(true)
    expect(asked('externalcontact/get')).toBe(1)
    const rows = await wecomHealth(one!.db)
    expect(rows.find((h) => h.api === 'externalcontact/get')?.blockedUntil).toEqual(new Date(clock + 3_600_000))
    clock += 3_599_000
    await expect(look(both[1]!)).rejects.toMatchObject({ errcode: 45009 })
    expect(asked('externalcontact/get')).toBe(1)
    clock += 1000
    answer = (call) =>
      call.path === 'externalcontact/get' ? { errcode: 0, external_contact: { external_userid: 'wm1' } } : given(call)
    await Promise.all(Array.from({ length: 10 }, () => look(one!)))
  })

  it('make no call without the database, and say that nothing was sent', async () => {
    const one = process_()
    await Promise.all(asking(one, 1))
    await one.db.destroy()
    dbs = []
    calls = []
    await expect(one.client.ask(transferCustomer, transfer)).rejects.toMatchObject({
      name: 'AnswerLost',
      notSent: true,
    })
    expect(calls).toEqual([])
  })

  it('write down how each API does: at once when that changes, and otherwise now and then', async () => {
    const one = process_()
    await Promise.all(asking(one, 3))
    const health = async (api = 'user/get') => {
      await new Promise((done) => setTimeout(done, 50))
      return (await wecomHealth(one.db)).find((h) => h.api === api)
    }
    const at = new Date(clock)
    expect(await health()).toEqual({
      ...{ api: 'user/get', answeredAt: at, failedAt: null, why: null, errcode: null, blockedUntil: null },
    })
    const given = answer
    const saying = (said: object) => (answer = (call) => (call.path === 'user/get' ? said : given(call)))
    saying({
      errcode: 60020,
      errmsg: 'not allow to access, hint: [1_2_a], from ip: 203.0.113.7, more info at https://x',
    })
    clock += 1000
    await expect(one.client.ask(userGet, { userid: 'x' })).rejects.toMatchObject({ errcode: 60020 })
    expect(await health()).toMatchObject({
      answeredAt: at,
      failedAt: new Date(clock),
      errcode: 60020,
      why: '203.0.113.7',
    })
    // Whatever stands in the place of an address, only an address is kept.
    saying({ errcode: 60020, errmsg: 'from ip: 999.1.1.1<script>, from ip: ::, more' })
    await one.client.ask(userGet, { userid: 'x' }).catch(() => undefined)
    expect((await health())?.why).toBeNull()
    saying(['no envelope'])
    await one.client.ask(userGet, { userid: 'x' }).catch(() => undefined)
    expect(await health()).toMatchObject({ errcode: null, why: 'malformed' })
    // A no about one member is an answer.
    saying({ errcode: 60111 })
    clock += 1000
    await one.client.ask(userGet, { userid: 'x' }).catch(() => undefined)
    const mended = new Date(clock)
    expect(await health()).toMatchObject({ answeredAt: mended })
    clock += 9000
    await one.client.ask(userGet, { userid: 'x' }).catch(() => undefined)
    expect(await health()).toMatchObject({ answeredAt: mended })
    clock += 1000
    await one.client.ask(userGet, { userid: 'x' }).catch(() => undefined)
    expect(await health()).toMatchObject({ answeredAt: new Date(clock) })
  })
})
