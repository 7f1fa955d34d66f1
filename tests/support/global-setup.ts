import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startPostgres } from '../../src/server/db/embedded'
import { migrate } from '../../src/server/db/migrate'
import { APP_ROLE, ensureRole, grantTo } from '../../src/server/db/roles'
import { shortLived, shortLivedFolder } from './folder'
import { LIVE } from './live'

declare module 'vitest' {
  interface ProvidedContext {
    /** The database server of this run: as pg.Pool takes it, and the name of the migrated template. */
    postgres: { server: pg.PoolConfig; template: string }
  }
}

interface Server {
  given: { server: pg.PoolConfig; template: string }
  stop(): Promise<void>
}

// Several projects name this file and each loads its own copy, but one server is enough for all of them.
const shared = globalThis as { jiebangTests?: { server: Promise<Server>; users: number } }

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const run = (shared.jiebangTests ??= { server: start(), users: 0 })
  run.users++
  const server = await run.server
  project.provide('postgres', server.given)
  return async () => {
    if (--run.users === 0) await server.stop()
  }
}

async function start(): Promise<Server> {
  const given = process.env['TEST_DATABASE_URL']
  return given ? external(given) : embedded()
}

async function embedded(): Promise<Server> {
  sweep()
  const folder = shortLivedFolder(`jiebang-tests-${process.pid}-`)
  const careless = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }
  const postgres = await startPostgres(folder, { settings: careless })
  const stop = async () => {
    await postgres.stop()
    for (const path of [postgres.folder, folder]) rmSync(path, { recursive: true, force: true })
  }
  try {
    return { given: await template(postgres.config), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function external(url: string): Promise<Server> {
  const given = await template({ connectionString: url })
  return { given, stop: () => dropAll(url, given.template) }
}

/** The template, and what was kept under its name. */
async function dropAll(url: string, template: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url })
  try {
    const { rows } = await pool.query<{ name: string }>('select datname as name from pg_database')
    for (const { name } of rows) if (name.startsWith(template)) await pool.query(`drop database ${name} with (force)`)
  } finally {
    await pool.end()
  }
}

/** Migrated once; each test file's database is a copy of it (stack.md 5: 33 to 69 ms). */
async function template(server: pg.PoolConfig): Promise<Server['given']> {
  const name = `jiebang_template_${process.pid}_${Date.now()}`
  await once(server, `create database ${name}`)
  const pool = new pg.Pool(inDatabase(server, name))
  try {
    await migrate(pool)
    await pool.query(LIVE)
    if (!server.connectionString) {
      await ensureRole(pool, APP_ROLE)
      await grantTo(pool, APP_ROLE)
    }
  } finally {
    await pool.end()
  }
  return { server, template: name }
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

function inDatabase(server: pg.PoolConfig, database: string): pg.PoolConfig {
  if (!server.connectionString) return { ...server, database }
  const url = new URL(server.connectionString)
  url.pathname = `/${database}`
  return { connectionString: url.href }
}

/** What runs that were killed have left. */
function sweep(): void {
  for (const name of readdirSync(shortLived)) {
    const pid = Number(/^jiebang-tests-(\d+)-/.exec(name)?.[1])
    if (pid && !alive(pid)) rmSync(join(shortLived, name), { recursive: true, force: true })
  }
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
