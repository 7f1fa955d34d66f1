import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import type { Logger } from 'pino'
import { createApp, jobs } from './app'
import type { Deps } from './deps'
import { startPostgres, type Embedded } from './db/embedded'
import { wantJob } from './db/lease'
import { effects } from './db/once'
import { openDb, openPool } from './db/open'
import { prepare } from './db/prepare'
import { APP_ROLE, ensureRole, rightsOf } from './db/roles'
import { readConfig, type Config } from './lib/config'
import { files, keepFiles } from './lib/files'
import { timeId } from './lib/id'
import { startJobs, type Pace } from './lib/jobs'
import { bind, type Listening } from './lib/listen'
import { createLog } from './lib/log'
import { createMetrics } from './lib/metrics'
import { createOps } from './ops/app'
import type { House } from './lib/serve'
import { createWeCom } from './wecom/client'
import { sharedIn } from './wecom/shared-rows'

export interface Running {
  config: Config
  /** Where it listens, e.g. http://127.0.0.1:3000; a worker only for operations, or nowhere. */
  address: string | null
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
  const log = options.log ?? createLog(env['LOG_LEVEL'] ?? 'info')
  const clock = options.clock ?? Date.now
  if (config.ROLE !== 'worker' && !existsSync(join(options.client, 'index.html')))
    throw new Error(`The app is not built (${options.client} is missing). Run: npm run build`)
  const own = config.DATABASE_URL ? null : await startPostgres(config.DATA_DIR)
  const undo: (() => Promise<unknown>)[] = own ? [() => own.stop()] : []
  const poolOf = (limits: pg.PoolConfig): pg.Pool => {
    const where = own ? own.app : { connectionString: config.DATABASE_URL }
    const pool = openPool({ ...where, ...limits }, (error) => log.error({ why: error.message }, 'database'))
    undo.push(() => pool.end())
    return pool
  }
  try {
    await prepareDatabase(config, own, { simulated: options.clock !== undefined })
    const db = openDb(poolOf(patience.request))
    const { role, appendOnly } = await rightsOf(db)
    if (!appendOnly) log.info({ role }, 'this database role could change the audit log; see docs/deploy.md')
    const metrics = createMetrics()
    const work: { poke(): void } = { poke: () => undefined }
    const deps: Deps = {
      db,
      wecom: createWeCom({
        apiUrl: config.WECOM_API_URL,
        corpId: config.WECOM_CORP_ID,
        secret: config.WECOM_APP_SECRET,
        now: clock,
        log,
        counted: metrics.called,
        shared: sharedIn(db, config.SECRET),
      }),
      config,
      log,
      metrics,
      now: () => new Date(clock()),
      id: () => timeId(clock()),
      wake: (job) =>
        void wantJob(db, job).then(
          () => work.poke(),
          (err: unknown) => log.warn({ err, job }, 'wake'),
        ),
    }
    const house = createApp(deps)
    if (config.ROLE !== 'worker') {
      files(house, options.client)
      await keepFiles(house, options.client)
    }
    const worker =
      config.ROLE !== 'web' ? { lease: openDb(poolOf(patience.lease)), db: openDb(poolOf(patience.job)) } : null
    const ends: (() => Promise<void>)[] = []
    // Requests under way and runs under way end side by side: each has its own few seconds.
    undo.push(() => Promise.all(ends.map((end) => end())))
    if (worker) {
      const running = await startJobs(worker.lease, log, jobs, { ...deps, db: worker.db }, options.pace)
      ends.push(running.stop)
      // Whatever runs then is not the effect of the request that woke it.
      work.poke = () => effects.exit(running.poke)
      await wakeAtStart(deps)
    }
    const listens = await listening(config, house, deps)
    ends.push(...listens.map(({ close }) => close))
    return { config, address: listens[0]?.address ?? null, deps, stop: () => unwind(undo) }
  } catch (error) {
    await unwind(undo)
    throw error
  }
}

/** The doors for people, and those for operations on a port of their own; a worker has only these. */
async function listening(config: Config, house: House, deps: Deps): Promise<Listening[]> {
  const { HOST, PORT, OPS_HOST, OPS_PORT } = config
  const doors = { host: HOST, port: PORT, setting: 'PORT' }
  const servers = config.ROLE === 'worker' ? [] : [await bind(house.app.fetch, doors)]
  if (OPS_PORT === undefined) return servers
  return [...servers, await bind(createOps(deps).fetch, { host: OPS_HOST, port: OPS_PORT, setting: 'OPS_PORT' })]
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

/** `node dist/server/main.js migrate`: only the database, as its owner, before the new processes start. */
export async function migrateOnly(env: Record<string, string | undefined>): Promise<void> {
  const { DATABASE_URL, DATABASE_OWNER_URL } = env
  if (!DATABASE_URL) throw new Error('Settings: migrate needs DATABASE_URL, and DATABASE_OWNER_URL beside it.')
  await prepareDatabase({ DATABASE_URL, DATABASE_OWNER_URL }, null)
}

/** One at a time, since several may start at once. */
const CLOCK_AHEAD = `
  select pg_advisory_xact_lock(hashtext('clock_ahead'));
  create or replace function clock_ahead() returns interval language sql immutable as $$ select interval '100 years' $$`

/** Waits as long as it takes for others that are bringing the database to this version. */
async function prepareDatabase(
  { DATABASE_URL, DATABASE_OWNER_URL }: Pick<Config, 'DATABASE_URL' | 'DATABASE_OWNER_URL'>,
  own: Embedded | null,
  { simulated = false } = {},
): Promise<void> {
  const limits = { max: 1, connectionTimeoutMillis: 5000 }
  const pools: pg.Pool[] = []
  const pool = (where: pg.PoolConfig) => {
    const opened = openPool({ ...where, ...limits }, () => undefined)
    pools.push(opened)
    return opened
  }
  try {
    const owner = own ? pool(own.config) : DATABASE_OWNER_URL ? pool({ connectionString: DATABASE_OWNER_URL }) : null
    if (own && owner) await ensureRole(owner, APP_ROLE)
    await prepare(pool(own ? own.app : { connectionString: DATABASE_URL }), owner)
    // Deleting trusts no clock far ahead of the database's (0018); a simulated one is, and only the owner can say so.
    if (simulated && owner) await owner.query(CLOCK_AHEAD)
  } finally {
    await Promise.all(pools.map((p) => p.end()))
  }
}

/** Whatever a killed process left half done is looked at now. A new database is filled at once, or nobody could sign in. */
async function wakeAtStart(deps: Deps): Promise<void> {
  // In one statement: of many that start in the same moment one is at it, and it need not be done once more.
  await deps.db
    .updateTable('job')
    .set({ wanted: true })
    .where('name', '=', 'mirror')
    .where('holder', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('mirrorRun').select('id').where('endedAt', 'is not', null))),
    )
    .execute()
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

/** Last opened, first closed: no new requests and no jobs, then no database. */
async function unwind(undo: (() => Promise<unknown>)[]): Promise<void> {
  while (undo.length) await undo.pop()?.()
}
