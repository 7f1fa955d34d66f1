import { expect, it } from 'vitest'
import { check, type Found } from './checks'
import { ownPostgres } from './postgres'
import { planRuns } from './runs'
import { live, type Kills } from './story'
import { openWorld, type Roles } from './world'

const RUNS = Number(process.env['KILL_RUNS'] ?? 100)
const SEED = Number(process.env['KILL_SEED'] ?? 1)
const CUSTOMERS = 200

const postgres = ownPostgres()

/** Another worker goes on, and the dead one comes back later; a process that is the only one of its kind comes back at once. */
const killServer: Kills['strike'] = (world, point) => {
  const { struck, disarm } = world.arm(point)
  let when: number | null = null
  return {
    at: () => when,
    disarm,
    struck: struck.then(async ({ server, at }) => {
      when = at
      await server.gone()
      const heirs = world.servers.filter((s) => s.name === server.name && s.pid !== null)
      if (!heirs.length) return () => server.start()
      setTimeout(() => void server.start(), 500)
      return () => Promise.resolve()
    }),
  }
}

const roles: Roles[] = [['all'], ['web', 'worker', 'worker']]

it(`a server killed (-9) ${RUNS} times in the life of 200 customers loses nothing, doubles nothing and goes on (Q4, Q8)`, async () => {
  const plan = planRuns(RUNS, SEED)
  const found: Found[] = []
  while (!plan.done) {
    const world = await openWorld(postgres.server.config, roles[found.length % roles.length] ?? ['all'], CUSTOMERS)
    try {
      const told = await live(world, plan.life(killServer))
      found.push(await check(world, told))
    } finally {
      await world.close()
    }
  }
  const report = plan.report(found)
  process.stdout.write(`kill -9 of a server: ${report.summary}\n`)
  expect(report.losses).toEqual([])
  expect(report.duplicates).toEqual([])
  expect(report.reached.size).toBeGreaterThanOrEqual(Math.min(20, RUNS / 5))
  expect(report.slowest).toBeLessThanOrEqual(30)
}, 3_600_000)
