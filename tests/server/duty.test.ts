import { afterEach, describe, expect, it } from 'vitest'
import type { DutyItem } from '../../src/shared/duty'
import { chinaDay } from '../../src/shared/day'
import type { Plan } from '../../src/shared/plan'
import { openDeparted, type DepartedHouse } from '../support/departed'

/** Who answers a customer between the approval and WeCom's takeover, and what becomes of what was promised (S6). */
let house: DepartedHouse
afterEach(() => house.close())

const HOUR = 3600_000
const day = (from: number) => chinaDay(new Date(house.deps.now().getTime() + from * 24 * HOUR))

interface Duty {
  items: DutyItem[]
  total: number
  due: number
}
const duty = async (who: string) => (await house.get('/api/duty', await house.signIn(who))).body as Duty
const said = async (userid: string) => {
  await house.runJobs('letters')
  return house.simulator.world.appMessages(userid).map((m) => (m.body['title'] ?? '') as string)
}
/** One promise of the leaver to each of the leaver's customers, due on these days in turn. */
async function promise(dues: readonly (string | null)[]): Promise<void> {
  const rows = await house.db.selectFrom('handover').select('customerId').orderBy('customerId').execute()
  const madeBy = await house.idOf('linxiao')
  await house.db
    .insertInto('promise')
    .values(
      rows.map(({ customerId }, i) => ({
        ...{ id: `p${i}`, customerId, madeBy, madeAt: house.deps.now(), source: 'member' },
        ...{ text: `补发第 ${i} 份报价单，电话 13812345678`, due: dues[i % dues.length] ?? null },
      })),
    )
    .execute()
}
async function submit(wish: object = {}): Promise<{ status: number; body: Plan }> {
  const planner = await house.signIn('zhoumin')
  const successors = [await house.idOf('chenyiming'), await house.idOf('wanglei')]
  const all = { handovers: 'all', groups: false, successors }
  const { id, digest } = (await house.post(`/api/departures/${house.departure}/plans`, all, planner)).body as Plan
  return house.post(`/api/plans/${id}/submit`, { digest, ...wish }, planner)
}
const approve = async ({ id, digest }: Plan) => {
  const answer = await house.post(`/api/plans/${id}/approve`, { digest }, await house.signIn('hezhiyuan'))
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
}
const open = async () =>
  (await house.db.selectFrom('promise').select('id').where('keptAt', 'is', null).orderBy('id').execute()).length

describe('the colleague on duty', () => {
  it('is the nearest leader unless the planner names somebody, and somebody of the house at that', async () => {
    house = await openDeparted()
    const { body } = await submit()
    expect(body.duty).toMatchObject({ name: '周敏' })
    const choices = (await house.get(`/api/plans/${body.id}/duty`, house.planner)).body as { items: { name: string }[] }
    expect(choices.items.map((c) => c.name)).toEqual(['周敏', '陈一鸣', '王磊'])
    await house.post(`/api/plans/${body.id}/discard`, {}, house.planner)
    expect((await submit({ duty: await house.idOf('wanglei') })).body.duty).toMatchObject({ name: '王磊' })
    const [plan] = await house.db.selectFrom('plan').select('id').where('state', '=', 'pending').execute()
    await house.post(`/api/plans/${plan!.id}/discard`, {}, house.planner)
    expect((await submit({ duty: await house.idOf('linxiao') })).body).toMatchObject({ code: 'not_found' })
    expect((await submit({ duty: 'nobody' })).body).toMatchObject({ code: 'not_found' })
  })

  it('reads what falls due while WeCom waits, keeps it, and from the takeover on it is the successor’s: none is lost (T-06)', async () => {
    house = await openDeparted()
    await promise([day(0), day(-2), day(30), null])
    const before = await open()
    const { body: plan } = await submit()
    // Before the approval nobody answers, because nothing has begun.
    expect((await duty('zhoumin')).total).toBe(0)
    await approve(plan)
    await house.runJobs()
    expect(await house.count('waiting')).toBe(8)
    const mine = await duty('zhoumin')
    expect([mine.total, mine.due]).toEqual([8, 4])
    expect(mine.items.slice(0, 4).map((i) => i.promises.map((p) => p.due))).toEqual([
      ...[[day(-2)], [day(-2)], [day(0)], [day(0)]],
    ])
    expect(mine.items.flatMap((i) => i.promises).length + mine.items.reduce((sum, i) => sum + i.later, 0)).toBe(before)
    // What colleagues see of it: a masked name, the promise without the number in it, no remark and no history.
    expect(mine.items[0]!).toMatchObject({ shortName: '客*', from: '林晓', promises: [{ madeBy: '林晓' }] })
    expect(JSON.stringify(mine)).not.toContain('13812345678')
    expect(await said('zhoumin')).toContain('请在交接等待期间值班')
    const kept = mine.items[0]!.promises[0]!.id
    for (const who of ['hezhiyuan', 'wanglei', 'sunyue'])
      expect((await house.post(`/api/promises/${kept}/kept`, {}, await house.signIn(who))).status).not.toBe(200)
    expect((await house.post(`/api/promises/${kept}/kept`, {}, await house.signIn('zhoumin'))).status).toBe(200)
    expect((await duty('zhoumin')).due).toBe(3)
    const later = mine.items.find((i) => i.later)
    expect(later).toBeDefined()
    await house.simulator.clock.advance(25 * HOUR)
    await house.minutes(1)
    expect(await house.count('taken_over')).toBe(8)
    expect(await duty('zhoumin')).toMatchObject({ items: [], total: 0, due: 0 })
    const inherited = await Promise.all(
      ['chenyiming', 'wanglei'].map(async (who) => (await house.get('/api/inherited', await house.signIn(who))).body),
    )
    const moved = inherited.flatMap((l: { items: { promisesDue: number }[] }) => l.items)
    expect(moved).toHaveLength(8)
    expect(moved.reduce((sum, c) => sum + c.promisesDue, 0)).toBe(before - 1)
    expect(await open()).toBe(before - 1)
    // The colleague on duty has nothing left of it.
    const rest = await house.db.selectFrom('promise').select('id').where('keptAt', 'is', null).executeTakeFirst()
    expect((await house.post(`/api/promises/${rest!.id}/kept`, {}, await house.signIn('zhoumin'))).status).toBe(404)
  })

  it('leaves a look at each customer whose promises were shown, and sees no customer who asked for restriction', async () => {
    house = await openDeparted()
    await promise([day(0)])
    const { body: plan } = await submit()
    await approve(plan)
    const first = await duty('zhoumin')
    const looks = await house.db
      .selectFrom('audit')
      .select('detail')
      .where('action', '=', 'look.duty')
      .orderBy('seq')
      .execute()
    expect(looks).toHaveLength(8)
    expect(looks[0]!.detail).toMatchObject({ who: 'duty', stage: 'V1', classes: ['F2'], reason: 'on_duty' })
    const hidden = await house.db
      .selectFrom('handover')
      .select('customerId')
      .where('id', '=', first.items[0]!.handover)
      .executeTakeFirstOrThrow()
    await house.db
      .updateTable('customer')
      .set({ restrictedAt: house.deps.now() })
      .where('id', '=', hidden.customerId)
      .execute()
    expect(await duty('zhoumin')).toMatchObject({ total: 7, due: 7 })
  })

  it('is reminded once a morning while something is due, and not at night', async () => {
    house = await openDeparted()
    await promise([day(0)])
    const { body: plan } = await submit({ duty: await house.idOf('wanglei') })
    await approve(plan)
    const reminders = async () => (await said('wanglei')).filter((t) => t.startsWith('值班'))
    await house.runJobs('approvals')
    expect(await reminders()).toEqual(['值班：8 件承诺今天到期或已逾期'])
    await house.runJobs('approvals')
    expect(await reminders()).toHaveLength(1)
    // 10:00 in Shanghai, and 15 hours on: one in the night.
    await house.simulator.clock.advance(15 * HOUR)
    await house.runJobs('approvals')
    expect(await reminders()).toHaveLength(1)
    await house.simulator.clock.advance(8 * HOUR)
    await house.runJobs('approvals')
    expect(await reminders()).toHaveLength(2)
  })

  it('is replaced when they leave or are stopped, so that nobody’s customers wait without somebody', async () => {
    house = await openDeparted()
    await promise([day(0)])
    const { body: plan } = await submit({ duty: await house.idOf('wanglei') })
    await approve(plan)
    expect((await duty('wanglei')).total).toBe(8)
    house.simulator.world.disableMember('wanglei')
    await house.settle()
    await house.runJobs('approvals')
    expect((await duty('zhoumin')).total).toBe(8)
    expect(await said('zhoumin')).toContain('请在交接等待期间值班')
    const named = await house.db
      .selectFrom('audit')
      .select('actor')
      .where('action', '=', 'plan.duty')
      .orderBy('seq')
      .execute()
    expect(named.at(-1)!.actor).toBe('system')
  })
})
