import { afterEach, describe, expect, it } from 'vitest'
import { signIn } from '../../mock/person'
import { ownPostgres } from './postgres'
import { openWorld, type Roles, type World } from './world'

const STOPS = Number(process.env['KILL_STOPS'] ?? 3)
const postgres = ownPostgres()
let world: World
afterEach(() => world.close())

const open = async (...roles: Roles) => (world = await openWorld(postgres.server.config, roles, 8))
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))
const mirrored = () =>
  expect
    .poll(() => world.db.selectFrom('mirrorRun').select('id').where('endedAt', 'is not', null).execute(), {
      timeout: 60_000,
    })
    .toHaveLength(1)

describe('processes of one build', () => {
  it('start twenty at once on an empty database, and all come up; the corp is read once (Q8)', async () => {
    await open(...Array.from({ length: 20 }, (_, i) => (i % 2 ? 'worker' : 'web')))
    expect(world.servers.filter((s) => s.pid === null)).toEqual([])
    await mirrored()
    expect((await fetch(`${world.appUrl}/n/nobody`)).status).toBe(404)
  }, 300_000)

  it('share the work: a web process runs no job, a worker has no page, what one wakes the other does', async () => {
    await open('web')
    await pause(2000)
    expect(await world.db.selectFrom('mirrorRun').select('id').execute()).toEqual([])
    await world.close()
    await open('web', 'worker')
    await mirrored()
    world.simulator.world.removeMember('linxiao')
    await expect.poll(() => world.db.selectFrom('handover').select('id').execute(), { timeout: 60_000 }).toHaveLength(8)
  })
})

describe('SIGTERM', () => {
  it(`under load ends within 10 s, finishes what was begun and loses nothing it acknowledged, ${STOPS} times (Q5)`, async () => {
    await open('all')
    await mirrored()
    const [server] = world.servers
    let acknowledged = 0
    for (let i = 0; i < STOPS; i++) {
      const load = startLoad()
      await expect.poll(() => load.signedIn, { timeout: 60_000 }).toBeGreaterThan(10)
      const asked = performance.now()
      server?.terminate()
      expect(await server?.gone()).toBe(0)
      expect(performance.now() - asked).toBeLessThan(10_000)
      await load.stop()
      expect(load.failed()).toEqual([])
      const began = await world.db.selectFrom('audit').select('seq').where('action', '=', 'session.began').execute()
      acknowledged += load.signedIn
      expect(began.length).toBeGreaterThanOrEqual(acknowledged)
      await server?.start()
    }
  }, 600_000)
})

/** People who sign in and look around, each request on a connection of its own. */
function startLoad() {
  let stopping = false
  const seen: string[] = []
  const load = { signedIn: 0, failed, stop }
  async function person(): Promise<void> {
    while (!stopping) {
      try {
        const me = await signIn(world.simulator, world.appUrl, 'zhoumin')
        load.signedIn++
        await me.ask('GET', '/api/me')
      } catch (error) {
        seen.push(error instanceof Error ? error.message : 'failed')
        await pause(50)
      }
    }
  }
  const people = Array.from({ length: 12 }, person)
  /** Answers that say it is our fault. Whoever comes after the signal is refused, as he should be. */
  function failed(): string[] {
    return seen.filter((what) => / 5\d\d /.test(what))
  }
  async function stop(): Promise<void> {
    stopping = true
    await Promise.all(people)
  }
  return load
}

describe('between a server and its database (Q7)', () => {
  const ask = async (): Promise<number> => {
    const answer = await fetch(`${world.appUrl}/n/nobody`, { signal: AbortSignal.timeout(15_000) })
    await answer.arrayBuffer()
    return answer.status
  }

  it.each<[string, (on: boolean) => void]>([
    ['half-open connections', (on) => world.servers.forEach(({ proxy }) => (proxy.frozen = on))],
    ['5 s stalls', (on) => world.servers.forEach(({ proxy }) => (proxy.stall = on ? 5000 : 0))],
    ['resets', (on) => world.servers.forEach(({ proxy }) => on && proxy.reset())],
    ['refused connections', (on) => world.servers.forEach(({ proxy }) => proxy.refuse(on))],
  ])('%s hold no request longer than 15 s, and leave no connection unusable', async (_, fault) => {
    await open('all')
    await mirrored()
    expect(await Promise.all(Array.from({ length: 12 }, ask))).toEqual(Array(12).fill(404))
    fault(true)
    const answers = await Promise.all(Array.from({ length: 30 }, ask))
    expect(answers.filter((status) => status !== 404 && status !== 503)).toEqual([])
    fault(false)
    await expect.poll(ask, { timeout: 30_000 }).toBe(404)
    expect(await Promise.all(Array.from({ length: 30 }, ask))).toEqual(Array(30).fill(404))
    // Jobs go on, too, without a restart.
    world.simulator.world.removeMember('linxiao')
    await expect.poll(() => world.db.selectFrom('handover').select('id').execute(), { timeout: 60_000 }).toHaveLength(8)
  })
})
