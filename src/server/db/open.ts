import { hash } from 'node:crypto'
import {
  CamelCasePlugin,
  Kysely,
  PostgresDialect,
  type PostgresCursorConstructor,
  type PostgresPool,
  type PostgresPoolClient,
  type Transaction,
} from 'kysely'
import pg from 'pg'
import { CopyOut } from './copy-out'
import { isOldPlan } from './outage'
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

/**
 * Kysely's pool, with two things of our own. A connection that is of no use is thrown away, since pg would give it to the next
 * (Q7). And a statement that comes again is prepared, so that a connection parses and plans it once: nearly half of a
 * brief's time was planning.
 */
function kyselyPool(pool: pg.Pool): PostgresPool {
  const nameOf = statementNames()
  const connect = async () => {
    const client = await pool.connect()
    const letGo = (error: unknown) => {
      if (error instanceof Error && (error.message === NO_ANSWER || isOldPlan(error))) void client.end()
    }
    const ask = async (text: string, values: unknown[]) => {
      try {
        const name = nameOf(text, values.length)
        return await (name ? client.query({ name, text, values }) : client.query(text, values))
      } catch (error) {
        letGo(error)
        throw error
      }
    }
    const query = (asked: string | CopyOut, values: unknown[]) =>
      typeof asked === 'string' ? ask(asked, values) : client.query(Object.assign(asked, { failed: letGo }))
    return { query, release: () => client.release() } as unknown as PostgresPoolClient
  }
  return { connect, end: () => pool.end() }
}

/** Each prepared statement costs every connection that asked it some memory at the database. */
const MOST_STATEMENTS = 1000
/** Values named one by one (lists of `in`) make ever new texts, which are not worth keeping. */
const MOST_VALUES = 40

/** The name of a text from its second time on; of one without values none, since such a text may hold several statements. */
function statementNames() {
  const names = new Map<string, string>()
  const once = new Set<string>()
  return (text: string, values: number): string | undefined => {
    if (values === 0 || values > MOST_VALUES) return undefined
    const name = names.get(text)
    if (name || names.size >= MOST_STATEMENTS) return name
    if (!once.delete(text)) {
      if (once.size >= MOST_STATEMENTS) once.clear()
      once.add(text)
      return undefined
    }
    // By what it says: several of these pools may share a connection.
    names.set(text, hash('sha256', text).slice(0, 32))
    return names.get(text)
  }
}

export const openDb = (pool: pg.Pool): Db =>
  new Kysely<DB>({
    dialect: new PostgresDialect({ pool: kyselyPool(pool), cursor: CopyOut as PostgresCursorConstructor }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
