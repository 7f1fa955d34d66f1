import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { complaintsJob } from '../../src/server/complaint/jobs'
import { openDesk, tell, type Desk } from '../support/handovers'

let desk: Desk
type Person = Awaited<ReturnType<Desk['member']>>
let officer: Person
let second: Person
let third: Person
const START = Date.parse('2026-12-01T02:00:00Z')
beforeAll(async () => {
  desk = await openDesk({ COMPLIANCE: 'shenlan,liuyang,zhaolei' })
  officer = await desk.member('沈岚', { userid: 'shenlan' })
  second = await desk.member('刘洋', { userid: 'liuyang' })
  third = await desk.member('赵磊', { userid: 'zhaolei' })
})
afterAll(() => desk.close())
beforeEach(() => void (desk.clock.now += 3_600_000))

const DAY = 86_400_000
const text = (html: string) => html.replace(/<[^>]*>/g, '').replace(/\s+/g, '')
const rowOf = (number: string) =>
  desk.db.selectFrom('complaint').selectAll().where('number', '=', number).executeTakeFirstOrThrow()
const numberIn = (location: string) => /TS-\d{8}-\d{4}/.exec(location)?.[0] ?? ''
const on = (number: string, step: string, body: object = {}, who = officer) =>
  who.ask('POST', `/api/complaints/${number}/${step}`, body)

/** A customer writes from their letter. */
async function written(words = `没人回复 ${desk.clock.now}`, contact = '139 0000 1111') {
  const placed = await desk.handover()
  const { path } = await tell(placed)
  const sent = await desk.send(`${path}/complaint`, { text: words, contact })
  const page = sent.headers.get('location') ?? ''
  return { placed, letter: path, page, number: numberIn(page) }
}
const sorted = (number: string, more: object = {}, who = officer) =>
  on(number, 'triage', { kind: 'service', severity: 'normal', about: null, owner: who.id, ...more }, who)
const found = {
  outcome: 'partly',
  againstStaff: false,
  summary: '已安排专人回访',
  reasons: '核对了三天的聊天记录，确有两次没有回复。',
}

async function decided() {
  const one = await written()
  await sorted(one.number)
  await on(one.number, 'begin')
  expect((await on(one.number, 'decide', found)).status).toBe(200)
  return one
}

describe('from the page to the register', () => {
  it('compliance reads complaints by their clocks, by key, and every look is on record; nobody else does', async () => {
    const one = await written('一')
    desk.clock.now += 60_000
    await desk.send('/n/complaint', { text: '二' })
    const first = await officer.ask('GET', '/api/complaints?limit=1')
    expect(first.body.items).toMatchObject([{ excerpt: '一', about: '陈一鸣', state: 'acknowledged', owner: null }])
    const next = await officer.ask('GET', `/api/complaints?limit=1&after=${encodeURIComponent(first.body.next)}`)
    expect(next.body).toMatchObject({ items: [{ excerpt: '二', about: null }], next: null })
    expect((await officer.ask('GET', '/api/complaints?after=x')).status).toBe(400)
    expect((await officer.ask('GET', '/api/complaints?after=9%7Cx%7Cy')).status).toBe(400)
    expect((await one.placed.successor.ask('GET', '/api/complaints')).status).toBe(403)
    const looks = (await desk.audits()).filter((a) => a.action === 'look.complaints')
    expect(looks[0]).toMatchObject({ actor: officer.id, detail: { numbers: [one.number] } })
    const detail = await officer.ask('GET', `/api/complaints/${one.number}`)
    expect(detail.body).toMatchObject({ text: '一', contact: '139 0000 1111', may: expect.arrayContaining(['triage']) })
    expect(detail.body.message).toContain(`编号${one.number}，由个人信息保护办公室处理`)
    expect(JSON.stringify(await desk.audits())).not.toContain('0000 1111')
  })

  it('numbers count without a gap within the Beijing day, also when many come at once', async () => {
    desk.clock.now = Date.parse('2026-12-31T15:59:00Z') // 23:59 in Beijing
    const limited = await Promise.all(
      Array.from({ length: 18 }, (_, i) => desk.send('/n/complaint', { text: `第 ${i} 件` })),
    )
    expect(new Set(limited.map((r) => r.status))).toEqual(new Set([303]))
    desk.clock.now += 120_000
    await desk.send('/n/complaint', { text: '新年第一件' })
    const numbers = (await desk.db.selectFrom('complaint').select('number').orderBy('number').execute()).map(
      (c) => c.number,
    )
    const ofDay = (day: string) => numbers.filter((n) => n.startsWith(`TS-${day}`)).map((n) => Number(n.slice(-4)))
    expect(ofDay('20261231')).toEqual(Array.from({ length: 18 }, (_, i) => i + 1))
    expect(ofDay('20270101')).toEqual([1])
    desk.clock.now = START + DAY
  })

  it('from an expired link and from none, the number stands there at once, and the page of it opens (T-31)', async () => {
    const { letter } = await written()
    desk.clock.now += 91 * DAY
    for (const path of [`${letter}/complaint`, '/n/complaint']) {
      const sent = await desk.send(path, { text: `过期了 ${path}` })
      expect(sent.status).toBe(303)
      const page = await desk.page(sent.headers.get('location') ?? '')
      expect(page.status).toBe(200)
      expect(text(page.html)).toMatch(/已收到您的投诉，编号TS-\d{8}-\d{4}.*我们会在\d+年\d+月\d+日前把结果和理由告诉您/)
    }
    desk.clock.now = START + 2 * DAY
  })

  it('stores its due dates with the calendar they were counted with (T-33)', async () => {
    desk.clock.now = Date.parse('2026-09-18T03:00:00Z')
    const { number } = await written()
    expect(await rowOf(number)).toMatchObject({
      ...{ acknowledgeBy: '2026-09-20', respondBy: '2026-09-22', decideBy: '2026-10-15', stopBy: '2026-10-18' },
      ...{ calendar: '2026.1', nextBy: '2026-09-22' },
    })
    const at = async (day: string) => {
      desk.clock.now = Date.parse(`${day}T03:00:00Z`)
      return (await officer.ask('GET', `/api/complaints/${number}`)).body as Record<string, unknown>
    }
    expect(await at('2026-10-15')).toMatchObject({ day: 15, red: false, stopped: false })
    expect(await at('2026-10-16')).toMatchObject({ day: 16, red: true, stopped: false })
    expect(await at('2026-10-19')).toMatchObject({ red: true, stopped: true })
    const queue = await officer.ask('GET', '/api/complaints?limit=1')
    expect(queue.body.items).toMatchObject([{ number, stopped: true }])
    desk.clock.now = Date.parse('2026-12-20T03:00:00Z')
    const late = await written()
    const unsure = await officer.ask('GET', `/api/complaints/${late.number}`)
    expect(unsure.body).toMatchObject({ calendar: '2026.1+2027.0', unsure: [2027] })
    expect((await officer.ask('GET', '/api/complaints')).body.yearsMissing).toEqual([2027])
    desk.clock.now = START + 3 * DAY
  })
})

describe('who handles it', () => {
  it('never whoever it is about, nor their direct lead: not by assigning, nor by acting, and the person finds none', async () => {
    const { number } = await written()
    await desk.db
      .insertInto('department')
      .values({ id: 77, name: '合规部', parentId: 1, leaders: ['liuyang'] })
      .onConflict((c) => c.doNothing())
      .execute()
    await desk.db
      .updateTable('member')
      .set({ departmentIds: [77] })
      .where('id', '=', third.id)
      .execute()
    const about = { about: third.id }
    for (const owner of [third, second])
      expect((await sorted(number, { ...about, owner: owner.id })).body.code).toBe('complaint_conflict')
    expect((await sorted(number, about)).status).toBe(200)
    // To whoever it is about it does not exist, byte for byte.
    const bytes = (answer: { status: number; text: string }) =>
      `${answer.status} ${answer.text.replace(/"requestId":"[^"]*"/, '')}`
    const absent = await third.ask('GET', '/api/complaints/TS-20200101-0001')
    expect(bytes(await third.ask('GET', `/api/complaints/${number}`))).toBe(bytes(absent))
    expect(bytes(await on(number, 'note', { text: 'x' }, third))).toBe(
      bytes(await on('TS-20200101-0001', 'note', { text: 'x' }, third)),
    )
    const theirs = await third.ask('GET', '/api/complaints?limit=100')
    expect(theirs.body.items.map((c: { number: string }) => c.number)).not.toContain(number)
    // The lead reads that it is there, and must not touch it.
    expect((await second.ask('GET', `/api/complaints/${number}`)).body).toMatchObject({ conflict: 'lead', may: [] })
    expect((await on(number, 'begin', {}, second)).body.code).toBe('complaint_conflict')
    const { items } = (await officer.ask('GET', `/api/complaints/${number}/handlers`)).body
    expect(items.map((h: { name: string; conflict: string | null }) => [h.name, h.conflict])).toEqual(
      expect.arrayContaining([
        ['沈岚', null],
        ['刘洋', 'lead'],
        ['赵磊', 'about'],
      ]),
    )
    await desk.db.updateTable('member').set({ departmentIds: [] }).where('id', '=', third.id).execute()
  })

  it('a step that does not fit is a 409, changes nothing, and is on record', async () => {
    const { number } = await written()
    const before = await rowOf(number)
    for (const [step, body] of [
      ['begin', {}],
      ['contact', { how: 'phone', what: 'acknowledge', words: '已告知' }],
      ['contact', { how: 'phone', what: 'result', words: '已告知' }],
      ['reopen', { how: 'phone', text: '不同意' }],
      ['decide', found],
    ] as const)
      expect([step, (await on(number, step, body)).status]).toEqual([step, 409])
    expect(await rowOf(number)).toEqual(before)
    const refused = (await desk.audits()).filter((a) => a.action === 'complaint.refused' && a.subject === number)
    expect(refused).toHaveLength(5)
  })

  it('of two who begin at once one has it', async () => {
    const { number } = await written()
    await sorted(number)
    await on(number, 'assign', { owner: second.id, reason: '换人' })
    const answers = await Promise.all([on(number, 'begin'), on(number, 'begin', {}, second)])
    expect(answers.map((a) => a.status).sort()).toEqual([200, 409])
    expect(await rowOf(number)).toMatchObject({ state: 'handling', ownerId: second.id })
  })
})

describe('the result', () => {
  it('without reasons it is refused (T-33)', async () => {
    const { number } = await written()
    await sorted(number)
    await on(number, 'begin')
    for (const reasons of ['', ' ', '短'])
      expect((await on(number, 'decide', { ...found, reasons })).body).toMatchObject({
        code: 'invalid',
        fields: ['reasons'],
      })
    expect((await rowOf(number)).state).toBe('handling')
  })

  it('upheld against a colleague it counts only when a second person agrees, who is not its author', async () => {
    const { number, page } = await written()
    await sorted(number, { kind: 'employee' })
    await on(number, 'begin')
    const upheld = { ...found, outcome: 'upheld' }
    expect((await on(number, 'decide', upheld)).status).toBe(200)
    expect((await rowOf(number)).state).toBe('handling')
    expect(text((await desk.page(page)).html)).not.toContain('已安排专人回访')
    const seq = (n: number) => ({ seq: n, agree: true, words: null })
    expect((await on(number, 'confirm', seq(1))).body.code).toBe('complaint_second')
    const sentBack = { seq: 1, agree: false, words: '请补充录音的核对' }
    expect((await on(number, 'confirm', { ...sentBack, words: null }, second)).status).toBe(400)
    expect((await on(number, 'confirm', sentBack, second)).status).toBe(200)
    expect((await on(number, 'confirm', seq(1), second)).body.code).toBe('stale')
    await on(number, 'decide', upheld)
    expect((await on(number, 'confirm', seq(2), second)).status).toBe(200)
    expect((await rowOf(number)).state).toBe('resolved')
    expect(text((await desk.page(page)).html)).toContain('已安排专人回访')
  })

  it('counts as told when the customer had it open for two seconds, or when somebody told them and says how (T-33)', async () => {
    const one = await decided()
    const shown = await desk.page(one.page)
    expect((await rowOf(one.number)).state).toBe('resolved')
    expect(shown.html).toContain(`data-seen="${one.page}/seen"`)
    await desk.send(`${one.page}/seen`)
    expect(await rowOf(one.number)).toMatchObject({ state: 'result_informed', informedBy: 'page' })
    const other = await decided()
    expect((await on(other.number, 'contact', { how: 'phone', what: 'result', words: '' })).status).toBe(400)
    await on(other.number, 'contact', { how: 'phone', what: 'result', words: '12月4日致电本人，已告知' }, second)
    expect(await rowOf(other.number)).toMatchObject({ state: 'result_informed', informedBy: 'phone' })
    // A second time changes nothing.
    const before = await rowOf(one.number)
    await desk.send(`${one.page}/seen`)
    expect(await rowOf(one.number)).toEqual(before)
  })

  it('whoever disagrees is heard by somebody else, with clocks that begin anew (reopened)', async () => {
    const { page, number } = await decided()
    await desk.send(`${page}/seen`)
    desk.clock.now += DAY
    const sent = await desk.send(`${page}/again`, { text: '回访的人不知情' })
    expect(sent.status).toBe(303)
    expect(text((await desk.page(page)).html)).toContain('现由另一位同事重新处理')
    const row = await rowOf(number)
    expect(row).toMatchObject({
      state: 'reopened',
      ownerId: null,
      round: 2,
      pastOwners: [officer.id],
      informedAt: null,
    })
    expect((await on(number, 'begin')).body.code).toBe('complaint_conflict')
    expect((await on(number, 'begin', {}, second)).status).toBe(200)
    expect((await on(number, 'assign', { owner: officer.id, reason: 'x' }, second)).body.code).toBe(
      'complaint_conflict',
    )
    // A second tap of the same button did nothing.
    await desk.send(`${page}/again`, { text: '回访的人不知情' })
    expect((await rowOf(number)).round).toBe(2)
  })

  it('seven days later it is closed, and disagreeing is over', async () => {
    const { page, number } = await decided()
    await desk.send(`${page}/seen`)
    desk.clock.now += 7 * DAY
    await complaintsJob(desk.deps)
    expect((await rowOf(number)).state).toBe('result_informed')
    desk.clock.now += 1000
    await complaintsJob(desk.deps)
    expect((await rowOf(number)).state).toBe('closed')
    await desk.send(`${page}/again`, { text: '太晚' })
    expect((await rowOf(number)).state).toBe('closed')
    expect(text((await desk.page(page)).html)).toContain('或依法向法院起诉')
  })
})

describe('the customer’s page', () => {
  it('asks once, takes the answer, and goes on without one after five working days', async () => {
    const { page, number } = await written()
    await sorted(number)
    await on(number, 'begin')
    await on(number, 'ask', { text: '请问是哪一天？' })
    expect(text((await desk.page(page)).html)).toContain('请问是哪一天？')
    await desk.send(`${page}/more`, { text: '上周二' })
    expect((await rowOf(number)).state).toBe('handling')
    expect((await on(number, 'ask', { text: '几点？' })).body.code).toBe('complaint_asked')
    const events = (await officer.ask('GET', `/api/complaints/${number}`)).body.events as {
      what: string
      words: string
    }[]
    expect(events.find((e) => e.what === 'answer')?.words).toBe('上周二')
    const silent = await written()
    await sorted(silent.number)
    await on(silent.number, 'begin')
    await on(silent.number, 'ask', { text: '请问是哪一天？' })
    desk.clock.now += 8 * DAY
    await complaintsJob(desk.deps)
    expect((await rowOf(silent.number)).state).toBe('handling')
  })

  it('opens by number and contact; a wrong contact, no number and somebody else’s are one answer', async () => {
    const { number, page } = await written('查进度', '+86 139-0000-2222')
    const right = await desk.send('/n/complaint/find', { number: number.toLowerCase(), contact: '13900002222' })
    expect(right.headers.get('location')).toBe(page)
    const answers = await Promise.all(
      [
        { number, contact: '13900003333' },
        { number: 'TS-20200101-0001', contact: '13900002222' },
        { number: 'x', contact: '' },
      ].map((given) => desk.send('/n/complaint/find', given)),
    )
    const pages = await Promise.all(answers.map(async (a) => text(await a.text())))
    expect(answers.map((a) => a.status)).toEqual([404, 404, 404])
    expect(new Set(pages).size).toBe(1)
    for (const path of [`/n/complaint/${number}/${'A'.repeat(22)}`, '/n/complaint/TS-20200101-0001/x'])
      expect((await desk.page(path)).status).toBe(404)
  })

  it('guessing at a proof is stopped like guessing at a number, and neither says which it was', async () => {
    const { number, page } = await written()
    desk.clock.now += 60_000
    const guesses = (of: string) =>
      Promise.all(Array.from({ length: 25 }, (_, i) => desk.page(`/n/complaint/${of}/${String(i).padStart(22, 'x')}`)))
    const counts = (answers: { status: number }[]) => answers.filter((a) => a.status === 429).length
    const wrong = await guesses(number)
    desk.clock.now += 60_000
    const absent = await guesses('TS-20200101-0001')
    expect([counts(wrong), counts(absent)]).toEqual([5, 5])
    expect((await desk.page(page)).status).toBe(200)
  })

  it('says nothing of what was written, and ends when its key is changed', async () => {
    const { page, number } = await written('CANARY-WORDS', 'CANARY-CONTACT')
    expect((await desk.page(page)).html).not.toContain('CANARY')
    await desk.db.updateTable('complaint').set({ linkKey: 'anew' }).where('number', '=', number).execute()
    expect((await desk.page(page)).status).toBe(404)
  })
})

describe('a request inside a complaint', () => {
  const requestOf = async (id: string) => (await officer.ask('GET', `/api/requests/${id}`)).body
  const copy = { kind: 'copy', text: '把你们存的资料给我一份' }

  it('gets a number and a clock of its own, which has run since the complaint came; who asks is found out by a person', async () => {
    const { number, letter } = await written('没人回复，把你们存的资料给我一份')
    const came = desk.clock.now
    desk.clock.now += 2 * DAY
    const opened = await on(number, 'request', copy)
    expect(opened).toMatchObject({ status: 200, body: { number: expect.stringMatching(/^QQ-/) } })
    const request = await requestOf(opened.body.id)
    expect(request).toMatchObject({ ...copy, at: new Date(came).toISOString(), contact: '139 0000 1111' })
    expect(request).toMatchObject({ state: 'received', level: 'IAL0', identified: null, enough: false })
    // Fifteen working days from the complaint, as the complaint itself has.
    expect(request.due).toBe((await rowOf(number)).decideBy)
    const { requests, events } = (await officer.ask('GET', `/api/complaints/${number}`)).body
    expect(requests).toEqual([{ id: opened.body.id, number: opened.body.number, kind: 'copy' }])
    expect(events.at(-1)).toMatchObject({ what: 'request', words: opened.body.number })
    // The complaint itself goes on as it was, and the customer finds the request under their choices.
    expect(await rowOf(number)).toMatchObject({ state: 'acknowledged' })
    expect((await desk.page(`${letter}/record`)).html).toContain(opened.body.number)
    expect(JSON.stringify(await desk.audits())).not.toContain('存的资料')
  })

  it('is one of a kind, whoever opens it again and however often at once', async () => {
    const { number } = await written()
    const answers = await Promise.all([officer, second, third].map((who) => on(number, 'request', copy, who)))
    expect(answers.map((a) => a.status)).toEqual([200, 200, 200])
    expect(new Set(answers.map((a) => a.body.number)).size).toBe(1)
    const other = await on(number, 'request', { ...copy, kind: 'explain_rules' })
    // What shows nothing of anybody needs nobody.
    expect(await requestOf(other.body.id)).toMatchObject({ state: 'identity_check', enough: true })
    expect(other.body.number).not.toBe(answers[0]?.body.number)
    const { events } = (await officer.ask('GET', `/api/complaints/${number}`)).body as { events: { what: string }[] }
    expect(events.filter((e) => e.what === 'request')).toHaveLength(2)
  })

  it('is not opened for somebody nobody knows, by whoever it is about, nor once it is closed', async () => {
    const call = await officer.ask('POST', '/api/complaint-records', { channel: 'phone', text: '来电', contact: null })
    const known = await officer.ask('GET', `/api/complaints/${call.body.number}`)
    expect(known.body.may).not.toContain('request')
    expect(await on(call.body.number, 'request', copy)).toMatchObject({ status: 409, body: { code: 'complaint_step' } })
    const about = await written()
    await sorted(about.number, { about: second.id })
    expect((await on(about.number, 'request', copy, second)).status).toBe(404)
    const closed = await written()
    await desk.db.updateTable('complaint').set({ state: 'closed' }).where('number', '=', closed.number).execute()
    expect((await on(closed.number, 'request', copy)).status).toBe(409)
  })
})

it('members are told by message: new ones, news, and what is late; each once', async () => {
  await complaintsJob(desk.deps)
  await desk.db.deleteFrom('letterToMember').execute()
  const { number, page } = await written()
  await complaintsJob(desk.deps)
  await complaintsJob(desk.deps)
  const letters = () =>
    desk.db.selectFrom('letterToMember').select(['kind', 'memberId', 'params']).orderBy('writtenAt').execute()
  const fresh = (await letters()).filter((l) => l.kind === 'complaint_new')
  expect(fresh).toHaveLength(3)
  expect(fresh[0]?.params).toEqual({ count: 1 })
  await sorted(number)
  await on(number, 'begin')
  await on(number, 'contact', { how: 'chat', what: 'respond', words: '已联系' })
  await desk.send(`${page}/more`, { text: '补充' })
  await complaintsJob(desk.deps)
  expect((await letters()).filter((l) => l.kind === 'complaint_news')).toMatchObject([
    { memberId: officer.id, params: { number } },
  ])
  desk.clock.now += 25 * DAY
  await complaintsJob(desk.deps)
  await complaintsJob(desk.deps)
  const late = (await letters()).filter((l) => (l.params as { number?: string }).number === number)
  expect(late.filter((l) => (l.params as { what?: string }).what === 'late')).toMatchObject([{ memberId: officer.id }])
  desk.clock.now += 10 * DAY
  await complaintsJob(desk.deps)
  const stop = (await letters()).filter(
    (l) =>
      (l.params as { what?: string; number?: string }).what === 'stop' &&
      (l.params as { number?: string }).number === number,
  )
  expect(stop).toHaveLength(3)
  expect(JSON.stringify(await letters())).not.toContain('没人回复')
})
