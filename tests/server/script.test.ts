import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDesk, tell, type Desk, type Placed } from '../support/handovers'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ HOTLINE: '021-12345678' })
})
afterAll(() => desk.close())

/** 1 December 2026 in Beijing, ten in the morning; half past ten in the evening (T-16). */
const MORNING = Date.parse('2026-12-01T02:00:00Z')
const EVENING = Date.parse('2026-12-01T14:30:00Z')

const told = async (): Promise<Placed> => {
  desk.clock.now = MORNING
  return desk.handover({ notice: 'sent' })
}
const get = (placed: Placed, script = 'hello', language = 'zh-CN') =>
  placed.successor.ask('GET', `/api/handovers/${placed.id}/scripts/${script}?language=${language}`)
const send = (placed: Placed, text: string, more: object = {}) =>
  placed.successor.ask('POST', `/api/handovers/${placed.id}/scripts`, {
    ...{ script: 'hello', language: 'zh-CN', text },
    ...more,
  })
const settle = (placed: Placed, attempt: string, outcome: string) =>
  placed.successor.ask('POST', `/api/notice-attempts/${attempt}/outcome`, { form: 'text', outcome })
const attempts = (placed: Placed) =>
  desk.db
    .selectFrom('noticeAttempt')
    .select(['outcome', 'script', 'edited', 'template', 'tokenHash'])
    .where('handoverId', '=', placed.id)
    .where('script', 'is not', null)
    .orderBy('id')
    .execute()
const historyOf = async (placed: Placed) =>
  (await placed.successor.ask('GET', `/api/customers/${placed.customer}/history`)).body.items

describe('a talk script', () => {
  it('is the version in use, filled, in both languages; sent as it is it passes its own guardrails', async () => {
    const placed = await told()
    for (const script of ['hello', 'after_no', 'where_is'])
      for (const language of ['zh-CN', 'en']) {
        const { body } = await get(placed, script, language)
        expect(body.version).toBe(`${script}@1`)
        expect(body.text).not.toMatch(/[{}]/)
        const answer = await send(placed, body.text, { script, language })
        expect(answer.body, `${script} ${language}`).toMatchObject({ findings: [], attempt: { text: body.text } })
      }
    expect((await get(placed)).body.text).toContain('021-12345678')
  })

  it('is written down before it is handed over; only what WeCom’s client called sent is in the history', async () => {
    const placed = await told()
    const { text } = (await get(placed)).body
    const first = (await send(placed, text)).body.attempt
    expect((await settle(placed, first.id, 'cancelled')).status).toBe(200)
    const second = (await send(placed, text)).body.attempt
    expect((await settle(placed, second.id, 'failed')).status).toBe(200)
    const third = (await send(placed, `${text} 祝好`)).body.attempt
    await send(placed, text)
    expect((await attempts(placed)).map((a) => [a.outcome, a.edited])).toEqual([
      ...[
        ['cancelled', false],
        ['failed', false],
        ['replaced', true],
        ['prepared', false],
      ],
    ])
    expect((await historyOf(placed)).some((e: { kind: string }) => e.kind === 'script.sent')).toBe(false)
    // What the client really sent counts, also if another was prepared meanwhile; twice told is once.
    expect((await settle(placed, third.id, 'sent')).status).toBe(200)
    expect((await settle(placed, third.id, 'sent')).status).toBe(200)
    const sent = (await historyOf(placed)).filter((e: { kind: string }) => e.kind === 'script.sent')
    expect(sent).toMatchObject([{ author: '陈一鸣', body: { script: 'hello', edited: true } }])
    const stranger = await told()
    expect((await settle(stranger, third.id, 'sent')).body.code).toBe('not_found')
    expect(await attempts(placed)).toMatchObject(Array(4).fill({ template: 'hello@1', tokenHash: null }))
  })

  it('never makes a customer told, and comes after the notice', async () => {
    desk.clock.now = MORNING
    const untold = await desk.handover()
    expect((await get(untold)).body.code).toBe('not_notified')
    expect((await send(untold, '您好')).body.code).toBe('not_notified')
    const objected = await desk.handover({ notice: 'sent', objection: true })
    expect((await send(objected, '您好')).body.code).toBe('not_found')
    const placed = await told()
    await tell(placed)
    const before = await desk.db.selectFrom('notice').selectAll().where('handoverId', '=', placed.id).execute()
    const { attempt } = (await send(placed, '您好')).body
    await settle(placed, attempt.id, 'sent')
    expect(await desk.db.selectFrom('notice').selectAll().where('handoverId', '=', placed.id).execute()).toEqual(before)
  })
})

const refused: [rule: string, text: string][] = [
  ['personal', '您的身份证 11010519491231002X 收到了'],
  ['personal', '请打到卡上 6222021234567890128'],
  ['personal', '听说您有糖尿病，请保重'],
  ['personal', '您的手机还是 13812345678 吗'],
  ['marketing', '这周有优惠，欢迎看看'],
  ['marketing', 'We have a special offer for you'],
  ['judgement', '林晓的业务能力较差，我更专业'],
  ['judgement', 'My colleague was incompetent'],
  ['reason', '林晓被辞退了'],
  ['pressure', '请尽快确认，否则会影响服务'],
  ['deemed', '您不回复即表示同意'],
  ['ownership', '公司拥有您的信息'],
  ['article', '依据第17条告知您'],
]

describe('the guardrails on the server (T-16)', () => {
  it.each(refused)('%s is refused, whatever the member is sure of: %s', async (rule, text) => {
    const placed = await told()
    for (const sure of [false, true]) {
      const { body } = await send(placed, text, { sure })
      expect(body.attempt).toBeNull()
      expect(body.findings.map((f: { rule: string }) => f.rule)).toContain(rule)
    }
    expect(await attempts(placed)).toEqual([])
    const log = (await desk.audits()).filter((a) => a.action === 'script.refused').at(-1)
    expect(log?.detail).toMatchObject({ script: 'hello' })
    expect(JSON.stringify(log)).not.toContain(text)
  })

  it('half past ten in the evening is asked about, and sent by whoever means it', async () => {
    const placed = await told()
    desk.clock.now = EVENING
    const first = await send(placed, '您好，我是陈一鸣')
    expect(first.body).toEqual({ findings: [{ rule: 'quiet_hour', weight: 'warn', words: '' }], attempt: null })
    const second = await send(placed, '您好，我是陈一鸣', { sure: true })
    expect(second.body.attempt).not.toBeNull()
    const log = (await desk.audits()).filter((a) => a.action === 'script.prepared').at(-1)
    expect(log?.detail).toMatchObject({ sure_of: ['quiet_hour'] })
    for (const [at, late] of [
      ['2026-12-01T12:59:59Z', false],
      ['2026-12-01T13:00:00Z', true],
      ['2026-12-01T23:59:59Z', true],
      ['2026-12-02T00:00:00Z', false],
    ] as const) {
      desk.clock.now = Date.parse(at)
      expect([at, (await send(placed, '您好')).body.attempt === null]).toEqual([at, late])
    }
  })

  it('an offer goes out only while the customer agrees to offers (T-72)', async () => {
    const placed = await told()
    const offer = '本月有优惠，您要不要看看'
    const may = async () => (await send(placed, offer)).body.attempt !== null
    const consent = { customerId: placed.customer, purpose: 'marketing', state: 'given', movedAt: desk.deps.now() }
    await desk.db
      .insertInto('consent')
      .values({ ...consent, until: new Date(MORNING + 86_400_000) })
      .execute()
    expect(await may()).toBe(true)
    // What else must not be said stays refused.
    expect((await send(placed, `${offer}，身份证 11010519491231002X`)).body.attempt).toBeNull()
    await desk.db.updateTable('consent').set({ state: 'withdrawn' }).where('customerId', '=', placed.customer).execute()
    expect(await may()).toBe(false)
    await desk.db
      .updateTable('consent')
      .set({ state: 'given', until: new Date(MORNING - 1) })
      .where('customerId', '=', placed.customer)
      .execute()
    expect(await may()).toBe(false)
    await desk.db.deleteFrom('consent').execute()
  })
})

describe('the first week (T-45)', () => {
  const week = (placed: Placed) => placed.successor.ask('GET', `/api/customers/${placed.customer}/first-week`)
  const done = async (placed: Placed) =>
    (await week(placed)).body.tasks.map((t: { task: string; done: boolean }) => [t.task, t.done])

  it('has at most three tasks, done by what happened and by nothing else; it shows routing only', async () => {
    desk.clock.now = MORNING
    const placed = await desk.handover()
    const first = await week(placed)
    expect(first.body.tasks.map((t: { task: string }) => t.task)).toEqual(['tell', 'hello', 'promises'])
    expect(first.text).not.toMatch(/CANARY|138|王建国/)
    await tell(placed)
    expect(await done(placed)).toEqual([
      ['tell', true],
      ['hello', false],
      ['promises', false],
    ])
    const { attempt } = (await send(placed, '您好')).body
    expect(await done(placed)).toContainEqual(['hello', false])
    await settle(placed, attempt.id, 'sent')
    expect(await done(placed)).toContainEqual(['hello', true])
    const brief = await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
    const [one, two] = brief.body.brief.promises as { id: string }[]
    await placed.successor.ask('POST', `/api/promises/${one!.id}/kept`)
    expect((await week(placed)).body.tasks[2]).toMatchObject({ done: false, open: 1 })
    await placed.successor.ask('POST', `/api/promises/${two!.id}/take`)
    expect((await week(placed)).body.tasks[2]).toMatchObject({ done: true, open: 0 })
  })

  it('counts working days by the calendar until the customer is told, and no longer', async () => {
    // 30 September 2026 is a Wednesday; 1 to 7 October are days off, 10 October is worked.
    desk.clock.now = Date.parse('2026-09-30T02:00:00Z')
    const placed = await desk.handover()
    const clock = async () => (await week(placed)).body.clock
    expect(await clock()).toMatchObject({ due: '2026-10-13', left: 5, late: false, unsure: false })
    desk.clock.now = Date.parse('2026-10-13T15:00:00Z')
    expect(await clock()).toMatchObject({ left: 0, late: false })
    desk.clock.now = Date.parse('2026-10-13T16:00:00Z')
    expect(await clock()).toMatchObject({ left: -1, late: true })
    await tell(placed)
    expect((await week(placed)).body).toMatchObject({ clock: null, over: true })
  })

  it('begins with the takeover and is nobody else’s', async () => {
    desk.clock.now = MORNING
    const waiting = await desk.handover({ transfer: 'waiting' })
    expect((await week(waiting)).body.code).toBe('not_taken_over')
    const other = await desk.handover()
    const path = `/api/customers/${other.customer}/first-week`
    expect((await waiting.successor.ask('GET', path)).body.code).toBe('not_found')
  })
})
