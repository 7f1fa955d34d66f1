import { expect } from 'vitest'
import { check, type Found } from './checks'
import type { ownPostgres } from './postgres'
import { planRuns } from './runs'
import { live, type Kills } from './story'
import { openWorld, type Roles } from './world'

/** Half of them kill a process that is everything, the other half one of several; each half has a file, to run beside the other. */
const RUNS = Math.ceil(Number(process.env['KILL_RUNS'] ?? 40) / 2)
const SEED = Number(process.env['KILL_SEED'] ?? 1)
const CUSTOMERS = 200

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

export const title = (who: string): string =>
  `${who} killed (-9) ${RUNS} times in the life of 200 customers: nothing lost, nothing doubled, and it goes on (Q4, Q8)`

export async function killServers(postgres: ReturnType<typeof ownPostgres>, roles: Roles): Promise<void> {
  const plan = planRuns(RUNS, SEED)
  const found: Found[] = []
  while (!plan.done) {
    const world = await openWorld(postgres.server.config, roles, CUSTOMERS)
    try {
      const told = await live(world, plan.life(killServer))
      found.push(await check(world, told))
    } finally {
      await world.close()
    }
  }
  const report = plan.report(found)
  process.stdout.write(`kill -9 of ${roles.join(', ')}: ${report.summary}\n`)
  expect(report.losses).toEqual([])
  expect(report.duplicates).toEqual([])
  expect(report.reached.size).toBeGreaterThanOrEqual(Math.min(20, RUNS / 4))
  expect(report.slowest).toBeLessThanOrEqual(30)
}
