import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { demoSettings } from '../../mock/demo'
import { createSimulator } from '../../mock/wecom/simulator'
import { createApp, jobs } from '../../src/server/app'
import { startPostgres } from '../../src/server/db/embedded'
import { migrate } from '../../src/server/db/migrate'
import { openDb, openPool } from '../../src/server/db/open'
import type { Deps, JobName } from '../../src/server/deps'
import { readConfig } from '../../src/server/lib/config'
import { timeId } from '../../src/server/lib/id'
import { createWeCom } from '../../src/server/wecom/client'
import { customer, relation, smallCorp } from '../support/small-corp'

const START = Date.parse('2026-11-24T02:00:00Z')
const takers = ['chenyiming', 'wanglei', 'hezhiyuan', 'sunyue', 'zhoumin']

/** A server and a simulated corp on a database of their own, where 林晓 has left with an approved plan; time stands still. */
export async function openCorp(customers: number, successors: number) {
  const folder = mkdtempSync(join(tmpdir(), 'jiebang-bench-'))
  const postgres = await startPostgres(folder, { settings: { fsync: 'off', synchronous_commit: 'off' } })
  const pool = openPool(postgres.config, () => undefined)
  await migrate(pool)
  const cast = smallCorp((c) => {
    c.relations = c.relations.filter((r) => r.userid !== 'linxiao')
    for (let n = 1; n <= customers; n++) {
      c.customers.push(customer(1000 + n))
      c.relations.push(relation('linxiao', 1000 + n))
    }
  })
  const publicUrl = `https://${cast.app.trustedHosts[0]}`
  const simulator = createSimulator(cast, {
    startAt: START,
    frozen: true,
    limits: { callsKept: 1_000_000 },
    send: (request) => Promise.resolve(app.fetch(request)),
  })
  const now = () => simulator.clock.now()
  const log = pino({ level: 'silent' })
  const config = readConfig(
    demoSettings(cast, { publicUrl, apiUrl: 'https://qyapi.test', port: 0, secret: 's'.repeat(32), dataDir: '' }),
  )
  const awake = new Set<JobName>()
  const deps: Deps = {
    db: openDb(pool),
    wecom: createWeCom({
      apiUrl: config.WECOM_API_URL,
      corpId: config.WECOM_CORP_ID,
      secret: config.WECOM_APP_SECRET,
      now,
      log,
      fetch: (request) => simulator.fetch(request),
      sleep: (ms) => simulator.clock.advance(ms),
    }),
    config,
    log,
    now: () => new Date(now()),
    id: () => timeId(now()),
    wake: (job) => void awake.add(job),
  }
  const { app } = createApp(deps)

  async function run(...names: JobName[]) {
    for (const name of names) awake.add(name)
    for (const name of awake) {
      awake.delete(name)
      await jobs[name].run(deps).catch(() => undefined)
    }
  }
  await run('mirror')
  simulator.world.removeMember('linxiao')
  await simulator.callbacks.idle()
  await run('events', 'departures')
  await approve(deps, takers.slice(0, successors))
  return {
    simulator,
    deps,
    run,
    async pass(minutes: number) {
      await simulator.clock.advance(minutes * 60_000)
      await simulator.callbacks.idle()
      await run('events', 'transfers')
    },
    async close() {
      await deps.db.destroy()
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** As if two managers had planned and approved it: the bench measures what comes after. */
async function approve({ db, id, now }: Deps, userids: readonly string[]): Promise<void> {
  const members = await db.selectFrom('member').select('id').where('userid', 'in', userids).orderBy('id').execute()
  const departure = await db.selectFrom('departure').select('id').executeTakeFirstOrThrow()
  const [planner, approver] = members
  const plan = { id: id(), departureId: departure.id, state: 'approved', digest: '', draftedAt: now() }
  await db
    .insertInto('plan')
    .values({ ...plan, draftedBy: planner?.id ?? '', decidedBy: approver?.id ?? '' })
    .execute()
  const handovers = await db.selectFrom('handover').select('id').orderBy('id').execute()
  for (const [i, member] of members.entries())
    await db
      .updateTable('transfer')
      .set({ state: 'approved', planId: plan.id, successorId: member.id })
      .where(
        'handoverId',
        'in',
        handovers.filter((_, n) => n % members.length === i).map((h) => h.id),
      )
      .execute()
}
