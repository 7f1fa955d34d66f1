import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openMirrored } from '../support/beginning'
import type { ServerHouse } from '../support/house'
import { contactId } from '../support/small-corp'

const DAY = 86_400_000
/** Tests begin on 24 November 2026, 10:00 in Beijing. */
const FRIDAY = '2026-11-27'
let house: ServerHouse
let manager: string

const idOf = async (userid: string) =>
  (await house.db.selectFrom('member').select('id').where('userid', '=', userid).executeTakeFirstOrThrow()).id
const announce = async (userid: string, leavesOn = FRIDAY, by = manager) =>
  house.post('/api/announcements', { member: await idOf(userid), leavesOn }, by)
const departures = () => house.db.selectFrom('departure').selectAll().orderBy('id').execute()
const handovers = () =>
  house.db
    .selectFrom('handover')
    .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
    .innerJoin('wecomContact', 'wecomContact.customerId', 'handover.customerId')
    .select(['handover.id', 'handover.customerId', 'handover.departureId', 'state', 'externalUserid', 'successorId'])
    .orderBy('externalUserid')
    .orderBy('handover.id')
    .execute()
const states = async () => Object.fromEntries((await handovers()).map((h) => [h.externalUserid, h.state]))
const customers = (...numbers: number[]) => numbers.map(contactId)
const audited = async (action: string) =>
  (await house.db.selectFrom('audit').select('subject').where('action', '=', action).orderBy('seq').execute()).map(
    (a) => a.subject,
  )
const gone = async () => {
  house.simulator.world.removeMember('linxiao')
  await house.settle()
}
/** A transfer on the job as the engine writes it: a call of a plan, and where it has got to. */
async function onTheJob(n: number, state: string, successor = 'chenyiming') {
  const { db, deps } = house
  const handover = (await handovers()).find((h) => h.externalUserid === contactId(n))!
  const [successorId, leaverId, at] = [await idOf(successor), await idOf('linxiao'), deps.now()]
  const [planId, batchId] = [deps.id(), deps.id()]
  const people = { draftedBy: await idOf('zhoumin'), decidedBy: await idOf('hezhiyuan') }
  const plan = {
    id: planId,
    departureId: handover.departureId,
    state: 'approved',
    digest: '0',
    draftedAt: at,
    ...people,
  }
  await db.insertInto('plan').values(plan).execute()
  const refusal = { settledAt: at, refusedBefore: successorId }
  const batch = { id: batchId, planId, leaverId, successorId, state: state === 'approved' ? 'written' : 'answered' }
  await db
    .insertInto('transferBatch')
    .values({ ...batch, flow: 'onjob', writtenAt: at })
    .execute()
  await db
    .updateTable('transfer')
    .set({ state, planId, successorId, batchId, submittedAt: at, ...(state === 'refused' ? refusal : {}) })
    .where('handoverId', '=', handover.id)
    .execute()
}

beforeEach(async () => {
  house = await openMirrored()
  manager = await house.signIn('zhoumin')
})
afterEach(() => house.close())

describe('a manager announces that a member will leave', () => {
  it('and each customer has a handover to assign; login and customers of the member stay', async () => {
    const cookie = await house.signIn('linxiao')
    const { status, body } = await announce('linxiao')
    expect(status).toBe(200)
    expect(body).toMatchObject({ customers: 8 })
    expect(await states()).toEqual(
      Object.fromEntries(customers(1, 2, 3, 4, 5, 6, 7, 8).map((id) => [id, 'unassigned'])),
    )
    const [one] = await departures()
    expect(one).toMatchObject({ id: body.departure, gone: false, knownBy: 'announced', endedAt: null })
    expect(one?.leftAt.toISOString()).toBe('2026-11-27T15:59:59.999Z')
    expect(one?.announcedBy).toBe(await idOf('zhoumin'))
    expect(await audited('departure.announced')).toEqual([body.departure])
    expect(await audited('handover.created')).toHaveLength(8)
    expect((await house.get('/api/me', cookie)).status).toBe(200)
    const open = house.db
      .selectFrom('relation')
      .where('memberId', '=', await idOf('linxiao'))
      .where('endedAt', 'is', null)
    expect(await open.selectAll().execute()).toHaveLength(8)
    const shown = await house.get(`/api/departures/${body.departure}`, manager)
    expect(shown.body).toMatchObject({ gone: false, ended: false, daysLeft: null, counts: { to_assign: 8 } })
    expect(shown.body.announced).toMatchObject({ by: '周敏' })
    expect((await house.get(`/api/departures/${body.departure}/handovers`, manager)).body.items[0]).toMatchObject({
      label: 'to_assign',
      waitingDays: 0,
    })
  })

  it('only on a day from today on within a year, once, and never their own', async () => {
    const said = async (answer: ReturnType<typeof announce>) =>
      (({ status, body }) => [status, body.code])(await answer)
    expect(await said(announce('linxiao', '2026-11-23'))).toEqual([400, 'day_past'])
    expect(await said(announce('linxiao', '2028-01-01'))).toEqual([400, 'day_far'])
    expect(await said(announce('linxiao', '2026-02-30'))).toEqual([400, 'invalid'])
    expect(await said(announce('zhoumin'))).toEqual([409, 'own_departure'])
    expect(await departures()).toEqual([])
    expect((await announce('linxiao', '2026-11-24')).status).toBe(200)
    expect(await said(announce('linxiao'))).toEqual([409, 'already_announced'])
    const both = await Promise.all([announce('wanglei'), announce('wanglei')])
    expect(both.map((b) => b.status).sort()).toEqual([200, 409])
    await gone()
    expect(await said(announce('linxiao'))).toEqual([404, 'not_found'])
  })

  it('of the departments they lead and below; others look like nobody (invariant 4, Q26)', async () => {
    await house.close()
    house = await openMirrored({ settings: { MANAGERS: 'nobody' } })
    manager = await house.signIn('zhoumin')
    const stranger = await house.signIn('hezhiyuan')
    const theirs = await announce('linxiao', FRIDAY, stranger)
    const absent = await house.post('/api/announcements', { member: 'nobody', leavesOn: FRIDAY }, stranger)
    expect(theirs.status).toBe(404)
    expect({ ...theirs.body, requestId: '' }).toEqual({ ...absent.body, requestId: '' })
    const { departure } = (await announce('linxiao')).body
    for (const [path, body] of [
      ['day', { leavesOn: FRIDAY }],
      ['withdraw', {}],
    ] as const) {
      const other = await house.post(`/api/announcements/${departure}/${path}`, body, stranger)
      const none = await house.post(`/api/announcements/none/${path}`, body, stranger)
      expect(other.status).toBe(404)
      expect({ ...other.body, requestId: '' }).toEqual({ ...none.body, requestId: '' })
    }
    expect(
      (await house.get('/api/announcements/members', stranger)).body.items.map((m: { name: string }) => m.name),
    ).toEqual(['孙悦'])
    for (const userid of ['linxiao', 'shenlan', 'machao']) {
      const cookie = await house.signIn(userid)
      expect((await house.get('/api/announcements/members', cookie)).status).toBe(403)
      expect((await announce('wanglei', FRIDAY, cookie)).status).toBe(403)
      expect((await house.post(`/api/announcements/${departure}/withdraw`, {}, cookie)).status).toBe(403)
    }
    expect(await departures()).toMatchObject([{ endedAt: null }])
  })

  it('chosen from a list by name, read by key, with who is announced already', async () => {
    await announce('linxiao')
    const boss = await house.signIn('hezhiyuan')
    const seen: { name: string; customers: number; announced: boolean; department: string | null }[] = []
    for (let after: string | null = null; ;) {
      const { body } = await house.get(`/api/announcements/members?limit=3${after ? `&after=${after}` : ''}`, boss)
      seen.push(...body.items)
      if (!(after = body.next)) break
    }
    expect(seen.map((m) => m.name).sort()).toEqual(['周敏', '孙悦', '林晓', '沈岚', '王磊', '陈一鸣', '马超'].sort())
    expect(seen.find((m) => m.name === '林晓')).toMatchObject({ customers: 8, announced: true, department: '销售部' })
    expect(seen.find((m) => m.name === '王磊')).toMatchObject({ customers: 1, announced: false })
    const find = async (text: string) =>
      (await house.get(`/api/announcements/members?text=${encodeURIComponent(text)}`, boss)).body.items.length
    expect([await find('王'), await find('%'), await find('_'), await find('何志远')]).toEqual([1, 0, 0, 0])
  })

  it('and a leader whose own leaving is announced finds nothing of it anywhere', async () => {
    const boss = await house.signIn('hezhiyuan')
    const { departure } = (await announce('zhoumin', FRIDAY, boss)).body
    // Without customers there is nothing to draft; to oneself not even that is said.
    const draft = { handovers: 'all', successors: [await idOf('chenyiming')] }
    expect((await house.post(`/api/departures/${departure}/plans`, draft, boss)).body.code).toBe('plan_empty')
    const own = await house.signIn('zhoumin')
    expect((await house.get('/api/departures', own)).body.items).toEqual([])
    for (const path of ['', '/handovers', '/candidates'])
      expect((await house.get(`/api/departures/${departure}${path}`, own)).status).toBe(404)
    expect((await house.post(`/api/announcements/${departure}/withdraw`, {}, own)).status).toBe(404)
    expect((await house.post(`/api/announcements/${departure}/day`, { leavesOn: FRIDAY }, own)).status).toBe(404)
    expect((await house.post(`/api/departures/${departure}/plans`, draft, own)).body.code).toBe('not_found')
  })
})

describe('an announced departure', () => {
  const draft = async (departure: string, successors = ['chenyiming'], cookie = manager) =>
    house.post(
      `/api/departures/${departure}/plans`,
      { handovers: 'all', successors: await Promise.all(successors.map(idOf)) },
      cookie,
    )

  it('is planned and approved as ever; a leaver decides and reads nothing of it', async () => {
    house.deps.config.MANAGERS.push('linxiao')
    const { departure } = (await announce('linxiao')).body
    const { id, digest, items } = (await draft(departure)).body
    expect(items).toHaveLength(8)
    expect((await house.post(`/api/plans/${id}/submit`, { digest }, manager)).status).toBe(200)
    const leaver = await house.signIn('linxiao')
    for (const act of ['approve', 'reject', 'discard'])
      expect((await house.post(`/api/plans/${id}/${act}`, { digest, reason: '不' }, leaver)).status).toBe(404)
    expect((await house.get(`/api/plans/${id}`, leaver)).status).toBe(404)
    expect((await house.get('/api/plans', leaver)).body.items).toEqual([])
    const boss = await house.signIn('hezhiyuan')
    expect((await house.post(`/api/plans/${id}/approve`, { digest }, boss)).status).toBe(200)
    expect(new Set(Object.values(await states()))).toEqual(new Set(['approved']))
  })

  it('is checked for what WeCom asks on the job: two moves in 90 days, a leaver who is active', async () => {
    const { departure } = (await announce('linxiao')).body
    const all = async (plan: string): Promise<string[]> =>
      (await house.get(`/api/plans/${plan}`, manager)).body.items.flatMap((i: { checks: string[] }) => i.checks)
    const [first] = await handovers()
    const moved = (days: number) => ({
      id: house.deps.id(),
      customerId: first!.customerId,
      at: new Date(house.deps.now().getTime() - days * DAY),
      source: 'wecom',
      kind: 'transfer.started',
      body: JSON.stringify({ successor: '王磊', flow: 'onjob' }),
    })
    await house.db
      .insertInto('history')
      .values([moved(89), moved(92)])
      .execute()
    expect(await all((await draft(departure)).body.id)).not.toContain('moved_twice')
    await house.db.insertInto('history').values(moved(2)).execute()
    const { id, digest, items } = (await draft(departure)).body
    expect(items.map((i: { checks: string[] }) => i.checks.join()).sort()).toEqual([
      ...Array<string>(6).fill(''),
      'already_follows',
      'moved_twice',
    ])
    expect((await house.post(`/api/plans/${id}/submit`, { digest }, manager)).body.code).toBe('checks_failed')
    house.simulator.world.disableMember('linxiao')
    await house.settle()
    expect((await all(id)).filter((check) => check === 'leaver_inactive')).toHaveLength(8)
    await gone()
    expect(await all(id)).toEqual(['already_follows'])
  })

  it('can be moved to another day, and nothing happens by itself when the day passes', async () => {
    const { departure } = (await announce('linxiao')).body
    const move = (leavesOn: string) => house.post(`/api/announcements/${departure}/day`, { leavesOn }, manager)
    expect((await move('2026-11-20')).body.code).toBe('day_past')
    expect((await move('2026-11-25')).status).toBe(200)
    expect((await departures())[0]?.leftAt.toISOString()).toBe('2026-11-25T15:59:59.999Z')
    expect(await audited('departure.changed')).toEqual([departure])
    await house.simulator.clock.advance(400 * DAY)
    await house.runJobs('mirror', 'departures')
    expect(await departures()).toMatchObject([{ gone: false, endedAt: null }])
    expect(new Set(Object.values(await states()))).toEqual(new Set(['unassigned']))
    manager = await house.signIn('zhoumin')
    const checks = (await draft(departure)).body.items.flatMap((i: { checks: string[] }) => i.checks)
    expect(checks).toEqual(['already_follows'])
  })

  it('follows new customers by itself, and forgets none that ends', async () => {
    await announce('linxiao')
    house.simulator.world.customerAddsMember('linxiao', contactId(12), { addWay: 3 })
    house.simulator.world.memberDeletesCustomer('linxiao', contactId(5))
    await house.settle()
    await house.runJobs('departures')
    await house.runJobs('departures')
    expect(Object.keys(await states())).toEqual(customers(1, 2, 3, 4, 5, 6, 7, 8, 12))
    expect(new Set(Object.values(await states()))).toEqual(new Set(['unassigned']))
  })

  it('withdrawn calls off what has not reached WeCom, leaves what has, and can be announced again', async () => {
    const { departure } = (await announce('linxiao')).body
    const { id } = (await draft(departure)).body
    await onTheJob(1, 'waiting')
    await onTheJob(2, 'submitted')
    await onTheJob(3, 'taken_over')
    await onTheJob(4, 'approved')
    await onTheJob(5, 'refused')
    const answer = await house.post(`/api/announcements/${departure}/withdraw`, {}, manager)
    expect(answer.body).toEqual({ calledOff: 4, underWay: 2, takenOver: 1 })
    const now = await states()
    expect(customers(1, 2, 3, 4, 5, 6, 7, 8).map((c) => now[c])).toEqual([
      'waiting',
      'submitted',
      'taken_over',
      'cancelled',
      'refused',
      'cancelled',
      'cancelled',
      'cancelled',
    ])
    // The call that was written and never made is not made any more.
    const written = house.db.selectFrom('transferBatch').where('state', '=', 'written')
    expect(await written.selectAll().execute()).toEqual([])
    const plan = await house.db.selectFrom('plan').select('state').where('id', '=', id).executeTakeFirst()
    expect(plan?.state).toBe('discarded')
    const shown = (await house.get('/api/departures', manager)).body.items
    expect(shown).toMatchObject([{ id: departure, gone: false, ended: true }])
    expect((await house.post(`/api/announcements/${departure}/withdraw`, {}, manager)).body.code).toBe('stale')
    const again = (await announce('linxiao')).body
    // Two are still under way, one is with a colleague; the customer who refused is still 林晓's.
    expect(again).toMatchObject({ customers: 6 })
    await house.db.updateTable('transfer').set({ state: 'successor_limit' }).where('state', '=', 'waiting').execute()
    await house.runJobs('departures')
    expect(
      (await handovers())
        .filter((h) => h.externalUserid === contactId(1))
        .map((h) => h.state)
        .sort(),
    ).toEqual(['cancelled', 'unassigned'])
  })

  it('withdrawn with nothing left to show is not listed any more', async () => {
    const { departure } = (await announce('linxiao')).body
    await house.post(`/api/announcements/${departure}/withdraw`, {}, manager)
    expect((await house.get('/api/departures', manager)).body.items).toEqual([])
    expect((await house.get(`/api/departures/${departure}`, manager)).body).toMatchObject({ ended: true })
    const told = await house.db
      .selectFrom('history')
      .select('kind')
      .where('kind', 'like', 'departure.%')
      .orderBy('id')
      .execute()
    expect(told.map((h) => h.kind).sort()).toEqual([
      ...Array<string>(8).fill('departure.announced'),
      ...Array<string>(8).fill('departure.withdrawn'),
    ])
  })
})

describe('what was announced comes true', () => {
  it.each(['the event first', 'the list first'])('once, with everything in it, %s', async (order) => {
    const cookie = await house.signIn('linxiao')
    const { departure } = (await announce('linxiao')).body
    const { db, simulator } = house
    simulator.world.customerAddsMember('linxiao', contactId(12), { addWay: 3 })
    await house.settle()
    if (order === 'the list first') simulator.faults.add({ event: '*', lose: true })
    else simulator.faults.add({ path: 'externalcontact/get_unassigned_list', errcode: -1 })
    simulator.world.removeMember('linxiao')
    await house.settle().catch(() => undefined)
    if (order === 'the list first') await house.runJobs('departures')
    const first = (await departures())[0]
    expect(first?.knownBy).toBe(order === 'the list first' ? 'unassigned_list' : 'event')
    simulator.faults.clear()
    await house.runJobs('departures', 'events')
    expect(await departures()).toMatchObject([{ id: departure, gone: true, knownBy: 'unassigned_list', endedAt: null }])
    expect((await departures())[0]?.leftAt.getTime()).toBeLessThanOrEqual(house.deps.now().getTime())
    expect(Object.keys(await states())).toEqual(customers(1, 2, 3, 4, 5, 6, 7, 8, 12))
    expect(await handovers()).toHaveLength(9)
    expect((await house.get('/api/me', cookie)).status).toBe(401)
    const open = db
      .selectFrom('relation')
      .where('memberId', '=', await idOf('linxiao'))
      .where('endedAt', 'is', null)
    expect(await open.selectAll().execute()).toEqual([])
    const shown = (await house.get(`/api/departures/${departure}`, manager)).body
    expect(shown).toMatchObject({ gone: true, daysLeft: 365, announced: { by: '周敏' } })
  })

  it('without those lost before: they are called off once WeCom’s list does not name them', async () => {
    await announce('linxiao')
    house.simulator.world.memberDeletesCustomer('linxiao', contactId(5))
    house.simulator.world.customerDeletesMember('linxiao', contactId(6))
    await house.settle()
    await house.simulator.clock.advance(60_000)
    await gone()
    await house.simulator.clock.advance(60_000)
    await house.runJobs('departures')
    const now = await states()
    expect([now[contactId(5)], now[contactId(6)]]).toEqual(['cancelled', 'cancelled'])
    expect(customers(1, 2, 3, 4, 7, 8).map((c) => now[c])).toEqual(Array(6).fill('unassigned'))
  })

  it('and who refused on the job is to be planned anew, for somebody else', async () => {
    const { departure } = (await announce('linxiao')).body
    await onTheJob(1, 'refused')
    await onTheJob(2, 'waiting')
    await gone()
    const now = await states()
    expect([now[contactId(1)], now[contactId(2)]]).toEqual(['unassigned', 'waiting'])
    const successors = [await idOf('chenyiming')]
    const { body } = await house.post(`/api/departures/${departure}/plans`, { handovers: 'all', successors }, manager)
    const refused = (await handovers()).find((h) => h.externalUserid === contactId(1))!
    expect(body.items.find((i: { handover: string }) => i.handover === refused.id).checks).toContain('refused_before')
  })

  it('for somebody hired again: old customers that still wait do not enter the new announcement', async () => {
    await gone()
    await house.simulator.clock.advance(DAY)
    house.simulator.world.addMember({ userid: 'linxiao', name: '林晓', departments: [2] })
    await house.settle()
    await house.runJobs('mirror')
    house.simulator.world.customerAddsMember('linxiao', contactId(12), { addWay: 3 })
    await house.settle()
    manager = await house.signIn('zhoumin')
    expect((await announce('linxiao')).body).toMatchObject({ customers: 1 })
    await house.runJobs('departures')
    expect((await departures()).map((d) => [d.gone, d.endedAt === null])).toEqual([
      [true, false],
      [false, true],
    ])
    expect(await handovers()).toHaveLength(9)
  })
})

describe('a successor whose own leaving is announced', () => {
  it('keeps the inherited customers until somebody else has them, and reads nothing of the announcement', async () => {
    await announce('linxiao')
    await onTheJob(1, 'taken_over', 'wanglei')
    await house.db.updateTable('notice').set({ state: 'sent', sentAt: house.deps.now() }).execute()
    const { customerId } = (await handovers())[0]!
    house.simulator.world.customerAddsMember('wanglei', contactId(1), { addWay: 3 })
    await house.settle()
    const own = await house.signIn('wanglei')
    expect((await announce('wanglei')).body).toMatchObject({ customers: 2 })
    const { body } = await house.post('/api/brief', { customer: customerId }, own)
    expect(body.kind).toBe('inherited')
    expect(body.brief.standing.from).toEqual({ name: '林晓', gone: false, leftAt: '2026-11-27T15:59:59.999Z' })
    const told = (items: { kind: string; body: { leaver?: string } }[]) =>
      items.filter((h) => h.kind === 'departure.announced').map((h) => h.body.leaver)
    expect(told(body.brief.history.items)).toEqual(['林晓'])
    // What is planned for their own leaving is not for them; what made them the successor is.
    const said = (kind: string, successor: string, day: number) => ({
      ...{ id: house.deps.id(), customerId, authorId: null, source: 'wecom', kind },
      ...{ at: new Date(house.deps.now().getTime() + day * DAY), body: JSON.stringify({ successor, planner: '周敏' }) },
    })
    await house.db
      .insertInto('history')
      .values([
        said('plan.approved', '王磊', -1),
        said('plan.approved', '王磊', 0),
        said('plan.approved', '孙悦', 0),
        said('transfer.started', '孙悦', 0),
      ])
      .execute()
    const seen = (await house.get(`/api/customers/${customerId}/history?limit=100`, own)).body.items
    const moves = (seen as { kind: string; body: { successor?: string } }[]).filter((h) => h.body.successor)
    expect(moves.map((h) => [h.kind, h.body.successor])).toEqual(Array(2).fill(['plan.approved', '王磊']))
    const more = await house.get(`/api/customers/${customerId}/history?limit=100`, own)
    expect(told(more.body.items)).toEqual(['林晓'])
    // The day has passed, and 林晓 is still here: no date is told.
    await house.simulator.clock.advance(5 * DAY)
    const later = await house.post('/api/brief', { customer: customerId }, await house.signIn('wanglei'))
    expect(later.body.brief.standing.from).toEqual({ name: '林晓', gone: false, leftAt: null })
  })
})
