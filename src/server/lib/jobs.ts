import PgBoss from 'pg-boss'
import type pg from 'pg'
import type { Logger } from 'pino'
import type { Deps, Job, JobName } from '../deps'

/** pg-boss behind one function: a job only says "look again"; what must happen exactly once stands in our own rows. */
export async function startJobs(
  pool: pg.Pool,
  log: Logger,
  jobs: Record<JobName, { run: Job; every: string; limit: number }>,
  deps: Deps,
): Promise<{ wake(job: JobName): void; stop(): Promise<void> }> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => pool.query(text, values as unknown[]) },
    maintenanceIntervalMinutes: 10,
    monitorStateIntervalMinutes: 10,
  })
  boss.on('error', (err) => log.error({ err }, 'jobs'))
  await boss.start()
  for (const [name, job] of Object.entries(jobs)) {
    // short: at most one waits, so many wishes are one more run. One that was killed must not hold up the next, therefore
    // not `stately`; two at once in two processes are kept apart by the rows they work on.
    await boss.createQueue(name, { name, policy: 'short', retryLimit: 2, retryDelay: 5, expireInSeconds: job.limit })
    await boss.work(name, { pollingIntervalSeconds: 0.5 }, async () => {
      const began = performance.now()
      await job.run(deps)
      log.debug({ job: name, ms: Math.round(performance.now() - began) }, 'ran')
    })
    await boss.schedule(name, job.every, undefined, { tz: 'Asia/Shanghai' })
  }
  return {
    wake: (name) => void boss.send(name, {}).catch((err: unknown) => log.error({ err, job: name }, 'wake')),
    stop: () => boss.stop({ graceful: true, wait: true, timeout: 8000 }),
  }
}
