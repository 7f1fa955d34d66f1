import type { Logger } from 'pino'
import type { Config } from './lib/config'
import type { Db } from './db/open'
import type { Metrics } from './lib/metrics'
import type { WeCom } from './wecom/client'

/** The names of the background jobs; `jobs.ts` of each feature says what they do. */
export type JobName =
  | 'events'
  | 'revocations'
  | 'probe'
  | 'signals'
  | 'mirror'
  | 'approvals'
  | 'freeze'
  | 'departures'
  | 'transfers'
  | 'groups'
  | 'letters'
  | 'restore'
  | 'notices'
  | 'newcomers'
  | 'promises'
  | 'wishes'
  | 'consents'
  | 'mass'
  | 'heads'
  | 'stamps'
  | 'audit'
  | 'checkpoint'
  | 'packs'
  | 'exports'
  | 'retention'
  | 'complaints'
  | 'mail'

/** What a route or a job may use from outside. Time and chance come from here, so that tests can hold them. */
export interface Deps {
  db: Db
  wecom: WeCom
  config: Config
  log: Logger
  /** Without it nothing is counted. */
  metrics?: Metrics
  now(): Date
  id(): string
  /** Asks for a job to run soon; many wishes are one run. Returns at once. */
  wake(job: JobName): void
  /** Whoever is called that is not WeCom; Node's fetch unless a test stands in. */
  outside?(request: Request): Promise<Response>
}

export type Job = (deps: Deps) => Promise<void>
