import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import type { DB } from './tables'

/** A connection or a transaction: what every `rows.ts` takes first. */
export type Db = Kysely<DB>
export type Tx = Transaction<DB>

const types: pg.CustomTypesConfig = {
  // Counters and sequence numbers stay far below 2^53; a calendar day has no time zone and must not become a Date.
  getTypeParser(oid, format) {
    if (oid === pg.types.builtins.INT8) return Number
    if (oid === pg.types.builtins.DATE) return String
    return pg.types.getTypeParser(oid, format) as (value: string) => unknown
  },
}

export function openPool(config: pg.PoolConfig, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({ max: 12, types, ...config })
  // Without a listener a restart of the database would end this process (stack.md 7).
  pool.on('error', onError)
  return pool
}

export const openDb = (pool: pg.Pool): Db =>
  new Kysely<DB>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
