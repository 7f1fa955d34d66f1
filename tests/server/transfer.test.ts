import { afterEach, describe, expect, it } from 'vitest'
import { openDeparted, type DepartedHouse } from '../support/departed'
import { contactId, smallCorp } from '../support/small-corp'

let house: DepartedHouse
afterEach(() => house.close())
const HOUR = 3600_000

describe('a transfer', () => {
  it('goes from the approval to the takeover, and is done only when WeCom says so (invariant 1)', async () => {
    house = await openDeparted()
    await house.approved(['chenyiming', 'wanglei'])
    expect(await house.count('approved')).toBe(8)
    await house.runJobs()
    expect(await house.count('waiting')).toBe(8)
    for (const t of await house.transfers()) {
      expect(t.takeoverAt!.getTime() - t.submittedAt!.getTime()).toBe(24 * HOUR)
      expect(t.settledAt).toBeNull()
    }
    await house.simulator.clock.advance(23 * HOUR)
    await house.minutes(2)
    expect(await house.count('waiting')).toBe(8)
    await house.simulator.clock.advance(HOUR)
    await house.minutes(1)
    expect(await house.count('taken_over')).toBe(8)
    for (const t of await house.transfers()) expect(t.settledAt).toEqual(t.takeoverAt)
    expect([...house.did('transfer_started').values()]).toEqual(Array(8).fill(1))
    expect(await states('transferBatch')).toEqual(['settled', 'settled'])
    expect(house.logged.filter((line) => !line.includes('user/get'))).toEqual([])
  })

  it("tells the customer's history who approved, what was started and what came of it", async () => {
    house = await openDeparted()
    await house.approved(['chenyiming'])
    await house.minutes(1)
    await house.simulator.clock.advance(24 * HOUR)
    await house.minutes(1)
    const [t] = await house.transfers()
    const history = await house.db
      .selectFrom('history')
      .select(['kind', 'body', 'source'])
      .where('customerId', '=', t!.customer)
      .where('kind', 'in', ['plan.approved', 'transfer.started', 'transfer.taken_over'])
      .orderBy('at')
      .orderBy('id')
      .execute()
    expect(history).toEqual([
      { kind: 'plan.approved', body: { successor: '陈一鸣', planner: '周敏' }, source: 'member' },
      { kind: 'transfer.started', body: { successor: '陈一鸣', flow: 'resigned' }, source: 'wecom' },
      { kind: 'transfer.taken_over', body: { successor: '陈一鸣' }, source: 'wecom' },
    ])
  })

  it('writes no consent and leaves the notice due (T-76, invariant 3)', async () => {
    house = await openDeparted()
    await house.approved(['chenyiming'])
    await house.runJobs()
    await house.simulator.clock.advance(24 * HOUR)
    await house.minutes(1)
    const notices = await house.db.selectFrom('notice').select(['state', 'sentAt', 'answeredAt']).execute()
    expect(notices).toEqual(Array(8).fill({ state: 'due', sentAt: null, answeredAt: null }))
    const moved = await house.db
      .selectFrom('audit')
      .select('action')
      .where('action', 'like', 'notice.%')
      .orderBy('seq')
      .execute()
    expect(moved).toEqual([])
  })

  it('that the customer refuses is over: nobody plans it, nothing sends it again', async () => {
    house = await openDeparted()
    await house.approved(['chenyiming'])
    await house.runJobs()
    house.simulator.world.customerWill(contactId(1), 'refuse')
    await house.settle()
    await house.minutes(10)
    const refused = (await house.transfers()).find((t) => t.external === contactId(1))!
    expect(refused.state).toBe('refused')
    const plan = { handovers: [refused.handover], groups: false, successors: [await house.idOf('wanglei')] }
    const again = await house.post(`/api/departures/${house.departure}/plans`, plan, house.planner)
    expect(again.body).toMatchObject({ code: 'plan_empty' })
    await house.simulator.clock.advance(48 * HOUR)
    await house.minutes(2)
    expect(house.did('transfer_started').get(contactId(1))).toBe(1)
    expect((await house.transfers()).find((t) => t.external === contactId(1))!.state).toBe('refused')
    expect(await house.count('taken_over')).toBe(7)
  })

  it('to a full successor can be planned for another', async () => {
    const cast = smallCorp((c) => (c.members.find((m) => m.userid === 'wanglei')!.customerLimit = 3))
    house = await openDeparted({ cast })
    await house.approved(['wanglei'])
    await house.runJobs()
    await house.simulator.clock.advance(24 * HOUR)
    await house.minutes(1)
    expect(await house.count('taken_over')).toBe(2)
    expect(await house.count('successor_limit')).toBe(6)
    await house.approved(['chenyiming'])
    await house.runJobs()
    await house.simulator.clock.advance(24 * HOUR)
    await house.minutes(1)
    expect(await house.count('taken_over')).toBe(8)
    expect([...house.did('taken_over').values()]).toEqual(Array(8).fill(1))
  })

  it("keeps WeCom's code for each customer it does not take, and the others go on (T-10, Q18)", async () => {
    house = await openDeparted()
    const codes = { 1: 40096, 3: 40098, 4: 40099, 5: 40128, 6: 40130 }
    const items = Object.fromEntries(Object.entries(codes).map(([n, code]) => [contactId(Number(n)), code]))
    house.simulator.faults.add({ path: 'externalcontact/resigned/transfer_customer', items })
    await house.approved(['chenyiming'])
    await house.runJobs()
    const rows = await house.transfers()
    for (const t of rows) {
      const code = items[t.external] ?? null
      expect(t).toMatchObject(code ? { state: 'failed', errcode: code } : { state: 'waiting', errcode: null })
    }
    const failed = await house.db
      .selectFrom('history')
      .select('body')
      .where('kind', '=', 'transfer.failed')
      .orderBy('id')
      .execute()
    expect(failed.map((f) => (f.body as { errcode: number }).errcode).sort()).toEqual(Object.values(codes).sort())
  })

  it('that somebody else has started already waits for the result (40100, 40129)', async () => {
    house = await openDeparted()
    const items = { [contactId(1)]: 40100, [contactId(2)]: 40129 }
    house.simulator.faults.add({ path: 'externalcontact/resigned/transfer_customer', items })
    await house.approved(['chenyiming'])
    await house.runJobs()
    const rows = await house.transfers()
    expect(rows.filter((t) => t.state === 'submitted').map((t) => [t.external, t.errcode, t.takeoverAt])).toEqual([
      [contactId(1), 40100, null],
      [contactId(2), 40129, null],
    ])
    await house.minutes(5)
    expect(await house.count('submitted')).toBe(2)
    expect(await house.count('waiting')).toBe(6)
  })

  it('that WeCom was too busy for is sent later, one by one or the whole call', async () => {
    house = await openDeparted()
    const path = 'externalcontact/resigned/transfer_customer'
    house.simulator.faults.add({ path, errcode: 45035, nth: 1 })
    house.simulator.faults.add({ path, items: { [contactId(3)]: 45035 }, nth: 2 })
    await house.approved(['chenyiming'])
    await house.runJobs()
    expect(await house.count('approved')).toBe(8)
    expect((await house.transfers())[0]!.errcode).toBe(45035)
    await house.minutes(1)
    expect(await house.count('waiting')).toBe(7)
    await house.minutes(1)
    expect(await house.count('waiting')).toBe(8)
    expect((await house.transfers()).map((t) => t.errcode)).toEqual(Array(8).fill(null))
  })

  it('waits for an administrator where the app is not allowed to, with the code beside it', async () => {
    house = await openDeparted()
    const path = 'externalcontact/resigned/transfer_customer'
    const mended = house.simulator.faults.add({ path, errcode: 48002 })
    await house.approved(['chenyiming'])
    await house.runJobs()
    await house.minutes(3)
    expect((await house.transfers()).map((t) => [t.state, t.errcode])).toEqual(Array(8).fill(['approved', 48002]))
    mended()
    await house.minutes(3)
    expect(await house.count('waiting')).toBe(8)
  })

  it('of somebody who came back before it was sent fails for everybody (40097)', async () => {
    house = await openDeparted()
    house.simulator.faults.add({ path: 'externalcontact/resigned/transfer_customer', errcode: 40097 })
    await house.approved(['chenyiming'])
    await house.runJobs()
    expect((await house.transfers()).map((t) => [t.state, t.errcode])).toEqual(Array(8).fill(['failed', 40097]))
    expect(await states('transferBatch')).toEqual(['settled'])
  })

  it('goes in calls of at most a hundred, never two at once for a successor, each customer once (invariant 1)', async () => {
    house = await openDeparted({ customers: 250, settings: { MANAGERS: 'zhoumin,hezhiyuan,sunyue' } })
    await house.approved(['chenyiming'])
    // Two servers at the same moment.
    await Promise.all([house.runJobs(), house.runJobs('transfers')])
    await house.minutes(1)
    expect(await house.count('waiting')).toBe(250)
    const calls = house.simulator.calls.filter((c) => c.path === 'externalcontact/resigned/transfer_customer')
    expect(calls).toHaveLength(3)
    expect([...house.did('transfer_started').values()]).toEqual(Array(250).fill(1))
  })

  it('is asked for once after the sending and once after the takeover, or when an event says that something happened', async () => {
    house = await openDeparted()
    await house.approved(['chenyiming'])
    await house.runJobs()
    const asked = () =>
      house.simulator.calls.filter((c) => c.path === 'externalcontact/resigned/transfer_result').length
    expect(asked()).toBe(1)
    await house.minutes(30)
    await house.simulator.clock.advance(5 * HOUR)
    await house.minutes(20)
    expect(asked()).toBe(1)
    house.simulator.world.customerWill(contactId(1), 'accept')
    await house.settle()
    expect(await house.count('taken_over')).toBe(1)
    expect(asked()).toBe(2)
    await house.simulator.clock.advance(19 * HOUR)
    await house.minutes(10)
    expect(await house.count('taken_over')).toBe(8)
    expect(asked()).toBe(3)
  })

  it('is asked for every hour where no events of WeCom come in, so that an early refusal is not missed', async () => {
    house = await openDeparted()
    house.simulator.faults.add({ event: '*', lose: true })
    await house.db.deleteFrom('wecomEvent').execute()
    await house.approved(['chenyiming'])
    await house.runJobs()
    house.simulator.world.customerWill(contactId(1), 'refuse')
    for (let minute = 0; minute < 70; minute += 10) {
      await house.simulator.clock.advance(9 * 60_000)
      await house.minutes(1)
    }
    expect(await house.count('refused')).toBe(1)
  })
})

describe('the successor', () => {
  const letters = () => house.simulator.world.appMessages('chenyiming')

  it("gets one message for all who came together, without anybody's name", async () => {
    house = await openDeparted()
    await house.approved(['chenyiming'])
    await house.runJobs()
    expect(letters()).toEqual([])
    await house.simulator.clock.advance(24 * HOUR)
    await house.minutes(5)
    expect(letters()).toHaveLength(1)
    const body = letters()[0]!.body as { title: string; description: string; url: string; btntxt: string }
    expect(body.title).toContain('8')
    expect(body.url).toBe('https://jiebang.test/workbench?at=%2Finherited')
    expect([...body.btntxt].length).toBeLessThanOrEqual(4)
    expect(JSON.stringify(body)).not.toContain('客户1')
    const told = await house.db
      .selectFrom('audit')
      .select('subject')
      .where('action', '=', 'member.told')
      .orderBy('seq')
      .execute()
    expect(told.map((t) => t.subject)).toContain(await house.idOf('chenyiming'))
  })

  it('is led straight to a single customer, and for those that trickle in hears again only after an hour', async () => {
    house = await openDeparted()
    await house.approved(['chenyiming'])
    await house.runJobs()
    house.simulator.world.customerWill(contactId(1), 'accept')
    await house.settle()
    await house.minutes(1)
    const first = (await house.transfers()).find((t) => t.external === contactId(1))!
    expect(letters()[0]!.body['url']).toBe(`https://jiebang.test/workbench?at=%2Fc%2F${first.customer}`)
    for (const n of [2, 3, 4]) {
      house.simulator.world.customerWill(contactId(n), 'accept')
      await house.settle()
      await house.minutes(2)
    }
    expect(letters()).toHaveLength(1)
    await house.simulator.clock.advance(HOUR)
    await house.minutes(1)
    expect(letters()).toHaveLength(2)
    expect(letters()[1]!.body['title']).toContain('3')
  })

  it.each(['before-effect', 'after-effect'] as const)(
    'hears nothing twice when the answer is lost %s',
    async (drop) => {
      house = await openDeparted()
      house.simulator.faults.add({ path: 'message/send', drop })
      await house.approved(['chenyiming'])
      await house.runJobs()
      await house.simulator.clock.advance(24 * HOUR)
      await house.minutes(5)
      expect(letters()).toHaveLength(drop === 'after-effect' ? 1 : 0)
      house.simulator.faults.clear()
      await house.minutes(90)
      expect(letters()).toHaveLength(drop === 'after-effect' ? 1 : 0)
    },
  )
})

const states = async (table: 'transferBatch') =>
  (await house.db.selectFrom(table).select('state').execute()).map((r) => r.state)
