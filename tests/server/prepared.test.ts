import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { prepared } from '../../src/server/db/prepared'
import { ownDatabase } from '../support/own-database'

const own = ownDatabase('app')

describe('a statement that is put together once', () => {
  it('is asked with other values each time, in a transaction too, and names columns as every other does', async () => {
    let built = 0
    const ask = prepared((of, value: { a: number; b: string }) => {
      built++
      return sql<{ bTwice: string }>`select ${value.b} || ${value.b} || ${value.a}::int as b_twice`.compile(of)
    })
    expect(await ask(own.db, { a: 1, b: 'x' })).toEqual([{ bTwice: 'xx1' }])
    expect(await ask(own.db, { a: 2, b: 'y' })).toEqual([{ bTwice: 'yy2' }])
    const seen = await own.db.transaction().execute((tx) => ask(tx, { a: 3, b: 'z' }))
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
    await expect(more(own.db, { limit: 1 })).rejects.toThrow('limit is not known')
    const said = prepared((of, value: { id: string }) => sql`select ${`${value.id}!`}::text`.compile(of))
    await expect(said(own.db, { id: 'm1' })).rejects.toThrow('id is not known')
  })
})
