import { afterEach, describe, expect, it } from 'vitest'
import { createWeCom } from '../../src/server/wecom/client'
import { transferCustomer } from '../../src/server/wecom/apis'
import { openDeparted, type DepartedHouse } from '../support/departed'
import { contactId, smallCorp } from '../support/small-corp'

const HOUR = 3_600_000
let house: DepartedHouse
afterEach(() => house.close())

/** An administrator hands customers over in WeCom's console, beside us. */
async function inTheConsole(to: string, ...numbers: number[]) {
  const { corp, app } = smallCorp()
  const console = createWeCom({
    ...{ apiUrl: 'https://qyapi.test', corpId: corp.id, secret: app.secret, log: house.deps.log },
    now: () => house.simulator.clock.now(),
    fetch: (request) => house.simulator.fetch(request),
  })
  const call = { handover_userid: 'linxiao', takeover_userid: to, external_userid: numbers.map(contactId) }
  await console.ask(transferCustomer, call)
  await house.simulator.clock.advance(25 * HOUR)
  await house.settle()
}
const look = () => house.runJobs('departures')
const stateOf = async (n: number) => (await house.transfers()).find((t) => t.external === contactId(n))?.state

describe('a customer to assign whom somebody hands over in WeCom’s console', () => {
  it.each([
    ['and an event tells', {}],
    ['and no event tells: the mirror reads it', { addEventAfterTakeover: false }],
  ])('is elsewhere, with who, %s', async (how, switches) => {
    house = await openDeparted({ switches })
    await inTheConsole('sunyue', 1)
    if (how.includes('mirror')) await house.runJobs('mirror')
    await look()
    expect(await stateOf(1)).toBe('elsewhere')
    expect(await house.count('unassigned')).toBe(7)
    const told = await house.db
      .selectFrom('history')
      .select('body')
      .where('kind', '=', 'transfer.elsewhere')
      .orderBy('id')
      .execute()
    expect(told).toEqual([{ body: { by: '孙悦' } }])
    const before = house.simulator.calls.length
    await look()
    expect(house.simulator.calls.slice(before).filter((c) => c.path === 'externalcontact/get')).toEqual([])
  })

  it('is elsewhere, too, while it stands in a draft', async () => {
    house = await openDeparted()
    const successors = [await house.idOf('chenyiming')]
    const wish = { handovers: 'all', groups: false, successors }
    await house.post(`/api/departures/${house.departure}/plans`, wish, house.planner)
    await inTheConsole('sunyue', 2)
    await look()
    expect(await stateOf(2)).toBe('elsewhere')
  })
})

describe('stays to assign', () => {
  it('when the row leaves the list and nobody is shown to have taken over', async () => {
    house = await openDeparted()
    house.simulator.faults.add({ path: 'externalcontact/get_unassigned_list', rows: { missing: 1 } })
    await look()
    expect(await house.count('unassigned')).toBe(8)
  })

  it('when somebody is only a friend, or was assigned long before', async () => {
    house = await openDeparted()
    house.simulator.world.customerAddsMember('sunyue', contactId(3), { addWay: 3 })
    await house.settle()
    await house.db
      .updateTable('relation')
      .set({ addWay: 202 })
      .where('memberId', '=', await house.idOf('chenyiming'))
      .execute()
    house.simulator.faults.add({ path: 'externalcontact/get_unassigned_list', rows: { missing: 1 } })
    await look()
    expect(await house.count('unassigned')).toBe(8)
  })

  it('while WeCom’s list still names them, and when the list cannot be read to its end', async () => {
    house = await openDeparted({ switches: { unassignedRowLeaves: 'at takeover' } })
    house.simulator.world.customerAddsMember('sunyue', contactId(4), { addWay: 202 })
    await house.settle()
    await look()
    expect(await stateOf(4)).toBe('unassigned')
    house.simulator.faults.add({ path: 'externalcontact/get_unassigned_list', rows: { missing: 1 }, cursor: 'endless' })
    await look().catch(() => undefined)
    expect(await stateOf(4)).toBe('unassigned')
  })

  it('when our own data say assigned and WeCom, asked now, does not', async () => {
    house = await openDeparted()
    await inTheConsole('sunyue', 5)
    house.simulator.faults.add({ event: '*', lose: true })
    house.simulator.world.memberDeletesCustomer('sunyue', contactId(5))
    await look()
    expect(await stateOf(5)).toBe('unassigned')
  })
})
