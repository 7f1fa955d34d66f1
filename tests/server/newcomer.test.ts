import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Coverage, Newcomer } from '../../src/shared/newcomer'
import { newcomersJob } from '../../src/server/newcomer/jobs'
import { openDesk, tell, type Desk, type Placed } from '../support/handovers'

/** Customers who meet the company for the first time are told first, and it is counted (compliance S15, M8; T-15). */
type Person = Placed['successor']
const HOUR = 3600_000

let desk: Desk
let compliance: Person
beforeAll(async () => {
  desk = await openDesk()
  compliance = await desk.member('沈岚', { userid: 'shenlan' })
  await read(FIRST)
})
afterAll(() => desk.close())
beforeEach(() => {
  // Nobody of one story is late in the next.
  desk.clock.now += 400 * 24 * HOUR
})

/** WeCom is read for the first time. */
const FIRST = new Date('2026-01-01')
const read = (startedAt: Date) =>
  desk.db.insertInto('mirrorRun').values({ id: desk.deps.id(), startedAt, step: 'done', read: '{}' }).execute()
const ago = (hours: number): Date => new Date(desk.clock.now - hours * HOUR)

/** A customer whom nobody knew, added by `who` so many hours ago. */
async function comes(who: Person, hours = 0, more: { kind?: string; id?: string } = {}): Promise<string> {
  const id = more.id ?? desk.deps.id()
  if (!more.id) {
    const { kind = 'wechat' } = more
    const row = { id, name: '赵敏之', kind, company: '恒泰贸易', firstSeenAt: ago(hours) }
    await desk.db.insertInto('customer').values(row).execute()
    await desk.db
      .insertInto('wecomContact')
      .values({ externalUserid: `wmNEW${id}`, customerId: id })
      .execute()
  }
  await desk.db
    .insertInto('relation')
    .values({ memberId: who.id, customerId: id, since: ago(hours) })
    .execute()
  return id
}
const opened = async (who: Person, customer: string) => (await who.ask('POST', '/api/brief', { customer })).body
const list = async (who: Person, query = '') => (await who.ask('GET', `/api/newcomers${query}`)).body
const ids = (found: { items: Newcomer[] }) => found.items.map(({ customer }) => customer)
const prepare = (who: Person, customer: string, language = 'zh-CN') =>
  who.ask('POST', `/api/newcomers/${customer}/notice`, { language })
const settle = (who: Person, attempt: string, outcome = 'sent', detail?: string) =>
  who.ask('POST', `/api/first-notices/${attempt}/outcome`, { outcome, ...(detail ? { detail } : {}) })
async function told(who: Person, customer: string): Promise<void> {
  const { body } = await prepare(who, customer)
  expect((await settle(who, body.id as string)).status).toBe(200)
}

describe('a customer who is new to the company', () => {
  it('is said to be so beside their chat, told with M8 as it is in use, and then stands as told (T-15)', async () => {
    const rep = await desk.member('陈一鸣')
    const customer = await comes(rep)
    expect(await opened(rep, customer)).toMatchObject({ kind: 'own', first: { sentAt: null, by: null } })
    const { body } = await prepare(rep, customer)
    expect(body.text).toBe(
      '您好，我是宏远的陈一鸣。为给您服务，公司会处理您的昵称、头像、联系方式和沟通记录。如我调岗或离职，公司会安排同事接替并告知您。处理规则和您的权利：https://jb.example.com/n/rules。客服400-000-0000',
    )
    expect(body.filled).toEqual(['宏远', '陈一鸣', 'https://jb.example.com/n/rules', '400-000-0000'])
    const row = () => desk.db.selectFrom('firstNotice').selectAll().where('id', '=', body.id).executeTakeFirstOrThrow()
    expect(await row()).toMatchObject({ outcome: 'prepared', template: 'M8@1', text: body.text, customerId: customer })
    desk.clock.now += 60_000
    expect((await settle(rep, body.id)).status).toBe(200)
    expect(await opened(rep, customer)).toMatchObject({
      first: { sentAt: desk.deps.now().toISOString(), by: '陈一鸣' },
    })
    const entry = await desk.db.selectFrom('history').selectAll().where('customerId', '=', customer).execute()
    expect(entry).toMatchObject([{ kind: 'newcomer.told', authorId: rep.id, source: 'member' }])
    const said = (await desk.audits()).filter(({ subject }) => subject === customer).map(({ action }) => action)
    expect(said).toEqual(['look.brief', 'look.brief', 'newcomer.prepared', 'newcomer.told', 'look.brief'])
  })

  it('is told in English with a link to the English rules', async () => {
    const rep = await desk.member('陈一鸣')
    const { body } = await prepare(rep, await comes(rep), 'en')
    expect(body.text).toMatch(/^Hello, this is 陈一鸣 of 宏远\./)
    expect(body.text).toContain('https://jb.example.com/n/rules?lang=en.')
    expect(body.characters).toBeLessThanOrEqual(480)
  })

  it('is not told by what was cancelled or failed, and the next try replaces the one before', async () => {
    const rep = await desk.member('陈一鸣')
    const customer = await comes(rep)
    const first = (await prepare(rep, customer)).body.id as string
    const second = (await prepare(rep, customer)).body.id as string
    expect((await settle(rep, first, 'cancelled')).body).toMatchObject({ code: 'stale' })
    expect((await settle(rep, second, 'failed', 'sendChatMessage:fail')).status).toBe(200)
    expect(await opened(rep, customer)).toMatchObject({ first: { sentAt: null } })
    // The client really sent the first after all: that counts.
    expect((await settle(rep, first)).status).toBe(200)
    expect((await settle(rep, first)).status).toBe(200)
    expect((await opened(rep, customer)).first.sentAt).not.toBeNull()
    const history = await desk.db.selectFrom('history').select('id').where('customerId', '=', customer).execute()
    expect(history).toHaveLength(1)
  })

  it('is told once: a colleague who has them too sees by whom, and cannot say it again', async () => {
    const rep = await desk.member('陈一鸣')
    const colleague = await desk.member('孙婷')
    const customer = await comes(rep, 3)
    await comes(colleague, 2, { id: customer })
    expect(ids(await list(rep))).toEqual([customer])
    expect(await list(colleague)).toMatchObject({ items: [], total: 0 })
    // Whoever stands beside the chat may say it.
    expect(await opened(colleague, customer)).toMatchObject({ first: { sentAt: null } })
    await told(colleague, customer)
    expect(await opened(rep, customer)).toMatchObject({ first: { by: '孙婷' } })
    expect((await prepare(rep, customer)).body).toMatchObject({ code: 'stale' })
    expect(await list(rep)).toMatchObject({ items: [], total: 0, late: 0 })
  })

  it('stands in the list, who waits longest first, late after a day, with a surname and no more of the name', async () => {
    const rep = await desk.member('陈一鸣')
    const [fresh, old] = [await comes(rep, 1), await comes(rep, 25)]
    const found = await list(rep)
    expect(found).toMatchObject({ total: 2, late: 1 })
    expect(found.items).toMatchObject([
      { customer: old, shortName: '赵*', company: '恒泰贸易', late: true },
      { customer: fresh, late: false },
    ])
    const page = await list(rep, '?limit=1')
    expect(ids(page)).toEqual([old])
    expect(ids(await list(rep, `?limit=1&after=${encodeURIComponent(page.next)}`))).toEqual([fresh])
    expect((await rep.ask('GET', '/api/newcomers?after=x')).body).toMatchObject({ code: 'invalid' })
  })

  it('has a chat that opens for whoever has them, and for nobody else', async () => {
    const rep = await desk.member('陈一鸣')
    const customer = await comes(rep)
    const open = (who: Person) => who.ask('POST', `/api/customers/${customer}/chat`, {})
    expect((await open(rep)).body).toEqual({ contact: `wmNEW${customer}` })
    expect((await open(await desk.member('孙婷'))).status).toBe(404)
    await desk.db
      .updateTable('relation')
      .set({ endedAt: ago(0) })
      .where('customerId', '=', customer)
      .execute()
    expect((await open(rep)).status).toBe(404)
  })
})

it('whoever was to be passed on is to be told by their own colleague again once the departure is called off, unless a notice was sent', async () => {
  const rep = await desk.member('林晓')
  const [untold, toldAlready] = [await comes(rep, 2), await comes(rep, 2)]
  const other = await desk.member('李浩然')
  for (const [customer, notice] of [
    [untold, 'due'],
    [toldAlready, 'sent'],
  ] as const)
    await desk.handover({ leaver: other, customer, notice, transfer: 'approved' })
  expect(await list(rep)).toMatchObject({ total: 0 })
  await desk.db
    .updateTable('departure')
    .set({ endedAt: ago(0) })
    .where('memberId', '=', other.id)
    .execute()
  await desk.db.deleteFrom('relation').where('memberId', '=', other.id).execute()
  expect(ids(await list(rep))).toEqual([untold])
  expect(await opened(rep, toldAlready)).toMatchObject({ first: null })
})

describe('nobody owes a first notice', () => {
  it.each([
    ['to whom the company had before WeCom was first read', async (rep: Person) => comes(rep, 24 * 365 * 20)],
    [
      'to whom a colleague had before, though they are new to this one',
      async (rep: Person) => {
        const customer = await comes(await desk.member('林晓'), 24 * 365 * 20)
        return comes(rep, 1, { id: customer })
      },
    ],
    [
      'to who was passed on, because the handover has a notice of its own',
      async (rep: Person) => {
        const { customer } = await desk.handover({ successor: rep })
        return comes(rep, 0, { id: customer })
      },
    ],
    [
      'to who had all use of their data stopped',
      async (rep: Person) => {
        const customer = await comes(rep)
        await desk.db
          .updateTable('customer')
          .set({ restrictedAt: ago(0) })
          .where('id', '=', customer)
          .execute()
        return customer
      },
    ],
    [
      'to who is no contact any more',
      async (rep: Person) => {
        const customer = await comes(rep)
        await desk.db
          .updateTable('relation')
          .set({ endedAt: ago(0) })
          .where('customerId', '=', customer)
          .execute()
        return customer
      },
    ],
  ])('%s', async (_, given) => {
    const rep = await desk.member('陈一鸣')
    const customer = await given(rep)
    expect(await list(rep)).toMatchObject({ items: [], total: 0 })
    expect([404, 409]).toContain((await prepare(rep, customer)).status)
  })

  it('before WeCom was read for the first time', async () => {
    const rep = await desk.member('陈一鸣')
    const customer = await comes(rep)
    await desk.db.deleteFrom('mirrorRun').execute()
    expect(await opened(rep, customer)).toMatchObject({ first: null })
    expect(await list(rep)).toMatchObject({ total: 0 })
    await read(FIRST)
    expect(await list(rep)).toMatchObject({ total: 1 })
  })
})

it('whoever has newcomers that wait for more than a day hears of it once a day, in numbers', async () => {
  const [rep, quick] = [await desk.member('陈一鸣'), await desk.member('孙婷')]
  await comes(rep, 26)
  await comes(rep, 25)
  await comes(quick, 23)
  await newcomersJob(desk.deps)
  await newcomersJob(desk.deps)
  const letters = async ({ id }: Person) => {
    const found = desk.db
      .selectFrom('letterToMember')
      .select('params')
      .where('kind', '=', 'newcomers')
      .where('memberId', '=', id)
    return (await found.execute()).map(({ params }) => params)
  }
  expect(await letters(rep)).toEqual([{ customers: 2 }])
  expect(await letters(quick)).toEqual([])
  desk.clock.now += 24 * HOUR
  await newcomersJob(desk.deps)
  expect(await letters(rep)).toEqual([{ customers: 2 }, { customers: 2 }])
  expect(await letters(quick)).toEqual([{ customers: 1 }])
})

describe('the coverage', () => {
  const coverage = async (who: Person) => (await who.ask('GET', '/api/newcomers/coverage')).body
  const none: Coverage = { inTime: 0, later: 0, waiting: 0, late: 0, gone: 0 }

  it('counts each newcomer once: told in a day, later, waiting, late, gone; and the figures are right (T-15)', async () => {
    const [rep, other] = [await desk.member('陈一鸣'), await desk.member('孙婷')]
    for (const hours of [1, 23]) await told(rep, await comes(rep, hours))
    await told(rep, await comes(rep, 25))
    await comes(rep, 2)
    for (const hours of [25, 300]) await comes(other, hours)
    const gone = await comes(other, 30)
    await desk.db
      .updateTable('relation')
      .set({ endedAt: ago(29) })
      .where('customerId', '=', gone)
      .execute()
    // Two of ours have her: she is one newcomer.
    await comes(other, 1, { id: await comes(rep, 2) })
    // A year and more ago; known of old; passed on before this colleague met them.
    await comes(rep, 24 * 366)
    await comes(rep, 1, { id: await comes(other, 24 * 400) })
    const moved = await desk.handover({ successor: rep })
    await desk.db.deleteFrom('relation').where('customerId', '=', moved.customer).execute()
    await comes(rep, -1, { id: moved.customer })
    const all = await coverage(compliance)
    expect(all).toMatchObject({
      all: { inTime: 2, later: 1, waiting: 2, late: 2, gone: 1 },
      unfounded: 0,
      onConsent: 0,
    })
    expect(all.byMember).toEqual([
      { member: other.id, name: '孙婷', ...none, late: 2, gone: 1 },
      { member: rep.id, name: '陈一鸣', ...none, inTime: 2, later: 1, waiting: 2 },
    ])
  })

  it('who was passed on before anybody told them counts as told once the handover’s notice is sent', async () => {
    const leaver = await desk.member('林晓')
    const customer = await comes(leaver, 30)
    const placed = await desk.handover({ leaver, customer })
    await desk.db
      .updateTable('relation')
      .set({ endedAt: ago(0) })
      .where('memberId', '=', leaver.id)
      .where('customerId', '=', customer)
      .execute()
    expect((await coverage(compliance)).all).toEqual({ ...none, gone: 1 })
    await tell(placed)
    expect((await coverage(compliance)).all).toEqual({ ...none, later: 1 })
  })

  it('shows managers their own departments, and counts who is of a kind without a legal basis', async () => {
    await desk.db
      .insertInto('department')
      .values([{ id: 70, parentId: 1, name: '华东', leaders: ['leads70'] }])
      .execute()
    const boss = await desk.member('周敏', { userid: 'leads70' })
    const mine = await desk.member('陈一鸣', { departments: [70] })
    const theirs = await desk.member('孙婷', { departments: [80] })
    await comes(mine, 1, { kind: 'wecom' })
    await comes(mine, 1)
    await comes(theirs, 1)
    expect(await coverage(boss)).toMatchObject({ all: { ...none, waiting: 2 }, byMember: [{ name: '陈一鸣' }] })
    await desk.asOwner(`update legal_basis set customers = 'wechat' where id = 'basis-serve'`)
    expect((await coverage(boss)).unfounded).toBe(1)
    await desk.asOwner(`update legal_basis set customers = 'all', ground = 'consent' where id = 'basis-serve'`)
    expect(await coverage(boss)).toMatchObject({ unfounded: 0, onConsent: 2 })
    await desk.asOwner(`update legal_basis set ground = 'contract' where id = 'basis-serve'`)
  })
})

describe('the page behind the link', () => {
  it('says in both languages who we are, what is handled, by whom it is seen, which rights there are and how to complain', async () => {
    const { status, html } = await desk.page('/n/rules')
    expect(status).toBe(200)
    for (const said of ['我们怎么处理您的信息', '宏远服务有限公司', '上海市徐汇区示例路 100 号', '正在为您服务的人'])
      expect(html).toContain(said)
    for (const right of ['查阅', '更正', '删除', '撤回', '15个工作日', 'href="/n/complaint"', '聊天原文'])
      expect(html).toContain(right)
    expect(html).not.toMatch(/\{\w+\}|undefined|离职/)
    const english = await desk.page('/n/rules?lang=en')
    expect(english.html).toContain('How we handle your information')
    expect(english.html).not.toMatch(/\{\w+\}|undefined/)
  })
})
