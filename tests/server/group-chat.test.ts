import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GroupChat, InGroup } from '../../src/shared/groupchat'
import type { GroupState } from '../../src/shared/group'
import { openDesk, type Desk, type Placed } from '../support/handovers'

/** Beside a group's chat (quality C7, issue 7.2): whose it was, who of mine is in it, what each was told, and the group's notice. */
let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

let n = 0
/** A group of the leaver's that was planned for the handover's successor, with these customers in it. */
async function group(placed: Placed, state: GroupState, customers: string[], staff: string[] = []): Promise<string> {
  const chatId = `wr${++n}`
  const { departureId } = await desk.db
    .selectFrom('handover')
    .select('departureId')
    .where('id', '=', placed.id)
    .executeTakeFirstOrThrow()
  const moved = state === 'moved'
  const ownerId = moved ? placed.successor.id : placed.leaver.id
  await desk.db
    .insertInto('groupChat')
    .values({ chatId, name: '年度供货群', ownerId, status: moved ? 3 : 1, members: 12, staff })
    .execute()
  await desk.db
    .insertInto('groupCustomer')
    .values(customers.map((customerId) => ({ chatId, customerId })))
    .execute()
  const [successorId, settledAt] = [placed.successor.id, moved ? desk.deps.now() : null]
  await desk.db
    .insertInto('groupTransfer')
    .values({ departureId, chatId, name: '群', state, successorId, settledAt })
    .execute()
  return chatId
}
const open = (who: Placed['successor'], chat: string) => who.ask('POST', '/api/group-chat', { chat })
const shown = async (who: Placed['successor'], chat: string) => (await open(who, chat)).body as GroupChat

describe('a group that came to me', () => {
  it('says whose it was and which of my customers are in it, each by the access table, and who else is only counted', async () => {
    const first = await desk.handover({ notice: 'sent' })
    const { successor } = first
    const untold = await desk.handover({ successor, leaver: first.leaver })
    const refused = await desk.handover({ successor, leaver: first.leaver, objection: true })
    const restricted = await desk.handover({ successor, leaver: first.leaver })
    await desk.db
      .updateTable('customer')
      .set({ restrictedAt: desk.deps.now() })
      .where('id', '=', restricted.customer)
      .execute()
    const somebody = await desk.handover({ notice: 'sent' })
    const people = [first, untold, refused, restricted, somebody].map((p) => p.customer)
    const chat = await group(first, 'moved', people)
    const { status, body, text } = await open(successor, chat)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      ...{ name: '年度供货群', members: 12, owner: '陈一鸣', mine: true, others: 2 },
      handover: { from: '林晓', gone: true, toMe: true, label: 'moved' },
      notice: { may: true, sentAt: null },
    })
    const by = new Map((body as GroupChat).customers.map((c: InGroup) => [c.customer, c]))
    expect([...by.keys()].sort()).toEqual([first, untold, refused].map((p) => p.customer).sort())
    expect(by.get(first.customer)).toMatchObject({ label: 'told', shortName: '王*', company: '宏远建材' })
    expect(by.get(untold.customer)).toMatchObject({ label: 'to_tell', sentAt: null })
    // An open objection leaves the state and nothing more.
    expect(by.get(refused.customer)).toMatchObject({ label: 'wants_other', company: null })
    for (const hidden of ['王建国', 'CANARY', 'wmSECRET', '1381234']) expect(text).not.toContain(hidden)
    expect((await desk.audits()).at(-1)).toMatchObject({ action: 'look.group', subject: chat, detail: { count: 3 } })
  })

  it.each([
    ['approved', 'to_send'],
    ['inheriting', 'inheriting'],
    ['failed', 'failed'],
  ] as const)('%s: its state is told, and nothing can be said to it yet', async (state, label) => {
    const placed = await desk.handover({ notice: 'sent' })
    const chat = await group(placed, state, [placed.customer])
    expect(await shown(placed.successor, chat)).toMatchObject({
      handover: { label, toMe: true },
      notice: { may: false },
      mine: false,
    })
    const prepared = await placed.successor.ask('POST', '/api/group-chat/notice', { chat, language: 'zh-CN' })
    expect([prepared.status, prepared.body.code]).toEqual([409, 'group_not_moved'])
  })

  it('only planned, it is nobody’s news yet', async () => {
    const placed = await desk.handover({ notice: 'sent' })
    const chat = await group(placed, 'planned', [placed.customer])
    expect((await open(placed.successor, chat)).status).toBe(404)
  })
})

it('somebody else’s group and none answer byte for byte alike (invariant 4); a colleague in it sees no customer of mine', async () => {
  const placed = await desk.handover({ notice: 'sent' })
  const colleague = await desk.member('孙婷', { userid: 'sunting' })
  const stranger = await desk.member('路人')
  const chat = await group(placed, 'moved', [placed.customer], ['sunting'])
  const answers = await Promise.all([open(stranger, chat), open(stranger, 'wrNobody'), open(placed.leaver, chat)])
  expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, { ...body, requestId: '' }]))).size).toBe(1)
  expect(await shown(colleague, chat)).toMatchObject({
    ...{ customers: [], others: 1, mine: false, notice: { may: false } },
    handover: { from: '林晓', successor: '陈一鸣', toMe: false },
  })
  const prepared = await colleague.ask('POST', '/api/group-chat/notice', { chat, language: 'zh-CN' })
  expect(prepared.status).toBe(404)
})

describe('the group’s notice', () => {
  const prepare = (placed: Placed, chat: string, language = 'zh-CN') =>
    placed.successor.ask('POST', '/api/group-chat/notice', { chat, language })
  const settle = (placed: Placed, id: string, outcome: string, detail?: string) =>
    placed.successor.ask('POST', `/api/group-notices/${id}/outcome`, { outcome, ...(detail ? { detail } : {}) })

  it('is written down before it is sent, from the version in use; only “sent” counts, and it tells no customer anything', async () => {
    const placed = await desk.handover()
    const chat = await group(placed, 'moved', [placed.customer])
    const { body } = await prepare(placed, chat)
    expect(body.text).toMatch(/^大家好，我是宏远的陈一鸣。本群之前由林晓服务，自2026年12月1日起由我接替/)
    expect(body.text).toContain('400-000-0000')
    expect(body.text).not.toMatch(/王|https?:/)
    expect(body.filled).toEqual(['宏远', '陈一鸣', '林晓', '2026年12月1日', '400-000-0000'])
    const row = () => desk.db.selectFrom('groupNotice').selectAll().where('id', '=', body.id).executeTakeFirstOrThrow()
    expect(await row()).toMatchObject({ outcome: 'prepared', template: 'M10@1', text: body.text, language: 'zh-CN' })
    expect((await settle(placed, body.id, 'cancelled')).status).toBe(200)
    expect((await shown(placed.successor, chat)).notice.sentAt).toBeNull()
    const again = (await prepare(placed, chat, 'en')).body
    expect(again.text).toMatch(/^Hello everyone/)
    const sent = await settle(placed, again.id, 'sent')
    // Said twice it is one.
    expect((await settle(placed, again.id, 'sent')).body).toEqual(sent.body)
    expect((await shown(placed.successor, chat)).notice).toEqual({ may: true, sentAt: sent.body.at, by: '陈一鸣' })
    const notice = await desk.db
      .selectFrom('notice')
      .select(['state', 'sentAt'])
      .where('handoverId', '=', placed.id)
      .executeTakeFirst()
    expect(notice).toEqual({ state: 'due', sentAt: null })
    const said = (await desk.audits())
      .filter((a) => a.subject === chat && a.action.startsWith('group.'))
      .map((a) => a.action)
    expect(said).toEqual(['group.prepared', 'group.told', 'group.prepared', 'group.told'])
  })

  it('what was prepared anew replaces the one before; what the client really sent still counts; nobody else settles it', async () => {
    const placed = await desk.handover()
    const chat = await group(placed, 'moved', [placed.customer])
    const [first, second] = [(await prepare(placed, chat)).body, (await prepare(placed, chat)).body]
    expect((await settle(placed, first.id, 'failed')).body.code).toBe('stale')
    expect((await settle(placed, first.id, 'sent')).status).toBe(200)
    expect((await settle(placed, second.id, 'failed', 'sendChatMessage:fail')).status).toBe(200)
    expect((await settle(placed, second.id, 'sent')).body.code).toBe('stale')
    const other = await desk.handover()
    expect((await settle(other, second.id, 'sent')).status).toBe(404)
  })
})
