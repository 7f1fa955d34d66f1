import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jobs } from '../../src/server/app'
import { act } from '../../src/server/db/act'
import { revokeSessions } from '../../src/server/db/revoke'
import { unguard } from '../../src/server/export/csv'
import { openDesk, tell, type Desk, type Placed } from '../support/handovers'
import { readCsv } from '../support/rfc4180'

const HOUR = 3600_000
type Person = Placed['leaver']

let desk: Desk
let manager: Person
let second: Person
let officer: Person
let officer2: Person
let admin: Person
beforeAll(async () => {
  desk = await openDesk({ MANAGERS: 'm1,m2', COMPLIANCE: 'c1,c2', ADMINS: 'a1' })
  manager = await desk.member('周敏', { userid: 'm1' })
  second = await desk.member('何志远', { userid: 'm2' })
  officer = await desk.member('沈岚', { userid: 'c1' })
  officer2 = await desk.member('苏白', { userid: 'c2' })
  admin = await desk.member('马超', { userid: 'a1' })
})
afterAll(() => desk.close())

const work = () => jobs.exports.run(desk.deps)
const setSwitch = (on: boolean, marks = false) =>
  admin.ask('POST', '/api/export-switch/set', { on, marks, reason: '季度核对' })

/** A departure with so many customers, taken over and told unless wished otherwise; the last of them is answered. */
async function departed(
  count: number,
  wish: Parameters<Desk['handover']>[0] = { transfer: 'taken_over', notice: 'due' },
) {
  const first = await desk.handover(wish)
  let last = first
  for (let i = 1; i < count; i++)
    last = await desk.handover({ ...wish, leaver: first.leaver, successor: first.successor })
  const { id } = await desk.db
    .selectFrom('departure')
    .select('id')
    .where('memberId', '=', first.leaver.id)
    .executeTakeFirstOrThrow()
  return { departure: id, first, last }
}

const wishFor = (departure: string, fields: string[] = ['short_name', 'state', 'leaver']) => ({
  kind: 'departure',
  departure,
  fields,
  format: 'csv',
})

async function ask(by: Person, what: object) {
  const preview = await by.ask('POST', '/api/export-preview', what)
  if (preview.status !== 200) throw new Error(preview.text)
  const asked = await by.ask('POST', '/api/export-requests', {
    ...what,
    purpose: 'handover_check',
    note: '核对交接进度，只给本组看',
    seal: preview.body.seal,
  })
  if (asked.status !== 200) throw new Error(asked.text)
  return asked.body as { id: string; digest: string; number: string }
}

const approve = (by: Person, { id, digest }: { id: string; digest: string }) =>
  by.ask('POST', `/api/exports/${id}/approve`, { digest })

async function ready(by: Person, approver: Person, what: object) {
  const request = await ask(by, what)
  expect((await approve(approver, request)).status).toBe(200)
  await work()
  return { ...request, code: await codeOf(request.id) }
}

async function codeOf(id: string): Promise<string> {
  const letters = await desk.db
    .selectFrom('letterToMember')
    .select('params')
    .where('kind', '=', 'export_code')
    .orderBy('writtenAt', 'desc')
    .orderBy('id', 'desc')
    .execute()
  const mine = letters.map((l) => l.params as { export: string; code: string }).find((p) => p.export === id)
  if (!mine) throw new Error('no code was sent')
  return mine.code
}

const take = (by: Person, { id, code }: { id: string; code: string }) =>
  by.open('POST', `/api/exports/${id}/file`, { code })
const stateOf = async (id: string) =>
  (await desk.db.selectFrom('exportRequest').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
const files = async () => (await desk.db.selectFrom('exportFile').select('exportId').execute()).map((f) => f.exportId)
const entries = async (action: string, subject: string) =>
  (await desk.audits()).filter((a) => a.action === action && a.subject === subject)

describe('exporting is off', () => {
  it('until an administrator switches it on and says why; the switch is on record, and turns no rule off (T-47)', async () => {
    const { departure } = await departed(1)
    expect((await manager.ask('POST', '/api/export-preview', wishFor(departure))).body.code).toBe('export_off')
    expect((await manager.ask('GET', '/api/export-choices')).body.open).toBe(false)
    expect((await admin.ask('POST', '/api/export-switch/set', { on: true, marks: false, reason: ' ' })).status).toBe(
      400,
    )
    expect((await manager.ask('POST', '/api/export-switch/set', { on: true, marks: false, reason: 'x' })).status).toBe(
      403,
    )
    const on = await setSwitch(true)
    expect(on.body).toMatchObject({ on: true, marks: false, changed: { by: '马超', reason: '季度核对' } })
    expect(await entries('setting.changed', 'export')).toMatchObject([
      { actor: admin.id, detail: { before: { on: false, marks: false }, after: { on: true, marks: false } } },
    ])
    expect((await manager.ask('GET', '/api/export-choices')).body.open).toBe(true)
    // The rules are not in the table of settings at all.
    expect(Object.keys(on.body)).toEqual(['on', 'marks', 'changed'])
  })

  it('and switched off again, what was open is dead and its file gone', async () => {
    const { departure } = await departed(1)
    const made = await ready(manager, second, wishFor(departure))
    const waiting = await ask(manager, wishFor(departure))
    expect(await files()).toEqual([made.id])
    await setSwitch(false)
    expect((await take(manager, made)).status).toBe(403)
    expect((await approve(second, waiting)).body.code).toBe('export_off')
    await work()
    expect([await stateOf(made.id), await stateOf(waiting.id), await files()]).toEqual(['stopped', 'stopped', []])
    await setSwitch(true)
  })
})

describe('an export (compliance 6.4)', () => {
  it('shows rows and columns before it is sent, is approved by another, made sealed, taken once, with its hash in the log', async () => {
    const { departure, first } = await departed(3)
    const what = wishFor(departure, ['state', 'short_name', 'name', 'remark', 'taken_over'])
    const preview = await manager.ask('POST', '/api/export-preview', what)
    // Not told yet: a manager sees F1, not F2 (compliance 6.2, V1).
    expect(preview.body).toMatchObject({
      rows: 3,
      needsCompliance: false,
      columns: [
        { field: 'short_name', class: 'F0', open: 3 },
        { field: 'state', class: 'F0', open: 3 },
        { field: 'taken_over', class: 'F0', open: 3 },
        { field: 'name', class: 'F1', open: 3 },
        { field: 'remark', class: 'F2', open: 0 },
      ],
    })
    await tell(first)
    const request = await ask(manager, what)
    expect((await second.ask('GET', '/api/exports?view=decide')).body.items[0]).toMatchObject({
      ...{ id: request.id, rows: 3, askedBy: '周敏', decision: 'may_decide', purpose: 'handover_check', of: '林晓' },
    })
    expect((await approve(manager, request)).body.code).toBe('export_own')
    expect((await approve(second, { ...request, digest: '0'.repeat(64) })).body.code).toBe('stale')
    expect((await approve(second, request)).body).toMatchObject({ state: 'approved', approvals: [{ by: '何志远' }] })
    await work()
    const sealed = await desk.db.selectFrom('exportFile').select('sealed').executeTakeFirstOrThrow()
    expect(Buffer.from(sealed.sealed, 'base64').toString('latin1')).not.toContain('CANARY')
    const taken = await take(manager, { ...request, code: (await codeOf(request.id)).toLowerCase().replace('-', ' ') })
    expect([taken.status, taken.headers.get('cache-control'), taken.headers.get('x-content-type-options')]).toEqual([
      ...[200, 'no-store', 'nosniff'],
    ])
    expect(taken.headers.get('content-disposition')).toMatch(
      /^attachment; filename="export_2026-12-01_EX-[0-9A-F]{8}\.csv"; filename\*=UTF-8''%E6%95%B0/,
    )
    const bytes = Buffer.from(await taken.arrayBuffer())
    const [head, ...rows] = readCsv(bytes.toString('utf8').slice(1)).map((row) => row.map(unguard))
    expect(head).toEqual(['姓氏', '状态', '接替时间', '称呼', '备注', '导出记录'])
    expect(rows.map((row) => [row[0], row[1], row[3], row[4]])).toEqual([
      ['王*', '已告知 · 可服务', '王建国', '王总 CANARY-REMARK'],
      ['王*', '已接替 · 尚未告知客户', '王建国', ''],
      ['王*', '已接替 · 尚未告知客户', '王建国', ''],
    ])
    expect(rows.every((row) => row[5]?.startsWith('周敏 2026-12-01') && row[5].endsWith(request.number))).toBe(true)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(await entries('export.downloaded', request.id)).toMatchObject([
      { actor: manager.id, detail: { sha256, rows: 3, purpose: 'handover_check', fields: expect.anything() } },
    ])
    expect([await stateOf(request.id), await files()]).toEqual(['downloaded', []])
    expect((await take(manager, { ...request, code: '2222-2222' })).status).toBe(409)
    expect(JSON.stringify(await desk.audits())).not.toMatch(/CANARY|王建国/)
  })

  it('of one departure is told to compliance with its hash; other managers’ exports and absent ones answer alike', async () => {
    const { departure } = await departed(1)
    const request = await ask(manager, wishFor(departure))
    expect((await officer.ask('GET', `/api/exports/${request.id}`)).body.id).toBe(request.id)
    const rep = await desk.member('陈一鸣')
    expect((await rep.ask('GET', `/api/exports/${request.id}`)).status).toBe(403)
    const leader = await desk.member('部门主管', { userid: 'leader' })
    await desk.db
      .insertInto('department')
      .values({ id: 9, name: '九部', parentId: 0, leaders: ['leader'] })
      .execute()
    const plain = ({ status, text }: { status: number; text: string }) => [
      status,
      text.replace(/"requestId":"\w+"/, ''),
    ]
    const others = await leader.ask('GET', `/api/exports/${request.id}`)
    expect(others.status).toBe(404)
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/approve'],
      ['POST', '/reject'],
      ['POST', '/withdraw'],
      ['POST', '/code'],
      ['POST', '/file'],
    ] as const) {
      const body = { digest: request.digest, reason: 'x', code: 'x' }
      const [theirs, none] = [
        await leader.ask(method, `/api/exports/${request.id}${path}`, body),
        await leader.ask(method, `/api/exports/nobody${path}`, body),
      ]
      expect([path, ...plain(theirs)]).toEqual([path, ...plain(none)])
      expect(theirs.status).toBe(404)
    }
    const log = await leader.ask('POST', '/api/export-preview', { ...wishFor(departure, ['at']), kind: 'view_log' })
    expect(log.status).toBe(400)
  })

  it('holds what the requester may see when it is made: of the approved rows, and of no others', async () => {
    const { departure, first, last } = await departed(2)
    await tell(first)
    const request = await ask(manager, wishFor(departure, ['short_name', 'remark']))
    await approve(second, request)
    await desk.handover({ transfer: 'taken_over', notice: 'sent', leaver: first.leaver })
    await desk.db.updateTable('transfer').set({ state: 'elsewhere' }).where('handoverId', '=', first.id).execute()
    await tell(last)
    await work()
    const taken = await take(manager, { ...request, code: await codeOf(request.id) })
    const rows = readCsv((await taken.text()).replace(/^\ufeff/, ''))
    expect(rows.slice(1).map((row) => row[1])).toEqual(['', '王总 CANARY-REMARK'])
  })

  it('lapses when it is not approved within 48 hours, and not a moment before', async () => {
    const { departure } = await departed(1)
    const request = await ask(manager, wishFor(departure))
    desk.clock.now += 48 * HOUR - 1
    await work()
    expect(await stateOf(request.id)).toBe('pending')
    desk.clock.now += 1
    expect((await approve(second, request)).body.code).toBe('stale')
    await work()
    expect(await stateOf(request.id)).toBe('lapsed')
  })

  it('lies there for 24 hours, and not a moment longer', async () => {
    const { departure } = await departed(1)
    const made = await ready(manager, second, wishFor(departure))
    desk.clock.now += 24 * HOUR - 1
    await work()
    expect(await files()).toEqual([made.id])
    desk.clock.now += 1
    expect((await take(manager, made)).status).toBe(409)
    await work()
    expect([await stateOf(made.id), await files()]).toEqual(['expired', []])
  })

  it('is taken by exactly one of twenty who ask at once (Q35)', async () => {
    const { departure } = await departed(1)
    const made = await ready(manager, second, wishFor(departure))
    const answers = await Promise.all(Array.from({ length: 20 }, () => take(manager, made)))
    const statuses = answers.map((a) => a.status).sort()
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 409)])
    for (const answer of answers) await answer.arrayBuffer()
    expect(await stateOf(made.id)).toBe('downloaded')
    expect(await entries('export.downloaded', made.id)).toHaveLength(1)
  })

  it('whose download broke off may be begun again, three times in all; only a whole one counts', async () => {
    const { departure } = await departed(1)
    const made = await ready(manager, second, wishFor(departure))
    for (let time = 1; time <= 3; time++) {
      const answer = await take(manager, made)
      expect(answer.status).toBe(200)
      const reader = answer.body!.getReader()
      await reader.read()
      expect(await stateOf(made.id)).toBe('ready')
      await reader.cancel()
    }
    expect(await entries('export.broken_off', made.id)).toHaveLength(3)
    expect((await take(manager, made)).status).toBe(409)
    expect([await stateOf(made.id), await files()]).toEqual(['stopped', []])
    // A process that died in the middle says nothing; two minutes later it may be begun again.
    const other = await ready(manager, second, wishFor(departure))
    await take(manager, other)
    expect((await (await take(manager, other)).json()).code).toBe('export_taking')
    desk.clock.now += 2 * 60_000
    expect(await (await take(manager, other)).text()).toContain(other.number)
  })

  it('needs the code that came by another way; five wrong ones end it, a new one replaces the old', async () => {
    const { departure } = await departed(1)
    const made = await ready(manager, second, wishFor(departure))
    expect((await second.ask('POST', `/api/exports/${made.id}/file`, { code: made.code })).status).toBe(404)
    desk.clock.now += 1000
    expect((await manager.ask('POST', `/api/exports/${made.id}/code`)).status).toBe(200)
    expect(await codeOf(made.id)).not.toBe(made.code)
    for (let left = 4; left >= 0; left--) {
      const answer = await manager.ask('POST', `/api/exports/${made.id}/file`, { code: made.code })
      expect([answer.status, answer.body.message]).toEqual([403, `下载码不对，还可以再试 ${left} 次。`])
    }
    expect((await take(manager, { id: made.id, code: await codeOf(made.id) })).status).toBe(409)
    expect([await stateOf(made.id), (await files()).includes(made.id)]).toEqual(['stopped', false])
  })

  it('has at most 500 rows, and says how many there are', async () => {
    const { departure } = await departed(1)
    const { leaver } = (await departed(1)).first
    await desk.db.transaction().execute(async (tx) => {
      for (let i = 0; i < 500; i++) {
        const id = desk.deps.id()
        await tx
          .insertInto('customer')
          .values({ id, name: `客${i}`, firstSeenAt: desk.deps.now() })
          .execute()
        await tx
          .insertInto('handover')
          .values({ id, departureId: departure, customerId: id, createdAt: desk.deps.now() })
          .execute()
        await tx.insertInto('transfer').values({ handoverId: id, state: 'unassigned' }).execute()
        await tx.insertInto('notice').values({ handoverId: id, state: 'due' }).execute()
      }
    })
    const many = await manager.ask('POST', '/api/export-preview', wishFor(departure))
    expect(many.body).toMatchObject({ code: 'export_too_many', message: expect.stringContaining('501') })
    expect(leaver.name).toBe('林晓')
  })
})

describe('what identifies people (F3)', () => {
  const contacts = { kind: 'complaints', fields: ['number', 'contact'], format: 'csv' }

  it('needs compliance beside the other approver, three persons in all, and leaves masked; F4 to F6 are never offered', async () => {
    await desk.send('/n/complaint', { text: 'CANARY-COMPLAINT', contact: '139 0000 1111' })
    const choices = await officer.ask('GET', '/api/export-choices')
    const offered = choices.body.kinds.flatMap((k: { fields: { class: string }[] }) => k.fields.map((f) => f.class))
    expect(new Set(offered)).toEqual(new Set(['F0', 'F3']))
    const request = await ask(officer, contacts)
    expect((await approve(officer, request)).body.code).toBe('export_own')
    const first = await approve(second, request)
    expect(first.body).toMatchObject({ state: 'pending', decision: 'decided', approvals: [{ as: 'approver' }] })
    expect((await approve(manager, request)).body.code).toBe('forbidden')
    expect((await approve(second, request)).body.code).toBe('export_own')
    expect((await approve(officer2, request)).body).toMatchObject({ state: 'approved' })
    await work()
    const taken = await take(officer, { ...request, code: await codeOf(request.id) })
    const text = await taken.text()
    expect(text).toContain('139****1111')
    expect(text).not.toMatch(/CANARY|13900001111/)
    for (const row of await desk.db.selectFrom('exportRequest').selectAll().where('id', '=', request.id).execute())
      expect(new Set([row.askedBy, row.approvedBy, row.clearedBy]).size).toBe(3)
    const twice = desk.db.updateTable('exportRequest').set({ clearedBy: second.id }).where('id', '=', request.id)
    await expect(twice.execute()).rejects.toThrow(/check/)
  })
})

describe('the look log of one member (T-37)', () => {
  it('matches the audit log exactly: 40 looks and 2 exports, with classes and without values', async () => {
    const leader = await desk.member('李主管', { userid: 'm2x' })
    await desk.db
      .insertInto('department')
      .values({ id: 7, name: '七部', parentId: 0, leaders: ['m2x'] })
      .execute()
    await desk.db
      .updateTable('member')
      .set({ departmentIds: [7] })
      .where('id', '=', leader.id)
      .execute()
    await act(desk.db, new Date(desk.clock.now - 31 * 24 * HOUR), leader.id, async (_, audit) =>
      audit('look.brief', 'old'),
    )
    const { first } = await departed(1)
    for (let i = 0; i < 40; i++) {
      desk.clock.now += 1000
      await act(desk.db, desk.deps.now(), leader.id, async (_, audit) =>
        audit('look.brief', first.customer, {
          handover: first.id,
          stage: 'V2',
          classes: ['F0', 'F1', 'F2'],
          reason: 'serve',
        }),
      )
    }
    for (const id of ['x1', 'x2'])
      await act(desk.db, desk.deps.now(), leader.id, async (_, audit) => audit('export.downloaded', id, { rows: 3 }))
    await desk.handover({ leaver: leader })
    const { id } = await desk.db
      .selectFrom('departure')
      .select('id')
      .where('memberId', '=', leader.id)
      .executeTakeFirstOrThrow()
    const what = {
      kind: 'view_log',
      departure: id,
      days: 30,
      format: 'csv',
      fields: ['at', 'action', 'customer', 'classes', 'stage', 'subject'],
    }
    expect((await manager.ask('POST', '/api/export-preview', what)).status).toBe(400)
    const made = await ready(officer, officer2, what)
    const rows = readCsv((await (await take(officer, made)).text()).slice(1)).slice(1)
    const log = (await desk.audits()).filter((a) => a.actor === leader.id && a.subject !== 'old')
    expect(rows.map((r) => [r[1], r[3]])).toEqual(log.map((a) => [a.action, a.subject]))
    expect(rows.filter((r) => r[1] === 'look.brief')).toHaveLength(40)
    expect(rows[0]?.slice(1, 6)).toEqual(['look.brief', '王*', first.customer, 'V2', 'F0 F1 F2'])
    expect(rows.filter((r) => r[1] === 'export.downloaded')).toHaveLength(2)
    expect(JSON.stringify(rows)).not.toMatch(/CANARY|王建国/)
  })
})

describe('whoever leaves', () => {
  it('has no export from the moment they are announced, and is not told why; from the moment they are gone the file is deleted (T-40)', async () => {
    const { departure } = await departed(1)
    const made = await ready(manager, second, wishFor(departure))
    const at = desk.deps.now()
    const own = { memberId: manager.id, leftAt: new Date(at.getTime() + 30 * 24 * HOUR), noticedAt: at }
    await desk.db
      .insertInto('departure')
      .values({ id: 'leaving', ...own, knownBy: 'announced', gone: false, announcedBy: second.id, announcedAt: at })
      .execute()
    for (const path of ['/api/export-preview', `/api/exports/${made.id}/code`, `/api/exports/${made.id}/file`]) {
      const answer = await manager.ask('POST', path, { ...wishFor(departure), code: made.code })
      expect([path, answer.status, answer.body.message]).toEqual([
        path,
        403,
        '现在没有对您开放导出。需要的话，请联系合规人员。',
      ])
    }
    await work()
    expect([await stateOf(made.id), await files()]).toEqual(['stopped', []])
    await desk.db.updateTable('departure').set({ endedAt: at }).where('id', '=', 'leaving').execute()
    // Nothing comes back with a withdrawn announcement.
    expect((await take(manager, made)).status).toBe(409)
    const again = await ready(manager, second, wishFor(departure))
    await act(desk.db, at, 'wecom', (tx, audit) => revokeSessions(tx, audit, [manager.id]))
    expect([await stateOf(again.id), await files()]).toEqual(['stopped', []])
    expect(await entries('export.ended', again.id)).toMatchObject([{ detail: { state: 'stopped' } }])
  })
})

describe('marks', () => {
  it('give each file an order of its own that can be computed again, only if switched on', async () => {
    await setSwitch(true, true)
    const boss = await desk.member('唐总', { userid: 'x' })
    await desk.db
      .insertInto('department')
      .values({ id: 11, name: 'x', parentId: 0, leaders: ['x'] })
      .execute()
    const { departure, first } = await departed(12)
    await desk.db
      .updateTable('member')
      .set({ departmentIds: [11] })
      .where('id', '=', first.leaver.id)
      .execute()
    const names = await desk.db
      .selectFrom('handover')
      .select('customerId')
      .where('departureId', '=', departure)
      .orderBy('id')
      .execute()
    for (const [i, { customerId }] of names.entries())
      await desk.db
        .updateTable('customer')
        .set({ name: `客户${i}` })
        .where('id', '=', customerId)
        .execute()
    const orders = []
    for (let i = 0; i < 2; i++) {
      const made = await ready(boss, second, wishFor(departure, ['name']))
      orders.push(
        readCsv((await (await take(boss, made)).text()).slice(1))
          .slice(1)
          .map((r) => r[0]),
      )
    }
    const sorted = names.map((_, i) => `客户${i}`)
    expect(orders[0]).not.toEqual(orders[1])
    expect(orders.map((o) => o.slice().sort())).toEqual([sorted.slice().sort(), sorted.slice().sort()])
    await setSwitch(true)
  })
})
