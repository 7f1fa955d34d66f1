import { sql } from 'kysely'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createApp } from '../../src/server/app'
import { createOps } from '../../src/server/ops/app'
import { openDb, openPool } from '../../src/server/db/open'
import { isOutage } from '../../src/server/db/outage'
import { bySelf, openHouse, type ServerHouse } from '../support/house'

const configOf = (database: string, options: string): pg.PoolConfig => {
  const { server } = inject('postgres')
  if (!server.connectionString) return { ...server, database, options }
  const url = new URL(server.connectionString)
  url.pathname = `/${database}`
  return { connectionString: url.href, options }
}

const databaseName = async () =>
  (await sql<{ name: string }>`select current_database() as name`.execute(house.db)).rows[0]!.name

let house: ServerHouse
let cookie: string
beforeAll(async () => {
  house = await openHouse()
  await house.runJobs('mirror')
  cookie = await house.signIn('zhoumin')
})
afterAll(() => house.close())

describe('a database that is away', () => {
  it.each([
    ['zh-CN', '系统正忙，请稍后再试。'],
    ['en', 'The system is busy. Please try again shortly.'],
  ])('is a sentence (%s) and 503, not a fault of ours (Q6)', async (language, message) => {
    const nowhere = openDb(openPool({ host: '127.0.0.1', port: 1 }, () => undefined))
    const { app } = createApp({ ...house.deps, db: nowhere })
    const answer = await app.request('/api/me', { headers: { cookie, 'accept-language': language } })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(await answer.json()).toMatchObject({ code: 'busy', message })
    const letter = await app.request('/n/some-link')
    expect([letter.status, letter.headers.get('retry-after')]).toEqual([503, '5'])
    const ops = createOps({ ...house.deps, db: nowhere })
    expect([(await ops.request('/readyz')).status, (await ops.request('/healthz')).status]).toEqual([503, 200])
    await nowhere.destroy()
  })
})

describe('a database that takes nothing', () => {
  const end = () => house.post('/api/logout', {}, cookie)

  it('because it is read-only: reading goes on, writing is 503, and works again by itself (Q6)', async () => {
    const name = await databaseName()
    const readOnly = openDb(openPool(configOf(name, '-c default_transaction_read_only=on'), () => undefined))
    const { app } = createApp({ ...house.deps, db: readOnly })
    const headers = { cookie, ...bySelf(house.deps.config.PUBLIC_URL) }
    expect((await app.request('/api/me', { headers })).status).toBe(200)
    expect((await app.request('/api/logout', { method: 'POST', headers, body: '{}' })).status).toBe(503)
    await readOnly.destroy()
    expect((await house.get('/api/me', cookie)).status).toBe(200)
  })

  it('because the disk is full: 503, nothing half written, and no row in the log (Q6, by its error code)', async () => {
    await house.asOwner(`create function full_disk() returns trigger language plpgsql as $$
      begin raise exception 'could not extend file' using errcode = '53100', detail = 'a name'; end $$;
      create trigger full_disk before insert on audit execute function full_disk()`)
    expect((await end()).status).toBe(503)
    expect(house.logged.join()).not.toContain('a name')
    await house.asOwner('drop trigger full_disk on audit')
    expect((await house.get('/api/me', cookie)).status).toBe(200)
    expect((await end()).status).toBe(200)
    expect((await house.get('/api/me', cookie)).status).toBe(401)
  })
})

describe('a statement that comes again', () => {
  const prepared = sql<{ statement: string }>`select statement from pg_prepared_statements`
  const one = async (work: (db: ServerHouse['db']) => Promise<void>) => {
    const db = openDb(openPool({ ...configOf(await databaseName(), ''), max: 1 }, () => undefined))
    try {
      await work(db)
    } finally {
      await db.destroy()
    }
  }

  it('is planned once by each connection; lists of ever new lengths and statements without values are not kept', () =>
    one(async (db) => {
      for (let n = 1; n <= 3; n++) {
        await db.selectFrom('member').select('id').where('userid', '=', `nobody${n}`).execute()
        const many = Array.from({ length: 41 }, (_, i) => `m${i}`)
        await db.selectFrom('member').select('name').where('id', 'in', many).execute()
        await db.selectFrom('member').select('status').execute()
      }
      const kept = (await prepared.execute(db)).rows.map((r) => r.statement)
      expect(kept).toEqual(['select "id" from "member" where "userid" = $1'])
    }))

  it('is refused once where its table has changed since (an update while servers run): 503, and the next one works', () =>
    one(async (db) => {
      await sql`create table changing (id int, name text)`.execute(db)
      const ask = () => sql`select * from changing where id = ${1}`.execute(db)
      for (let n = 0; n < 3; n++) await ask()
      await sql`alter table changing add column more text`.execute(db)
      const refused = await ask().catch((error: unknown) => error)
      expect(isOutage(refused)).toBe(true)
      expect((await ask()).rows).toEqual([])
      await sql`drop table changing`.execute(db)
    }))
})
