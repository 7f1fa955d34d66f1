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
    // stately: at most one waits and one runs, so many wishes are one more run after the present one.
    await boss.createQueue(name, { name, policy: 'stately', retryLimit: 2, retryDelay: 5, expireInSeconds: job.limit })
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
