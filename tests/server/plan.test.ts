import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { Plan } from '../../src/shared/plan'
import { openDeparted, type DepartedHouse } from '../support/departed'
import { contactId, smallCorp } from '../support/small-corp'

let house: DepartedHouse
afterEach(() => house.close())

async function draft(
  successors = ['chenyiming', 'wanglei'],
  handovers: 'all' | string[] = 'all',
  cookie = house.planner,
) {
  const ids = await Promise.all(successors.map((s) => house.idOf(s)))
  return house.post(`/api/departures/${house.departure}/plans`, { handovers, groups: false, successors: ids }, cookie)
}
const act = (plan: Plan, what: 'submit' | 'approve' | 'reject' | 'discard', cookie: string, more = {}) =>
  house.post(`/api/plans/${plan.id}/${what}`, { digest: plan.digest, ...more }, cookie)
const change = (plan: Plan, handover: string, successor: string | null, cookie = house.planner) =>
  house.post(`/api/plans/${plan.id}/items/${handover}`, { successor }, cookie)
const read = async (plan: Plan, cookie = house.planner): Promise<Plan> =>
  (await house.get(`/api/plans/${plan.id}`, cookie)).body as Plan
const audits = async (action: string) =>
  (await house.db.selectFrom('audit').selectAll().where('action', '=', action).orderBy('seq').execute()) as {
    actor: string
    subject: string
  }[]

describe('a draft', () => {
  it('spreads the customers evenly, says who has how many, and shows no more of them than routing needs', async () => {
    house = await openDeparted()
    const plan = (await draft()).body as Plan
    expect(plan).toMatchObject({ state: 'draft', leaver: '林晓', draftedBy: '周敏', decision: 'not_pending' })
    expect(plan.items).toHaveLength(8)
    expect(plan.split.map((s) => [s.name, s.before, s.added]).sort()).toEqual(
      [
        ['陈一鸣', 3, 4],
        ['王磊', 1, 4],
      ].sort(),
    )
    for (const i of plan.items) expect(i).toMatchObject({ shortName: '客*', company: null })
    // 陈一鸣 follows one of them already; who gets that one hangs on its id.
    const warned = plan.items.filter((i) => i.checks.length)
    for (const i of warned) expect([i.successorName, i.checks]).toEqual(['陈一鸣', ['already_follows']])
    expect(warned.length).toBeLessThanOrEqual(1)
    expect(await read(plan)).toEqual(plan)
    expect(await audits('plan.drafted')).toHaveLength(1)
    expect(await audits('look.plan')).toHaveLength(1)
    expect(await house.count('planned')).toBe(8)
  })

  it('takes the place of the one before; one that is pending has to be discarded first', async () => {
    house = await openDeparted()
    const first = (await draft()).body as Plan
    const handovers = first.items.slice(0, 3).map((i) => i.handover)
    const second = (await draft(['wanglei'], handovers)).body as Plan
    expect((await read(first)).state).toBe('discarded')
    expect(await house.count('planned')).toBe(3)
    expect(await house.count('unassigned')).toBe(5)
    await act(second, 'submit', house.planner)
    expect((await draft()).body).toMatchObject({ code: 'stale' })
    expect((await act(second, 'discard', house.approver)).status).toBe(200)
    expect(await house.count('unassigned')).toBe(8)
    expect((await draft()).status).toBe(200)
  })

  it('has room for nobody unknown, of no other departure, and not for nothing', async () => {
    house = await openDeparted()
    expect((await draft(['wanglei'], ['nobody'])).body).toMatchObject({ code: 'not_found' })
    const unknown = { handovers: 'all', successors: ['nobody'] }
    const answer = await house.post(`/api/departures/${house.departure}/plans`, unknown, house.planner)
    expect(answer.body).toMatchObject({ code: 'not_found' })
    const plan = (await draft()).body as Plan
    for (const i of plan.items) await change(plan, i.handover, null)
    const empty = await read(plan)
    expect((await act(empty, 'submit', house.planner)).body).toMatchObject({ code: 'plan_empty' })
  })

  it('is not there for the manager of another department, like one that does not exist (T-39)', async () => {
    house = await openDeparted({ settings: { MANAGERS: 'zhoumin' } })
    const plan = (await draft()).body as Plan
    const other = house.approver // leads the service department
    expect((await draft(['wanglei'], 'all', other)).body).toMatchObject({ code: 'not_found' })
    const missing = await house.get('/api/plans/nothing', other)
    for (const answer of [
      await house.get(`/api/plans/${plan.id}`, other),
      await act(plan, 'submit', other),
      await act(plan, 'approve', other),
      await act(plan, 'reject', other, { reason: '不妥' }),
      await act(plan, 'discard', other),
      await change(plan, plan.items[0]!.handover, null, other),
    ]) {
      expect(answer.status).toBe(404)
      expect({ ...answer.body, requestId: '' }).toEqual({ ...missing.body, requestId: '' })
    }
    expect((await house.get('/api/plans', other)).body).toEqual({ items: [], next: null })
  })

  it('is open to a leader of a department above', async () => {
    const cast = smallCorp((c) => (c.departments[0]!.leaders = ['shenlan']))
    house = await openDeparted({ cast, settings: { MANAGERS: 'zhoumin,hezhiyuan', COMPLIANCE: '' } })
    const plan = (await draft()).body as Plan
    const above = await house.signIn('shenlan')
    expect((await house.get(`/api/plans/${plan.id}`, above)).status).toBe(200)
  })

  it('is changed and submitted by its planner alone', async () => {
    house = await openDeparted()
    const plan = (await draft()).body as Plan
    expect((await change(plan, plan.items[0]!.handover, null, house.approver)).body).toMatchObject({
      code: 'forbidden',
    })
    expect((await act(plan, 'submit', house.approver)).body).toMatchObject({ code: 'forbidden' })
  })

  it('lets a customer be moved, taken out and put back, with another digest each time', async () => {
    house = await openDeparted()
    const plan = (await draft(['chenyiming'])).body as Plan
    const { handover } = plan.items[0]!
    const moved = (await change(plan, handover, await house.idOf('wanglei'))).body as Plan
    expect(moved.items.find((i) => i.handover === handover)!.successorName).toBe('王磊')
    const out = (await change(plan, handover, null)).body as Plan
    expect(out.items).toHaveLength(7)
    expect(await house.count('unassigned')).toBe(1)
    const back = (await change(plan, handover, await house.idOf('chenyiming'))).body as Plan
    expect(new Set([plan.digest, moved.digest, out.digest]).size).toBe(3)
    expect(back.digest).toBe(plan.digest)
  })
})

describe('the checks', () => {
  it('stop what would fail, and say why for each customer (T-10)', async () => {
    house = await openDeparted()
    const plan = (await draft(['chenyiming'])).body as Plan
    const [a, b, c] = plan.items.map((i) => i.handover)
    const machao = await house.idOf('machao')
    await change(plan, a!, machao)
    await change(plan, b!, await house.idOf('linxiao'))
    house.simulator.world.disableMember('wanglei')
    await house.settle()
    await change(plan, c!, await house.idOf('wanglei'))
    const checked = await read(plan)
    const of = (h: string) => checked.items.find((i) => i.handover === h)!.checks
    expect(of(a!)).toEqual(['successor_without_contacts'])
    expect(of(b!)).toEqual(['successor_is_leaver', 'successor_left'])
    expect(of(c!)).toEqual(['successor_inactive', 'successor_without_contacts'])
    expect((await act(checked, 'submit', house.planner)).body).toMatchObject({ code: 'checks_failed' })
    expect(await house.count('pending_approval')).toBe(0)
  })

  it('remember whom a customer has refused or objected to, and draft around them', async () => {
    house = await openDeparted()
    await house.approved(['chenyiming'])
    await house.runJobs()
    for (const n of [1, 2]) house.simulator.world.customerWill(contactId(n), 'refuse')
    await house.settle()
    await house.simulator.clock.advance(24 * 3600_000)
    await house.minutes(1)
    const three = (await house.transfers()).find((t) => t.external === contactId(3))!
    const objection = { id: 'o1', handoverId: three.handover, at: house.deps.now(), handledAt: house.deps.now() }
    await house.db.insertInto('objection').values(objection).execute()
    // The same customers with another leaver.
    const leaver = await house.idOf('wanglei')
    const again = {
      id: 'd2',
      memberId: leaver,
      leftAt: house.deps.now(),
      knownBy: 'event',
      noticedAt: house.deps.now(),
    }
    await house.db.insertInto('departure').values(again).execute()
    for (const t of (await house.transfers()).slice(0, 4)) {
      const handover = { id: `h${t.external}`, departureId: 'd2', customerId: t.customer, createdAt: house.deps.now() }
      await house.db.insertInto('handover').values(handover).execute()
      await house.db.insertInto('transfer').values({ handoverId: handover.id, state: 'unassigned' }).execute()
    }
    const today = await house.signIn('hezhiyuan')
    const only = { handovers: 'all', successors: [await house.idOf('chenyiming')] }
    const stuck = (await house.post('/api/departures/d2/plans', only, today)).body as Plan
    const reasons = stuck.items.map((i) => [i.handover, i.checks.join()])
    expect(reasons).toEqual([
      [`h${contactId(1)}`, 'refused_before'],
      [`h${contactId(2)}`, 'refused_before'],
      [`h${contactId(3)}`, 'objected_to,already_follows'],
      [`h${contactId(4)}`, 'already_follows'],
    ])
    const both = { handovers: 'all', successors: [await house.idOf('chenyiming'), await house.idOf('zhoumin')] }
    const around = (await house.post('/api/departures/d2/plans', both, today)).body as Plan
    expect(around.items.slice(0, 3).map((i) => i.successorName)).toEqual(['周敏', '周敏', '周敏'])
  })

  it('are made again at the approval', async () => {
    house = await openDeparted()
    const plan = (await draft()).body as Plan
    await act(plan, 'submit', house.planner)
    await house.db
      .updateTable('departure')
      .set({ leftAt: new Date(house.deps.now().getTime() - 366 * 86_400_000) })
      .execute()
    expect((await act(plan, 'approve', house.approver)).body).toMatchObject({ code: 'checks_failed' })
    expect((await read(plan)).items[0]!.checks).toEqual(['leaver_too_long_gone'])
    expect(await house.count('approved')).toBe(0)
  })
})

describe('the decision', () => {
  it("is somebody else's than the planner's (T-25)", async () => {
    house = await openDeparted()
    const plan = (await draft()).body as Plan
    const pending = (await act(plan, 'submit', house.planner)).body as Plan
    expect(pending.decision).toBe('own_plan')
    for (const what of ['approve', 'reject'] as const)
      expect((await act(plan, what, house.planner, { reason: '不妥' })).body).toMatchObject({ code: 'own_plan' })
    expect((await read(plan, house.approver)).decision).toBe('may_decide')
  })

  it("is not a successor's", async () => {
    house = await openDeparted()
    const plan = (await draft(['hezhiyuan'])).body as Plan
    await act(plan, 'submit', house.planner)
    expect((await read(plan, house.approver)).decision).toBe('is_successor')
    expect((await act(plan, 'approve', house.approver)).body).toMatchObject({ code: 'own_plan' })
  })

  it('is about exactly what its reader saw (T-25)', async () => {
    house = await openDeparted()
    const old = (await draft()).body as Plan
    await act(old, 'submit', house.planner)
    await act(old, 'reject', house.approver, { reason: '请再平均一些' })
    const changed = (await change(old, old.items[0]!.handover, null)).body as Plan
    expect((await act(old, 'submit', house.planner)).body).toMatchObject({ code: 'stale' })
    await act(changed, 'submit', house.planner)
    expect((await act(old, 'approve', house.approver)).body).toMatchObject({ code: 'stale' })
    // Even when somebody changes the rows behind everybody's back.
    const wanglei = await house.idOf('wanglei')
    await house.db.updateTable('planItem').set({ successorId: wanglei }).execute()
    expect((await act(changed, 'approve', house.approver)).body).toMatchObject({ code: 'stale' })
    expect(await house.count('approved')).toBe(0)
  })

  it('is made once, also when two make it at the same moment (Q35)', async () => {
    house = await openDeparted({ settings: { MANAGERS: 'zhoumin,hezhiyuan,sunyue' } })
    const third = await house.signIn('sunyue')
    const choice = fc.constantFrom('approve' as const, 'reject' as const, 'discard' as const)
    await fc.assert(
      fc.asyncProperty(fc.array(choice, { minLength: 2, maxLength: 5 }), async (all) => {
        const plan = (await draft()).body as Plan
        await act(plan, 'submit', house.planner)
        const answers = await Promise.all(
          all.map((what, i) => act(plan, what, i % 2 ? third : house.approver, { reason: '不妥' })),
        )
        const won = all.filter((_, i) => answers[i]!.status === 200)
        const decided = won.filter((w) => w !== 'discard')
        expect(decided.length).toBeLessThanOrEqual(1)
        expect(won.length).toBeGreaterThan(0)
        if (decided[0] === 'approve') {
          expect(won).toEqual(['approve'])
          expect(await house.count('approved')).toBe(8)
          await house.db.updateTable('transfer').set({ state: 'unassigned', planId: null, successorId: null }).execute()
        } else expect(await house.count('approved')).toBe(0)
      }),
      { numRuns: 25 },
    )
  })

  it('that says no has a reason, and the plan can be mended and submitted again', async () => {
    house = await openDeparted()
    const plan = (await draft()).body as Plan
    await act(plan, 'submit', house.planner)
    expect((await act(plan, 'reject', house.approver, { reason: ' ' })).body).toMatchObject({ code: 'invalid' })
    await act(plan, 'reject', house.approver, { reason: '请再平均一些' })
    expect(await read(plan)).toMatchObject({ state: 'rejected', reason: '请再平均一些', decidedBy: '何志远' })
    expect(await house.count('planned')).toBe(8)
    const mended = (await change(plan, plan.items[0]!.handover, null)).body as Plan
    expect((await act(mended, 'submit', house.planner)).body).toMatchObject({ state: 'pending', reason: null })
    expect((await act(mended, 'approve', house.approver)).body).toMatchObject({
      state: 'approved',
      decidedBy: '何志远',
    })
    expect(JSON.stringify(await audits('plan.rejected'))).not.toContain('平均')
  })

  it('is asked for by one card to everybody who may make it', async () => {
    house = await openDeparted()
    const plan = (await draft()).body as Plan
    await act(plan, 'submit', house.planner)
    await house.settle()
    const [message, ...more] = house.simulator.world.appMessages()
    expect(more).toEqual([])
    expect(message).toMatchObject({ userid: 'hezhiyuan', msgtype: 'template_card' })
    const url = `https://jiebang.test/workbench?at=%2Fplans%2F${plan.id}`
    expect(message!.body).toMatchObject({ card_action: { type: 1, url } })
  })
})

it('plans are listed newest first, page by page, by state', async () => {
  house = await openDeparted()
  const ids: string[] = []
  for (let i = 0; i < 5; i++) {
    ids.unshift(((await draft()).body as Plan).id)
    await house.simulator.clock.advance(1000)
  }
  const seen: string[] = []
  for (let after = ''; ;) {
    const page = (await house.get(`/api/plans?limit=2${after && `&after=${after}`}`, house.approver)).body as {
      items: { id: string; mine: boolean; customers: number; successors: number }[]
      next: string | null
    }
    for (const p of page.items) expect(p).toMatchObject({ mine: false, customers: 8, successors: 2 })
    seen.push(...page.items.map((p) => p.id))
    if (!page.next) break
    after = page.next
  }
  expect(seen).toEqual(ids)
  const drafts = (await house.get('/api/plans?state=draft', house.planner)).body as {
    items: { id: string; mine: boolean }[]
  }
  expect(drafts.items).toEqual([expect.objectContaining({ id: ids[0], mine: true })])
})

it('thousands of customers are planned, submitted and approved, each in one go', async () => {
  house = await openDeparted({ customers: 2000, settings: { MANAGERS: 'zhoumin,hezhiyuan,sunyue' } })
  const plan = (await draft()).body as Plan
  expect(plan.items).toHaveLength(2000)
  expect((await act(plan, 'submit', house.planner)).status).toBe(200)
  expect((await act(plan, 'approve', house.approver)).body).toMatchObject({ state: 'pending' })
  expect((await act(plan, 'approve', await house.signIn('sunyue'))).body).toMatchObject({ state: 'approved' })
  expect(await house.count('approved')).toBe(2000)
}, 60_000)
