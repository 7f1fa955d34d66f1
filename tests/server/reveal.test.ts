import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDesk, tell, type Desk, type Placed } from '../support/handovers'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ REVEALS_A_DAY: '5' })
})
afterAll(() => desk.close())

const ID = '110101199003071233'
const told = () => desk.handover({ notice: 'sent' })
const ask = (placed: Placed, body: object, by = placed.successor) =>
  by.ask('POST', `/api/customers/${placed.customer}/reveal`, { field: 'mobiles', reason: 'call', ...body })
const write = (placed: Placed, description: string) =>
  desk.db
    .updateTable('relation')
    .set({ description })
    .where('memberId', '=', placed.leaver.id)
    .where('customerId', '=', placed.customer)
    .execute()
const looksAt = async (placed: Placed) => (await desk.audits()).filter((a) => a.subject === placed.customer)

describe('a masked value in full (compliance 6.3, 6.4)', () => {
  it('is in no answer before, in this one whole, and in the log with class, stage, reason and door, never with its value', async () => {
    const placed = await told()
    const { text } = await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
    expect(text).toContain('138****5678')
    expect(text).not.toContain('13812345678')
    const { status, body } = await ask(placed, { reason: 'other', words: '客户 13999999999 要求' })
    expect([status, body]).toEqual([200, { left: 4, seconds: 30, values: ['13812345678'] }])
    const [look] = (await looksAt(placed)).filter((a) => a.action === 'look.revealed')
    expect(look).toMatchObject({
      actor: placed.successor.id,
      detail: {
        who: 'successor',
        stage: 'V2',
        classes: ['F3'],
        reason: 'other',
        door: 'POST /api/customers/:customer/reveal',
        handover: placed.id,
        field: 'mobiles',
      },
    })
    expect(JSON.stringify(await desk.audits())).not.toMatch(/13812345678|13999999999/)
    expect((await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })).text).not.toContain(
      '13812345678',
    )
  })

  it('shows what is commercial in a text, and keeps what is sensitive a flag', async () => {
    const placed = await told()
    await write(placed, `电话 13812345678，身份证 ${ID}，预算 38 万，他得了糖尿病`)
    const before = await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
    expect(before.body.brief.left.description).toBe('电话 138****5678，身份证 〔证件号〕，预算 10–50 万，〔健康信息〕')
    const { body, text } = await ask(placed, { field: 'description' })
    expect(body.values).toEqual(['电话 13812345678，身份证 〔证件号〕，预算 38 万，〔健康信息〕'])
    expect(text).not.toMatch(new RegExp(`${ID}|糖尿病`))
  })

  it('needs a reason of the list, and words for another one', async () => {
    const placed = await told()
    for (const body of [{ reason: undefined }, { reason: 'curious' }, { reason: 'other' }, { field: 'remark_id' }])
      expect((await ask(placed, body)).status).toBe(400)
    expect((await looksAt(placed)).filter((a) => a.action === 'look.revealed')).toEqual([])
  })

  it('is closed before the customer is told, after an objection, to others, for what is not there (T-39)', async () => {
    const untold = await desk.handover()
    expect((await ask(untold, {})).body.code).toBe('not_notified')
    const objected = await desk.handover({ notice: 'sent', objection: true })
    const placed = await told()
    const stranger = await desk.member('路人')
    const answers = [
      await ask(objected, {}),
      await ask(placed, {}, stranger),
      await ask({ ...placed, customer: 'nobody' }, {}),
      await ask(placed, { field: 'promise', entry: 'nobody' }),
      await ask(placed, {}, placed.leaver),
    ]
    expect(new Set(answers.map((a) => `${a.status} ${JSON.stringify({ ...a.body, requestId: '' })}`)).size).toBe(1)
    expect(answers[0]?.status).toBe(404)
  })

  it('opens one promise and one entry of the history, of this customer only', async () => {
    const placed = await told()
    const other = await told()
    const text = '打 021-62345678 约时间'
    const { id } = await desk.db
      .insertInto('promise')
      .values({
        id: desk.deps.id(),
        customerId: placed.customer,
        madeBy: placed.leaver.id,
        madeAt: desk.deps.now(),
        source: 'member',
        text,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    expect((await ask(placed, { field: 'promise', entry: id })).body.values).toEqual([text])
    expect((await ask(other, { field: 'promise', entry: id })).status).toBe(404)
    const entry = await desk.db
      .selectFrom('history')
      .select('id')
      .where('customerId', '=', placed.customer)
      .executeTakeFirstOrThrow()
    expect((await ask(placed, { field: 'history', entry: entry.id })).body.values).toEqual(['CANARY-HISTORY'])
  })

  it('has a budget a day that no race exceeds, and says when it is used up', async () => {
    const placed = await told()
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(placed, {})))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(5)
    const refused = answers.filter((a) => a.status !== 200)
    expect(new Set(refused.map((a) => a.status))).toEqual(new Set([429]))
    expect(refused[0]?.body).toMatchObject({ code: 'reveals_used', message: expect.stringContaining('5 次已用完') })
    expect((await looksAt(placed)).filter((a) => a.action === 'look.revealed')).toHaveLength(5)
    const next = await desk.handover({ successor: placed.successor, notice: 'sent' })
    expect((await ask(next, {})).status).toBe(429)
    desk.clock.now += 86_400_000
    expect((await ask(next, {})).body.left).toBe(4)
  })
})

describe('why may I see this customer', () => {
  it('says the right, the stage, since when, and what would open what is closed', async () => {
    const placed = await desk.handover()
    const path = `/api/customers/${placed.customer}/sight`
    const before = await placed.successor.ask('GET', path)
    const opens = (body: { classes: { of: string; opens: string | null }[] }) =>
      Object.fromEntries(body.classes.map((c) => [c.of, c.opens]))
    expect(before.body).toMatchObject({ right: 'assigned', stage: 'V1' })
    expect(opens(before.body)).toEqual({
      F0: null,
      F1: null,
      F2: 'told',
      F3: 'told',
      F4: 'consent',
      F5: 'consent',
      F6: 'never',
    })
    await tell(placed)
    const after = await placed.successor.ask('GET', path)
    expect(after.body).toMatchObject({ stage: 'V2', since: new Date(desk.clock.now).toISOString() })
    expect(opens(after.body)).toEqual({
      F0: null,
      F1: null,
      F2: null,
      F3: 'reason',
      F4: 'consent',
      F5: 'consent',
      F6: 'never',
    })
    expect((await (await desk.member('路人')).ask('GET', path)).status).toBe(404)
  })
})

describe('the view log (compliance 6.4)', () => {
  it('names of every look at F2 and above who, whom, classes, stage, reason and door', async () => {
    const placed = await told()
    await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
    await placed.successor.ask('GET', `/api/customers/${placed.customer}/history`)
    await placed.successor.ask('GET', `/api/handovers/${placed.id}/restore`)
    const looks = (await looksAt(placed)).filter((a) => a.action.startsWith('look.'))
    expect(looks.map((l) => [l.action, l.actor, (l.detail as { classes: string[] }).classes.join()])).toEqual([
      ['look.brief', placed.successor.id, 'F0,F1,F2,F3'],
      ['look.history', placed.successor.id, 'F2'],
      ['look.restore', placed.successor.id, 'F2,F3'],
    ])
    for (const { detail } of looks)
      expect(detail).toMatchObject({
        who: 'successor',
        stage: 'V2',
        reason: 'assigned',
        handover: placed.id,
        door: expect.stringMatching(/^(GET|POST) \/api\//),
      })
  })

  it('tells the customer by role and day, without a name (“who looked at mine”)', async () => {
    const placed = await desk.handover()
    const { path } = await tell(placed)
    expect((await desk.page(`${path}/record`)).html).toContain('还没有人看过您的信息')
    await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
    await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
    const { html } = await desk.page(`${path}/record`)
    const looked = html
      .slice(html.indexOf('谁看过我的信息'))
      .replace(/<[^>]*>/g, '')
      .replace(/\s+/g, ' ')
    expect(looked).toMatch(/2026年12月\d+日 ?接替的服务人员看了/)
    expect(looked).toContain('2 次')
    expect(looked).not.toContain('陈一鸣')
    expect((await desk.page(`${path}/record?lang=en`)).html).toContain('Who looked at my information')
  })

  it('tells the customer that compliance read a complaint', async () => {
    const placed = await desk.handover()
    const { path } = await tell(placed)
    await desk.send(`${path}/complaint`, { text: '一直没人联系' })
    const compliance = await desk.member('沈岚', { userid: 'shenlan' })
    const { body } = await compliance.ask('GET', '/api/complaints')
    expect(body.items[0]).toMatchObject({ excerpt: '一直没人联系' })
    expect(body.items[0]).not.toHaveProperty('customer')
    expect((await desk.page(`${path}/record`)).html).toContain('合规人员')
    const look = (await looksAt(placed)).find((a) => a.action === 'look.complaint')
    expect(look?.detail).toMatchObject({ who: 'compliance', classes: ['F6'], reason: 'complaints' })
  })
})

describe('a promise with something sensitive in it (T-16)', () => {
  it.each([
    [`身份证 ${ID}`, '证件号'],
    ['打到 6222021234567894', '银行卡号'],
    ['等客户手术后再约', '健康信息'],
    ['这人难缠，先拖着', '主观评价'],
  ])('%s is asked about first', async (text, kind) => {
    const placed = await told()
    const path = `/api/handovers/${placed.id}/promises`
    const refused = await placed.successor.ask('POST', path, { text, due: null })
    expect([refused.status, refused.body.code]).toEqual([409, 'think_twice'])
    expect(refused.body.message).toContain(kind)
    const sure = await placed.successor.ask('POST', path, { text, due: null, sure: true })
    expect(sure.status).toBe(200)
    expect(sure.body.text).not.toBe(text)
    expect((await desk.audits()).at(-1)?.detail).toMatchObject({ sure_of: [expect.any(String)] })
  })

  it('and one without goes through at once', async () => {
    const placed = await told()
    const answer = await placed.successor.ask('POST', `/api/handovers/${placed.id}/promises`, {
      text: '周五前补发报价单',
      due: null,
    })
    expect(answer.status).toBe(200)
  })
})
