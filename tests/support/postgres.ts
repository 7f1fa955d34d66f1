import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

export interface FreshDatabase {
  /** For pg.Pool and openPool. */
  connection: pg.PoolConfig
  /** The same as a DATABASE_URL, for a server started as in production. */
  url: string
  /** Throws out whoever still holds a connection after five seconds. */
  drop(): Promise<void>
}

/** An empty, migrated database of its own, on the one server of this run (global-setup.ts). */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { server, template } = inject('postgres')
  const name = `test_${randomBytes(6).toString('hex')}`
  await once(server, `create database ${name} template ${template}`)
  const url = urlOf(server, name)
  return {
    connection: server.connectionString ? { connectionString: url } : { ...server, database: name },
    url,
    drop: () => drop(server, name),
  }
}

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
  await client.query(sql).finally(() => client.end())
}

/** A socket's folder travels as the parameter `host`, as libpq has it. */
function urlOf(server: pg.PoolConfig, database: string): string {
  const url = new URL(server.connectionString ?? `postgres://${server.user}@localhost:${server.port}/`)
  url.pathname = `/${database}`
  if (!server.connectionString) url.searchParams.set('host', server.host ?? '')
  return url.href
}
