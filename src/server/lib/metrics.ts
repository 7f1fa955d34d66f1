import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** What waits, by kind: how many, and for how long the oldest (seconds). */
export interface Waiting {
  kind: string
  count: number
  oldest: number
}

/**
 * What a process counts about itself, in Prometheus' words. Labels are doors, jobs and APIs of our own tables, never what
 * somebody sent: no person in them, and no way to fill the memory by asking for many addresses.
 */
export interface Metrics {
  answered(door: string, status: number, ms: number): void
  called(api: string, outcome: 'ok' | 'refused' | 'lost', ms: number): void
  ran(job: string, outcome: string, ms: number): void
  /** Asked at each reading; when it throws, the database is away and the reading says so. */
  waiting(read: () => Promise<readonly Waiting[]>): void
  page(): Promise<{ type: string; text: string }>
}

const SECONDS = [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15]

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const answers = new Histogram({
    name: 'jiebang_request_seconds',
    help: 'Requests answered, by door and class of status',
    labelNames: ['door', 'status'],
    buckets: SECONDS,
    registers,
  })
  const calls = new Histogram({
    name: 'jiebang_wecom_call_seconds',
    help: 'Calls to WeCom, by API and outcome',
    labelNames: ['api', 'outcome'],
    buckets: SECONDS,
    registers,
  })
  const runs = new Counter({
    name: 'jiebang_job_runs_total',
    help: 'Runs of background jobs, by outcome',
    labelNames: ['job', 'outcome'],
    registers,
  })
  const spent = new Counter({
    name: 'jiebang_job_seconds_total',
    help: 'Time spent in background jobs',
    labelNames: ['job'],
    registers,
  })
  const count = new Gauge({ name: 'jiebang_waiting', help: 'What waits to be done', labelNames: ['kind'], registers })
  const oldest = new Gauge({
    name: 'jiebang_waiting_seconds',
    help: 'Age of the oldest of it',
    labelNames: ['kind'],
    registers,
  })
  const up = new Gauge({ name: 'jiebang_database_up', help: '1 while the database answers', registers })
  let read: () => Promise<readonly Waiting[]> = () => Promise.resolve([])

  async function look(): Promise<void> {
    const found = await read().catch(() => null)
    up.set(found ? 1 : 0)
    for (const { kind, ...waiting } of found ?? []) {
      count.set({ kind }, waiting.count)
      oldest.set({ kind }, waiting.oldest)
    }
  }

  return {
    answered: (door, status, ms) => answers.observe({ door, status: `${Math.floor(status / 100)}xx` }, ms / 1000),
    called: (api, outcome, ms) => calls.observe({ api, outcome }, ms / 1000),
    ran(job, outcome, ms) {
      runs.inc({ job, outcome })
      spent.inc({ job }, ms / 1000)
    },
    waiting: (how) => void (read = how),
    async page() {
      await look()
      return { type: registry.contentType, text: await registry.metrics() }
    },
  }
}
