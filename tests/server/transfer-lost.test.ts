import { afterEach, describe, expect, it } from 'vitest'
import type { CallFault } from '../../mock/wecom/faults'
import type { Deps } from '../../src/server/deps'
import { askResults } from '../../src/server/transfer/ask'
import { transfersJob } from '../../src/server/transfer/jobs'
import { transferCustomer } from '../../src/server/wecom/apis'
import { openDeparted, type DepartedHouse } from '../support/departed'
import { contactId } from '../support/small-corp'

const path = 'externalcontact/resigned/transfer_customer'
let house: DepartedHouse
afterEach(() => house.close())

const missing = async () =>
  (await house.db.selectFrom('transferBatch').select('id').where('state', '=', 'sent').execute()).length
const labels = async () => {
  const { body } = await house.get(`/api/departures/${house.departure}`, house.planner)
  return (body as { counts: Record<string, number> }).counts
}
/** In the ledger each customer was begun exactly once, and ours says what WeCom says. */
async function oneEach(n: number, state = 'waiting') {
  expect([...house.did('transfer_started').values()]).toEqual(Array(n).fill(1))
  expect(await house.count(state)).toBe(n)
  expect(await missing()).toBe(0)
}

describe('a call whose answer is lost (Q17, invariant 2)', () => {
  it('before it had an effect is shown as open, then sent again', async () => {
    house = await openDeparted()
    house.simulator.faults.add({ path, drop: 'before-effect', nth: 1 })
    await house.approved(['chenyiming'])
    await house.runJobs()
    expect(house.did('transfer_started').size).toBe(0)
    expect(await house.count('approved')).toBe(8)
    expect(await labels()).toEqual({ settling: 8 })
    await house.minutes(5)
    expect(house.did('transfer_started').size).toBe(0)
    await house.minutes(3)
    await oneEach(8)
    expect(await labels()).toEqual({ waiting: 8 })
  })

  it('after it had its effect is found in the results and never sent again', async () => {
    house = await openDeparted()
    house.simulator.faults.add({ path, drop: 'after-effect', nth: 1 })
    await house.approved(['chenyiming'])
    await house.runJobs()
    await oneEach(8)
    await house.minutes(8)
    await oneEach(8)
    expect(house.simulator.calls.filter((c) => c.path === path)).toHaveLength(1)
  })

  it('waits calmly while WeCom says neither yes nor no, and is found when it does', async () => {
    house = await openDeparted({ switches: { freshResults: 'none' } })
    house.simulator.faults.add({ path, drop: 'after-effect', nth: 1 })
    await house.approved(['chenyiming'])
    await house.runJobs()
    await house.minutes(3)
    expect(await labels()).toEqual({ settling: 8 })
    await house.minutes(5)
    await oneEach(8)
    expect(house.simulator.calls.filter((c) => c.path === path)).toHaveLength(1)
  })

  it('and whose customers still stand in the list though it happened is found in the results, not sent again', async () => {
    house = await openDeparted({ switches: { freshResults: 'none', unassignedRowLeaves: 'at takeover' } })
    house.simulator.faults.add({ path, drop: 'after-effect', nth: 1 })
    await house.approved(['chenyiming'])
    await house.runJobs()
    await house.minutes(10)
    await oneEach(8)
    expect(house.simulator.calls.filter((c) => c.path === path)).toHaveLength(1)
  })

  it.each<[string, Omit<CallFault, 'path'>]>([
    ['a reset in the middle of the answer', { reset: true }],
    ['half an answer', { truncate: true }],
    ['502 before the effect', { status: 502 }],
    ['502 after the effect', { status: 502, effect: true }],
    ['a proxy page after the effect', { html: true, effect: true }],
  ])('by %s ends in exactly one transfer each', async (_, fault) => {
    house = await openDeparted()
    house.simulator.faults.add({ path, ...fault, nth: 1 })
    await house.approved(['chenyiming', 'wanglei'])
    await house.runJobs()
    await house.minutes(8)
    await oneEach(8)
  })

  it('does not keep other successors waiting', async () => {
    house = await openDeparted()
    house.simulator.faults.add({ path, drop: 'before-effect', nth: 1 })
    await house.approved(['chenyiming', 'wanglei'])
    await house.runJobs()
    expect(await house.count('waiting')).toBe(4)
  })
})

describe('a process that dies', () => {
  /** `died` throws where the process ended: whatever it held open in the database is gone. */
  const dying = (when: 'before the call' | 'after the call'): Deps => ({
    ...house.deps,
    wecom: {
      async ask(api, params) {
        if ((api as unknown) !== transferCustomer) return house.deps.wecom.ask(api, params)
        if (when === 'after the call') await house.deps.wecom.ask(api, params)
        throw new Error('killed')
      },
    },
  })

  it.each(['before the call', 'after the call'] as const)(
    '%s leaves nothing lost and nothing doubled',
    async (when) => {
      house = await openDeparted()
      await house.approved(['chenyiming'])
      house.awake.clear()
      await transfersJob(dying(when))
      expect(await missing()).toBe(when === 'before the call' ? 1 : 0)
      await house.minutes(8)
      await oneEach(8)
      expect(house.logged.filter((l) => l.includes('killed'))).toHaveLength(1)
    },
  )

  it('while another one works on the same successor: the other does not take its call for lost', async () => {
    house = await openDeparted()
    await house.approved(['chenyiming'])
    house.awake.clear()
    let go = (): void => undefined
    const held = new Promise<void>((done) => (go = done))
    const slow: Deps = {
      ...house.deps,
      wecom: {
        async ask(api, params) {
          if ((api as unknown) === transferCustomer) await held
          return house.deps.wecom.ask(api, params)
        },
      },
    }
    const first = transfersJob(slow)
    while (!(await missing())) await new Promise((done) => setTimeout(done, 10))
    await house.simulator.clock.advance(120_000)
    // The first thing a run does; it waits for the successor's turn, and does not get it.
    await askResults(house.deps)
    expect(await missing()).toBe(1)
    expect(house.did('transfer_started').size).toBe(0)
    go()
    await first
    await oneEach(8)
  })
})

describe('an answer that leaves customers out (Q18)', () => {
  it('is asked again about those, and only those', async () => {
    house = await openDeparted()
    await house.approved(['chenyiming'])
    house.awake.clear()
    const deaf: Deps = {
      ...house.deps,
      wecom: {
        async ask(api, params) {
          const answer = await house.deps.wecom.ask(api, params)
          if ((api as unknown) !== transferCustomer) return answer
          const { customer } = answer as { customer: { external_userid: string; errcode: number }[] }
          const strange = [customer[1], customer[1], { external_userid: 'wmStranger', errcode: 0 }, customer[0]]
          return { customer: strange } as typeof answer
        },
      },
    }
    await transfersJob(deaf)
    await house.minutes(8)
    await oneEach(8)
    expect((await house.transfers()).map((t) => t.external)).toContain(contactId(1))
  })
})
