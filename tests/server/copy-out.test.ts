import fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type pg from 'pg'
import { CopiedArray, type CopiedRow } from '../../src/server/db/copy-out'
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

/** Of rows with one column, or as many as are asked for, each an array of texts. */
async function copied(db: Db, select: string, columns = 1): Promise<string[][][]> {
  const rows: string[][][] = []
  for await (const part of parts(db, select)) rows.push(...part.rows.map((row) => arraysOf(row, columns)))
  return rows
}

function arraysOf(row: CopiedRow, columns: number): string[][] {
  let at = 0
  return Array.from({ length: columns }, () => {
    const array = new CopiedArray(row, at)
    at = array.end
    const found: string[] = []
    while (array.next()) found.push(array.bytesAfter(65).toString())
    expect(found.every((text) => text.startsWith('A'))).toBe(true)
    return found.map((text) => text.slice(1))
  })
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
        const arrays = 'array_agg(a order by n), array_agg(b order by n)'
        const found = await copied(db, `select ${arrays} from words group by n / 9 order by n / 9`, 2)
        expect(found.flatMap(([a]) => a)).toEqual(rows.map(([a]) => a ?? ''))
        expect(found.flatMap(([, b]) => b)).toEqual(rows.map(([, b]) => b ?? ''))
      }),
      { numRuns: 40 },
    )
  })

  it('comes in parts, each row once and in order, however long', async () => {
    const found = await copied(open(), `select array[n::text, repeat('接', n % 4000)] from generate_series(1, 6000) n`)
    expect(found.length).toBe(6000)
    expect(found.every(([row], i) => row?.[0] === String(i + 1) && row[1]?.length === (i + 1) % 4000)).toBe(true)
  })

  it('has numbers and ASCII as they are, and nothing where the whole array is null or empty', async () => {
    const numbers = [0, 1, -1, 2 ** 31, -(2 ** 40), Number.MAX_SAFE_INTEGER]
    const select = `select array[${numbers.join(',')}]::bigint[], array['', 'ab'], null::text[], '{}'::text[], array['z']`
    let row: CopiedRow | undefined
    for await (const { rows } of parts(open(), select)) row = rows[0]
    const bigints = new CopiedArray(row!)
    expect(numbers.map(() => bigints.next() && bigints.bigint())).toEqual(numbers)
    expect(bigints.next()).toBe(false)
    const texts = new CopiedArray(row!, bigints.end)
    expect([texts.next() && texts.ascii(), texts.next() && texts.ascii(), texts.next()]).toEqual(['', 'ab', false])
    expect(arraysOf(row!, 5).slice(2)).toEqual([[], [], ['z']])
  })

  it('is let go in the middle, and the same transaction goes on', async () => {
    const db = open()
    await db.transaction().execute(async (tx) => {
      for await (const { rows } of parts(tx, 'select array[n::text] from generate_series(1, 100000) n')) {
        expect(arraysOf(rows[0]!, 1)).toEqual([['1']])
        break
      }
      await works(tx)
    })
    await works(db)
  })

  it('says what the database says when it fails on the way, and the connection is good for the next', async () => {
    const db = open()
    await expect(copied(db, 'select array[1 / (5000 - n)] from generate_series(1, 9000) n')).rejects.toThrow('zero')
    await expect(copied(db, 'select nothing from nowhere')).rejects.toThrow('nowhere')
    await works(db)
  })

  it('fails when its connection is lost, and the next one is a new one', async () => {
    const db = open()
    const ended = `case when n = 50000 then pg_terminate_backend(pg_backend_pid())::text else repeat('x', 100) end`
    await expect(copied(db, `select array[${ended}] from generate_series(1, 100000) n`)).rejects.toThrow()
    // PostgreSQL says so first and hangs up then.
    await vi.waitFor(() => works(db))
  })

  it('is not waited for without end, and what has come in time is not told late that it did not', async () => {
    const db = open({ query_timeout: 300 })
    expect(await copied(db, `select array['1']`)).toEqual([[['1']]])
    await sql`select pg_sleep(0.2)`.execute(db)
    await sql`select pg_sleep(0.2)`.execute(db)
    await expect(copied(db, 'select array[pg_sleep(2)::text]')).rejects.toThrow('Query read timeout')
    await works(db)
  })
})
