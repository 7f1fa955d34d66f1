import type pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { openDb, openPool, type Db } from '../../src/server/db/open'
import { freshDatabase, type FreshDatabase } from './postgres'

/**
 * A database for the tests beside this call: there before the first, gone after the last. `as`: who owns the tables, or the role
 * the server works as.
 */
export function ownDatabase(as: 'owner' | 'app' = 'owner'): { db: Db; pool: pg.Pool } {
  const own = {} as { db: Db; pool: pg.Pool }
  let database: FreshDatabase
  beforeAll(async () => {
    database = await freshDatabase()
    own.pool = openPool(as === 'app' ? database.app : database.connection, () => undefined)
    own.db = openDb(own.pool)
  })
  afterAll(async () => {
    await own.db.destroy()
    await database.drop()
  })
  return own
}
