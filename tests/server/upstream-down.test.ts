import { afterEach, expect, it } from 'vitest'
import { openDeparted, type DepartedHouse } from '../support/departed'

const MINUTE = 60_000
let house: DepartedHouse
afterEach(() => house.close())

/** A minute as the clock of the jobs makes it; what fails there is tried again by the next one. */
async function minute(n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    await house.simulator.clock.advance(MINUTE)
    await house.simulator.callbacks.idle()
    for (const job of ['events', 'transfers', 'groups', 'letters'] as const)
      await house.runJobs(job).catch(() => undefined)
    if (i % 5 === 0) await house.runJobs('departures').catch(() => undefined)
  }
}

it('WeCom is away for half an hour: reads go on with their age, what is approved waits and says so, and everything is sent within ten minutes, by itself (Q21)', async () => {
  house = await openDeparted()
  const { simulator, planner, departure } = house
  const cookie = planner
  // Approved by people who came in before: nobody can come in while WeCom is away.
  const wish = { handovers: 'all', groups: false, successors: [await house.idOf('chenyiming')] }
  const approver = await house.signIn('hezhiyuan')
  const undo = simulator.faults.add({ path: '*', drop: 'before-effect' })
  const draft = await house.post(`/api/departures/${departure}/plans`, wish, cookie)
  const { id, digest } = draft.body as { id: string; digest: string }
  expect((await house.post(`/api/plans/${id}/submit`, { digest }, cookie)).status).toBe(200)
  expect((await house.post(`/api/plans/${id}/approve`, { digest }, approver)).status).toBe(200)
  const before = (await house.get('/api/link', cookie)).body.mirrorAt as string
  for (let passed = 0; passed < 30; passed += 5) {
    await minute(5)
    for (const path of ['/api/departures', `/api/departures/${departure}`, `/api/departures/${departure}/handovers`])
      expect((await house.get(path, cookie)).status, path).toBe(200)
    expect((await house.get('/api/link', cookie)).body).toMatchObject({ mirrorAt: before })
  }
  expect((await house.get('/api/link', cookie)).body).toMatchObject({ state: 'down' })
  // In nobody's name anything was begun, and nobody is lost: they wait, or it is being found out whether they were sent.
  expect(house.did('transfer_started').size).toBe(0)
  const { counts } = (await house.get(`/api/departures/${departure}`, cookie)).body
  expect(Object.values(counts as Record<string, number>).reduce((a, b) => a + b)).toBe(8)
  expect(Object.keys(counts as object).every((label) => ['to_send', 'settling', 'checking'].includes(label))).toBe(true)

  undo()
  await minute(10)
  expect(await house.count('waiting')).toBe(8)
  expect([...house.did('transfer_started').values()]).toEqual(Array(8).fill(1))
  expect((await house.get('/api/link', cookie)).body.state).not.toBe('down')
}, 120_000)
