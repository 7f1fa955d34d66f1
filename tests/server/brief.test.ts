import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { visibleClasses, type FieldClass, type Stage } from '../../src/shared/access'
import { stageOf } from '../../src/shared/handover'
import { noticeStates, type NoticeState } from '../../src/shared/notice'
import { transferStates, type TransferState } from '../../src/shared/transfer'
import { openDesk, tell, type Desk, type Placed } from '../support/handovers'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ COMPLIANCE: 'shenlan,wangsiqi' })
})
afterAll(() => desk.close())

/** Which words of the customer belong to which class; none may be in an answer to whom the class is closed. */
const canaries: Partial<Record<FieldClass, string[]>> = {
  F1: ['王建国', '宏远建材', '采购经理'],
  F2: ['CANARY-REMARK', 'CANARY-DESCRIPTION', 'CANARY-TAG', 'CANARY-PROMISE', 'CANARY-HISTORY'],
  F3: ['138****5678'],
  F6: ['CANARY-OBJECTION'],
}
const sections = { contact: 'F1', promises: 'F2', left: 'F2', history: 'F2' } as const

const cases = transferStates.flatMap((transfer) =>
  noticeStates
    .filter((notice) => transfer === 'taken_over' || notice === 'due')
    .flatMap((notice) => [false, true].map((objection) => ({ transfer, notice, objection }))),
)

describe('the brief holds exactly what the access table opens (T-13, T-80, invariant 4)', () => {
  it.each(cases)('$transfer, notice $notice, objection $objection', async ({ transfer, notice, objection }) => {
    const placed = await desk.handover({ transfer, notice, objection })
    const { status, body, text } = await placed.successor.ask('POST', '/api/brief', { contact: placed.external })
    const stage: Stage = stageOf({ transfer, notice: prompted(transfer, notice), objectionOpen: objection })
    const known: TransferState[] = ['approved', 'submitted', 'waiting', 'taken_over', 'refused']
    if (!known.includes(transfer)) {
      expect(status).toBe(404)
      return
    }
    const classes = visibleClasses('successor', stage)
    expect(body.brief.stage).toBe(stage)
    expect(body.brief.classes).toEqual(classes)
    for (const [name, fieldClass] of Object.entries(sections))
      expect(name in body.brief, name).toBe(classes.includes(fieldClass))
    for (const [fieldClass, words] of Object.entries(canaries))
      for (const word of words) expect(text.includes(word), word).toBe(classes.includes(fieldClass as FieldClass))
    expect(text).not.toContain('13812345678')
    expect(text).not.toContain('wmSECRET')
    expect(body.brief.waiting).toEqual({ history: 1, promises: 2, raw: 0 })
  })
})

const prompted = (transfer: TransferState, notice: NoticeState): NoticeState =>
  transfer === 'taken_over' && notice === 'due' ? 'prompted' : notice

describe('opening a brief', () => {
  it('says who left, who planned and who approved, and prompts once: E1', async () => {
    const placed = await desk.handover()
    const { body } = await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
    expect(body.brief.standing).toMatchObject({
      label: 'to_tell',
      notice: 'prompted',
      shortName: '王*',
      from: { name: '林晓' },
      assigned: { planner: '周敏', approver: '何志远' },
    })
    await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
    const mine = (await desk.audits()).filter((a) => a.actor === placed.successor.id)
    expect(mine.map((a) => a.action)).toEqual(['notice.moved', 'look.brief', 'look.brief'])
    expect(mine[1]?.detail).toMatchObject({ stage: 'V1', classes: ['F0', 'F1'] })
  })

  it('opens to V2 when the notice is sent, not before (T-80)', async () => {
    const placed = await desk.handover()
    const { attempt } = await tell(placed, 'none')
    const before = await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
    expect(before.body.brief.stage).toBe('V1')
    await placed.successor.ask('POST', `/api/notice-attempts/${attempt}/outcome`, { form: 'text', outcome: 'sent' })
    const after = await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
    expect(after.body.brief.stage).toBe('V2')
    expect(after.body.brief.left).toMatchObject({ mobiles: ['138****5678'], tags: [{ name: 'CANARY-TAG' }] })
  })

  it('narrows to who and from whom where no legal basis is on record, for each purpose, and opens by itself when one is (T-07)', async () => {
    const placed = await desk.handover({ notice: 'sent' })
    const compliance = await desk.member('沈岚', { userid: 'shenlan' })
    const second = await desk.member('王思琪', { userid: 'wangsiqi' })
    const look = async () =>
      (await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })) as {
        text: string
        body: { brief: Record<string, unknown> & { stage: string; mark: string; standing: { label: string } } }
      }
    const open = await look()
    expect(open.body.brief.stage).toBe('V2')
    const { items } = (await compliance.ask('GET', '/api/bases')).body as { items: { id: string; purpose: string }[] }
    for (const { id, purpose } of items) {
      expect((await compliance.ask('POST', `/api/bases/${id}/end`, { why: '协议到期' })).status).toBe(200)
      const closed = await look()
      expect(closed.body.brief).toMatchObject({ stage: 'VB', standing: { label: 'no_basis' } })
      expect(closed.body.brief.mark).not.toBe(open.body.brief.mark)
      for (const word of [...canaries.F2!, ...canaries.F3!]) expect(closed.text).not.toContain(word)
      for (const word of canaries.F1!) expect(closed.text).toContain(word)
      const restore = await placed.successor.ask('GET', `/api/handovers/${placed.id}/restore`)
      expect(restore.status).not.toBe(200)
      const list = (await placed.successor.ask('GET', '/api/inherited')).body as { items: { label: string }[] }
      expect(list.items.map(({ label }) => label)).toEqual(['no_basis'])

      const basis = {
        purpose,
        customers: 'all',
        ground: 'contract',
        source: '服务协议',
        since: '2026-01-01',
        until: null,
      }
      const written = (await compliance.ask('POST', '/api/bases', basis)).body as { id: string }
      expect((await look()).body.brief.stage, 'written, not confirmed').toBe('VB')
      expect((await second.ask('POST', `/api/bases/${written.id}/confirm`)).status).toBe(200)
      expect((await look()).body.brief.stage).toBe('V2')
    }
  })

  it('answers for somebody else’s customer as for one that does not exist (T-39, invariant 4)', async () => {
    const placed = await desk.handover({ notice: 'sent' })
    const stranger = await desk.member('路人')
    const answers = [
      await stranger.ask('POST', '/api/brief', { contact: placed.external }),
      await stranger.ask('POST', '/api/brief', { customer: placed.customer }),
      await stranger.ask('POST', '/api/brief', { contact: 'wmNobody' }),
      await stranger.ask('GET', `/api/customers/${placed.customer}/history`),
      await stranger.ask('GET', '/api/customers/nobody/history'),
      await placed.leaver.ask('POST', '/api/brief', { customer: placed.customer }),
    ]
    expect(new Set(answers.map((a) => a.status))).toEqual(new Set([404]))
    expect(new Set(answers.map(({ body }) => JSON.stringify({ ...body, requestId: '' }))).size).toBe(1)
  })

  it('tells WeCom’s id of the customer, which opens the chat, to their successor once WeCom has moved them, and to nobody else', async () => {
    const placed = await desk.handover({ notice: 'due' })
    const early = await desk.handover({ transfer: 'waiting', notice: 'due' })
    const stranger = await desk.member('路人')
    const ask = (who: Placed['successor'], customer: string) => who.ask('POST', `/api/customers/${customer}/chat`)
    expect((await ask(placed.successor, placed.customer)).body).toEqual({ contact: placed.external })
    for (const [who, customer] of [
      [early.successor, early.customer],
      [placed.leaver, placed.customer],
      [stranger, placed.customer],
      [placed.successor, 'nobody'],
    ] as const)
      expect((await ask(who, customer)).status).toBe(404)
  })

  it('shows a member their own customer without anything inherited', async () => {
    const placed = await desk.handover()
    const other = await desk.member('孙婷')
    await desk.db
      .insertInto('relation')
      .values({ memberId: other.id, customerId: placed.customer, since: new Date(desk.clock.now) })
      .execute()
    const { body } = await other.ask('POST', '/api/brief', { contact: placed.external })
    expect(body).toMatchObject({ kind: 'own', contact: { name: '王建国' } })
    expect(body.brief).toBeUndefined()
  })

  it('goes to the newest handover, and nothing comes back to who handed on and is hired again (T-85)', async () => {
    const first = await desk.handover({ notice: 'sent' })
    const second = await desk.handover({ leaver: first.successor, customer: first.customer, transfer: 'waiting' })
    expect((await first.successor.ask('POST', '/api/brief', { customer: first.customer })).status).toBe(404)
    expect((await first.successor.ask('GET', '/api/inherited')).body.total).toBe(0)
    const { body } = await second.successor.ask('POST', '/api/brief', { customer: first.customer })
    expect(body.brief.standing).toMatchObject({ handover: second.id, from: { name: '陈一鸣' }, label: 'waiting' })
    const again = await desk.handover({ successor: second.successor, customer: first.customer })
    const newest = await second.successor.ask('POST', '/api/brief', { customer: first.customer })
    expect(newest.body.brief.standing.handover).toBe(again.id)
  })
})

describe('more history', () => {
  it('is closed until the customer is told, then read by key to the end', async () => {
    const placed = await desk.handover({ notice: 'due' })
    const path = `/api/customers/${placed.customer}/history`
    expect((await placed.successor.ask('GET', path)).body.code).toBe('not_notified')
    desk.clock.now += 1000
    await tell(placed)
    const first = await placed.successor.ask('GET', `${path}?limit=1`)
    expect(first.body.items).toHaveLength(1)
    const second = await placed.successor.ask('GET', `${path}?limit=1&after=${encodeURIComponent(first.body.next)}`)
    expect(second.body).toMatchObject({ items: [{ kind: 'remark.changed' }], next: null })
    for (const after of ['x', 'a|b', '9|9|9', '+012026-01-01T00:00:00Z|a', '0000-01-01T00:00:00Z|a'])
      expect((await placed.successor.ask('GET', `${path}?after=${encodeURIComponent(after)}`)).status).toBe(400)
  })
})

describe('looking through the history', () => {
  let n = 0
  const add = (customer: string, author: string | null, kind: string, body: object) =>
    desk.db
      .insertInto('history')
      .values({
        ...{ id: `s${String(++n).padStart(6, '0')}`, customerId: customer, at: new Date(desk.clock.now - n * 60_000) },
        ...{ authorId: author, source: 'member', kind, body: JSON.stringify(body) },
      })
      .execute()
  const find = (placed: Placed, query: Record<string, string>) =>
    placed.successor.ask('GET', `/api/customers/${placed.customer}/history?${new URLSearchParams(query)}`)
  const kinds = (body: { items: { kind: string }[] }) => body.items.map((i) => i.kind)

  it('by kind and by words, over all of it and by key; an author is found by name', async () => {
    const placed = await desk.handover({ notice: 'sent' })
    for (let i = 0; i < 30; i++)
      await add(placed.customer, placed.leaver.id, 'tags.changed', { added: [`标签${i}`], removed: [] })
    await add(placed.customer, placed.successor.id, 'promise.made', { text: '寄两套 100%_样品', due: null })
    await add(placed.customer, null, 'notice.opened', {})
    expect(kinds((await find(placed, { about: 'promise' })).body)).toEqual(['promise.made'])
    expect(kinds((await find(placed, { about: 'told' })).body)).toEqual(['notice.opened'])
    expect(kinds((await find(placed, { words: '100%_样' })).body)).toEqual(['promise.made'])
    expect(kinds((await find(placed, { words: '陈一鸣' })).body)).toEqual(['promise.made'])
    expect((await find(placed, { words: '没有这句' })).body).toEqual({ items: [], next: null })
    const seen: string[] = []
    for (let after = ''; ;) {
      const { body } = await find(placed, { about: 'note', words: '标签', limit: '7', ...(after ? { after } : {}) })
      seen.push(...body.items.map((i: { body: { added: string[] } }) => i.body.added[0]))
      if (!body.next) break
      after = body.next
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => `标签${i}`))
    expect((await find(placed, { about: 'gossip' })).status).toBe(400)
    const looks = (await desk.audits()).filter((a) => a.action === 'look.history' && a.subject === placed.customer)
    expect(looks.at(-1)?.detail).toMatchObject({ searched: true })
    expect(JSON.stringify(looks)).not.toContain('标签')
  })

  it('never tells what is masked: a hidden number is not found by its digits (compliance 6.3)', async () => {
    const placed = await desk.handover({ notice: 'sent' })
    await add(placed.customer, placed.leaver.id, 'remark.changed', { before: '', after: '王总 13812345678 对账' })
    expect(kinds((await find(placed, { words: '对账' })).body)).toEqual(['remark.changed'])
    for (const words of ['13812345678', '1381234', '12345'])
      expect((await find(placed, { words })).body.items).toEqual([])
    expect(kinds((await find(placed, { words: '138****5678' })).body)).toEqual([])
  })

  it('is closed until the customer is told, and to everybody else', async () => {
    const placed = await desk.handover()
    expect((await find(placed, { words: 'CANARY' })).body.code).toBe('not_notified')
    const stranger = await desk.member('路人')
    expect((await stranger.ask('GET', `/api/customers/${placed.customer}/history?words=CANARY`)).status).toBe(404)
  })
})

describe('groups in common', () => {
  const group = async (chatId: string, staff: string[], owner: string | null, customers: string[], status = 0) => {
    await desk.db
      .insertInto('groupChat')
      .values({ chatId, name: `群 ${chatId}`, ownerId: owner, status, members: 9, staff })
      .execute()
    await desk.db
      .insertInto('groupCustomer')
      .values(customers.map((customerId) => ({ chatId, customerId })))
      .execute()
  }
  const uid = async (id: string) =>
    (await desk.db.selectFrom('member').select('userid').where('id', '=', id).executeTakeFirstOrThrow()).userid

  it('are those both are in, and the predecessor’s that come to the reader; no other', async () => {
    const placed = await desk.handover({ notice: 'sent' })
    const other = await desk.handover({ notice: 'sent' })
    const me = await uid(placed.successor.id)
    const { departureId } = await desk.db
      .selectFrom('handover')
      .select('departureId')
      .where('id', '=', placed.id)
      .executeTakeFirstOrThrow()
    await group('wrMine', [me], placed.successor.id, [placed.customer, other.customer])
    await group('wrIn', [me], other.successor.id, [placed.customer])
    await group('wrComing', [], placed.leaver.id, [placed.customer], 1)
    await group('wrPlanned', [], placed.leaver.id, [placed.customer], 1)
    await group('wrForeign', [], other.successor.id, [placed.customer])
    await group('wrEmpty', [me], placed.successor.id, [other.customer])
    for (const [chatId, state] of [
      ['wrComing', 'inheriting'],
      ['wrPlanned', 'planned'],
    ] as const)
      await desk.db
        .insertInto('groupTransfer')
        .values({ departureId, chatId, name: chatId, state, successorId: placed.successor.id })
        .execute()
    const { body } = await placed.successor.ask('GET', `/api/customers/${placed.customer}/groups`)
    expect(body.items).toMatchObject([
      { chat: 'wrComing', mine: false, owner: '林晓', from: '林晓', label: 'inheriting' },
      { chat: 'wrIn', mine: false, owner: '陈一鸣', from: null, label: null },
      { chat: 'wrMine', mine: true, members: 9 },
    ])
    expect(body.items).toHaveLength(3)
    expect((await desk.audits()).at(-1)).toMatchObject({ action: 'look.groups', subject: placed.customer })
    const untold = await desk.handover()
    expect((await untold.successor.ask('GET', `/api/customers/${untold.customer}/groups`)).body.code).toBe(
      'not_notified',
    )
  })
})

describe('my customers', () => {
  it('stand in the order of what must be done, by key, with totals and short names', async () => {
    const successor = await desk.member('陈一鸣')
    const told = await desk.handover({ successor, notice: 'sent' })
    const waiting = await desk.handover({ successor, transfer: 'waiting' })
    const refused = await desk.handover({ successor, transfer: 'refused' })
    const notInChat = await desk.handover({ successor, notice: 'unreachable' })
    await desk.db.updateTable('notice').set({ why: 'not_friend' }).where('handoverId', '=', notInChat.id).execute()
    const toTell = await desk.handover({ successor })
    await desk.handover({ successor, transfer: 'planned' })
    const { body, text } = await successor.ask('GET', '/api/inherited')
    expect(body).toMatchObject({ total: 5, toTell: 2, inChat: 1, next: null })
    const order = [toTell.id, notInChat.id, waiting.id, told.id, refused.id]
    expect(body.items.map((i: { handover: string }) => i.handover)).toEqual(order)
    expect(body.items[0]).toMatchObject({ shortName: '王*', company: '宏远建材', from: '林晓', promisesDue: 2 })
    expect(body.items[4].company).toBeNull()
    expect(text).not.toContain('王建国')
    const seen: string[] = []
    for (let after = ''; ;) {
      const page = await successor.ask('GET', `/api/inherited?limit=1${after && `&after=${encodeURIComponent(after)}`}`)
      seen.push(...page.body.items.map((i: { handover: string }) => i.handover))
      if (!page.body.next) break
      after = page.body.next
    }
    expect(seen).toEqual(order)
    for (const after of ['7%7Cx', '0%7C%00', 'x'])
      expect((await successor.ask('GET', `/api/inherited?after=${after}`)).status).toBe(400)
  })
})
