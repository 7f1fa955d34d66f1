import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { basisPurposes, basisState, missingBases, type BasesShown, type Basis } from '../../src/shared/basis'
import { launchItems, type LaunchAnswers, type LaunchShown } from '../../src/shared/launch'
import type { Plan } from '../../src/shared/plan'
import { openDeparted, type DepartedHouse } from '../support/departed'
import { NOT_LIVE } from '../support/live'

/** Before the first customer is passed on: on what it rests, and that somebody has looked (T-22, T-10). */
let house: DepartedHouse
let writes: string
let signs: string
beforeEach(async () => {
  house = await openDeparted({ settings: { COMPLIANCE: 'chenyiming,wanglei' } })
  await house.asOwner(NOT_LIVE)
  writes = await house.signIn('chenyiming')
  signs = await house.signIn('wanglei')
})
afterEach(() => house.close())

const draft = async () =>
  (
    await house.post(
      `/api/departures/${house.departure}/plans`,
      { handovers: 'all', groups: false, successors: [await house.idOf('sunyue')], by: 'even' },
      house.planner,
    )
  ).body as Plan
const read = async ({ id }: Plan, cookie = house.planner) => (await house.get(`/api/plans/${id}`, cookie)).body as Plan
const submit = (plan: Plan) => house.post(`/api/plans/${plan.id}/submit`, { digest: plan.digest }, house.planner)
const approve = (plan: Plan) => house.post(`/api/plans/${plan.id}/approve`, { digest: plan.digest }, house.approver)
const review = async (cookie = writes) => (await house.get('/api/launch', cookie)).body as LaunchShown
const bases = async (cookie = writes) => (await house.get('/api/bases', cookie)).body as BasesShown

async function base(purpose: string, more: object = {}): Promise<string> {
  const basis = {
    purpose,
    customers: 'all',
    ground: 'contract',
    source: '服务协议第 3 条',
    since: '2026-01-01',
    until: null,
  }
  return ((await house.post('/api/bases', { ...basis, ...more }, writes)).body as { id: string }).id
}
const confirm = (id: string, cookie: string) => house.post(`/api/bases/${id}/confirm`, {}, cookie)
const everything: LaunchAnswers = Object.fromEntries(
  launchItems.map((item) => [item, { met: true, proof: `文件 ${item}` }]),
)
const save = async (answers: LaunchAnswers) =>
  house.post('/api/launch', { answers, on: (await review()).digest }, writes)
const sign = async (cookie: string) => house.post('/api/launch/sign', { digest: (await review()).digest }, cookie)

describe('before going live (T-22)', () => {
  it('nothing is submitted nor approved until a second person has signed that everything is met; a joint controller keeps it shut', async () => {
    const plan = await draft()
    expect(await submit(plan)).toMatchObject({ status: 409, body: { code: 'not_live' } })
    for (const purpose of basisPurposes) await confirm(await base(purpose), signs)
    expect(await submit(plan)).toMatchObject({ status: 409, body: { code: 'not_live' } })

    const joint = { ...everything, one_controller: { met: false, proof: '与关联公司共同处理' } }
    expect((await save(joint)).status).toBe(200)
    expect((await sign(signs)).body).toMatchObject({ code: 'launch_open' })
    const unproven = { ...everything, documents: { met: true, proof: ' ' } }
    await save(unproven)
    expect((await sign(signs)).body).toMatchObject({ code: 'launch_open' })
    await save(everything)
    expect((await sign(writes)).body).toMatchObject({ code: 'own_launch' })
    expect((await house.post('/api/launch/sign', { digest: '0'.repeat(64) }, signs)).body.code).toBe('stale')
    expect((await house.post('/api/launch/sign', {}, house.planner)).status).toBe(403)

    const ready = await review()
    const unmet = ready.findings.filter(({ met }) => !met).map(({ name }) => name)
    expect(unmet).toEqual([])
    expect(await sign(signs)).toMatchObject({ status: 200, body: { signed: { by: '王磊' }, mine: false } })
    // Signed once: neither written again nor signed again, and the database refuses it, too.
    expect((await save(everything)).body.code).toBe('stale')
    await expect(house.asOwner(`update launch_review set answers = '{}'`)).rejects.toThrow('stays as it is')

    expect((await submit(plan)).status).toBe(200)
    expect((await approve(plan)).body).toMatchObject({ state: 'approved' })
    const log = await house.db
      .selectFrom('audit')
      .select('action')
      .where('action', 'like', 'launch.%')
      .orderBy('seq')
      .execute()
    expect(log.map(({ action }) => action)).toEqual([...Array<string>(3).fill('launch.saved'), 'launch.signed'])
  })

  it('what the system finds must be so on the day: without bases in force nobody can sign', async () => {
    await save(everything)
    expect((await review()).findings).toContainEqual({ name: 'basis', met: false })
    expect((await sign(signs)).body).toMatchObject({ code: 'launch_open' })
  })
})

describe('legal bases (T-10)', () => {
  it('count once another has confirmed them, while they last, for the customers they are for; each plan is looked at anew', async () => {
    for (const purpose of basisPurposes) await confirm(await base(purpose), signs)
    await save(everything)
    await sign(signs)
    const plan = await draft()
    const stopped = async (cookie?: string) =>
      (await read(plan, cookie)).items.filter((i) => i.checks.includes('no_basis')).length
    expect(await stopped()).toBe(0)

    const [served] = (await bases()).items.filter(({ purpose }) => purpose === 'serve')
    expect(served).toMatchObject({ state: 'in_force', by: '陈一鸣', confirmedBy: '王磊' })
    expect((await house.post(`/api/bases/${served!.id}/end`, { why: '协议到期' }, signs)).status).toBe(200)
    expect((await bases()).missing).toEqual([
      { customers: 'wechat', purpose: 'serve' },
      { customers: 'wecom', purpose: 'serve' },
    ])
    expect(await stopped()).toBe(plan.items.length)
    expect((await submit(plan)).body).toMatchObject({ code: 'checks_failed' })

    const next = await base('serve', { until: '2026-12-31' })
    expect(await stopped()).toBe(plan.items.length)
    expect((await confirm(next, writes)).body).toMatchObject({ code: 'own_basis' })
    expect((await confirm(next, signs)).status).toBe(200)
    expect((await confirm(next, signs)).body.code).toBe('stale')
    expect(await stopped()).toBe(0)
    expect((await submit(await read(plan))).status).toBe(200)
    // Under the approver's eyes the year ends.
    await house.simulator.clock.advance(40 * 86_400_000)
    expect(await stopped(await house.signIn('zhoumin'))).toBe(plan.items.length)

    expect((await house.post('/api/bases', {}, await house.signIn('zhoumin'))).status).toBe(403)
    const log = await house.db
      .selectFrom('audit')
      .select('action')
      .where('action', 'like', 'basis.%')
      .orderBy('seq')
      .execute()
    expect(log.map(({ action }) => action).sort()).toEqual(
      [...Array<string>(4).fill('basis.confirmed'), 'basis.ended', ...Array<string>(4).fill('basis.written')].sort(),
    )
  })

  it('by kind and day: the table', () => {
    const basis = (more: Partial<Basis>): Basis => ({
      ...{ purpose: 'serve', customers: 'all', since: '2026-01-01', until: null, confirmed: true, ended: false },
      ...more,
    })
    const day = '2026-11-26'
    const state = (more: Partial<Basis>) => basisState(basis(more), day)
    expect(state({})).toBe('in_force')
    expect(state({ confirmed: false })).toBe('waits')
    expect(state({ since: '2026-11-27' })).toBe('later')
    expect(state({ until: day })).toBe('in_force')
    expect(state({ until: '2026-11-25', confirmed: false })).toBe('over')
    expect(state({ ended: true })).toBe('ended')
    const all = basisPurposes.map((purpose) => basis({ purpose }))
    const some = basisPurposes.map((purpose) => basis({ purpose, customers: 'wechat' }))
    expect(missingBases('unknown', all, day)).toEqual([])
    expect(missingBases('wechat', some, day)).toEqual([])
    expect(missingBases('wecom', some, day)).toEqual([...basisPurposes])
    expect(missingBases('unknown', some, day)).toEqual([...basisPurposes])
    expect(missingBases('wechat', some.slice(1), day)).toEqual(['serve'])
  })
})
