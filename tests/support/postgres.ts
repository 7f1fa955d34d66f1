import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { APP_ROLE } from '../../src/server/db/roles'

export interface FreshDatabase {
  /** For pg.Pool and openPool. */
  connection: pg.PoolConfig
  /** The same as the role the server works as, which owns nothing. */
  app: pg.PoolConfig
  /** Both as settings, for a server started as in production. */
  urls: { DATABASE_URL: string; DATABASE_OWNER_URL: string }
  /** Throws out whoever still holds a connection after five seconds. */
  drop(): Promise<void>
}

/**
 * A migrated database of its own, on the one server of this run (global-setup.ts). `swept`: whoever has it does not drop it in the
 * end, so it bears the template's name and goes with it.
 */
export async function freshDatabase({ swept = false } = {}): Promise<FreshDatabase> {
  const { server, template } = inject('postgres')
  const name = `${swept ? template : 'test'}_${randomBytes(6).toString('hex')}`
  // Copying the files takes half the time of writing every block into the log, where nothing is flushed to the disk.
  await once(server, `create database ${name} template ${template} strategy file_copy`)
  const [owner, app] = [urlOf(server, name), urlOf(asApp(server), name)]
  const poolOf = (url: string, given: pg.PoolConfig) =>
    given.connectionString ? { connectionString: url } : { ...given, database: name }
  return {
    connection: poolOf(owner, server),
    app: poolOf(app, asApp(server)),
    urls: { DATABASE_URL: app, DATABASE_OWNER_URL: owner },
    drop: () => drop(server, name),
  }
}

/** A server of somebody else's (TEST_DATABASE_URL) has the roles it has: there we are who we are. */
const asApp = (server: pg.PoolConfig): pg.PoolConfig =>
  server.connectionString ? server : { ...server, user: APP_ROLE }

/**
 * PostgreSQL waits some seconds for sessions to end. That is wanted: a pool that was just ended still says goodbye, and
 * would take being thrown out for a fault.
 */
async function drop(server: pg.PoolConfig, name: string): Promise<void> {
  try {
    await once(server, `drop database if exists ${name}`)
  } catch {
    await once(server, `drop database if exists ${name} with (force)`)
  }
}

async function once(server: pg.PoolConfig, sql: string): Promise<void> {
  const client = new pg.Client(server)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** A socket's folder travels as the parameter `host`, as libpq has it. */
function urlOf(server: pg.PoolConfig, database: string): string {
  const url = new URL(server.connectionString ?? `postgres://${server.user}@localhost:${server.port}/`)
  url.pathname = `/${database}`
  if (!server.connectionString) url.searchParams.set('host', server.host ?? '')
  return url.href
}
