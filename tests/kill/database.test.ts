import { expect, it } from 'vitest'
import { check, type Found } from './checks'
import { ownPostgres } from './postgres'
import { planRuns } from './runs'
import { live, type Kills } from './story'
import { openWorld } from './world'

const RUNS = Number(process.env['KILL_DATABASE_RUNS'] ?? 12)
const SEED = Number(process.env['KILL_SEED'] ?? 1)
const postgres = ownPostgres()

/** The postmaster dies (-9) at the point and is started again; the servers are left to themselves. */
const killDatabase: Kills['strike'] = (world, point) => {
  let when: number | null = null
  const { struck, disarm } = world.arm(point, () => process.kill(postgres.server.pid, 'SIGKILL'))
  return {
    at: () => when,
    disarm,
    struck: struck.then(({ at }) => {
      when = at
      return () => Promise.resolve()
    }),
  }
}

it(`a database killed (-9) ${RUNS} times in the life of 200 customers loses nothing, and no server needs a restart (Q6)`, async () => {
  const plan = planRuns(RUNS, SEED, (point) => 'sql' in point)
  const found: Found[] = []
  while (!plan.done) {
    const world = await openWorld(postgres.server.config, ['web', 'worker'], 200)
    const pids = world.servers.map((s) => s.pid)
    try {
      const told = await live(world, plan.life(killDatabase))
      found.push(await check(world, told))
      expect(world.servers.map((s) => s.pid)).toEqual(pids)
    } finally {
      await world.close()
    }
  }
  const report = plan.report(found)
  process.stdout.write(`kill -9 of the database: ${report.summary}\n`)
  expect(report.losses).toEqual([])
  expect(report.duplicates).toEqual([])
  expect(report.slowest).toBeLessThanOrEqual(30)
}, 3_600_000)
