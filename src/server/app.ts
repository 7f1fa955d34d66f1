import { Hono } from 'hono'
import { Failure } from '../shared/failure'
import type { Deps, JobName } from './deps'
import { basis } from './basis/routes'
import { block } from './block/routes'
import { audit } from './audit/routes'
import { packsJob } from './audit/pack/jobs'
import { packs } from './audit/pack/routes'
import { auditJob, checkpointJob, headsJob, stampsJob } from './audit/jobs'
import { brief } from './brief/routes'
import { calendar } from './calendar/routes'
import { checklist } from './checklist/routes'
import { complaintsJob, mailJob } from './complaint/jobs'
import { consentsJob } from './consent/jobs'
import { consent } from './consent/routes'
import { complaint } from './complaint/routes'
import { departure } from './departure/routes'
import { duty } from './duty/routes'
import { emergency } from './emergency/routes'
import { exportsJob } from './export/jobs'
import { exporting } from './export/routes'
import { figure } from './figure/routes'
import { freezeJob } from './departure/freeze'
import { departuresJob, eventsJob } from './departure/jobs'
import { revocationsJob } from './departure/revocations'
import { fact } from './fact/routes'
import { groupsJob } from './group/jobs'
import { leaving } from './leaving/routes'
import { groupChat } from './group/routes'
import { launch } from './launch/routes'
import { letter } from './letter/routes'
import { answerFailure } from './lib/answer'
import { cspReports } from './lib/csp'
import { createFlood } from './lib/flood'
import { useHeaders } from './lib/headers'
import type { JobPlan } from './lib/jobs'
import { methodsAt, type Env, type House } from './lib/serve'
import { useWatch } from './lib/watch'
import { cookieName } from './login/cookie'
import { callerOf, limitsOf, memberNow } from './login/session'
import { login } from './login/routes'
import { link } from './link/routes'
import { mirror } from './mirror/routes'
import { mirrorJob } from './mirror/jobs'
import { newcomersJob } from './newcomer/jobs'
import { newcomer } from './newcomer/routes'
import { note } from './note/routes'
import { notice } from './notice/routes'
import { massJob, noticesJob } from './notice/jobs'
import { wishesJob } from './objection/jobs'
import { objection } from './objection/routes'
import { own } from './own/routes'
import { approvalsJob } from './plan/jobs'
import { plan } from './plan/routes'
import { trial } from './plan/trial'
import { probeJob } from './probe/jobs'
import { probe } from './probe/routes'
import { promisesJob } from './promise/jobs'
import { promise } from './promise/routes'
import { request } from './request/routes'
import { restore } from './restore/routes'
import { right } from './right/routes'
import { rule } from './rule/routes'
import { restoreJob } from './restore/run'
import { signalsJob } from './signal/jobs'
import { signal } from './signal/routes'
import { task } from './task/routes'
import { text } from './text/routes'
import { revealing } from './reveal/routes'
import { lettersJob, transfersJob } from './transfer/jobs'
import { retention } from './retention/routes'
import { retentionJob } from './retention/jobs'
import { transfer } from './transfer/routes'
import { callbacks } from './wecom/callbacks'

/** The whole server as a function from request to answer; it listens nowhere and starts nothing. */
export function createApp(deps: Deps): House {
  const app = new Hono<Env>({ strict: false })
  const house: House = { app, deps, doors: [], findCaller: (c) => callerOf(deps, c), flood: createFlood(deps) }
  useWatch(app, deps)
  useHeaders(app, deps, () => house.release)
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
    groupChat,
    newcomer,
    duty,
    figure,
    emergency,
    promise,
    note,
    task,
    leaving,
    checklist,
    restore,
    revealing,
    notice,
    objection,
    consent,
    block,
    probe,
    signal,
    own,
    calendar,
    fact,
    rule,
    trial,
    basis,
    launch,
    complaint,
    request,
    audit,
    packs,
    exporting,
    retention,
    text,
    letter,
    callbacks,
    cspReports,
  ]
  for (const feature of pages) feature(house)
  return house
}

/**
 * What runs without being asked, how often (seconds, or a time of the night in Shanghai) and for how long at most (seconds).
 * What people wait for ticks so often that it goes on within 30 seconds whatever process died: what was interrupted may need two
 * ticks, the first of which comes too early to ask WeCom again.
 */
export const jobs: Record<JobName, JobPlan> = {
  revocations: { run: revocationsJob, every: 10, limit: 60 },
  events: { run: eventsJob, every: 10, limit: 60 },
  probe: {
    run: probeJob({ build: createApp, cookieName, sessionMs: (config) => limitsOf(config).absoluteMs }),
    every: 15,
    limit: 120,
  },
  signals: { run: signalsJob, every: 60, limit: 300 },
  departures: { run: departuresJob, every: 300, limit: 300 },
  transfers: { run: transfersJob, every: 10, limit: 300 },
  groups: { run: groupsJob, every: 10, limit: 300 },
  approvals: { run: approvalsJob, every: 15, limit: 120 },
  letters: { run: lettersJob, every: 10, limit: 60 },
  restore: { run: restoreJob, every: 10, limit: 900 },
  exports: { run: exportsJob(memberNow), every: 15, limit: 300 },
  retention: { run: retentionJob, every: '02:41', limit: 7200 },
  complaints: { run: complaintsJob, every: 60, limit: 300 },
  mail: { run: mailJob, every: 60, limit: 600 },
  wishes: { run: wishesJob, every: 300, limit: 60 },
  notices: { run: noticesJob, every: 3600, limit: 300 },
  newcomers: { run: newcomersJob, every: 3600, limit: 60 },
  promises: { run: promisesJob, every: 300, limit: 60 },
  consents: { run: consentsJob, every: 300, limit: 300 },
  mass: { run: massJob, every: 30, limit: 300 },
  freeze: { run: freezeJob, every: 300, limit: 7200 },
  heads: { run: headsJob, every: 3600, limit: 900 },
  stamps: { run: stampsJob, every: 300, limit: 200 },
  audit: { run: auditJob, every: '04:23', limit: 7200 },
  packs: { run: packsJob, every: 60, limit: 900 },
  checkpoint: { run: checkpointJob, every: '08:30', limit: 900 },
  mirror: { run: mirrorJob, every: '03:11', limit: 7200 },
}
