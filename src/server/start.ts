import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { serve as listen } from '@hono/node-server'
import { pino, type Logger } from 'pino'
import { createApp, jobs } from './app'
import type { Deps } from './deps'
import { startPostgres } from './db/embedded'
import { migrate } from './db/migrate'
import { openDb, openPool } from './db/open'
import { readConfig, type Config } from './lib/config'
import { files } from './lib/files'
import { timeId } from './lib/id'
import { startJobs } from './lib/jobs'
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
 * Starts everything this process is: database, API with the app's files, background jobs. `clock` lets the simulated corp
 * move time. Rejects with one sentence a person can act on.
 */
export async function start(
  env: Record<string, string | undefined>,
  options: { clock?: () => number; client: string; log?: Logger },
): Promise<Running> {
  const config = readConfig(env)
  const log = options.log ?? pino({ level: env['LOG_LEVEL'] ?? 'info', redact: ['req.headers', 'url'] })
  const clock = options.clock ?? Date.now
  if (!existsSync(join(options.client, 'index.html')))
    throw new Error(`The app is not built (${options.client} is missing). Run: npm run build`)
  const own = config.DATABASE_URL ? null : await startPostgres(config.DATA_DIR)
  const pool = openPool(
    own ? own.config : { connectionString: config.DATABASE_URL, connectionTimeoutMillis: 5000 },
    (err) => log.error({ err }, 'database'),
  )
  const undo: (() => Promise<unknown>)[] = [...(own ? [() => own.stop()] : []), () => pool.end()]
  try {
    await reach(
      pool.connect().then((c) => c.release()),
      `The database in DATABASE_URL cannot be reached`,
    )
    await migrate(pool)
    const wake: { now: Deps['wake'] } = { now: () => undefined }
    const db = openDb(pool)
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
      wake: (job) => wake.now(job),
    }
    const house = createApp(deps)
    files(house, options.client)
    const work = await startJobs(pool, log, jobs, deps)
    undo.push(() => work.stop())
    wake.now = work.wake
    // Nobody can sign in before the members are known, so a new database is filled at once.
    const mirrored = await deps.db
      .selectFrom('mirrorRun')
      .select('id')
      .where('endedAt', 'is not', null)
      .limit(1)
      .execute()
    if (!mirrored.length) deps.wake('mirror')
    // Whatever a killed process left half done is looked at now, not at the next full minute.
    for (const job of ['events', 'departures', 'transfers', 'groups', 'letters', 'restore'] as const) deps.wake(job)
    const server = await bind(house.app.fetch, config)
    undo.push(() => closeServer(server.close))
    return { config, address: server.address, deps, stop: () => unwind(undo) }
  } catch (error) {
    await unwind(undo)
    throw error
  }
}

async function reach(attempt: Promise<unknown>, sentence: string): Promise<void> {
  await attempt.catch((error: unknown) => {
    throw new Error(`${sentence}: ${error instanceof Error ? error.message || String(error) : String(error)}`)
  })
}

/** Last opened, first closed: no new requests, then no jobs, then no database. */
async function unwind(undo: (() => Promise<unknown>)[]): Promise<void> {
  while (undo.length) await undo.pop()?.()
}

function bind(fetch: (request: Request) => Response | Promise<Response>, config: Config) {
  return new Promise<{ address: string; close: (done: () => void) => void }>((done, fail) => {
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
          close: (closed) => {
            server.close(() => closed())
            if ('closeIdleConnections' in server) server.closeIdleConnections()
          },
        }),
    )
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(error.code === 'EADDRINUSE' ? new Error(`Port ${config.PORT} is taken. Set PORT to a free one.`) : error),
    )
  })
}

/** Requests under way end by themselves; a kept-alive connection may not hold the process longer than this. */
const closeServer = (close: (done: () => void) => void): Promise<void> =>
  new Promise((done) => {
    setTimeout(done, 3000).unref()
    close(done)
  })
