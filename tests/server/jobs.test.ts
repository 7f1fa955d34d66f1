import { pino } from 'pino'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { giveBackJob, wantJob, type Every } from '../../src/server/db/lease'
import { openDb, openPool, type Db } from '../../src/server/db/open'
import type { Deps, Job } from '../../src/server/deps'
import { startJobs, type Pace, type Work } from '../../src/server/lib/jobs'
import { followUserList } from '../../src/server/wecom/apis'
import { AnswerLost } from '../../src/server/wecom/client'
import { freshDatabase, type FreshDatabase } from '../support/postgres'

/** A process as the database sees it: a session of its own. */
interface Process {
  db: Db
  work: Work
}

const QUICK: Pace = { look: 10, renew: 50, lease: 15_000, patience: 2000 }
const log = pino({ level: 'silent' })
const until = <T>(expectation: () => T | Promise<T>) => vi.waitFor(expectation, { timeout: 15_000, interval: 5 })
const nothing = () => undefined

let database: FreshDatabase
let db: Db
let open: Process[]
const asked: string[] = []
beforeEach(async () => {
  database = await freshDatabase()
  db = openDb(openPool(database.app, nothing))
  open = []
  asked.length = 0
})
afterEach(async () => {
  await Promise.all(open.map((p) => p.work.stop()))
  await Promise.all(open.map((p) => p.db.destroy()))
  await db.destroy()
  await database.drop()
})

const deps = {
  wecom: { ask: async ({ path }: { path: string }) => void asked.push(path) },
} as unknown as Deps

async function processWith(run: Job, { every = 86_400, limit = 60, pace = QUICK }: Plan = {}): Promise<Process> {
  const own = openDb(openPool({ ...database.app, max: 1, idleTimeoutMillis: 0 }, nothing))
  const process = { db: own, work: await startJobs(own, log, { look: { run, every, limit } }, deps, pace) }
  open.push(process)
  return process
}
interface Plan {
  every?: Every
  limit?: number
  pace?: Pace
}

/** A run that lasts until it is let go. */
function held() {
  const runs: Deps[] = []
  let go = nothing as () => void
  const gate = new Promise<void>((done) => (go = done))
  const job: Job = async (given) => {
    runs.push(given)
    await gate
  }
  return { job, runs, go: () => go() }
}

const row = () => db.selectFrom('job').selectAll().where('name', '=', 'look').executeTakeFirstOrThrow()
/** As if the process had been killed: its session ends, and it says nothing more. */
async function kill({ db: own }: Process): Promise<void> {
  await own.destroy()
  open = open.filter((p) => p.db !== own)
}

describe('a job', () => {
  it('runs in one process at a time, and a wish meanwhile is one run more, however many wish', async () => {
    const first = held()
    await processWith(first.job)
    await until(() => expect(first.runs).toHaveLength(1))
    const second = held()
    second.go()
    await processWith(second.job)
    await Promise.all([1, 2, 3].map(() => wantJob(db, 'look')))
    expect((await row()).wanted).toBe(true)
    expect(second.runs).toHaveLength(0)
    first.go()
    await until(async () => expect(await row()).toMatchObject({ wanted: false, holder: null }))
    expect(first.runs.length + second.runs.length).toBe(2)
  })

  it('of a process that was killed is taken over at once: its session is gone (Q8)', async () => {
    const dying = held()
    const killed = await processWith(dying.job)
    await until(() => expect(dying.runs).toHaveLength(1))
    const heir = held()
    heir.go()
    await processWith(heir.job)
    await kill(killed)
    await until(() => expect(heir.runs).toHaveLength(1))
  })

  it('of a process that hangs is taken over when its lease is over, and the run that comes back calls nobody', async () => {
    const hung = held()
    const asleep = { ...QUICK, renew: 1_000_000, lease: 300 }
    await processWith(hung.job, { pace: asleep })
    await until(() => expect(hung.runs).toHaveLength(1))
    const heir = held()
    await processWith(heir.job)
    await until(() => expect(heir.runs).toHaveLength(1))
    await expect(hung.runs[0]?.wecom.ask(followUserList, {})).rejects.toThrow(AnswerLost)
    expect(asked).toEqual([])
    heir.go()
    hung.go()
  })

  it('whose lease was lost makes no more calls, as if they had never left', async () => {
    const robbed = held()
    await processWith(robbed.job)
    await until(() => expect(robbed.runs).toHaveLength(1))
    await robbed.runs[0]?.wecom.ask(followUserList, {})
    expect(asked).toEqual([followUserList.path])
    await db
      .updateTable('job')
      .set({
        holder: 'another',
        sessionPid: sql<number>`pg_backend_pid()`,
        heldUntil: sql<Date>`now() + interval '1 hour'`,
      })
      .execute()
    const refusal = await until(async () => {
      const answer = await robbed.runs[0]?.wecom.ask(followUserList, {}).catch((error: unknown) => error)
      expect(answer).toBeInstanceOf(AnswerLost)
      return answer as AnswerLost
    })
    expect(refusal.notSent).toBe(true)
    robbed.go()
    await giveBackJob(db, 'another', 'done')
  })

  it('that takes too long loses its lease, too', async () => {
    const endless = held()
    await processWith(endless.job, { limit: 0.2, pace: { ...QUICK, lease: 300 } })
    await until(() => expect(endless.runs.length).toBeGreaterThan(1))
    endless.go()
  })

  it('that fails comes again by itself, later each time', async () => {
    let failures = 0
    await processWith(async () => {
      failures++
      throw new Error('not now')
    })
    await until(async () => expect((await row()).failures).toBe(1))
    const wait = async () =>
      (await sql<{ s: number }>`select extract(epoch from due_at - now())::float8 as s from job`.execute(db)).rows[0]?.s
    expect(await wait()).toBeLessThan(6)
    await db
      .updateTable('job')
      .set({ dueAt: sql<Date>`now()` })
      .execute()
    await until(async () => expect((await row()).failures).toBe(2))
    expect(await wait()).toBeGreaterThan(6)
    expect(failures).toBe(2)
  })

  it('is given back at once by a process that stops, and another goes on', async () => {
    const stopping = held()
    const first = await processWith(stopping.job, { pace: { ...QUICK, patience: 100 } })
    await until(() => expect(stopping.runs).toHaveLength(1))
    const heir = held()
    heir.go()
    await processWith(heir.job)
    await first.work.stop()
    await until(() => expect(heir.runs).toHaveLength(1))
    stopping.go()
  })

  it('of the night waits for its hour', async () => {
    await processWith(() => Promise.resolve(), { every: '03:11' })
    const at = (await row()).dueAt.toISOString()
    expect(at).toMatch(/T19:11:00.000Z$/)
    expect(Date.parse(at) - Date.now()).toBeLessThanOrEqual(86_400_000)
    expect(Date.parse(at)).toBeGreaterThan(Date.now())
  })
})

it('one tick of four processes is one run, 200 ticks long (Q8)', async () => {
  const ticks: string[] = []
  const count: Job = async () => void ticks.push((await row()).dueAt.toISOString())
  await Promise.all([0, 1, 2, 3].map(() => processWith(count, { every: 0.05 })))
  await vi.waitFor(() => expect(ticks.length).toBeGreaterThanOrEqual(200), { timeout: 60_000, interval: 20 })
  expect(new Set(ticks).size).toBe(ticks.length)
}, 90_000)
