import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freezeJob } from '../../src/server/departure/freeze'
import { eventsJob } from '../../src/server/departure/jobs'
import { eventCounts, keepEvent } from '../../src/server/wecom/events'
import { openMirrored } from '../support/beginning'
import type { ServerHouse } from '../support/house'
import { contactId } from '../support/small-corp'

const HOUR = 3_600_000
const DAY = 24 * HOUR
let house: ServerHouse

const relationOf = (userid: string, n: number) =>
  house.db
    .selectFrom('relation')
    .innerJoin('wecomContact', 'wecomContact.customerId', 'relation.customerId')
    .innerJoin('member', 'member.id', 'relation.memberId')
    .selectAll('relation')
    .where('externalUserid', '=', contactId(n))
    .where('userid', '=', userid)
    .executeTakeFirstOrThrow()
const memberId = async (userid: string) =>
  (await house.db.selectFrom('member').select('id').where('userid', '=', userid).executeTakeFirstOrThrow()).id
const keep = (event: string, change: string, body: Record<string, string> = {}) =>
  keepEvent(house.db, {
    digest: `${event} ${change} ${JSON.stringify(body)}`,
    source: 'app',
    receivedAt: house.deps.now(),
    event,
    change,
    body: { Event: event, ...(change ? { ChangeType: change } : {}), ...body },
  })
const lose = () => void house.simulator.faults.add({ event: '*', lose: true })
const calls = (path: string) => house.simulator.calls.filter((c) => c.path === path).length

describe('events', () => {
  beforeEach(async () => {
    house = await openMirrored()
  })
  afterEach(() => house.close())

  it('of kinds we do not know are kept and counted; those that ask nothing of us are not', async () => {
    await keep('change_external_contact', 'brand_new')
    await keep('change_external_contact', 'brand_new', { n: '2' })
    await keep('enter_agent', '')
    await house.runJobs('events')
    expect(await eventCounts(house.db)).toEqual({
      open: 0,
      unknown: [{ event: 'change_external_contact', change: 'brand_new', n: 2 }],
    })
    const outcomes = await house.db.selectFrom('wecomEvent').select(['event', 'outcome']).orderBy('event').execute()
    expect(outcomes.map((o) => o.outcome)).toEqual(['unknown', 'unknown', 'nothing'])
  })

  it('that fail for ever are tried at once again, and then ever less often', async () => {
    house.simulator.faults.add({ path: 'externalcontact/get', errcode: 48002 })
    await keep('change_external_contact', 'edit_external_contact', { ExternalUserID: contactId(2) })
    const tries: number[] = []
    for (let minute = 0; minute < 60; minute++) {
      const before = calls('externalcontact/get')
      await house.runJobs('events')
      if (calls('externalcontact/get') > before) tries.push(minute)
      await house.simulator.clock.advance(60_000)
    }
    expect(tries).toEqual([0, 1, 2, 4, 8, 16, 32])
    expect((await eventCounts(house.db)).open).toBe(1)
  })

  it('are shared by two workers: each is handled once', async () => {
    for (let n = 1; n <= 8; n++)
      await keep('change_external_contact', 'edit_external_contact', { ExternalUserID: contactId(n) })
    await Promise.all([eventsJob(house.deps), eventsJob(house.deps)])
    expect(calls('externalcontact/get')).toBe(8)
    expect((await eventCounts(house.db)).open).toBe(0)
  })

  it('about tags are handled at once: one tag by itself, a group and a new order by reading all (facts 5.5)', async () => {
    const tag = () => house.db.selectFrom('tag').selectAll().orderBy('id').execute()
    const [group] = house.simulator.world.tagGroups()
    if (!group) throw new Error('no tags')
    const renamed = group.tags.find((t) => t.id === 'etB')
    if (renamed) renamed.name = '普通'
    await keep('change_external_tag', 'update', { Id: 'etB', TagType: 'tag' })
    await house.runJobs('events')
    expect((await tag()).map((t) => t.name)).toEqual(['重要', '普通'])
    group.tags = group.tags.filter((t) => t.id !== 'etB')
    await keep('change_external_tag', 'delete', { Id: 'etB', TagType: 'tag' })
    await house.runJobs('events')
    expect((await tag()).map((t) => t.deleted)).toEqual([false, true])
    group.tags = []
    await keep('change_external_tag', 'shuffle', { Id: '', TagType: 'tag' })
    await house.runJobs('events')
    expect((await tag()).map((t) => t.deleted)).toEqual([true, true])
  })

  it('say who ended a relation, also when the mirror had noticed the end before', async () => {
    house.simulator.faults.add({ event: 'del_external_contact', delay: DAY })
    const at = house.deps.now()
    house.simulator.world.memberDeletesCustomer('linxiao', contactId(5))
    await house.simulator.clock.advance(HOUR)
    await house.runJobs('mirror')
    expect(await relationOf('linxiao', 5)).toMatchObject({ endedBy: 'unknown' })
    await house.simulator.clock.advance(2 * DAY)
    await house.settle()
    expect(await relationOf('linxiao', 5)).toMatchObject({ endedBy: 'member', endedAt: at })
    house.simulator.world.removeMember('linxiao')
    await house.settle()
    const manager = await house.signIn('zhoumin')
    const { id } = await house.db.selectFrom('departure').select('id').executeTakeFirstOrThrow()
    expect((await house.get(`/api/departures/${id}`, manager)).body.deleted).toEqual({ byMember: 1, byCustomer: 0 })
  })
})

describe('the freeze before somebody leaves', () => {
  beforeEach(async () => {
    house = await openMirrored()
    const now = house.deps.now()
    const leaver = { id: 'announced', memberId: await memberId('linxiao'), leftAt: new Date(now.getTime() + 9 * DAY) }
    await house.db
      .insertInto('departure')
      .values({ ...leaver, knownBy: 'announced', noticedAt: now, announcedAt: now, gone: false })
      .execute()
  })
  afterEach(() => house.close())
  const frozenAt = async () => (await house.db.selectFrom('departure').select('frozenAt').executeTakeFirst())?.frozenAt

  it("reads everything anew, with the member's own tags, which lists leave out; once, and again each night", async () => {
    expect((await relationOf('linxiao', 1)).personalTags).toBeNull()
    lose()
    house.simulator.world.editRelation('linxiao', contactId(2), { remark: '最后的备注' })
    await house.runJobs('freeze')
    expect(await relationOf('linxiao', 1)).toMatchObject({ personalTags: ['钓鱼'] })
    expect(await relationOf('linxiao', 2)).toMatchObject({ personalTags: [], remark: '最后的备注' })
    expect(await frozenAt()).toEqual(house.deps.now())
    const before = calls('externalcontact/get')
    await house.runJobs('freeze')
    expect(calls('externalcontact/get')).toBe(before)
    await house.simulator.clock.advance(DAY)
    await house.runJobs('freeze', 'mirror')
    expect(calls('externalcontact/get')).toBeGreaterThan(before)
    // The nightly list says nothing of personal tags, which is not that there are none.
    expect(await relationOf('linxiao', 1)).toMatchObject({ personalTags: ['钓鱼'] })
  })

  it('goes on where it stopped', async () => {
    const { wecom } = house.deps
    let n = 0
    const failing: typeof wecom = {
      ...wecom,
      ask: (api, params) =>
        api.path === 'externalcontact/get' && ++n > 5 ? Promise.reject(new Error('killed')) : wecom.ask(api, params),
    }
    await expect(freezeJob({ ...house.deps, wecom: failing })).rejects.toThrow('killed')
    expect(await frozenAt()).toBeNull()
    await house.runJobs('freeze')
    expect(await frozenAt()).not.toBeNull()
    expect((await relationOf('linxiao', 1)).personalTags).toEqual(['钓鱼'])
  })
})
