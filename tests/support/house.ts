import type pg from 'pg'
import { demoSettings } from '../../mock/demo'
import type { Cast } from '../../mock/wecom/cast'
import { createSimulator, type Simulator, type SimulatorOptions } from '../../mock/wecom/simulator'
import { createApp, jobs } from '../../src/server/app'
import { openDb, type Db } from '../../src/server/db/open'
import type { Deps, JobName } from '../../src/server/deps'
import { readConfig } from '../../src/server/lib/config'
import { timeId } from '../../src/server/lib/id'
import { createLog } from '../../src/server/lib/log'
import type { Door } from '../../src/server/lib/serve'
import { createWeCom } from '../../src/server/wecom/client'
import { sharedIn } from '../../src/server/wecom/shared-rows'
import { lend, type Contents } from './lent'
import { smallCorp } from './small-corp'

/**
 * The whole server in one process, on a database of its own, beside a simulated WeCom; no ports, nothing runs by itself.
 * Time is the simulator's and stands still (`simulator.clock.advance`). Callbacks go straight into the app.
 *
 *     const house = await openHouse()
 *     await house.runJobs('mirror')                      // and whatever it woke
 *     house.simulator.world.removeMember('linxiao')
 *     await house.settle()                               // callbacks delivered, woken jobs done
 *     const manager = await house.signIn('zhoumin')      // a Cookie header
 *     const answer = await house.get('/api/departures', manager)
 */
export interface ServerHouse {
  simulator: Simulator
  db: Db
  /** The same database, for what reads it without Kysely. */
  pool: pg.Pool
  deps: Deps
  doors: readonly Door[]
  /** What the server logged, as JSON lines. */
  logged: string[]
  request(path: string, init?: RequestInit): Promise<Response>
  get(path: string, cookie?: string): Promise<Answer>
  post(path: string, body: unknown, cookie?: string): Promise<Answer>
  /** Through the real OAuth routes; throws when WeCom or the server refuses. */
  signIn(userid: string): Promise<string>
  /** Runs these jobs, then those they woke, until nobody is awake. */
  runJobs(...names: JobName[]): Promise<void>
  /** Waits for callbacks under way, then runs what is awake. */
  settle(): Promise<void>
  /** As the owner of the database: what the server itself may not do. */
  asOwner(statement: string): Promise<void>
  /** Names of jobs that were woken and have not run. */
  awake: Set<JobName>
  close(): Promise<void>
  /** Ends it like `close`, and keeps how it stands: other houses may begin there. */
  keep(): Promise<Beginning>
}

/** How a house stood: its corp and its database. */
export interface Beginning {
  saved: Uint8Array
  contents: Contents
}

export interface Answer {
  status: number
  // A test says what it expects; the endpoint's schema has been checked by the server.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any
}

export interface HouseOptions extends Omit<SimulatorOptions, 'send'> {
  cast?: Cast
  /** Settings beside those of `demoSettings`, e.g. MANAGERS. */
  settings?: Record<string, string>
  /** `warn` unless told. */
  logLevel?: string
  /** Whether whoever leaves is probed at every door, as the server does by itself: a second of work, for the tests of it. */
  probes?: boolean
  /** Where it begins, instead of before everything. */
  from?: Beginning
}

export const unlimited = Object.fromEntries(
  ['MEMBER', 'LISTS', 'STRANGER', 'GUESSES'].map((who) => [`LIMIT_${who}`, '1000000']),
)
const START = Date.parse('2026-11-24T02:00:00Z')

export async function openHouse({
  cast = smallCorp(),
  settings = {},
  logLevel = 'warn',
  probes = false,
  from,
  ...options
}: HouseOptions = {}): Promise<ServerHouse> {
  const database = await lend(from?.contents)
  const publicUrl = `https://${cast.app.trustedHosts[0]}`
  const simulator = createSimulator(cast, {
    startAt: START,
    frozen: true,
    ...options,
    ...(from && { saved: from.saved }),
    send: (request) => Promise.resolve(app.fetch(request)),
  })
  const now = () => simulator.clock.now()
  const logged: string[] = []
  const log = createLog(logLevel, { write: (line: string) => void logged.push(line) })
  const config = readConfig({
    ...demoSettings(cast, { publicUrl, apiUrl: 'https://qyapi.test', port: 0, secret: 's'.repeat(32), dataDir: '' }),
    // Time stands still here, and with it the minute that limits count by.
    ...unlimited,
    ...settings,
  })
  const { pool, asOwner } = database
  const awake = new Set<JobName>()
  const db = openDb(pool)
  const deps: Deps = {
    db,
    wecom: createWeCom({
      apiUrl: config.WECOM_API_URL,
      corpId: config.WECOM_CORP_ID,
      secret: config.WECOM_APP_SECRET,
      now,
      log,
      fetch: (request) => simulator.fetch(request),
      sleep: (ms) => simulator.clock.advance(ms),
      shared: sharedIn(db, config.SECRET),
    }),
    config,
    log,
    now: () => new Date(now()),
    id: () => timeId(now()),
    wake: (job) => void ((probes || job !== 'probe') && awake.add(job)),
  }
  const { app, doors } = createApp(deps)
  const request = (path: string, init?: RequestInit) => Promise.resolve(app.request(`${publicUrl}${path}`, init))
  const answerOf = async (response: Response): Promise<Answer> => ({
    status: response.status,
    body: (await response.json()) as unknown,
  })

  const house: ServerHouse = {
    simulator,
    db: deps.db,
    pool,
    deps,
    doors,
    logged,
    awake,
    request,
    get: async (path, cookie) => answerOf(await request(path, { headers: cookie ? { cookie } : {} })),
    post: async (path, body, cookie) =>
      answerOf(
        await request(path, {
          method: 'POST',
          headers: { ...bySelf(publicUrl), ...(cookie ? { cookie } : {}) },
          body: JSON.stringify(body),
        }),
      ),
    async signIn(userid) {
      const login = await request('/auth/login?to=/')
      const page = simulator.oauth.authorize(new URL(login.headers.get('location') ?? ''), { userid })
      if ('error' in page) throw new Error(page.error)
      const { pathname, search } = new URL(page.redirect)
      const back = await request(pathname + search, { headers: { cookie: cookiesOf(login) } })
      const cookie = cookiesOf(back)
      if (!cookie) throw new Error(`${userid} was not let in: ${back.headers.get('location')}`)
      return cookie
    },
    async runJobs(...names) {
      names.forEach((name) => awake.add(name))
      for (let round = 0; awake.size; round++) {
        if (round > 100) throw new Error(`the jobs wake each other for ever: ${[...awake].join()}`)
        const [name] = awake as Set<JobName> & Iterable<JobName>
        if (!name) return
        awake.delete(name)
        await jobs[name].run(deps)
      }
    },
    async settle() {
      await simulator.callbacks.idle()
      await house.runJobs()
    },
    asOwner,
    async close() {
      await leave()
      await database.back()
    },
    async keep() {
      await leave()
      const kept = { saved: simulator.save(), contents: await database.contents() }
      await database.back()
      return kept
    },
  }
  async function leave(): Promise<void> {
    const answers = await answersIn(pool)
    await deps.db.destroy()
    // Here only WeCom and members act, and nobody asks: whatever they did, no customer has answered (invariant 3, T-76).
    if (answers) throw new Error(`${answers} entries of consent, and no customer was asked`)
  }
  return house
}

/** A database that a test took away says nothing. */
const answersIn = (pool: pg.Pool): Promise<number> =>
  pool
    .query<{ n: number }>('select (select count(*) from consent) + (select count(*) from consent_event) as n')
    .then(({ rows }) => Number(rows[0]?.n))
    .catch(() => 0)

/** What our own page sends with a POST. */
export const bySelf = (origin: string) => ({ 'content-type': 'application/json', origin, 'x-jiebang': '1' })

/** The cookies an answer sets, as a Cookie header; those it deletes are left out. */
const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .filter((line) => !/max-age=0/i.test(line))
    .map((line) => line.split(';', 1)[0])
    .join('; ')
