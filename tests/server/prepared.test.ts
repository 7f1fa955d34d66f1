import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDb, openPool, type Db } from '../../src/server/db/open'
import { prepared } from '../../src/server/db/prepared'
import { freshDatabase } from '../support/postgres'

let database: Awaited<ReturnType<typeof freshDatabase>>
let db: Db
beforeAll(async () => {
  database = await freshDatabase()
  db = openDb(openPool(database.app, () => undefined))
})
afterAll(async () => {
  await db.destroy()
  await database.drop()
})

describe('a statement that is put together once', () => {
  it('is asked with other values each time, in a transaction too, and names columns as every other does', async () => {
    let built = 0
    const ask = prepared((of, value: { a: number; b: string }) => {
      built++
      return sql<{ bTwice: string }>`select ${value.b} || ${value.b} || ${value.a}::int as b_twice`.compile(of)
    })
    expect(await ask(db, { a: 1, b: 'x' })).toEqual([{ bTwice: 'xx1' }])
    expect(await ask(db, { a: 2, b: 'y' })).toEqual([{ bTwice: 'yy2' }])
    const seen = await db.transaction().execute((tx) => ask(tx, { a: 3, b: 'z' }))
    expect({ seen, built }).toEqual({ seen: [{ bTwice: 'zz3' }], built: 1 })
  })

  it('cannot be put together by what a value is', async () => {
    const more = prepared((of, value: { limit: number }) =>
      of
        .selectFrom('member')
        .select('id')
        .limit(value.limit + 1)
        .compile(),
    )
    await expect(more(db, { limit: 1 })).rejects.toThrow('limit is not known')
    const said = prepared((of, value: { id: string }) => sql`select ${`${value.id}!`}::text`.compile(of))
    await expect(said(db, { id: 'm1' })).rejects.toThrow('id is not known')
  })
})
