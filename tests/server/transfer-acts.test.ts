import { afterEach, describe, expect, it } from 'vitest'
import { underWayOf } from '../../src/server/db/underway'
import { greetingOf, GREETING_LIMIT } from '../../src/server/transfer/greeting'
import { message } from '../../src/shared/lang/zh-CN/message'
import { transfersJob } from '../../src/server/transfer/jobs'
import { openDeparted, type DepartedHouse } from '../support/departed'
import { contactId } from '../support/small-corp'

const path = 'externalcontact/resigned/transfer_customer'
const HOUR = 3600_000
let house: DepartedHouse
afterEach(() => house.close())

const underWay = async () => (await underWayOf(house.db, [house.departure], house.deps.now())).get(house.departure)
const callOf = (handover: string) => house.get(`/api/handovers/${handover}/open-call`, house.planner)

/** A call whose answer is lost, of customers who are in no result and in no list: they deleted the leaver, say. */
async function unsettled() {
  house = await openDeparted()
  for (let n = 1; n <= 8; n++) house.simulator.world.customerWill(contactId(n), 'silent')
  house.simulator.faults.add({ path, drop: 'before-effect', nth: 1 })
  house.simulator.faults.add({ path: 'externalcontact/get_unassigned_list', errcode: 48002 })
  await house.approved(['chenyiming'])
  await house.runJobs()
  await house.minutes(11)
  return (await house.transfers())[0]!.handover
}

describe('what stays unsettled for ten minutes (Q17)', () => {
  it('is 待核对, and a manager who has seen it unassigned in the console lets it be planned again', async () => {
    const handover = await unsettled()
    const open = await callOf(handover)
    expect(open.body).toMatchObject({ kind: 'checking', leaver: '林晓', successor: '陈一鸣' })
    house.simulator.faults.clear()
    house.simulator.faults.add({ path: 'externalcontact/get_unassigned_list', drop: 'before-effect', times: 4 })
    const { digest } = open.body as { digest: string }
    const say = (answer: string, given = digest) =>
      house.post(`/api/handovers/${handover}/open-call`, { digest: given, answer }, house.planner)
    // WeCom cannot be asked just now, so nothing is believed; and an answer holds for the call it was given for.
    expect((await say('not_assigned')).body).toMatchObject({ code: 'wecom_unreachable' })
    expect((await say('not_assigned', 'f'.repeat(64))).body).toMatchObject({ code: 'stale' })
    house.simulator.faults.clear()
    // By now WeCom itself says that it was never sent: that counts, and the answer is not needed.
    expect((await say('under_way')).body).toMatchObject({ code: 'stale' })
    await house.minutes(1)
    expect(await house.count('waiting')).toBe(8)
    expect([...house.did('transfer_started').values()]).toEqual(Array(8).fill(1))
  })

  /** WeCom's list and results say nothing of anybody, and who looked into the console says what stands there. */
  async function looked(lost: 'before-effect' | 'after-effect', answer: 'under_way' | 'not_assigned') {
    house = await openDeparted()
    const { faults } = house.simulator
    faults.add({ path, drop: lost, nth: 1 })
    for (const api of ['externalcontact/get_unassigned_list', 'externalcontact/resigned/transfer_result'])
      faults.add({ path: api, rows: { missing: 1 } })
    await house.approved(['chenyiming'])
    await house.runJobs()
    await house.minutes(11)
    const handover = (await house.transfers())[0]!.handover
    const { digest } = (await callOf(handover)).body as { digest: string }
    const said = await house.post(`/api/handovers/${handover}/open-call`, { digest, answer }, house.planner)
    expect(said).toEqual({ status: 200, body: { ok: true } })
    const of = async () => (await house.transfers()).find((t) => t.handover === handover)
    return { of, again: () => house.post(`/api/handovers/${handover}/open-call`, { digest, answer }, house.planner) }
  }

  it('and is seen as not assigned in the console, is believed: back to planning, and nothing is sent by itself', async () => {
    const { of, again } = await looked('before-effect', 'not_assigned')
    expect(await of()).toMatchObject({ state: 'unassigned', batch: null })
    expect((await again()).body).toMatchObject({ code: 'stale' })
    await house.minutes(3)
    expect(await of()).toMatchObject({ state: 'unassigned' })
    expect(house.did('transfer_started').size).toBe(0)
    const entries = await house.db
      .selectFrom('audit')
      .select(['actor', 'detail'])
      .where('action', '=', 'transfer.looked')
      .orderBy('seq')
      .execute()
    expect(entries).toMatchObject([{ actor: await house.idOf('zhoumin'), detail: { answer: 'not_assigned' } }])
  })

  it('and is seen as under way in the console, is believed: it counts as sent, and the result decides', async () => {
    const { of, again } = await looked('after-effect', 'under_way')
    expect(await of()).toMatchObject({ state: 'submitted' })
    expect((await again()).body).toMatchObject({ code: 'stale' })
    house.simulator.faults.clear()
    await house.simulator.clock.advance(24 * HOUR)
    await house.minutes(6)
    expect(await of()).toMatchObject({ state: 'taken_over' })
    expect([...house.did('transfer_started').values()]).toEqual(Array(8).fill(1))
  })

  it('is nobody else’s business: out of scope it does not exist', async () => {
    const handover = await unsettled()
    const { digest } = (await callOf(handover)).body as { digest: string }
    const plan = (await house.db.selectFrom('plan').select('id').executeTakeFirstOrThrow()).id
    const rep = await house.signIn('chenyiming')
    expect((await house.get(`/api/handovers/${handover}/open-call`, rep)).status).toBe(403)
    // From here on 何志远 manages only the service department, and 林晓 was in sales.
    Object.assign(house.deps.config, { MANAGERS: ['zhoumin'] })
    const other = await house.signIn('hezhiyuan')
    const answer = { digest, answer: 'not_assigned' }
    const asked = (of: { handover: string; departure: string; plan: string }) =>
      Promise.all([
        house.get(`/api/handovers/${of.handover}/open-call`, other),
        house.post(`/api/handovers/${of.handover}/open-call`, answer, other),
        house.post(`/api/departures/${of.departure}/check`, {}, other),
        house.post(`/api/plans/${of.plan}/withdraw`, {}, other),
      ])
    const before = await house.transfers()
    const [theirs, nobodys] = [
      await asked({ handover, departure: house.departure, plan }),
      await asked({ handover: 'nobody', departure: 'nobody', plan: 'nobody' }),
    ]
    expect(theirs.map((a) => a.status)).toEqual([404, 404, 404, 404])
    const without = ({ body }: { body: { requestId: string } }) => ({ ...body, requestId: '' })
    expect(theirs.map(without)).toEqual(nobodys.map(without))
    expect(await house.transfers()).toEqual(before)
  })

  it('is looked at again when somebody wishes so, at most every 20 seconds', async () => {
    await unsettled()
    const check = () => house.post(`/api/departures/${house.departure}/check`, {}, house.planner)
    expect((await check()).status).toBe(200)
    expect(house.awake.has('transfers')).toBe(true)
    expect((await check()).body).toMatchObject({ code: 'limited' })
    await house.simulator.clock.advance(20_000)
    expect((await check()).status).toBe(200)
  })
})

describe('what WeCom does not take', () => {
  it('says why and when it is tried again, more and more seldom, and at once after "check now"', async () => {
    house = await openDeparted()
    const mended = house.simulator.faults.add({ path, errcode: 48002 })
    await house.approved(['chenyiming'])
    await house.runJobs()
    const first = (await underWay())?.blocked
    expect(first).toMatchObject([{ errcode: 48002, customers: 8 }])
    await house.minutes(4)
    const asked = () => house.simulator.calls.filter((c) => c.path === path).length
    expect(asked()).toBe(2)
    mended()
    await house.post(`/api/departures/${house.departure}/check`, {}, house.planner)
    await house.runJobs()
    expect(await house.count('waiting')).toBe(8)
    expect(await underWay()).toMatchObject({ waiting: 8, blocked: [], toSend: 0 })
  })

  it('because somebody else moved the customer is elsewhere (40131), with who in the history', async () => {
    house = await openDeparted()
    const { world } = house.simulator
    house.simulator.faults.add({ path, items: { [contactId(1)]: 40131, [contactId(2)]: 40131 } })
    world.customerAddsMember('sunyue', contactId(1), { addWay: 202 })
    await house.approved(['chenyiming'])
    await house.runJobs()
    const states = new Map((await house.transfers()).map((t) => [t.external, t]))
    expect(states.get(contactId(1))?.state).toBe('elsewhere')
    expect(states.get(contactId(2))).toMatchObject({ state: 'failed', errcode: 40131 })
    const told = await house.db
      .selectFrom('history')
      .select('body')
      .where('kind', '=', 'transfer.elsewhere')
      .orderBy('id')
      .execute()
    expect(told).toEqual([{ body: { by: '孙悦' } }])
  })
})

describe('a plan that was approved', () => {
  it('can be withdrawn as far as it was not sent, and says for how many it is too late', async () => {
    house = await openDeparted()
    house.simulator.faults.add({ path, errcode: 48002, nth: 2 })
    const plan = await house.approved(['chenyiming', 'wanglei'])
    await house.runJobs()
    const withdraw = () => house.post(`/api/plans/${plan}/withdraw`, {}, house.planner)
    expect((await house.get(`/api/plans/${plan}`, house.planner)).body).toMatchObject({ unsent: 4 })
    expect((await withdraw()).body).toEqual({ withdrawn: 4, gone: 4 })
    expect((await withdraw()).body).toEqual({ withdrawn: 0, gone: 4 })
    await house.minutes(3)
    expect(await house.count('unassigned')).toBe(4)
    expect(house.did('transfer_started').size).toBe(4)
  })

  it('is either withdrawn or sent, never both, whoever comes first (10 races)', async () => {
    house = await openDeparted()
    for (let race = 0; race < 10; race++) {
      if (!(await house.count('unassigned'))) break
      const plan = await house.approved(['chenyiming'])
      const planner = await house.signIn('zhoumin')
      const [answer] = await Promise.all([
        house.post(`/api/plans/${plan}/withdraw`, {}, planner),
        transfersJob(house.deps),
      ])
      const { withdrawn, gone } = answer.body as { withdrawn: number; gone: number }
      expect(withdrawn + gone <= 8).toBe(true)
      expect(await house.count('unassigned')).toBe(withdrawn)
      expect(house.did('transfer_started').size).toBe(8 - withdrawn)
    }
  })

  it('before the year is over is not sent after it; what was sent is WeCom’s', async () => {
    house = await openDeparted()
    house.simulator.faults.add({ path, errcode: 48002, nth: 2 })
    await house.approved(['chenyiming', 'wanglei'])
    await house.runJobs()
    await house.simulator.clock.advance(366 * 24 * HOUR)
    await house.runJobs('transfers')
    expect(await house.count('expired')).toBe(4)
    expect(await house.count('taken_over')).toBe(4)
    expect(house.did('transfer_started').size).toBe(4)
  })
})

describe('a leaver who is still here', () => {
  const onJob = 'externalcontact/transfer_customer'
  const bodiesOf = (api: string) => house.simulator.calls.filter((c) => c.path === api)
  const leave = async () => {
    house.simulator.world.removeMember('linxiao')
    await house.settle()
    await house.runJobs('departures')
  }

  it('is handed over by WeCom’s other process, with our own words to the customer; a refusal stays until they are gone', async () => {
    house = await openDeparted({ announced: true })
    await house.approved(['chenyiming'])
    await house.runJobs()
    const calls = bodiesOf(onJob)
    expect(calls).toHaveLength(1)
    expect(String((calls[0]!.body as Record<string, unknown>)['transfer_success_msg'])).toContain('陈一鸣')
    house.simulator.world.customerWill(contactId(1), 'refuse')
    await house.settle()
    await house.simulator.clock.advance(24 * HOUR)
    await house.minutes(2)
    expect([await house.count('refused'), await house.count('taken_over')]).toEqual([1, 7])
    await leave()
    expect([await house.count('unassigned'), await house.count('taken_over')]).toEqual([1, 7])
  })

  it('and leaves before the call is made: it is made as for somebody who has left, once', async () => {
    house = await openDeparted({ announced: true })
    const blocked = house.simulator.faults.add({ path: onJob, errcode: 48002 })
    await house.approved(['chenyiming'])
    await house.runJobs()
    blocked()
    await leave()
    await house.minutes(6)
    expect(bodiesOf(path)).toHaveLength(1)
    expect([...house.did('transfer_started').values()]).toEqual(Array(8).fill(1))
    await house.simulator.clock.advance(24 * HOUR)
    await house.minutes(2)
    expect(await house.count('taken_over')).toBe(8)
  })

  it('and leaves while customers are asked: what was begun on the job ends so, and nobody is asked twice', async () => {
    house = await openDeparted({ announced: true })
    await house.approved(['chenyiming'])
    await house.runJobs()
    await leave()
    await house.minutes(10)
    await house.simulator.clock.advance(24 * HOUR)
    await house.minutes(2)
    expect(await house.count('taken_over')).toBe(8)
    expect([...house.did('transfer_started').values()]).toEqual(Array(8).fill(1))
  })

  it('is greeted for within WeCom’s limit, however long the names are', async () => {
    house = await openDeparted()
    const long = '很长的名字'.repeat(40)
    const text = greetingOf(message.passedOn, { company: long, old: long, new: long, tel: '400-000-0000' })
    expect([...text].length).toBeLessThanOrEqual(GREETING_LIMIT)
    expect(text).toContain('400-000-0000')
  })
})
