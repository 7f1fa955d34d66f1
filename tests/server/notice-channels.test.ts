import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { NoticeState } from '../../src/shared/notice'
import { jobs } from '../../src/server/app'
import { openDeparted, type DepartedHouse } from '../support/departed'
import { openDesk, tell, type Desk, type Placed } from '../support/handovers'

const DAY = 24 * 3600_000

describe('by WeCom’s mass messages', () => {
  let house: DepartedHouse
  afterEach(() => house.close())

  /** 林晓’s customers have been taken over by 陈一鸣, who has told nobody. */
  async function takenOver(customers: number) {
    house = await openDeparted({ customers })
    await house.approved(['chenyiming'])
    await house.minutes(2)
    await house.simulator.clock.advance(DAY)
    await house.minutes(2)
    const handovers = (await house.transfers()).filter((t) => t.state === 'taken_over')
    return { successor: await house.signIn('chenyiming'), handovers }
  }
  const states = async () =>
    Object.fromEntries(
      (await house.db.selectFrom('notice').select(['handoverId', 'state', 'why']).execute()).map((n) => [
        n.handoverId,
        n.why ? `${n.state} ${n.why}` : n.state,
      ]),
    )
  const later = async () => {
    await house.simulator.clock.advance(6 * 60_000)
    await house.runJobs('mass')
  }

  it('each customer has a task with a link of their own; told is who was sent it, the others say why not (5.2)', async () => {
    const { successor, handovers } = await takenOver(3)
    const ids = handovers.map((h) => h.handover)
    const asked = await house.post('/api/notices/mass', { handovers: ids, language: 'zh-CN' }, successor)
    expect(asked).toEqual({ status: 200, body: { asked: 3 } })
    expect((await house.post('/api/notices/mass', { handovers: ids, language: 'zh-CN' }, successor)).body.asked).toBe(0)
    await house.runJobs()
    const tasks = house.simulator.world.massTasks('chenyiming')
    expect(tasks.map((t) => Object.keys(t.receivers).length)).toEqual([1, 1, 1])
    expect(new Set(tasks.map((t) => /\/n\/([\w-]{22})/.exec(t.content)?.[1])).size).toBe(3)
    await later()
    expect(new Set(Object.values(await states()))).toEqual(new Set(['due']))
    const [first, second] = tasks
    const [gone] = Object.keys(second!.receivers)
    house.simulator.world.customerDeletesMember('chenyiming', gone!)
    for (const task of [first!, second!]) house.simulator.world.memberSendsMass('chenyiming', task.msgid)
    await later()
    const told = handovers.find((h) => h.external === Object.keys(first!.receivers)[0])!
    const lost = handovers.find((h) => h.external === gone)!
    const now = await states()
    expect([now[told.handover], now[lost.handover]]).toEqual(['delivered', 'unreachable not_friend'])
    expect(Object.values(now).filter((s) => s === 'due')).toHaveLength(1)
    const path = new URL(/https:\S+\/n\/[\w-]{22}/.exec(first!.content)![0]).pathname
    expect((await house.request(path)).status).toBe(200)
  })

  it('a lost answer is looked up in WeCom’s list and never repeated (invariant 2)', async () => {
    const { successor, handovers } = await takenOver(1)
    house.simulator.faults.add({ path: 'externalcontact/add_msg_template', drop: 'after-effect', times: 1 })
    await house.post('/api/notices/mass', { handovers: [handovers[0]!.handover], language: 'zh-CN' }, successor)
    await house.runJobs()
    const row = () => house.db.selectFrom('massNotice').select(['state', 'msgid']).executeTakeFirstOrThrow()
    expect((await row()).state).toBe('calling')
    await later()
    expect(await row()).toMatchObject({ state: 'waiting', msgid: expect.stringMatching(/^msg/) })
    expect(house.simulator.ledger.filter((e) => e.kind === 'mass_made')).toHaveLength(1)
  })
})

describe('by what else there is', () => {
  let desk: Desk
  let manager: Awaited<ReturnType<Desk['member']>>
  let compliance: typeof manager
  let other: typeof manager
  beforeAll(async () => {
    desk = await openDesk({ MANAGERS: 'boss', COMPLIANCE: 'shenlan,guyan' })
    manager = await desk.member('周敏', { userid: 'boss' })
    compliance = await desk.member('沈岚', { userid: 'shenlan' })
    other = await desk.member('顾言', { userid: 'guyan' })
  })
  afterAll(() => desk.close())

  /** The customer has agreed that the successor reads old chats. */
  async function agreed(placed: Placed): Promise<void> {
    const [id, at] = [desk.deps.id(), desk.deps.now()]
    const until = new Date(at.getTime() + 100 * DAY)
    const { id: subject } = placed.successor
    await desk.db
      .insertInto('consentRecord')
      .values({
        ...{ id, customerId: placed.customer, purpose: 'history_raw', handoverId: placed.id, subjectId: subject },
        ...{ askedBy: subject, createdAt: at, language: 'zh-CN', template: 'M3@1', text: '?', textSha256: '0' },
        ...{ classes: ['F4'], separate: false, guardian: false, until },
      })
      .execute()
    await desk.db
      .insertInto('consent')
      .values({
        ...{ customerId: placed.customer, purpose: 'history_raw', state: 'given', recordId: id, subjectId: subject },
        ...{ until, movedAt: at },
      })
      .execute()
  }
  const consentOf = async ({ customer }: Placed) =>
    (await desk.db.selectFrom('consent').select('state').where('customerId', '=', customer).executeTakeFirstOrThrow())
      .state

  const noticeOf = (placed: Placed) =>
    desk.db.selectFrom('notice').selectAll().where('handoverId', '=', placed.id).executeTakeFirstOrThrow()
  const is = async (placed: Placed, state: NoticeState, why: string | null = null) =>
    expect(await noticeOf(placed)).toMatchObject({ state, why })

  it('three days untold is “not reached”; a manager chooses a channel, and records who, when and what proves it', async () => {
    const placed = await desk.handover()
    desk.clock.now += DAY + 1000
    for (let i = 0; i < 2; i++) await jobs.notices.run(desk.deps)
    const letters = desk.db.selectFrom('letterToMember').select(['kind', 'params'])
    const mine = await letters.where('memberId', '=', placed.successor.id).execute()
    expect(mine).toEqual([{ kind: 'untold', params: { customers: 1 } }])
    desk.clock.now += 2 * DAY
    await jobs.notices.run(desk.deps)
    await is(placed, 'unreachable', 'not_sent')
    const reason = async () => {
      const { body } = await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
      return body.brief.standing.undelivered as string | null
    }
    expect(await reason()).toBe('not_sent')
    const list = (await manager.ask('GET', '/api/notices/untold')).body.items
    expect(list).toContainEqual(expect.objectContaining({ handover: placed.id, shortName: '王*', why: 'not_sent' }))
    const chosen = await manager.ask('POST', `/api/notices/${placed.id}/other`, { channel: 'sms', language: 'zh-CN' })
    expect(chosen.body.text).toContain('我是宏远的陈一鸣。林晓不再负责')
    await is(placed, 'alt_channel')
    expect(await reason()).toBeNull()
    const brief = await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
    expect(brief.body.brief.stage).toBe('V1')
    const done = (at: number, proof = '短信回执 8842') =>
      manager.ask('POST', `/api/notices/other/${chosen.body.id}/done`, { at: new Date(at).toISOString(), proof })
    expect((await done(desk.clock.now + DAY)).body.code).toBe('happened_later')
    expect((await done(desk.clock.now, ' ')).status).toBe(400)
    expect((await done(desk.clock.now)).body.state).toBe('sent')
    expect((await done(desk.clock.now)).body.code).toBe('stale')
    const told = await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
    expect(told.body.brief.stage).toBe('V2')
    expect((await desk.page(new URL(chosen.body.link).pathname)).html).toContain('陈一鸣')
  })

  it('is for those whose leaver it is; somebody else’s and nobody’s are alike', async () => {
    const placed = await desk.handover({ notice: 'unreachable' })
    const stranger = await desk.member('路人')
    expect((await stranger.ask('GET', '/api/notices/untold')).status).toBe(403)
    const absent = await manager.ask('POST', '/api/notices/nobody/other', { channel: 'sms', language: 'en' })
    expect([absent.status, absent.body.code]).toEqual([404, 'not_found'])
    expect(
      (await manager.ask('POST', `/api/notices/${placed.id}/other`, { channel: 'fax', language: 'en' })).status,
    ).toBe(400)
  })

  describe('a waiver (L13, T-60)', () => {
    const wish = (placed: Placed, more: object = {}) =>
      compliance.ask('POST', `/api/notices/${placed.id}/waiver`, {
        ...{ kind: 'emergency', citation: '个人信息保护法第十八条第二款', reason: '紧急救助' },
        ...{ until: '2026-12-20', ...more },
      })
    const decide = (who: typeof manager, waiver: string, approve = true) =>
      who.ask('POST', `/api/notices/waivers/${waiver}`, { approve })

    it('without a citation, without a last day or decided by its author is refused', async () => {
      const placed = await desk.handover()
      expect((await wish(placed, { citation: ' ' })).status).toBe(400)
      expect((await wish(placed, { until: '2026-11-01' })).body.code).toBe('waiver_until')
      expect((await wish(placed, { until: '2027-11-01' })).body.code).toBe('waiver_until')
      const { waiver } = (await wish(placed)).body
      expect((await wish(placed)).body.code).toBe('waiver_open')
      expect((await decide(compliance, waiver)).body.code).toBe('own_waiver')
      await is(placed, 'due')
      expect((await decide(other, waiver, false)).status).toBe(200)
      expect((await decide(other, waiver)).body.code).toBe('stale')
      await is(placed, 'due')
    })

    it('of an emergency is followed by the notice: it is due again when the day is over', async () => {
      const placed = await desk.handover()
      const { waiver } = (await wish(placed)).body
      expect((await decide(other, waiver)).status).toBe(200)
      await is(placed, 'waived')
      expect((await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })).body.brief.stage).toBe(
        'V2',
      )
      const refused = await placed.successor.ask('POST', `/api/handovers/${placed.id}/notice`, { language: 'zh-CN' })
      expect(refused.body.code).toBe('notice_waived')
      desk.clock.now = Date.parse('2026-12-20T16:00:00Z')
      await jobs.notices.run(desk.deps)
      await is(placed, 'due')
      expect((await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })).body.brief.stage).toBe(
        'V1',
      )
    })
  })

  it('the leaver tells it before leaving, once the successor is approved (M1)', async () => {
    const placed = await desk.handover({ transfer: 'approved' })
    const of = { language: 'zh-CN' }
    const early = await placed.leaver.ask('POST', `/api/handovers/${placed.id}/notice`, of)
    expect(early.status).toBe(404)
    const { departureId } = await desk.db
      .selectFrom('handover')
      .select('departureId')
      .where('id', '=', placed.id)
      .executeTakeFirstOrThrow()
    await desk.db
      .updateTable('departure')
      .set({ gone: false, leftAt: new Date(desk.clock.now + 5 * DAY) })
      .where('id', '=', departureId)
      .execute()
    const prepared = await placed.leaver.ask('POST', `/api/handovers/${placed.id}/notice`, of)
    expect(prepared.body.text).toMatch(/^您好，我是宏远的林晓。自2026年12月\d+日起，您的服务改由同事陈一鸣负责/)
    const sent = await placed.leaver.ask('POST', `/api/notice-attempts/${prepared.body.id}/outcome`, {
      form: 'text',
      outcome: 'sent',
    })
    expect(sent.body.state).toBe('sent')
    const { html } = await desk.page(new URL(prepared.body.link).pathname)
    expect(html).toContain('陈一鸣')
    const { template } = await desk.db
      .selectFrom('noticeAttempt')
      .select('template')
      .where('id', '=', prepared.body.id)
      .executeTakeFirstOrThrow()
    expect(template).toBe('M1@1')
  })

  it('what changed is told again, and only that; an editorial change tells nobody (T-54, T-12)', async () => {
    const placed = await desk.handover()
    const { path } = await tell(placed)
    await desk.send(`${path}/acknowledge`)
    await agreed(placed)
    const publish = async (to: (s: string) => string, more: object) => {
      const { words, digest } = (await compliance.ask('GET', '/api/texts/page')).body
      const part = 'full.vendors.1'
      const next = Object.fromEntries(['zh-CN', 'en'].map((l) => [l, { ...words[l], [part]: to(words[l][part]) }]))
      const saved = await compliance.ask('POST', '/api/texts/page/draft', { words: next, on: digest })
      const said = { digest: saved.body.digest, reason: '换了服务商', ...more }
      const proposed = await compliance.ask('POST', '/api/texts/page/propose', said)
      expect(proposed.status, proposed.text).toBe(200)
      const confirmed = await other.ask('POST', '/api/texts/page/confirm', said)
      expect(confirmed.status, confirmed.text).toBe(200)
      await jobs.notices.run(desk.deps)
    }
    await publish((s) => s.replace('，', '、').replace(', only', '; only'), { class: 'editorial' })
    await is(placed, 'acknowledged')
    expect(await consentOf(placed)).toBe('given')
    const changed = { 'zh-CN': '增加了一家短信服务商', en: 'an SMS provider now works for us' }
    await publish((s) => `${s}${s.includes('企业') ? '另有短信服务商。' : ' And an SMS provider.'}`, {
      class: 'notice_material',
      changed,
    })
    await is(placed, 'changed')
    const brief = (await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })).body.brief
    expect([brief.stage, brief.standing.label]).toEqual(['V3', 'tell_again'])
    const again = await placed.successor.ask('POST', `/api/handovers/${placed.id}/notice`, { language: 'zh-CN' })
    expect(again.body.text).toContain('有一处更新：增加了一家短信服务商')
    expect(again.body.text).not.toContain('不再负责')
    const first = await desk.page(path)
    expect(first.html).toContain('这份告知在您收到之后有更新')
    expect(first.html).toContain('增加了一家短信服务商')
    await desk.send(`${path}/seen`)
    await is(placed, 'opened')
    await jobs.notices.run(desk.deps)
    await is(placed, 'opened')
    const versions = (await desk.page(`${path}/versions`)).html
    expect(versions).toMatch(/第<b[^>]*>|第3版/)
    const old = (await desk.page(`${path}/versions/1`)).html
    expect(old).toContain('这是第1版')
    expect(old).not.toContain('另有短信服务商')
    expect((await desk.page(`${path}/full`)).html).toContain('另有短信服务商')
    expect(await consentOf(placed)).toBe('given')
    const purpose = { 'zh-CN': '多了一个用途', en: 'there is one more purpose' }
    await publish((s) => `${s} `.replace(/服务商。 $/, '服务商等。').replace(/provider\. $/, 'provider too.'), {
      class: 'consent_material',
      changed: purpose,
    })
    expect(await consentOf(placed)).toBe('superseded')
    await is(placed, 'changed')
  })
})
