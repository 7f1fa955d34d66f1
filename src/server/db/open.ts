import {
  CamelCasePlugin,
  Kysely,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type Transaction,
} from 'kysely'
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

/** A dead host says nothing: the server lets go of what it held after some 15 seconds instead of two hours. */
const KEEPALIVE = '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3'

export function openPool(config: pg.PoolConfig, onError: (error: Error) => void): pg.Pool {
  const keepAlive = { keepAlive: true, keepAliveInitialDelayMillis: 5000, options: KEEPALIVE }
  const pool = new pg.Pool({ max: 12, types, ...keepAlive, ...config })
  // Without listeners a restart of the database would end this process (stack.md 7): the pool speaks for idle connections
  // only, and one that is held during a call to WeCom dies without anybody waiting for it.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', onError))
  return pool
}

/** What pg says when `query_timeout` is over. The statement may still run, so its connection is of no use to anybody. */
const NO_ANSWER = 'Query read timeout'

/** Throws away a connection that did not answer; pg would give it to the next (Q7). */
function dropSilent(pool: pg.Pool): PostgresPool {
  const connect = async () => {
    const client = await pool.connect()
    const query = async (sql: string, values: unknown[]) => {
      try {
        return await client.query(sql, values)
      } catch (error) {
        if (error instanceof Error && error.message === NO_ANSWER) void client.end()
        throw error
      }
    }
    return { query, release: () => client.release() } as unknown as PostgresPoolClient
  }
  return { connect, end: () => pool.end() }
}

export const openDb = (pool: pg.Pool): Db =>
  new Kysely<DB>({
    dialect: new PostgresDialect({ pool: dropSilent(pool) }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
