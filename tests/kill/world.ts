import { once } from 'node:events'
import { serve } from '@hono/node-server'
import pg from 'pg'
import { demoSettings } from '../../mock/demo'
import { createSimulator, type Simulator } from '../../mock/wecom/simulator'
import { openDb, openPool, type Db } from '../../src/server/db/open'
import { giveCustomers } from '../support/departed'
import { LIVE } from '../support/live'
import { smallCorp } from '../support/small-corp'
import { freePort } from '../support/stage'
import type { Point } from './points'
import { makeServer, type Server } from './processes'

/** A corp of which somebody with many customers is about to leave, and the product's processes beside it. */
export interface World {
  simulator: Simulator
  appUrl: string
  /** Straight to the database, past the proxies. */
  db: Db
  pool: pg.Pool
  servers: Server[]
  /** Kills at the next chance whichever process comes to the point; answers which, and when. */
  arm(point: Point, kill?: () => void): { struck: Promise<{ server: Server; at: number }>; disarm(): void }
  /** Lets time pass for everybody. */
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

export type Roles = readonly ('all' | 'web' | 'worker')[]
export type Postgres = { host: string; port: number; user: string; database: string }

let serial = 0

export async function openWorld(postgres: Postgres, roles: Roles, customers: number): Promise<World> {
  const database = `kill_${process.pid}_${++serial}`
  await once1(postgres, `create database ${database}`)
  const [appPort, apiPort] = [await freePort(), await freePort()]
  const appUrl = `http://127.0.0.1:${appPort}`
  const cast = smallCorp((c) => {
    giveCustomers(c, customers)
    c.app.trustedHosts = [`127.0.0.1:${appPort}`]
    c.app.callback.url = `${appUrl}/wecom/callback/app`
    c.contactSync.callback.url = `${appUrl}/wecom/callback/contacts`
  })
  let armed: ((passing: Struck) => boolean) | null = null
  const simulator = createSimulator(cast, {
    limits: { callbackPause: 50, callbackTimeout: 5000, callsKept: 50 },
    async send(request) {
      const web = servers.find((s) => s.name !== 'worker')
      if (web && armed?.({ server: web, callback: 'before effect' })) throw new Error('killed')
      const answer = await fetch(request)
      if (web) armed?.({ server: web, callback: 'after effect' })
      return answer
    },
  })
  const offset = () => simulator.clock.now() - Date.now()
  const api = serve({ fetch: (request, env) => guarded(request, env), port: apiPort, hostname: '127.0.0.1' })
  await once(api, 'listening')

  /** Each process calls below its own prefix, so that it is known who calls. */
  async function guarded(request: Request, env: unknown): Promise<Response> {
    const url = new URL(request.url)
    const [, index = '', ...path] = url.pathname.split('/')
    const server = servers[Number(index)]
    url.pathname = `/${path.join('/')}`
    const inner = new Request(url, request.method === 'GET' ? {} : { method: 'POST', body: await request.text() })
    const called = { server: server as Server, path: path.slice(1).join('/') }
    if (armed?.({ ...called, call: 'before effect' })) return new Response(null, { status: 503 })
    const answer = await simulator.fetch(inner, env)
    if (armed?.({ ...called, call: 'mid answer' })) return half(await answer.text())
    armed?.({ ...called, call: 'after effect' })
    return answer
  }

  const settings = demoSettings(cast, { publicUrl: appUrl, apiUrl: '', port: 0, secret: 's'.repeat(32), dataDir: '' })
  const servers: Server[] = []
  for (const [index, role] of roles.entries())
    servers.push(
      await makeServer({
        name: role,
        database: { ...postgres, database },
        offset,
        env: {
          ...settings,
          ROLE: role,
          // The first that answers people is where they come in.
          PORT: String(index === roles.findIndex((r) => r !== 'worker') ? appPort : 0),
          WECOM_API_URL: `http://127.0.0.1:${apiPort}/${index}`,
        },
      }),
    )
  const pool = openPool({ ...postgres, database, max: 3 }, () => undefined)
  const db = openDb(pool)
  await Promise.all(servers.map((s) => s.start()))
  await pool.query(LIVE)

  return {
    simulator,
    appUrl,
    db,
    pool,
    servers,
    arm(point, kill) {
      let disarm = (): void => undefined
      const struck = new Promise<{ server: Server; at: number }>((done) => {
        const strike = (server: Server): true => {
          disarm()
          if (kill) kill()
          else server.kill()
          done({ server, at: performance.now() })
          return true
        }
        disarm = set(point, strike)
      })
      return { struck, disarm: () => disarm() }
    },
    async pass(ms) {
      servers.forEach((s) => s.setClock(offset() + ms))
      await simulator.clock.advance(ms)
    },
    async close() {
      await Promise.all(servers.map((s) => s.close()))
      await simulator.callbacks.idle()
      api.close()
      if ('closeAllConnections' in api) api.closeAllConnections()
      await db.destroy()
      await once1(postgres, `drop database ${database} with (force)`)
    },
  }

  function set(point: Point, strike: (server: Server) => true): () => void {
    if ('ms' in point) {
      const living = servers.filter((s) => s.pid)
      const server = living[Math.floor(point.ms) % living.length]
      const timer = setTimeout(() => server && strike(server), point.ms)
      return () => clearTimeout(timer)
    }
    if ('sql' in point) for (const server of servers) tap(server, point, () => strike(server))
    else
      armed = ({ server, path, call, callback }) => {
        const here = 'path' in point ? path === point.path && call === point.at : callback === point.at
        return here && strike(server)
      }
    return () => {
      armed = null
      for (const { proxy } of servers) {
        proxy.onStatement = () => 'pass'
        proxy.onMuted = () => false
      }
    }
  }
}

interface Struck {
  server: Server
  path?: string
  call?: string
  callback?: string
}

function tap(server: Server, { sql: wanted, at }: Extract<Point, { sql: RegExp }>, strike: () => true): void {
  const { proxy } = server
  proxy.onMuted = strike
  proxy.onStatement = ({ sql, before }) => {
    const commit = at.endsWith('commit')
    const here = commit ? /\bcommit\b/i.test(sql) && before.some((s) => wanted.test(s)) : wanted.test(sql)
    if (!here) return 'pass'
    if (at.startsWith('after')) return 'mute'
    strike()
    return 'stop'
  }
}

/** The rest never comes: the reader is dead. */
const half = (text: string): Response =>
  new Response(
    new ReadableStream({
      start: (to) => {
        to.enqueue(new TextEncoder().encode(text.slice(0, text.length / 2)))
        to.close()
      },
    }),
    { headers: { 'content-type': 'application/json' } },
  )

async function once1(postgres: Postgres, sql: string): Promise<void> {
  const client = new pg.Client(postgres)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
