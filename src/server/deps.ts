import type { Logger } from 'pino'
import type { Config } from './lib/config'
import type { Db } from './db/open'
import type { WeCom } from './wecom/client'

/** The names of the background jobs; `jobs.ts` of each feature says what they do. */
export type JobName =
  | 'events'
  | 'revocations'
  | 'probe'
  | 'signals'
  | 'mirror'
  | 'freeze'
  | 'departures'
  | 'transfers'
  | 'groups'
  | 'letters'
  | 'restore'
  | 'notices'

/** What a route or a job may use from outside. Time and chance come from here, so that tests can hold them. */
export interface Deps {
  db: Db
  wecom: WeCom
  config: Config
  log: Logger
  now(): Date
  id(): string
  /** Asks for a job to run soon; many wishes are one run. Returns at once. */
  wake(job: JobName): void
}

export type Job = (deps: Deps) => Promise<void>
