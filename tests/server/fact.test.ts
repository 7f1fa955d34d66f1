import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { colleaguesOf } from '../../src/server/db/facts'
import { openDesk, type Desk, type Placed } from '../support/handovers'

type Person = Placed['leaver']
let desk: Desk
let boss: Person
let other: Person
let hr: Person
let admin: Person
let officer: Person
beforeAll(async () => {
  desk = await openDesk({ MANAGERS: 'boss', ADMINS: 'root', COMPLIANCE: 'shenlan' })
  await desk.db
    .insertInto('department')
    .values([
      { id: 1, name: '宏远', parentId: 0 },
      { id: 2, name: '华东业务部', parentId: 1, leaders: ['lead'] },
      { id: 3, name: '华南业务部', parentId: 1 },
    ])
    .execute()
  boss = await desk.member('周敏', { userid: 'boss' })
  other = await desk.member('何志远', { userid: 'lead', departments: [2] })
  admin = await desk.member('马超', { userid: 'root' })
  officer = await desk.member('沈岚', { userid: 'shenlan' })
  hr = await desk.member('人事', { userid: 'hr' })
  const grant = { id: desk.deps.id(), memberId: hr.id, role: 'hr', reason: '人事', grantedBy: admin.id }
  await desk.db
    .insertInto('roleGrant')
    .values({ ...grant, grantedAt: desk.deps.now() })
    .execute()
})
afterAll(() => desk.close())

const memberPath = (id: string) => `/api/facts/members/${id}`
const customerPath = (id: string) => `/api/facts/customers/${id}`
const put = (who: Person, path: string, field: string, text: string | null) => who.ask('POST', path, { field, text })
interface Shown {
  fields: { field: string; facts: object[] }[]
}
const factsOf = (body: Shown, field: string) => body.fields.find((f) => f.field === field)?.facts

describe('by hand', () => {
  it('a manager writes what a colleague can do, sees who said it and when, and takes it back', async () => {
    const { id } = await desk.member('程子墨', { userid: 'chen1', departments: [2] })
    expect((await put(boss, memberPath(id), 'region', '华东、华北')).body).toEqual({ ok: true })
    expect((await put(hr, memberPath(id), 'capacity', '120')).status).toBe(200)
    const { body } = await boss.ask('GET', memberPath(id))
    expect(factsOf(body, 'region')).toEqual([
      { source: 'hand', text: '华东、华北', at: desk.deps.now().toISOString(), by: '周敏' },
    ])
    expect((await colleaguesOf(desk.db, [id], desk.deps.now()))[0]).toMatchObject({
      ...{ regions: ['华东', '华北'].sort(), capacity: 120 },
    })
    await put(boss, memberPath(id), 'region', null)
    expect(factsOf((await boss.ask('GET', memberPath(id))).body, 'region')).toEqual([])
    const log = (await desk.audits()).filter((a) => a.subject === id && a.action.startsWith('fact.'))
    expect(log.map((a) => [a.action, a.actor])).toEqual([
      ...[
        ['fact.written', boss.id],
        ['fact.written', hr.id],
      ],
      ['fact.cleared', boss.id],
    ])
    // The log says that it was written, and never what.
    expect(JSON.stringify(log)).not.toContain('华')
  })

  it('nobody writes about themselves, and only of their own people; an absent one answers alike', async () => {
    const { id } = await desk.member('外', { departments: [3] })
    const own = await put(boss, memberPath(boss.id), 'performance', '100')
    const outside = await put(other, memberPath(id), 'region', '华东')
    const absent = await put(other, memberPath('nobody'), 'region', '华东')
    expect([own.status, outside.status, absent.status]).toEqual([404, 404, 404])
    expect(outside.body.message).toBe(absent.body.message)
    expect(
      (await put(other, memberPath((await desk.member('内', { departments: [2] })).id), 'region', '华东')).status,
    ).toBe(200)
  })

  it('what cannot be read is refused with what it was, and what is no field has no place', async () => {
    const { id } = await desk.member('错', { departments: [2] })
    const wrong = await put(boss, memberPath(id), 'performance', '一百二')
    expect([wrong.status, wrong.body.code]).toEqual([400, 'fact_unreadable'])
    expect(wrong.body.message).toContain('一百二')
    for (const field of ['age', 'sex', 'tier', 'health'])
      expect((await put(boss, memberPath(id), field, '1')).status).toBe(400)
    expect((await put(boss, memberPath(id), 'region', '=1+1')).body.code).toBe('fact_unreadable')
  })

  it('of a customer a manager is shown what the stage opens, and that there is more; each look is in the log (T-43)', async () => {
    const early = await desk.handover({ transfer: 'unassigned', notice: 'due' })
    const friend = await desk.member('孙婷', { userid: 'sunting' })
    for (const [field, text] of [
      ['region', '华东'],
      ['tier', 'A'],
      ['times', '上午'],
      ['wants', 'SunTing'],
    ] as const)
      expect([field, (await put(boss, customerPath(early.customer), field, text)).status]).toEqual([field, 200])
    const { body } = await boss.ask('GET', customerPath(early.customer))
    expect(body).toMatchObject({ shortName: '王*', region: '华东', tier: 'A', times: null, wants: null })
    expect(body.noted.map((n: { field: string }) => n.field)).toEqual(['region', 'tier', 'times', 'wants'])
    const told = await desk.handover({ notice: 'sent' })
    await put(boss, customerPath(told.customer), 'times', '上午')
    await put(boss, customerPath(told.customer), 'relatives', 'sunting')
    expect((await boss.ask('GET', customerPath(told.customer))).body).toMatchObject({
      times: 'morning',
      relatives: '孙婷',
    })
    expect((await desk.audits()).filter((a) => a.action === 'look.facts' && a.subject === told.customer)).toMatchObject(
      [{ actor: boss.id, detail: { who: 'manager', stage: 'V2', classes: ['F0', 'F1', 'F2'], reason: 'leads' } }],
    )
    expect((await put(boss, customerPath(told.customer), 'wants', 'nobody-here')).body.code).toBe('fact_member')
    expect(friend.id).toBeTruthy()
  })

  it('a customer of somebody else’s people is nobody’s, and so is one who asked for restriction', async () => {
    const leaver = await desk.member('南', { departments: [3] })
    const { customer } = await desk.handover({ leaver, transfer: 'unassigned' })
    expect((await other.ask('GET', customerPath(customer))).text.replace(/"requestId":"[^"]+"/, '')).toBe(
      (await other.ask('GET', customerPath('nobody'))).text.replace(/"requestId":"[^"]+"/, ''),
    )
    expect((await boss.ask('GET', customerPath(customer))).status).toBe(200)
    await desk.db.updateTable('customer').set({ restrictedAt: desk.deps.now() }).where('id', '=', customer).execute()
    expect((await boss.ask('GET', customerPath(customer))).status).toBe(404)
  })

  it('lists are read page by page, of members by name, of customers by departure', async () => {
    const { body } = await boss.ask('GET', `/api/facts/members?name=${encodeURIComponent('程子')}`)
    expect(body).toMatchObject({ items: [{ name: '程子墨', department: '华东业务部', known: 1 }], next: null })
    const placed = await desk.handover({ transfer: 'unassigned' })
    const { departureId } = await desk.db
      .selectFrom('handover')
      .select('departureId')
      .where('id', '=', placed.id)
      .executeTakeFirstOrThrow()
    await put(boss, customerPath(placed.customer), 'region', '华北')
    const list = await boss.ask('GET', `/api/facts/customers?departure=${departureId}`)
    expect(list.body.items).toEqual([
      { customer: placed.customer, shortName: '王*', region: '华北', industry: null, known: 1 },
    ])
    const first = await boss.ask('GET', '/api/facts/customers?limit=1')
    const second = await boss.ask('GET', `/api/facts/customers?limit=1&after=${encodeURIComponent(first.body.next)}`)
    expect(second.body.items[0].customer > first.body.items[0].customer).toBe(true)
  })
})

describe('from a file', () => {
  const preview = (who: Person, about: string, text: string) =>
    who.ask('POST', '/api/facts/files/preview', { about, text })
  const save = (who: Person, about: string, text: string, digest: string) =>
    who.ask('POST', '/api/facts/files', { about, text, digest })

  it('nothing is kept before the preview is confirmed, and only the lines that are right are', async () => {
    const [one, two] = [await desk.member('甲', { userid: 'jia' }), await desk.member('乙', { userid: 'yi' })]
    await put(boss, memberPath(two.id), 'region', '华南')
    const text = `\ufeff账号,地区,接待上限\r\njia,华东,80\r\nyi,华东,90\r\nnobody,华东,1\r\nboss,华东,1\r\njia,华北,2\r\n`
    const { body } = await preview(hr, 'members', text)
    expect(body).toMatchObject({
      ...{ refused: null, lines: 5, ready: 3, wrong: 2, ignored: [] },
      columns: [
        { field: 'region', added: 3, changed: 0, same: 0, behind: 1 },
        { field: 'capacity', added: 3, changed: 0, same: 0, behind: 0 },
      ],
      errors: [
        { line: 4, column: null, problem: 'unknown' },
        { line: 6, column: null, problem: 'twice' },
      ],
    })
    expect((await colleaguesOf(desk.db, [one.id], desk.deps.now()))[0]!.regions).toEqual([])
    expect((await save(hr, 'members', text, 'a'.repeat(64))).body.code).toBe('stale')
    expect((await save(hr, 'members', text, body.digest)).body).toEqual({ rows: 3, written: 6 })
    const found = await colleaguesOf(desk.db, [one.id, two.id], desk.deps.now())
    expect(Object.fromEntries(found.map((c) => [c.id, [c.regions, c.capacity]]))).toEqual({
      [one.id]: [['华东'], 80],
      [two.id]: [['华南'], 90], // by hand goes before
    })
    // What was seen is no longer what is there.
    expect((await save(hr, 'members', text, body.digest)).body.code).toBe('stale')
    expect((await preview(hr, 'members', text)).body.columns[0]).toMatchObject({ added: 0, same: 3 })
    const log = (await desk.audits()).filter((a) => a.action === 'fact.imported')
    expect(log).toMatchObject([{ actor: hr.id, subject: 'members', detail: { rows: 3, written: 6 } }])
  })

  it('a manager’s own line is refused, even to themselves', async () => {
    const { body } = await preview(boss, 'members', '账号,贡献度\nboss,100')
    expect(body).toMatchObject({ ready: 0, errors: [{ line: 2, problem: 'own' }] })
  })

  it('customers are known by our number or by WeCom’s, and colleagues in it by their 账号', async () => {
    const [a, b] = [await desk.handover({ transfer: 'unassigned' }), await desk.handover({ transfer: 'unassigned' })]
    await desk.member('王思齐', { userid: 'siqi' })
    const text = `external_userid,地区,等级,指定成员\n${a.external},华东,A,siqi\n${b.customer},华南,,nobody-1\n`
    const { body } = await preview(boss, 'customers', text)
    expect(body).toMatchObject({ ready: 1, errors: [{ line: 3, problem: 'member' }] })
    expect((await save(boss, 'customers', text, body.digest)).body).toEqual({ rows: 1, written: 3 })
    expect((await boss.ask('GET', customerPath(a.customer))).body).toMatchObject({ region: '华东', tier: 'A' })
    // HR has nothing to do with customers: neither looks at such a file nor saves it.
    expect((await preview(hr, 'customers', text)).status).toBe(403)
    expect((await save(hr, 'customers', text, body.digest)).status).toBe(403)
  })

  it('a column that must decide nothing about anybody refuses the whole file, in any words', async () => {
    for (const column of ['性别', 'Age', '婚姻状况', '户籍'])
      expect((await preview(hr, 'members', `账号,地区,${column}\njia,华东,x`)).body).toMatchObject({
        ...{ refused: { problem: 'banned', at: column }, ready: 0 },
      })
    const proxies = { words: ['毕业年份'], reason: '与年龄高度相关' }
    expect((await boss.ask('POST', '/api/facts/proxies', proxies)).status).toBe(403)
    expect((await officer.ask('POST', '/api/facts/proxies', proxies)).status).toBe(200)
    expect((await preview(hr, 'members', '账号,毕业年份\njia,2001')).body.refused).toMatchObject({ ban: 'proxy' })
  })
})

describe('from WeCom', () => {
  beforeAll(async () => {
    await desk.db
      .insertInto('tag')
      .values([
        { id: 'r1', groupName: '地区', name: '华东' },
        { id: 'g1', groupName: '性别', name: '女' },
      ])
      .execute()
  })
  const set = (kind: string, key: string, field: string, value: string | null) =>
    admin.ask('POST', '/api/facts/rules', { kind, key, field, value })

  it('departments and tags mean what an administrator says, from that moment, and it shows where a fact is from', async () => {
    const { id } = await desk.member('东', { departments: [2] })
    expect(
      (await boss.ask('POST', '/api/facts/rules', { kind: 'department', key: '2', field: 'region', value: '华东' }))
        .status,
    ).toBe(403)
    expect((await set('department', '2', 'region', '华东')).status).toBe(200)
    expect((await set('tag_group', '地区', 'region', null)).status).toBe(200)
    expect(factsOf((await boss.ask('GET', memberPath(id))).body, 'region')).toEqual([
      { source: 'wecom', text: '华东', at: null, by: null },
    ])
    const placed = await desk.handover({ transfer: 'unassigned' })
    await desk.db
      .updateTable('relation')
      .set({ tagIds: ['r1'] })
      .where('customerId', '=', placed.customer)
      .execute()
    expect((await boss.ask('GET', customerPath(placed.customer))).body).toMatchObject({ region: '华东' })
    const { body } = await admin.ask('GET', '/api/facts/rules')
    expect(body.rules).toMatchObject([
      { kind: 'department', key: '2', name: '华东业务部', field: 'region', value: '华东', by: '马超' },
      { kind: 'tag_group', key: '地区', name: '地区', field: 'region', value: null, reach: 1 },
    ])
    expect(
      (await admin.ask('POST', '/api/facts/rules/drop', { kind: 'department', key: '2', field: 'region' })).status,
    ).toBe(200)
    expect(factsOf((await boss.ask('GET', memberPath(id))).body, 'region')).toEqual([])
  })

  it('what must decide nothing cannot be mapped, and nor can what is not there', async () => {
    expect((await set('tag_group', '性别', 'region', null)).body.code).toBe('fact_banned')
    expect((await set('tag', 'g1', 'region', '华东')).body.code).toBe('fact_banned')
    expect((await set('tag', 'none', 'region', '华东')).status).toBe(404)
    expect((await set('department', '2', 'tier', 'A')).status).toBe(404)
    expect((await set('tag', 'r1', 'tier', '高')).body.code).toBe('fact_unreadable')
  })
})

describe('one’s own', () => {
  it('a member reads what is known of them, asks for a correction, and reads the answer; only who keeps it answers', async () => {
    const me = await desk.member('程子墨', { userid: 'own1', departments: [2] })
    const { id: stranger } = await desk.member('外', { departments: [3] })
    await put(boss, memberPath(me.id), 'region', '华北')
    const own = async () => (await me.ask('GET', '/api/me/facts')).body
    expect(factsOf(await own(), 'region')).toMatchObject([{ text: '华北', by: '周敏' }])
    const ask = (said: string) => me.ask('POST', '/api/me/facts/corrections', { field: 'region', said })
    expect((await ask('我在华东')).status).toBe(200)
    expect((await ask('再说一次')).body.code).toBe('correction_open')
    expect((await me.ask('GET', '/api/facts/corrections')).status).toBe(403)

    const open = async (who: Person) => (await who.ask('GET', '/api/facts/corrections')).body.items
    // `other` leads department 2; what somebody asked of department 3 is not theirs to read.
    const far = { id: 'far', memberId: stranger, field: 'region', said: '远', askedAt: desk.deps.now() }
    await desk.db.insertInto('factCorrection').values(far).execute()
    expect(await open(other)).toMatchObject([{ member: me.id, name: '程子墨', field: 'region', said: '我在华东' }])
    expect((await other.ask('POST', '/api/facts/corrections/far', { changed: true, answer: 'x' })).status).toBe(404)
    const [{ id }] = await open(other)
    const answer = (who: Person) =>
      who.ask('POST', `/api/facts/corrections/${id}`, { changed: true, answer: '已改为华东' })
    await put(other, memberPath(me.id), 'region', '华东')
    expect((await answer(other)).status).toBe(200)
    expect((await answer(hr)).body.code).toBe('stale')
    expect((await own()).corrections).toMatchObject([
      { said: '我在华东', answer: { by: '何志远', changed: true, text: '已改为华东' } },
    ])
    expect((await ask('又不对了')).status).toBe(200)
    const log = (await desk.audits()).filter((a) => a.action.startsWith('correction.'))
    expect(log.map((a) => [a.action, a.actor])).toEqual([
      ['correction.asked', me.id],
      ['correction.answered', other.id],
      ['correction.asked', me.id],
    ])
    expect(JSON.stringify(log)).not.toContain('华东')
  })
})
