import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { serve as listen } from '@hono/node-server'
import type pg from 'pg'
import { pino, type Logger } from 'pino'
import { createApp, jobs } from './app'
import type { Deps } from './deps'
import { startPostgres } from './db/embedded'
import { wantJob } from './db/lease'
import { migrate } from './db/migrate'
import { openDb, openPool } from './db/open'
import { readConfig, type Config } from './lib/config'
import { files } from './lib/files'
import { timeId } from './lib/id'
import { startJobs, type Pace } from './lib/jobs'
import { createWeCom } from './wecom/client'
import { sharedIn } from './wecom/shared-rows'

export interface Running {
  config: Config
  /** Where it listens, e.g. http://127.0.0.1:3000 */
  address: string
  deps: Deps
  stop(): Promise<void>
}

/**
 * Starts everything this process is by its role: database, API with the app's files, background jobs. `clock` lets the
 * simulated corp move time, `pace` hastens the jobs' own real time. Rejects with one sentence a person can act on.
 */
export async function start(
  env: Record<string, string | undefined>,
  options: { clock?: () => number; client: string; log?: Logger; pace?: Pace },
): Promise<Running> {
  const config = readConfig(env)
  const log = options.log ?? pino({ level: env['LOG_LEVEL'] ?? 'info', redact: ['req.headers', 'url'] })
  const clock = options.clock ?? Date.now
  if (config.ROLE !== 'worker' && !existsSync(join(options.client, 'index.html')))
    throw new Error(`The app is not built (${options.client} is missing). Run: npm run build`)
  const own = config.DATABASE_URL ? null : await startPostgres(config.DATA_DIR)
  const undo: (() => Promise<unknown>)[] = own ? [() => own.stop()] : []
  const poolOf = (limits: pg.PoolConfig): pg.Pool => {
    const where = own ? own.config : { connectionString: config.DATABASE_URL }
    const pool = openPool({ ...where, ...limits }, (error) => log.error({ why: error.message }, 'database'))
    undo.push(() => pool.end())
    return pool
  }
  try {
    await prepare(poolOf({ max: 1, connectionTimeoutMillis: 5000 }))
    const db = openDb(poolOf(patience.request))
    const work: { poke(): void } = { poke: () => undefined }
    const deps: Deps = {
      db,
      wecom: createWeCom({
        apiUrl: config.WECOM_API_URL,
        corpId: config.WECOM_CORP_ID,
        secret: config.WECOM_APP_SECRET,
        now: clock,
        log,
        shared: sharedIn(db, config.SECRET),
      }),
      config,
      log,
      now: () => new Date(clock()),
      id: () => timeId(clock()),
      wake: (job) =>
        void wantJob(db, job).then(
          () => work.poke(),
          (err: unknown) => log.warn({ err, job }, 'wake'),
        ),
    }
    const house = createApp(deps)
    if (config.ROLE !== 'worker') files(house, options.client)
    const worker =
      config.ROLE !== 'web' ? { lease: openDb(poolOf(patience.lease)), db: openDb(poolOf(patience.job)) } : null
    const ends: (() => Promise<void>)[] = []
    // Requests under way and runs under way end side by side: each has its own few seconds.
    undo.push(() => Promise.all(ends.map((end) => end())))
    if (worker) {
      const running = await startJobs(worker.lease, log, jobs, { ...deps, db: worker.db }, options.pace)
      ends.push(running.stop)
      work.poke = running.poke
      await wakeAtStart(deps)
    }
    const server = await bind(house.app.fetch, config)
    ends.push(() => closeServer(server))
    return { config, address: server.address, deps, stop: () => unwind(undo) }
  } catch (error) {
    await unwind(undo)
    throw error
  }
}

/**
 * How long each may wait for the database, in ms: somebody who asks is answered within 15 seconds whatever is stuck, a job
 * may take its time, and a lease must be renewed in time or is lost (Q7). Apart, so that jobs never hold up requests.
 */
const patience = {
  request: { connectionTimeoutMillis: 4000, statement_timeout: 8000, query_timeout: 8500 },
  job: { connectionTimeoutMillis: 15_000, statement_timeout: 60_000, query_timeout: 62_000 },
  lease: {
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: 5000,
    statement_timeout: 4000,
    query_timeout: 4500,
  },
} satisfies Record<string, pg.PoolConfig>

/** Waits as long as it takes for others that are bringing the database to this version. */
async function prepare(pool: pg.Pool): Promise<void> {
  await reach(
    pool.connect().then((c) => c.release()),
    `The database in DATABASE_URL cannot be reached`,
  )
  await migrate(pool)
}

/** Whatever a killed process left half done is looked at now. A new database is filled at once, or nobody could sign in. */
async function wakeAtStart(deps: Deps): Promise<void> {
  const mirrored = await deps.db
    .selectFrom('mirrorRun')
    .select('id')
    .where('endedAt', 'is not', null)
    .limit(1)
    .execute()
  if (!mirrored.length) deps.wake('mirror')
  for (const job of [
    'revocations',
    'events',
    'probe',
    'departures',
    'transfers',
    'groups',
    'letters',
    'restore',
  ] as const)
    deps.wake(job)
}

async function reach(attempt: Promise<unknown>, sentence: string): Promise<void> {
  await attempt.catch((error: unknown) => {
    throw new Error(`${sentence}: ${error instanceof Error ? error.message || String(error) : String(error)}`)
  })
}

/** Last opened, first closed: no new requests and no jobs, then no database. */
async function unwind(undo: (() => Promise<unknown>)[]): Promise<void> {
  while (undo.length) await undo.pop()?.()
}

interface Listening {
  address: string
  close(done: () => void): void
  closeIdle(): void
}

function bind(fetch: (request: Request) => Response | Promise<Response>, config: Config): Promise<Listening> {
  return new Promise((done, fail) => {
    const server = listen(
      {
        fetch,
        hostname: config.HOST,
        port: config.PORT,
        serverOptions: { headersTimeout: 10_000, requestTimeout: 15_000 },
      },
      (info) =>
        done({
          address: `http://${config.HOST}:${info.port}`,
          close: (closed) => void server.close(() => closed()),
          closeIdle: () => void ('closeIdleConnections' in server && server.closeIdleConnections()),
        }),
    )
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(error.code === 'EADDRINUSE' ? new Error(`Port ${config.PORT} is taken. Set PORT to a free one.`) : error),
    )
  })
}

/** No new requests; those under way end, for 7 seconds. A connection kept alive after its answer is closed at once. */
const closeServer = (server: Listening): Promise<void> =>
  new Promise((done) => {
    const sweep = setInterval(server.closeIdle, 50)
    const end = () => (clearInterval(sweep), done())
    setTimeout(end, 7000).unref()
    server.close(end)
    server.closeIdle()
  })
