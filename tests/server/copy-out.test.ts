import fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type pg from 'pg'
import type { CopiedRow } from '../../src/server/db/copy-out'
import { openDb, openPool, type Db } from '../../src/server/db/open'
import { freshDatabase, type FreshDatabase } from '../support/postgres'

let database: FreshDatabase
const ends: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  database = await freshDatabase()
  ends.push(database.drop)
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** One connection, so that whatever a copy leaves behind meets the next statement. */
function open(more: pg.PoolConfig = {}): Db {
  const db = openDb(openPool({ ...database.connection, max: 1, ...more }, () => undefined))
  ends.push(() => db.destroy())
  return db
}

const parts = (db: Db, select: string) =>
  db
    .withoutPlugins()
    .getExecutor()
    .stream(sql<CopiedRow>`${sql.raw(`copy (${select}) to stdout (format binary)`)}`.compile(db), 1)

async function copied(db: Db, select: string): Promise<CopiedRow[]> {
  const rows: CopiedRow[] = []
  for await (const part of parts(db, select)) rows.push(...part.rows)
  return rows
}

const works = async (db: Db) => expect((await sql<{ n: number }>`select 1 as n`.execute(db)).rows).toEqual([{ n: 1 }])

describe('a table read by COPY', () => {
  it('is what a select says, whatever stands in it', async () => {
    const db = open()
    await sql`create table words (n integer, a text, b text)`.execute(db)
    const text = fc.option(fc.string({ unit: 'binary', maxLength: 300 }).map((s) => s.replaceAll('\0', '')))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { maxLength: 60 }), async (rows) => {
        await sql`truncate words`.execute(db)
        await sql`insert into words select n, x->>0, x->>1
          from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) with ordinality as e(x, n)`.execute(db)
        const selected = await sql<{ a: string; b: string }>`select a, b from words order by n`.execute(db)
        const found = await copied(db, 'select a, b from words order by n')
        expect(found).toEqual(selected.rows.map(({ a, b }) => [a, b]))
        expect(found).toEqual(rows)
      }),
      { numRuns: 40 },
    )
  })

  it('comes in parts, each row once and in order, however long', async () => {
    const found = await copied(open(), `select n::text, repeat('接', n % 4000) from generate_series(1, 6000) n`)
    expect(found.length).toBe(6000)
    expect(found.every(([n, text], i) => n === String(i + 1) && text?.length === (i + 1) % 4000)).toBe(true)
  })

  it('is let go in the middle, and the same transaction goes on', async () => {
    const db = open()
    await db.transaction().execute(async (tx) => {
      for await (const { rows } of parts(tx, 'select n::text from generate_series(1, 100000) n')) {
        expect(rows[0]).toEqual(['1'])
        break
      }
      await works(tx)
    })
    await works(db)
  })

  it('says what the database says when it fails on the way, and the connection is good for the next', async () => {
    const db = open()
    await expect(copied(db, 'select (1 / (5000 - n))::text from generate_series(1, 9000) n')).rejects.toThrow('zero')
    await expect(copied(db, 'select nothing from nowhere')).rejects.toThrow('nowhere')
    await works(db)
  })

  it('fails when its connection is lost, and the next one is a new one', async () => {
    const db = open()
    const ended = `case when n = 50000 then pg_terminate_backend(pg_backend_pid())::text else repeat('x', 100) end`
    await expect(copied(db, `select ${ended} from generate_series(1, 100000) n`)).rejects.toThrow()
    // PostgreSQL says so first and hangs up then.
    await vi.waitFor(() => works(db))
  })

  it('is not waited for without end, and what has come in time is not told late that it did not', async () => {
    const db = open({ query_timeout: 300 })
    expect(await copied(db, 'select 1::text')).toEqual([['1']])
    await sql`select pg_sleep(0.2)`.execute(db)
    await sql`select pg_sleep(0.2)`.execute(db)
    await expect(copied(db, 'select pg_sleep(2)::text')).rejects.toThrow('Query read timeout')
    await works(db)
  })
})
