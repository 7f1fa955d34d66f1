import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wishesJob } from '../../src/server/objection/jobs'
import { addObjections } from '../../src/server/db/objection'
import { openDesk, tell, type Desk, type Placed } from '../support/handovers'

let desk: Desk
let manager: Awaited<ReturnType<Desk['member']>>
beforeAll(async () => {
  desk = await openDesk({ MANAGERS: 'boss' })
  manager = await desk.member('赵敏', { userid: 'boss' })
})
afterAll(() => desk.close())

const text = (html: string): string => html.replace(/<[^>]+>/g, '').replace(/\s+/g, ' ')

async function wished(fields: Record<string, string> = {}): Promise<Placed & { path: string; wish: string }> {
  const placed = await desk.handover()
  const { path } = await tell(placed)
  expect((await desk.send(`${path}/objection`, fields)).status).toBe(303)
  const { id } = await rowOf(placed.id)
  return { ...placed, path, wish: id }
}
const rowOf = (handoverId: string) =>
  desk.db.selectFrom('objection').selectAll().where('handoverId', '=', handoverId).executeTakeFirstOrThrow()
const briefOf = async ({ successor, customer }: Placed) =>
  (await successor.ask('POST', '/api/brief', { customer })).body.brief

describe('我想换人 is a task (T-12)', () => {
  it('has a day two working days on, stands in the managers’ list, and says what it is about but not the words', async () => {
    const placed = await wished({ text: '说话太快 CANARY-WORDS', about: 'manner' })
    // Tuesday in Beijing; Wednesday and Thursday.
    expect(await rowOf(placed.id)).toMatchObject({ origin: 'page', about: 'manner', share: false })
    const { body } = await manager.ask('GET', '/api/objections?limit=100')
    const mine = body.items.find((one: { id: string }) => one.id === placed.wish)
    expect(mine).toMatchObject({
      due: '2026-12-03',
      left: 2,
      about: 'manner',
      text: null,
      successor: { name: '陈一鸣' },
    })
    expect(mine.may).toEqual({ pass: true, keep: true, other: true })
    const one = await manager.ask('GET', `/api/objections/${placed.wish}`)
    expect(one.text).not.toContain('CANARY-WORDS')
    expect(text((await desk.page(placed.path)).html)).toContain('负责人最晚在2026年12月3日答复您')
  })

  it('compliance reads the words, and the look is on record; the colleague reads them only where the customer said so', async () => {
    const closed = await wished({ text: '想要会英语的 CANARY-CLOSED' })
    const shared = await wished({ text: '想要会英语的 CANARY-SHARED', share: 'yes' })
    const officer = await desk.member('沈岚', { userid: 'shenlan' })
    const read = await officer.ask('GET', `/api/objections/${closed.wish}`)
    expect(read.body.text).toContain('CANARY-CLOSED')
    expect(read.body.may).toEqual({ pass: false, keep: false, other: false })
    expect((await desk.audits()).at(-1)).toMatchObject({
      action: 'look.objection',
      subject: closed.customer,
      detail: { who: 'compliance', classes: ['F6'] },
    })
    expect((await briefOf(closed)).standing.wish).toMatchObject({ text: null })
    expect((await briefOf(shared)).standing.wish.text).toContain('CANARY-SHARED')
    expect(JSON.stringify(await briefOf(closed))).not.toContain('CANARY-CLOSED')
  })

  it('nobody handles a wish about themselves; other members, other wishes and none answer alike', async () => {
    const boss = await desk.member('周文', { userid: 'boss2' })
    const placed = await desk.handover({ successor: manager })
    const { path } = await tell({ ...placed, successor: manager })
    await desk.send(`${path}/objection`)
    const { id } = await rowOf(placed.id)
    const own = await manager.ask('GET', `/api/objections/${id}`)
    const none = await manager.ask('GET', '/api/objections/nobody')
    expect(own.status).toBe(404)
    expect({ ...own.body, requestId: '' }).toEqual({ ...none.body, requestId: '' })
    expect((await manager.ask('POST', `/api/objections/${id}/answer`, { outcome: 'kept', answer: '好' })).status).toBe(
      404,
    )
    expect((await boss.ask('GET', '/api/objections')).status).toBe(403)
  })
})

describe('answering', () => {
  it('keeping needs words, which the customer reads; seen for two seconds it counts as told, and the record opens again', async () => {
    const placed = await wished()
    expect((await briefOf(placed)).contact).toBeUndefined()
    const path = `/api/objections/${placed.wish}/answer`
    expect((await manager.ask('POST', path, { outcome: 'kept', answer: ' ' })).status).toBe(400)
    expect((await manager.ask('POST', path, { outcome: 'kept', answer: '只有他懂您的设备。' })).status).toBe(200)
    const { html } = await desk.page(placed.path)
    expect(text(html)).toContain('这次仍由陈一鸣服务。理由：')
    expect(text(html)).toContain('只有他懂您的设备。')
    expect(html).toContain('data-seen')
    expect((await rowOf(placed.id)).toldAt).toBeNull()
    await desk.send(`${placed.path}/seen`)
    await desk.send(`${placed.path}/seen`)
    expect((await rowOf(placed.id)).toldAt).not.toBeNull()
    expect((await desk.audits()).filter((a) => a.action === 'objection.told' && a.subject === placed.id)).toHaveLength(
      1,
    )
    expect((await briefOf(placed)).contact).toBeDefined()
    expect(html).toContain('/objection')
    // Answered is answered, whoever comes second.
    expect((await manager.ask('POST', path, { outcome: 'other_path', answer: '热线' })).status).toBe(409)
  })

  it('twenty answers at once are one', async () => {
    const placed = await wished()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        manager.ask('POST', `/api/objections/${placed.wish}/answer`, { outcome: 'kept', answer: `第 ${n} 个` }),
      ),
    )
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    const said = (await desk.audits()).filter((a) => a.action === 'objection.answered' && a.subject === placed.id)
    expect(said).toHaveLength(1)
  })

  it('refused in WeCom there is one task: another way, never a second try (T-77)', async () => {
    const placed = await desk.handover({ transfer: 'refused' })
    const at = desk.deps.now()
    await desk.db
      .transaction()
      .execute((tx) => addObjections(tx, [{ id: 'w1', handoverId: placed.id, at, origin: 'wecom' }]))
    const { body } = await manager.ask('GET', '/api/objections/w1')
    expect(body).toMatchObject({ origin: 'wecom', may: { pass: false, keep: false, other: true } })
    expect((await manager.ask('POST', '/api/objections/w1/pass')).body.code).toBe('stale')
    expect(
      (await placed.successor.ask('POST', `/api/handovers/${placed.id}/notice`, { language: 'zh-CN' })).status,
    ).toBe(409)
    const answer = { outcome: 'other_path', answer: '热线 400-000-0000' }
    expect((await manager.ask('POST', '/api/objections/w1/answer', answer)).status).toBe(200)
    expect(await stateOf(placed.id)).toBe('refused')
  })
})

const stateOf = async (handoverId: string) =>
  (await desk.db.selectFrom('transfer').select('state').where('handoverId', '=', handoverId).executeTakeFirstOrThrow())
    .state

describe('passing on', () => {
  it('makes one more handover from the colleague, drafted for somebody else; who was objected to is a stop', async () => {
    const placed = await wished()
    const begun = await manager.ask('POST', `/api/objections/${placed.wish}/pass`)
    const again = await manager.ask('POST', `/api/objections/${placed.wish}/pass`)
    expect(again.body).toEqual(begun.body)
    const { departure, handover } = begun.body
    const row = await desk.db.selectFrom('handover').selectAll().where('id', '=', handover).executeTakeFirstOrThrow()
    expect(row).toMatchObject({ customerId: placed.customer, fromId: placed.successor.id, departureId: departure })
    const next = await desk.member('孙婷')
    const wish = { handovers: [handover], groups: false, successors: [next.id] }
    const plan = await manager.ask('POST', `/api/departures/${departure}/plans`, wish)
    expect(plan.body.items).toMatchObject([{ handover, successorName: '孙婷', checks: [] }])
    const wrong = { handover, successor: placed.successor.id }
    const checked = await manager.ask('POST', `/api/plans/${plan.body.id}/items/${handover}`, wrong)
    expect(checked.body.items[0].checks).toEqual(expect.arrayContaining(['objected_to', 'successor_is_leaver']))
    // The customer stands in the departure's list once.
    const list = await manager.ask('GET', `/api/departures/${departure}/handovers`)
    expect(list.body.items.map((h: { handover: string }) => h.handover)).toEqual([placed.id])
    // Answering otherwise calls it off.
    const answer = { outcome: 'kept', answer: '说明' }
    expect((await manager.ask('POST', `/api/objections/${placed.wish}/answer`, answer)).status).toBe(200)
    expect(await stateOf(handover)).toBe('cancelled')
  })
})

it('managers hear of it when it comes, on its last day and when it is late: each once, without a name', async () => {
  await desk.db.updateTable('objection').set({ handledAt: desk.deps.now(), outcome: 'kept' }).execute()
  await desk.db.deleteFrom('letterToMember').execute()
  const placed = await wished()
  const steps = async () => {
    await wishesJob(desk.deps)
    await wishesJob(desk.deps)
    const letters = await desk.db.selectFrom('letterToMember').selectAll().orderBy('id').execute()
    return letters.filter((l) => l.subject.startsWith(placed.wish)).map((l) => [l.memberId, l.subject.split(' ')[1]])
  }
  expect(await steps()).toEqual([[manager.id, 'new']])
  desk.clock.now += 2 * 86_400_000
  expect(await steps()).toHaveLength(2)
  desk.clock.now += 86_400_000
  expect((await steps()).map(([, step]) => step)).toEqual(['new', 'due', 'late'])
  const { body } = await manager.ask('GET', '/api/objections?limit=1')
  expect(body).toMatchObject({ open: 1, late: 1 })
  expect(body.items[0].left).toBeLessThan(0)
  expect(text((await desk.page(placed.path)).html)).toContain('答复已经过期，我们很抱歉')
})
