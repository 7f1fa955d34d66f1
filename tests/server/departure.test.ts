import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openMirrored } from '../support/beginning'
import { openHouse, type ServerHouse } from '../support/house'
import { contactId, smallCorp } from '../support/small-corp'

const MINUTE = 60_000
const DAY = 86_400_000
let house: ServerHouse

const lose = () => void house.simulator.faults.add({ event: '*', lose: true })
const member = (userid: string) =>
  house.db.selectFrom('member').selectAll().where('userid', '=', userid).executeTakeFirstOrThrow()
const departures = () =>
  house.db
    .selectFrom('departure')
    .innerJoin('member', 'member.id', 'departure.memberId')
    .selectAll('departure')
    .select('member.userid')
    .orderBy('departure.id')
    .execute()
const handovers = () =>
  house.db
    .selectFrom('handover')
    .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
    .innerJoin('notice', 'notice.handoverId', 'handover.id')
    .innerJoin('wecomContact', 'wecomContact.customerId', 'handover.customerId')
    .select(['handover.id', 'transfer.state', 'notice.state as notice', 'wecomContact.externalUserid', 'departureId'])
    .orderBy('externalUserid')
    .execute()
/** What must not grow when nothing new has happened. */
const sizes = async () => {
  const n = (table: 'history' | 'audit' | 'handover' | 'departure') =>
    house.db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
  return Promise.all([n('history'), n('audit'), n('handover'), n('departure')])
}
const audited = async (action: string) =>
  (await house.db.selectFrom('audit').select('subject').where('action', '=', action).orderBy('seq').execute()).map(
    (a) => a.subject,
  )

beforeEach(async () => {
  house = await openMirrored()
})
afterEach(() => house.close())

describe('a member leaves', () => {
  it('and has nothing from the next request on; every customer has one handover (T-40, Q28)', async () => {
    const cookie = await house.signIn('linxiao')
    expect((await house.get('/api/me', cookie)).status).toBe(200)
    house.simulator.world.removeMember('linxiao')
    await house.settle()
    const endpoints = house.doors.filter((door) => door.endpoint)
    expect(endpoints.length).toBeGreaterThan(15)
    for (const { method, path } of endpoints) {
      const address = path.replace(/:\w+/g, 'any')
      const answer = method === 'GET' ? house.get(address, cookie) : house.post(address, {}, cookie)
      expect((await answer).status, `${method} ${path}`).toBe(401)
    }
    await expect(house.signIn('linxiao')).rejects.toThrow()
    expect(await departures()).toMatchObject([{ userid: 'linxiao', knownBy: 'unassigned_list', endedAt: null }])
    const all = await handovers()
    expect(all.map((h) => h.externalUserid)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map(contactId))
    expect(new Set(all.map((h) => `${h.state} ${h.notice}`))).toEqual(new Set(['unassigned due']))
    expect((await audited('handover.created')).sort()).toEqual(all.map((h) => h.id).sort())
    const { id } = await member('linxiao')
    expect(new Set(await audited('sessions.revoked'))).toEqual(new Set([id]))
    expect(house.logged).toEqual([])
  })

  it('and the event is lost: the next look finds it all the same (T-40)', async () => {
    const cookie = await house.signIn('linxiao')
    lose()
    house.simulator.world.removeMember('linxiao')
    await house.settle()
    await house.runJobs('departures')
    expect((await house.get('/api/me', cookie)).status).toBe(401)
    expect(await handovers()).toHaveLength(8)
    expect(await departures()).toMatchObject([{ userid: 'linxiao', knownBy: 'unassigned_list' }])
  })

  it('and WeCom cannot be reached: the sessions die by the event alone, the rest follows (T-40)', async () => {
    const cookie = await house.signIn('linxiao')
    house.simulator.faults.add({ path: '*', status: 502 })
    house.simulator.world.removeMember('linxiao')
    await house.simulator.callbacks.idle()
    await house.runJobs('events')
    expect((await house.get('/api/me', cookie)).status).toBe(401)
    expect(await departures()).toEqual([])
    house.simulator.faults.clear()
    await house.runJobs('events')
    expect(await departures()).toHaveLength(1)
    expect(await handovers()).toHaveLength(8)
  })

  it('and a second, third, hundredth look creates nothing', async () => {
    house.simulator.world.removeMember('linxiao')
    await house.settle()
    await house.runJobs('departures')
    const before = await sizes()
    for (let i = 0; i < 3; i++) {
      await house.simulator.clock.advance(5 * MINUTE)
      await house.runJobs('departures', 'events')
    }
    expect(await sizes()).toEqual(before)
  })

  it("and the customers read it in their history, with the predecessor's own entries untouched (invariant 7)", async () => {
    const before = await house.db.selectFrom('history').selectAll().orderBy('id').execute()
    house.simulator.world.removeMember('linxiao')
    await house.settle()
    const after = await house.db.selectFrom('history').selectAll().orderBy('id').execute()
    expect(after.filter((h) => before.some((b) => b.id === h.id))).toEqual(before)
    const news = after.filter((h) => !before.some((b) => b.id === h.id))
    expect(news.filter((h) => h.kind === 'departure.noticed').map((h) => h.body)).toEqual(
      Array(8).fill({ leaver: '林晓' }),
    )
    expect(news.filter((h) => h.kind === 'relation.ended').map((h) => h.body)).toEqual(
      Array(8).fill({ by: 'departure' }),
    )
    const open = await house.db.selectFrom('relation').selectAll().where('endedAt', 'is', null).execute()
    expect(open).toHaveLength(5)
  })

  it('with groups and no customers: there is a departure of nobody but groups (facts 13.7)', async () => {
    lose()
    house.simulator.world.removeMember('sunyue')
    await house.runJobs('departures')
    const manager = await house.signIn('hezhiyuan')
    const { body } = await house.get('/api/departures', manager)
    expect(body.items).toMatchObject([{ name: '孙悦', customers: 0, counts: {}, groups: 1, daysLeft: null }])
    const one = await house.get(`/api/departures/${body.items[0].id}`, manager)
    expect(one.body.groupList).toMatchObject([{ name: '孙悦的客户群', members: 2, label: 'to_assign' }])
  })

  it('and a customer is assigned elsewhere before we look: the handover is kept, not lost', async () => {
    house.simulator.world.removeMember('linxiao')
    house.simulator.faults.add({ path: 'externalcontact/get_unassigned_list', errcode: -1 })
    await house.settle().catch(() => undefined)
    expect(await handovers()).toHaveLength(8)
    expect(await departures()).toMatchObject([{ knownBy: 'event' }])
    const at = (await departures())[0]?.leftAt.getTime()
    house.simulator.faults.clear()
    await house.runJobs('departures')
    expect(await handovers()).toHaveLength(8)
    expect(await departures()).toMatchObject([{ knownBy: 'unassigned_list' }])
    expect((await departures())[0]?.leftAt.getTime()).toBe(at)
  })

  it('and only quit: no session, no departure until WeCom lists the customers (facts 2.3, U9)', async () => {
    const cookie = await house.signIn('linxiao')
    house.simulator.world.memberQuits('linxiao')
    await house.settle()
    await house.runJobs('departures')
    expect((await house.get('/api/me', cookie)).status).toBe(401)
    expect(await departures()).toEqual([])
  })

  it('and is hired again: the departure ends, the old customers stay handed over, old rights do not return (6.5)', async () => {
    const cookie = await house.signIn('linxiao')
    house.simulator.world.removeMember('linxiao')
    await house.settle()
    await house.simulator.clock.advance(DAY)
    house.simulator.world.addMember({ userid: 'linxiao', name: '林晓', departments: [2] })
    await house.settle()
    await house.runJobs('mirror')
    expect((await departures())[0]?.endedAt).not.toBeNull()
    expect((await house.get('/api/me', cookie)).status).toBe(401)
    expect((await house.get('/api/me', await house.signIn('linxiao'))).status).toBe(200)
    const before = await sizes()
    await house.runJobs('departures')
    expect((await member('linxiao')).status).toBe('active')
    expect((await sizes()).slice(2)).toEqual(before.slice(2))
    // Leaving once more is a departure of its own.
    await house.simulator.clock.advance(DAY)
    house.simulator.world.removeMember('linxiao')
    await house.settle()
    expect((await departures()).map((d) => d.endedAt === null)).toEqual([false, true])
    // The customers of the first time still wait there: nobody is to be transferred twice.
    expect(await handovers()).toHaveLength(8)
  })

  it('more than a year ago: WeCom transfers nothing of it any more, and the label says so', async () => {
    house.simulator.world.removeMember('linxiao')
    await house.settle()
    await house.simulator.clock.advance(364 * DAY)
    await house.runJobs('departures')
    expect(new Set((await handovers()).map((h) => h.state))).toEqual(new Set(['unassigned']))
    await house.simulator.clock.advance(2 * DAY)
    await house.runJobs('departures')
    expect(new Set((await handovers()).map((h) => h.state))).toEqual(new Set(['expired']))
    const { body } = await house.get('/api/departures', await house.signIn('zhoumin'))
    expect(body.items[0]).toMatchObject({ counts: { too_late: 8 }, daysLeft: 0 })
  })
})

describe('somebody who left before we ever looked', () => {
  it.each(['doc', 40003] as const)(
    'is found with customers we cannot read, and groups (groupchat/list: %s)',
    async (how) => {
      await house.close()
      const left = house.deps.now().getTime() / 1000 - 400 * 86_400
      house = await openHouse({
        cast: smallCorp((cast) => cast.resigned.push({ userid: 'linxiao', dimissionTime: left })),
        switches: { departedOwnerFilter: how },
      })
      await house.runJobs('mirror')
      expect(await departures()).toMatchObject([{ userid: 'linxiao', knownBy: 'unassigned_list' }])
      const all = await handovers()
      expect(all).toHaveLength(8)
      expect(new Set(all.map((h) => h.state))).toEqual(new Set(['expired']))
      const names = await house.db.selectFrom('customer').select('name').where('name', '=', '').execute()
      // Customer 8 has another follower and can be read.
      expect(names).toHaveLength(7)
    },
  )
})

describe('events', () => {
  const relationOf = (userid: string, n: number) =>
    house.db
      .selectFrom('relation')
      .innerJoin('wecomContact', 'wecomContact.customerId', 'relation.customerId')
      .innerJoin('member', 'member.id', 'relation.memberId')
      .selectAll('relation')
      .where('externalUserid', '=', contactId(n))
      .where('userid', '=', userid)
      .executeTakeFirst()

  it('bring an edited remark within one run of the job', async () => {
    house.simulator.world.editRelation('linxiao', contactId(2), { remark: '新备注' })
    await house.settle()
    expect(await relationOf('linxiao', 2)).toMatchObject({ remark: '新备注' })
    const open = await house.db.selectFrom('wecomEvent').selectAll().where('handledAt', 'is', null).execute()
    expect(open).toEqual([])
  })

  it('end a relation in the name of whoever ended it, and stay ended though WeCom still lists the row (facts 3.2)', async () => {
    house.simulator.world.customerDeletesMember('linxiao', contactId(4))
    house.simulator.world.memberDeletesCustomer('linxiao', contactId(5))
    await house.settle()
    expect((await relationOf('linxiao', 4))?.endedAt).not.toBeNull()
    expect((await relationOf('linxiao', 5))?.endedAt).not.toBeNull()
    const ended = await house.db
      .selectFrom('history')
      .select('body')
      .where('kind', '=', 'relation.ended')
      .orderBy('id')
      .execute()
    expect(ended.map((e) => e.body)).toEqual(expect.arrayContaining([{ by: 'customer' }, { by: 'member' }]))
    await house.runJobs('mirror')
    expect((await relationOf('linxiao', 4))?.endedAt).not.toBeNull()
  })

  it('begin a relation, and wake those who wait for a takeover', async () => {
    house.simulator.world.customerAddsMember('wanglei', contactId(12), { addWay: 3 })
    await house.simulator.callbacks.idle()
    const { wake } = house.deps
    const woken: string[] = []
    house.deps.wake = (job) => void woken.push(job)
    await house.runJobs('events')
    house.deps.wake = wake
    expect(woken).toContain('transfers')
    expect(await relationOf('wanglei', 12)).toMatchObject({ addWay: 3, endedAt: null })
  })

  it('that come twice, late and out of order lead to the same end (Q14)', async () => {
    house.simulator.faults.add({ event: '*', duplicate: 3 })
    house.simulator.faults.add({ event: 'del_external_contact', delay: 2 * DAY })
    house.simulator.world.memberDeletesCustomer('linxiao', contactId(5))
    await house.simulator.clock.advance(DAY)
    house.simulator.world.customerAddsMember('linxiao', contactId(5), { addWay: 3 })
    await house.settle()
    expect(await relationOf('linxiao', 5)).toMatchObject({ addWay: 3, endedAt: null })
    await house.simulator.clock.advance(2 * DAY)
    await house.settle()
    expect(await relationOf('linxiao', 5)).toMatchObject({ addWay: 3, endedAt: null })
  })

  it('that fail stay open and are done next time, and the others go on', async () => {
    house.simulator.faults.add({ path: 'externalcontact/get', errcode: -1, times: 4 })
    house.simulator.world.editRelation('linxiao', contactId(2), { remark: '甲' })
    await house.simulator.callbacks.idle()
    await house.simulator.clock.advance(1000)
    house.simulator.world.editRelation('linxiao', contactId(3), { remark: '乙' })
    await house.settle()
    expect(await relationOf('linxiao', 3)).toMatchObject({ remark: '乙' })
    expect(await relationOf('linxiao', 2)).toMatchObject({ remark: '备注2' })
    expect(house.logged.some((line) => line.includes('event stays open'))).toBe(true)
    await house.runJobs('events')
    expect(await relationOf('linxiao', 2)).toMatchObject({ remark: '甲' })
  })

  it('of somebody else who only left the range or was switched off end sessions without a departure', async () => {
    const cookie = await house.signIn('wanglei')
    house.simulator.world.disableMember('wanglei')
    await house.settle()
    expect((await house.get('/api/me', cookie)).status).toBe(401)
    expect(await departures()).toEqual([])
  })
})

describe('what a manager sees of a departure', () => {
  let id: string
  let manager: string
  beforeEach(async () => {
    house.simulator.world.removeMember('linxiao')
    await house.settle()
    id = (await departures())[0]?.id ?? ''
    manager = await house.signIn('zhoumin')
  })

  it("is counted by label, with the mirror's age and the days that are left", async () => {
    const { body } = await house.get('/api/departures', manager)
    expect(body).toMatchObject({
      items: [
        { id, name: '林晓', department: '销售部', customers: 8, counts: { to_assign: 8 }, groups: 1, daysLeft: 365 },
      ],
      next: null,
      mirror: { running: false },
    })
    expect((await house.get(`/api/departures/${id}`, manager)).body).toMatchObject({ id, plan: null })
    expect(await audited('look.list')).toEqual(['departures', id])
  })

  it('is listed by key, each once; a label picks its own; before approval names and companies stay short (F0)', async () => {
    const seen: string[] = []
    for (let after: string | null = null; ;) {
      const { body } = await house.get(
        `/api/departures/${id}/handovers?limit=3${after ? `&after=${after}` : ''}`,
        manager,
      )
      for (const h of body.items) {
        expect(h).toMatchObject({
          label: 'to_assign',
          shortName: '客*',
          company: null,
          successor: null,
          complaint: null,
        })
        seen.push(h.handover)
      }
      if (!(after = body.next)) break
    }
    expect(seen.sort()).toEqual((await handovers()).map((h) => h.id).sort())
    expect((await house.get(`/api/departures/${id}/handovers?label=told`, manager)).body.items).toEqual([])
    const [first] = seen
    await house.db
      .updateTable('transfer')
      .set({ state: 'taken_over' })
      .where('handoverId', '=', first ?? '')
      .execute()
    const told = await house.get(`/api/departures/${id}/handovers?label=to_tell`, manager)
    expect(told.body.items.map((h: { handover: string }) => h.handover)).toEqual([first])
    const rest = await house.get(`/api/departures/${id}/handovers?label=to_assign`, manager)
    expect(rest.body.items).toHaveLength(7)
  })

  it('is not found by the leader of another department, and looks like one that does not exist', async () => {
    const other = await house.signIn('sunyue')
    expect((await house.get('/api/departures', other)).status).toBe(403)
    await house.close()
    house = await openMirrored({ settings: { MANAGERS: 'nobody' } })
    house.simulator.world.removeMember('linxiao')
    await house.settle()
    id = (await departures())[0]?.id ?? ''
    const stranger = await house.signIn('hezhiyuan')
    expect((await house.get('/api/departures', stranger)).body.items).toEqual([])
    for (const path of ['', '/handovers', '/candidates']) {
      const theirs = await house.get(`/api/departures/${id}${path}`, stranger)
      const absent = await house.get(`/api/departures/none${path}`, stranger)
      expect(theirs.status).toBe(404)
      expect({ ...theirs.body, requestId: '' }).toEqual({ ...absent.body, requestId: '' })
      const own = await house.get(`/api/departures/${id}${path}`, await house.signIn('zhoumin'))
      expect(own.status).toBe(200)
      const compliance = await house.get(`/api/departures/${id}${path}`, await house.signIn('shenlan'))
      expect(compliance.status).toBe(path === '/candidates' ? 403 : 200)
    }
  })

  it('offers successors, nearest first, with what speaks against each', async () => {
    house.simulator.world.disableMember('wanglei')
    await house.settle()
    await house.runJobs('mirror')
    const { body } = await house.get(`/api/departures/${id}/candidates`, manager)
    expect(body.items.map((m: { name: string; problems: string[] }) => [m.name, m.problems])).toEqual(
      expect.arrayContaining([
        ['陈一鸣', []],
        ['王磊', expect.arrayContaining(['successor_inactive'])],
        ['何志远', []],
      ]),
    )
    expect(body.items.some((m: { name: string }) => m.name === '林晓')).toBe(false)
    expect(body.items.find((m: { name: string }) => m.name === '陈一鸣')).toMatchObject({ customers: 3, arriving: 0 })
  })
})
