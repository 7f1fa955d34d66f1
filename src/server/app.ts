import { Hono } from 'hono'
import { Failure } from '../shared/failure'
import type { Deps, JobName } from './deps'
import { block } from './block/routes'
import { brief } from './brief/routes'
import { complaint } from './complaint/routes'
import { departure } from './departure/routes'
import { freezeJob } from './departure/freeze'
import { departuresJob, eventsJob } from './departure/jobs'
import { revocationsJob } from './departure/revocations'
import { groupsJob } from './group/jobs'
import { letter } from './letter/routes'
import { health } from './health/routes'
import { answerFailure } from './lib/answer'
import { useHeaders } from './lib/headers'
import type { JobPlan } from './lib/jobs'
import type { Env, House } from './lib/serve'
import { ABSOLUTE_MS, callerOf, cookieName } from './login/session'
import { login } from './login/routes'
import { link } from './link/routes'
import { mirror } from './mirror/routes'
import { mirrorJob } from './mirror/jobs'
import { notice } from './notice/routes'
import { noticesJob } from './notice/jobs'
import { own } from './own/routes'
import { plan } from './plan/routes'
import { probeJob } from './probe/jobs'
import { probe } from './probe/routes'
import { promise } from './promise/routes'
import { restore } from './restore/routes'
import { restoreJob } from './restore/run'
import { signalsJob } from './signal/jobs'
import { signal } from './signal/routes'
import { lettersJob, transfersJob } from './transfer/jobs'
import { transfer } from './transfer/routes'
import { callbacks } from './wecom/callbacks'

/** The whole server as a function from request to answer; it listens nowhere and starts nothing. */
export function createApp(deps: Deps): House {
  const app = new Hono<Env>({ strict: false })
  const house: House = { app, deps, doors: [], findCaller: (c) => callerOf(deps, c) }
  useHeaders(app, deps)
  app.onError((error, c) => answerFailure(deps, error, c))
  app.notFound((c) => answerFailure(deps, new Failure('not_found'), c))
  // A worker is asked only whether it lives.
  const pages = [
    login,
    link,
    mirror,
    departure,
    plan,
    transfer,
    brief,
    promise,
    restore,
    notice,
    block,
    probe,
    signal,
    own,
    complaint,
    letter,
    callbacks,
  ]
  for (const feature of deps.config.ROLE === 'worker' ? [health] : [health, ...pages]) feature(house)
  return house
}

/**
 * What runs without being asked, how often (seconds, or a time of the night in Shanghai) and for how long at most (seconds).
 * What people wait for ticks so often that it goes on within 30 seconds whatever process died.
 */
export const jobs: Record<JobName, JobPlan> = {
  revocations: { run: revocationsJob, every: 10, limit: 60 },
  events: { run: eventsJob, every: 10, limit: 60 },
  probe: { run: probeJob({ build: createApp, cookieName, sessionMs: ABSOLUTE_MS }), every: 15, limit: 120 },
  signals: { run: signalsJob, every: 60, limit: 300 },
  departures: { run: departuresJob, every: 300, limit: 300 },
  transfers: { run: transfersJob, every: 15, limit: 300 },
  groups: { run: groupsJob, every: 15, limit: 300 },
  letters: { run: lettersJob, every: 15, limit: 60 },
  restore: { run: restoreJob, every: 15, limit: 900 },
  notices: { run: noticesJob, every: 3600, limit: 300 },
  freeze: { run: freezeJob, every: 300, limit: 7200 },
  mirror: { run: mirrorJob, every: '03:11', limit: 7200 },
}
