import { afterEach, describe, expect, it } from 'vitest'
import { userGet } from '../../src/server/wecom/apis'
import { createWeCom } from '../../src/server/wecom/client'
import { sharedIn } from '../../src/server/wecom/shared-rows'
import { openDeparted, type DepartedHouse } from '../support/departed'
import { contactId } from '../support/small-corp'

const path = 'externalcontact/resigned/transfer_customer'
let house: DepartedHouse
afterEach(() => house.close())

describe('where a person must act in WeCom first', () => {
  it('a whole call waits for it with the code beside it, and goes on by itself afterwards (40098)', async () => {
    house = await openDeparted()
    const verified = house.simulator.faults.add({ path, errcode: 40098 })
    await house.approved(['chenyiming'])
    await house.runJobs()
    await house.minutes(2)
    expect((await house.transfers()).map((t) => [t.state, t.errcode])).toEqual(Array(8).fill(['approved', 40098]))
    verified()
    // Made more and more seldom while somebody must act; the second pause is five minutes.
    await house.minutes(5)
    expect(await house.count('waiting')).toBe(8)
    expect([...house.did('transfer_started').values()]).toEqual(Array(8).fill(1))
  }, 60_000)

  it('one customer of a call is refused, and the others go on', async () => {
    house = await openDeparted()
    house.simulator.faults.add({ path, items: { [contactId(3)]: 40098 }, nth: 1 })
    await house.approved(['chenyiming'])
    await house.runJobs()
    expect(await house.count('waiting')).toBe(7)
    const failed = (await house.transfers()).filter((t) => t.state === 'failed')
    expect(failed.map((t) => [t.external, t.errcode])).toEqual([[contactId(3), 40098]])
  })

  it('a member who cannot receive messages keeps no message of others waiting (43004)', async () => {
    house = await openDeparted()
    house.simulator.faults.add({ path: 'message/send', errcode: 43004, nth: 1 })
    await house.approved(['chenyiming', 'wanglei'])
    await house.runJobs()
    await house.simulator.clock.advance(24 * 3_600_000)
    await house.minutes(2)
    const told = await house.db.selectFrom('letterToMember').select(['sentAt', 'errcode']).orderBy('id').execute()
    expect(told.filter((l) => l.errcode === 43004)).toHaveLength(1)
    expect(told.filter((l) => l.sentAt === null && l.errcode === null)).toEqual([])
    expect(told.length).toBeGreaterThan(1)
  })
})

it('while WeCom keeps fifty callers waiting, people read on (Q24)', async () => {
  house = await openDeparted()
  const { config, db, log } = house.deps
  let waiting = 50
  let release = (): void => undefined
  const held = new Promise<Response>((_, fail) => (release = () => fail(new Error('gone'))))
  const slow = createWeCom({
    ...{ apiUrl: config.WECOM_API_URL, corpId: config.WECOM_CORP_ID, secret: config.WECOM_APP_SECRET, log },
    now: () => house.simulator.clock.now(),
    sleep: () => Promise.resolve(),
    shared: sharedIn(db, config.SECRET),
    fetch: () => held,
    timeoutMs: 600_000,
  })
  const asked = Array.from({ length: 50 }, (_, i) =>
    slow.ask({ ...userGet, path: `user/get${i % 12}` }, { userid: 'x' }).finally(() => waiting--),
  )
  const read = await Promise.all(Array.from({ length: 20 }, () => house.get('/api/departures', house.planner)))
  expect(read.map((r) => r.status)).toEqual(Array(20).fill(200))
  expect(waiting).toBe(50)
  release()
  for (const one of await Promise.allSettled(asked)) expect(one).toMatchObject({ reason: { name: 'AnswerLost' } })
}, 60_000)
