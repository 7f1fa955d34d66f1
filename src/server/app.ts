import { Hono } from 'hono'
import { Failure } from '../shared/failure'
import type { Deps, Job, JobName } from './deps'
import { brief } from './brief/routes'
import { complaint } from './complaint/routes'
import { departure } from './departure/routes'
import { freezeJob } from './departure/freeze'
import { departuresJob, eventsJob } from './departure/jobs'
import { letter } from './letter/routes'
import { health } from './health/routes'
import { answerFailure } from './lib/answer'
import { useHeaders } from './lib/headers'
import type { Env, House } from './lib/serve'
import { callerOf } from './login/session'
import { login } from './login/routes'
import { mirror } from './mirror/routes'
import { mirrorJob } from './mirror/jobs'
import { notice } from './notice/routes'
import { noticesJob } from './notice/jobs'
import { plan } from './plan/routes'
import { promise } from './promise/routes'
import { lettersJob, transfersJob } from './transfer/jobs'
import { callbacks } from './wecom/callbacks'

/** The whole server as a function from request to answer; it listens nowhere and starts nothing. */
export function createApp(deps: Deps): House {
  const app = new Hono<Env>({ strict: false })
  const house: House = { app, deps, doors: [], findCaller: (c) => callerOf(deps, c) }
  useHeaders(app, deps)
  app.onError((error, c) => answerFailure(deps, error, c))
  app.notFound((c) => answerFailure(deps, new Failure('not_found'), c))
  for (const feature of [health, login, mirror, departure, plan, brief, promise, notice, complaint, letter, callbacks])
    feature(house)
  return house
}

/** What runs without being asked, how often (cron, Asia/Shanghai) and for how long at most (seconds). */
export const jobs: Record<JobName, { run: Job; every: string; limit: number }> = {
  events: { run: eventsJob, every: '* * * * *', limit: 60 },
  departures: { run: departuresJob, every: '*/5 * * * *', limit: 300 },
  transfers: { run: transfersJob, every: '* * * * *', limit: 300 },
  letters: { run: lettersJob, every: '* * * * *', limit: 60 },
  notices: { run: noticesJob, every: '7 * * * *', limit: 300 },
  freeze: { run: freezeJob, every: '*/5 * * * *', limit: 7200 },
  mirror: { run: mirrorJob, every: '11 3 * * *', limit: 7200 },
}
