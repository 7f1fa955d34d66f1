import type { Logger } from 'pino'
import { enlistJobs, giveBackJob, LEASE_MS, readyJobs, renewJobs, takeJob, type Every, type Outcome } from '../db/lease'
import type { Db } from '../db/open'
import type { Deps, Job } from '../deps'
import { AnswerLost } from '../wecom/client'
import { secretToken } from './id'

export interface JobPlan {
  run: Job
  every: Every
  /** Seconds after which a run is given up. */
  limit: number
}

/** Real milliseconds. A run is renewed so often that it survives two renewals that are lost. */
export const PACE = { look: 500, renew: 4000, lease: LEASE_MS, patience: 6000 }
export type Pace = typeof PACE

interface Run {
  name: string
  id: string
  began: number
  /** When the database last said that the job is ours. */
  heard: number
  /** Somebody else may run the job now, or this process ends: nothing more is begun. */
  over: false | 'lost' | 'stopped'
  ended: Promise<void>
}

export interface Work {
  /** Looks at once rather than in half a second. */
  poke(): void
  stop(): Promise<void>
}

/**
 * Runs the jobs, each in one process at a time. A job only says "look again": what must happen exactly once stands in our
 * own rows, because a lease cannot stop a process that slept through its end. `db` has one connection, and it is only this.
 */
export async function startJobs(
  db: Db,
  log: Logger,
  jobs: Record<string, JobPlan>,
  deps: Deps,
  pace: Pace = PACE,
): Promise<Work> {
  const runs = new Set<Run>()
  let stopping = false
  await enlistJobs(
    db,
    Object.entries(jobs).map(([name, { every }]) => ({ name, every })),
  )

  async function look(): Promise<void> {
    for (const name of await readyJobs(db)) {
      const job = jobs[name]
      if (!job || stopping) continue
      const id = secretToken()
      const asked = performance.now()
      if (await takeJob(db, name, id, job.every, pace.lease)) begin(job, { name, id, began: asked, heard: asked })
    }
  }

  function begin(job: JobPlan, about: Pick<Run, 'name' | 'id' | 'began' | 'heard'>): void {
    const run: Run = { ...about, over: stopping && 'stopped', ended: Promise.resolve() }
    runs.add(run)
    run.ended = carryOut(job, run).finally(() => runs.delete(run))
  }

  async function carryOut(job: JobPlan, run: Run): Promise<void> {
    let outcome: Outcome = 'done'
    try {
      if (!run.over) await job.run(guarded(deps, run, pace.lease))
      log.debug({ job: run.name, ms: Math.round(performance.now() - run.began) }, 'ran')
    } catch (err) {
      outcome = 'failed'
      if (!run.over) log.error({ err, job: run.name }, 'job')
    }
    if (run.over) outcome = 'stopped'
    deps.metrics?.ran(run.name, run.over === 'lost' ? 'lost' : outcome, performance.now() - run.began)
    if (run.over === 'lost') return
    // Not heard by the database, it is found by its lease.
    await giveBackJob(db, run.id, outcome).catch((err: unknown) => log.warn({ err, job: run.name }, 'not given back'))
    looking.poke()
  }

  async function renew(): Promise<void> {
    const held = [...runs].filter((run) => !run.over)
    const asked = performance.now()
    for (const run of held)
      if (asked - run.began > (jobs[run.name]?.limit ?? 0) * 1000) lose(run, 'it took too long')
      else if (asked - run.heard > pace.lease) lose(run, 'the database did not answer')
    const asking = held.filter((run) => !run.over)
    if (!asking.length) return
    const ours = new Set(
      await renewJobs(
        db,
        asking.map((run) => run.id),
        pace.lease,
      ),
    )
    for (const run of asking)
      if (ours.has(run.id)) run.heard = asked
      else if (runs.has(run)) lose(run, 'another process took over')
  }

  function lose(run: Run, why: string): void {
    run.over = 'lost'
    log.warn({ job: run.name, why }, 'a run is given up')
  }

  const looking = repeat(look, pace.look, (err) => log.warn({ err }, 'jobs wait for the database'))
  const renewing = repeat(renew, pace.renew, (err) => log.warn({ err }, 'leases not renewed'))

  return {
    poke: looking.poke,
    async stop() {
      stopping = true
      await looking.stop()
      for (const run of runs) run.over ||= 'stopped'
      await Promise.race([Promise.all([...runs].map((run) => run.ended)), sleep(pace.patience)])
      // Whoever did not end by then ends with the process; the job is free for others.
      for (const run of runs) await giveBackJob(db, run.id, 'stopped').catch(() => undefined)
      await renewing.stop()
    },
  }
}

/**
 * The next chance to end a run that is over is its next call: that one surely does not leave. Whoever slept through the end
 * of the lease has not been told yet that it is over, and looks at the time.
 */
const guarded = (deps: Deps, run: Run, leaseMs: number): Deps => ({
  ...deps,
  wecom: {
    ...deps.wecom,
    async ask(api, params) {
      const over = run.over || (performance.now() - run.heard > leaseMs && 'lost')
      if (over) throw new AnswerLost(api.path, over, true)
      return deps.wecom.ask(api, params)
    },
  },
})

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms).unref())

/** One after the other with a pause between; a failure is told once until it works again. */
function repeat(work: () => Promise<void>, pause: number, failed: (error: unknown) => void) {
  let stopped = false
  let awake = (): void => undefined
  let told = false
  let again = false
  async function go(): Promise<void> {
    while (!stopped) {
      again = false
      try {
        await work()
        told = false
      } catch (error) {
        if (!told) failed(error)
        told = true
      }
      if (!stopped && (!again || told))
        await new Promise<void>((done) => {
          awake = done
          setTimeout(done, pause)
        })
    }
  }
  const going = go()
  const poke = (): void => {
    again = true
    awake()
  }
  return {
    poke,
    stop: () => {
      stopped = true
      awake()
      return going
    },
  }
}
