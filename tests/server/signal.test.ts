import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { act } from '../../src/server/db/act'
import { openMirrored } from '../support/beginning'
import type { HouseOptions, ServerHouse } from '../support/house'
import { giveCustomers } from '../support/departed'
import { smallCorp } from '../support/small-corp'

let house: ServerHouse
const open = async (settings: HouseOptions['settings'] = {}, customers = 60) => {
  const cast = smallCorp()
  giveCustomers(cast, customers)
  house = await openMirrored({ cast, settings: settings ?? {} })
}
beforeEach(() => open())
afterEach(() => house.close())

const customersOf = async (userid: string) =>
  (
    await house.db
      .selectFrom('relation')
      .innerJoin('member', 'member.id', 'relation.memberId')
      .select('relation.customerId')
      .where('member.userid', '=', userid)
      .orderBy('relation.customerId')
      .execute()
  ).map((r) => r.customerId)
const found = () => house.db.selectFrom('signal').selectAll().orderBy('id').execute()
/** Opens these in the sidebar, one a minute and a half, in no order. */
async function openAll(customers: readonly string[], cookie: string, pause = 61_000) {
  for (const customer of customers) {
    expect((await house.post('/api/brief', { customer }, cookie)).status).toBe(200)
    await house.simulator.clock.advance(pause)
  }
}
const mixed = (all: readonly string[]) => all.map((_, i) => all[(i * 7) % all.length] ?? '')

describe('a question to compliance', () => {
  it('comes of the fifty-first customer within an hour, once, and changes nothing for the member (T-18)', async () => {
    const cookie = await house.signIn('linxiao')
    const mine = mixed((await customersOf('linxiao')).slice(0, 53))
    const before = await house.get('/api/me', cookie)
    await openAll(mine.slice(0, 50), cookie, 61_000)
    await house.runJobs('signals')
    expect(await found()).toEqual([])
    await openAll(mine.slice(50, 51), cookie)
    await house.runJobs('signals', 'signals')
    await house.runJobs('signals')
    const [signal, ...more] = await found()
    expect(signal).toMatchObject({ kind: 'bulk', facts: { count: 51, usual: null } })
    expect(more).toEqual([])
    // No sanction: the next customer opens, and rights are what they were.
    await openAll(mine.slice(51), cookie)
    expect(await house.get('/api/me', cookie)).toEqual(before)

    const compliance = await house.signIn('shenlan')
    const listed = (await house.get('/api/signals', compliance)).body
    expect(listed).toMatchObject({
      on: true,
      open: 1,
      items: [{ kind: 'bulk', member: '林晓', count: 51, decision: null }],
    })
    const shown = (await house.get(`/api/signals/${signal?.id}?limit=100`, compliance)).body
    expect(shown.items).toHaveLength(51)
    expect(shown.items[0].customer).toMatch(/^客\*/)
  })

  it('is decided once by a person, in words, and never by whom it is about', async () => {
    const id = house.deps.id()
    const idOf = async (userid: string) =>
      (await house.db.selectFrom('member').select('id').where('userid', '=', userid).executeTakeFirstOrThrow()).id
    const row = { kind: 'bulk', span: '1', since: house.deps.now(), until: house.deps.now(), foundAt: house.deps.now() }
    const facts = JSON.stringify({ count: 51, usual: null })
    for (const [n, userid] of ['linxiao', 'shenlan'].entries())
      await house.db
        .insertInto('signal')
        .values({ ...row, id: `${id}${n}`, memberId: await idOf(userid), facts })
        .execute()
    const compliance = await house.signIn('shenlan')
    const decide = (signal: string, words = '批量核对生日') =>
      house.post(`/api/signals/${signal}/decide`, { decision: 'explained', words }, compliance)
    expect((await decide(`${id}0`, ' ')).status).toBe(400)
    expect((await decide(`${id}0`)).status).toBe(200)
    expect((await decide(`${id}0`, '又一次')).body.code).toBe('stale')
    expect((await decide(`${id}1`)).body.code).toBe('not_found')
    expect((await house.get(`/api/signals/${id}1`, compliance)).body.code).toBe('not_found')
    const { items, open } = (await house.get('/api/signals', compliance)).body
    expect(open).toBe(0)
    expect(items).toMatchObject([{ decision: { is: 'explained', words: '批量核对生日', by: '沈岚' } }])
    const entries = await house.db
      .selectFrom('audit')
      .select('action')
      .where('action', '=', 'signal.decided')
      .orderBy('seq')
      .execute()
    expect(entries).toHaveLength(1)
  })

  it('comes of looks in the last week and of deletions before leaving, once each', async () => {
    await house.close()
    await open({ SIGNAL_LAST_DAYS: '5', SIGNAL_DELETIONS: '3' }, 20)
    const cookie = await house.signIn('linxiao')
    const mine = mixed(await customersOf('linxiao'))
    await openAll(mine.slice(0, 6), cookie)
    await house.db
      .updateTable('relation')
      .set({ endedAt: house.deps.now(), endedBy: 'member' })
      .where('customerId', 'in', mine.slice(0, 4))
      .execute()
    await house.simulator.clock.advance(60_000)
    house.simulator.world.removeMember('linxiao')
    await house.settle()
    await house.runJobs('signals')
    await house.runJobs('signals')
    expect(new Map((await found()).map((s) => [s.kind, s.facts]))).toEqual(
      new Map([
        ['deletions', { count: 4, usual: null }],
        ['before_leaving', { count: 6, usual: 0 }],
      ]),
    )
  })

  it('does not come at all before the rules for staff were consulted on and published (T-74)', async () => {
    await house.close()
    await open({ STAFF_CONSULTED_ON: '', SIGNAL_BULK: '2' }, 8)
    await openAll(mixed(await customersOf('linxiao')).slice(0, 5), await house.signIn('linxiao'))
    await house.runJobs('signals')
    expect(await found()).toEqual([])
    expect((await house.get('/api/signals', await house.signIn('shenlan'))).body.on).toBe(false)
    const own = (await house.get('/api/me/log', await house.signIn('linxiao'))).body
    expect(own).toMatchObject({ rules: null, customers: 5, looks: { brief: 5 }, logins: 2 })
  })
})

describe('somebody whose leaving is announced (compliance 6.2, Departing)', () => {
  const announce = async () => {
    const { id } = await house.db
      .selectFrom('member')
      .select('id')
      .where('userid', '=', 'linxiao')
      .executeTakeFirstOrThrow()
    const leavesOn = new Date(house.deps.now().getTime() + 5 * 86_400_000).toISOString().slice(0, 10)
    const said = await house.post('/api/announcements', { member: id, leavesOn }, await house.signIn('zhoumin'))
    expect(said.status).toBe(200)
    return { id, leavesOn, departure: said.body.departure as string }
  }

  it('is told alone, exports nothing, opens so many customers a day, and is free again when it is withdrawn', async () => {
    await house.close()
    await open({ LEAVING_OPENS_A_DAY: '3', LEAVING_PAGE: '2' }, 8)
    const { pageLimit } = await import('../../src/server/db/limits')
    const cookie = await house.signIn('linxiao')
    const mine = await customersOf('linxiao')
    expect((await house.get('/api/me', cookie)).body.leaving).toBeUndefined()
    const { id, leavesOn, departure } = await announce()
    expect((await house.get('/api/me', cookie)).body).toMatchObject({
      leaving: { leavesOn, page: 2, opensADay: 3 },
      watermark: 'strong',
    })
    const colleague = await house.signIn('chenyiming')
    expect(JSON.stringify((await house.get('/api/me', colleague)).body)).not.toContain('leaving')
    expect(await pageLimit(house.db, house.deps.config, { id, leaving: true }, 50)).toBe(2)

    const opened = await Promise.all(mine.slice(0, 3).map((customer) => house.post('/api/brief', { customer }, cookie)))
    expect(opened.map((o) => o.status)).toEqual([200, 200, 200])
    const refused = await house.post('/api/brief', { customer: mine[3] }, cookie)
    expect(refused).toMatchObject({ status: 429, body: { code: 'opened_enough' } })
    expect((await house.post('/api/brief', { customer: mine[0] }, cookie)).status).toBe(200)
    await house.simulator.clock.advance(16 * 3600_000)
    const next = await house.signIn('linxiao')
    expect((await house.post('/api/brief', { customer: mine[3] }, next)).status).toBe(200)

    await house.post(`/api/announcements/${departure}/withdraw`, {}, await house.signIn('zhoumin'))
    expect((await house.get('/api/me', next)).body.leaving).toBeUndefined()
    for (const customer of mine.slice(4, 8))
      expect((await house.post('/api/brief', { customer }, next)).status).toBe(200)
  })
})

it('a member hired again gets nothing back: no session, no handover of before (compliance 6.5)', async () => {
  const cookie = await house.signIn('chenyiming')
  house.simulator.world.removeMember('chenyiming')
  await house.settle()
  const { id } = await house.db
    .selectFrom('member')
    .select('id')
    .where('userid', '=', 'chenyiming')
    .executeTakeFirstOrThrow()
  await act(house.db, house.deps.now(), 'wecom', async (tx) => {
    await tx.updateTable('member').set({ status: 'active', follows: true }).where('id', '=', id).execute()
    await tx.updateTable('departure').set({ endedAt: house.deps.now() }).where('memberId', '=', id).execute()
  })
  expect((await house.get('/api/me', cookie)).status).toBe(401)
  const { leftOver } = await import('../../src/server/db/revoke')
  expect(await leftOver(house.db, id)).toBe(0)
})
