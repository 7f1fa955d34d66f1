import { Hono } from 'hono'
import { Failure } from '../shared/failure'
import type { Deps, JobName } from './deps'
import { brief } from './brief/routes'
import { complaint } from './complaint/routes'
import { departure } from './departure/routes'
import { freezeJob } from './departure/freeze'
import { departuresJob, eventsJob } from './departure/jobs'
import { groupsJob } from './group/jobs'
import { letter } from './letter/routes'
import { answerFailure } from './lib/answer'
import { cspReports } from './lib/csp'
import { createFlood } from './lib/flood'
import { useHeaders } from './lib/headers'
import type { JobPlan } from './lib/jobs'
import { methodsAt, type Env, type House } from './lib/serve'
import { useWatch } from './lib/watch'
import { callerOf } from './login/session'
import { login } from './login/routes'
import { link } from './link/routes'
import { mirror } from './mirror/routes'
import { mirrorJob } from './mirror/jobs'
import { notice } from './notice/routes'
import { noticesJob } from './notice/jobs'
import { plan } from './plan/routes'
import { promise } from './promise/routes'
import { restore } from './restore/routes'
import { right } from './right/routes'
import { restoreJob } from './restore/run'
import { lettersJob, transfersJob } from './transfer/jobs'
import { transfer } from './transfer/routes'
import { callbacks } from './wecom/callbacks'

/** The whole server as a function from request to answer; it listens nowhere and starts nothing. */
export function createApp(deps: Deps): House {
  const app = new Hono<Env>({ strict: false })
  const house: House = { app, deps, doors: [], findCaller: (c) => callerOf(deps, c), flood: createFlood(deps) }
  useWatch(app, deps)
  useHeaders(app, deps)
  app.onError((error, c) => answerFailure(deps, error, c))
  app.notFound((c) => {
    const allow = methodsAt(house.doors, c.req.path)
    return answerFailure(deps, allow ? new Failure('method_not_allowed', { allow }) : new Failure('not_found'), c)
  })
  const pages = [
    login,
    right,
    link,
    mirror,
    departure,
    plan,
    transfer,
    brief,
    promise,
    restore,
    notice,
    complaint,
    letter,
    callbacks,
    cspReports,
  ]
  for (const feature of pages) feature(house)
  return house
}

/**
 * What runs without being asked, how often (seconds, or a time of the night in Shanghai) and for how long at most (seconds).
 * What people wait for ticks so often that it goes on within 30 seconds whatever process died.
 */
export const jobs: Record<JobName, JobPlan> = {
  events: { run: eventsJob, every: 10, limit: 60 },
  departures: { run: departuresJob, every: 300, limit: 300 },
  transfers: { run: transfersJob, every: 15, limit: 300 },
  groups: { run: groupsJob, every: 15, limit: 300 },
  letters: { run: lettersJob, every: 15, limit: 60 },
  restore: { run: restoreJob, every: 15, limit: 900 },
  notices: { run: noticesJob, every: 3600, limit: 300 },
  freeze: { run: freezeJob, every: 300, limit: 7200 },
  mirror: { run: mirrorJob, every: '03:11', limit: 7200 },
}
