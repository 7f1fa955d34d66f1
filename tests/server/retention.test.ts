import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { retentionClasses, retentionNames, tableClasses, type RetentionClass } from '../../src/shared/retention'
import { jobs } from '../../src/server/app'
import { makeHead } from '../../src/server/audit/heads'
import { act } from '../../src/server/db/act'
import { keyedHash } from '../../src/server/db/person'
import { chainChecker, leafOf } from '../../src/server/lib/chain'
import { openDesk, type Desk, type Placed } from '../support/handovers'

const DAY = 86_400_000
const SECRET = 's'.repeat(32)
type Person = Placed['leaver']
let desk: Desk
let officer: Person
let admin: Person

beforeAll(async () => {
  desk = await openDesk({ COMPLIANCE: 'c1', ADMINS: 'a1' })
  officer = await desk.member('沈岚', { userid: 'c1' })
  admin = await desk.member('马超', { userid: 'a1' })
  await runAhead('100 years')
})
afterAll(() => desk.close())

/** Only the owner of the database can say that its clock may be so far behind ours. */
const runAhead = (ahead: string) =>
  desk.asOwner(
    `create or replace function clock_ahead() returns interval language sql immutable as $$ select interval '${ahead}' $$`,
  )
const work = () => jobs.retention.run(desk.deps)
const count = async (table: string, where = sql`true`) =>
  (await sql<{ n: number }>`select count(*) as n from ${sql.table(table)} where ${where}`.execute(desk.db)).rows[0]?.n
const there = async (table: string, key: string, value: string) =>
  (await count(table, sql`${sql.ref(key)} = ${value}`)) === 1
const purged = async (name: string) =>
  (await desk.audits()).filter((a) => a.action === 'retention.purged' && a.subject === name).map((a) => a.detail)

it('every table of the database has exactly one class, or says why it needs none; and none holds addresses or devices (T-61)', async () => {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(
    desk.db,
  )
  expect(rows.length).toBeGreaterThan(30)
  expect(rows.map((r) => r.name).filter((name) => !(name in tableClasses))).toEqual([])
  const columns = await sql<{ name: string }>`
    select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'public' and column_name ~ '(^|_)(ip|addr|address|agent|ua)($|_)'`.execute(desk.db)
  // Full IP and UA would have to be shortened after six months; they are stored nowhere.
  expect(columns.rows.map((r) => r.name)).toEqual([])
  for (const name of retentionNames) {
    const { days, min, max } = retentionClasses[name]
    expect([name, min <= days && days <= max]).toEqual([name, true])
    expect(Object.values(tableClasses)).toContain(name)
  }
})

it('every reference to what is deleted is known to its deletion: a new one must be thought of here', async () => {
  const { rows } = await sql<{ reference: string }>`
    select distinct confrelid::regclass || ' < ' || conrelid::regclass as reference from pg_constraint
     where contype = 'f' and confrelid in ('customer'::regclass, 'handover'::regclass, 'departure'::regclass, 'plan'::regclass,
       'transfer_batch'::regclass, 'complaint'::regclass, 'export_request'::regclass, 'wecom_event'::regclass, 'session'::regclass)`.execute(
    desk.db,
  )
  const known = {
    complaint: ['complaint_decision', 'complaint_event', 'complaint_mail', 'rights_request'],
    customer: [
      'child',
      'child_access',
      'consent',
      'consent_doubt',
      'consent_event',
      'consent_record',
      'consent_spoken',
      'customer_correction',
      'first_notice',
      'customer_fact',
      'group_customer',
      'handover',
      'history',
      'kept_answer',
      'note',
      'promise',
      'raw_record',
      'relation',
      'reveal',
      'rights_request',
      'wecom_contact',
    ],
    departure: ['checklist_entry', 'export_request', 'group_transfer', 'handover', 'plan'],
    export_request: ['export_file'],
    handover: [
      'complaint',
      'consent_record',
      'emergency',
      'mass_notice',
      'notice',
      'notice_attempt',
      'notice_other',
      'notice_waiver',
      'objection',
      'plan_item',
      'plan_override',
      'plan_reason',
      'restore',
      'rights_request',
      'transfer',
    ],
    plan: [
      'approval',
      'group_transfer',
      'plan_group',
      'plan_item',
      'plan_override',
      'plan_reason',
      'plan_run',
      'plan_tally',
      'transfer',
      'transfer_batch',
    ],
    transfer_batch: ['transfer'],
  }
  const pairs = Object.entries(known).flatMap(([to, from]) => from.map((table) => `${to} < ${table}`))
  expect(rows.map((r) => r.reference).filter((pair) => !pairs.includes(pair))).toEqual([])
})

/** One thing of each class that begins to count at this moment; answers how to see that it is still there, whole. */
const things: Record<RetentionClass, () => Promise<() => Promise<boolean>>> = {
  async customer() {
    const { customer } = await desk.handover({ transfer: 'taken_over', notice: 'acknowledged' })
    return () => there('customer', 'id', customer)
  },
  async complaint() {
    await desk.send('/n/complaint', { text: `疑问 ${desk.clock.now}` })
    const { number } = await desk.db
      .selectFrom('complaint')
      .select('number')
      .orderBy('at', 'desc')
      .executeTakeFirstOrThrow()
    // Its time begins when it is closed.
    const closed = { state: 'closed', closedAt: desk.deps.now() }
    await desk.db.updateTable('complaint').set(closed).where('number', '=', number).execute()
    return () => there('complaint', 'number', number)
  },
  async request() {
    const [id, at] = [desk.deps.id(), desk.deps.now()]
    const clock = { due: '2026-12-22', dueAt: at, calendar: '2026.1', ial: 'IAL0', at, informedAt: at }
    await desk.db
      .insertInto('rightsRequest')
      .values({ id, number: `QQ-${id}`, kind: 'copy', language: 'zh-CN', state: 'informed', ...clock })
      .execute()
    return () => there('rights_request', 'id', id)
  },
  async staff() {
    const { leaver } = await desk.handover()
    await desk.db.updateTable('member').set({ status: 'left' }).where('id', '=', leaver.id).execute()
    return async () => (await count('member', sql`id = ${leaver.id} and name = '林晓'`)) === 1
  },
  async departure() {
    const leaver = await desk.member('无客户者')
    const id = desk.deps.id()
    const at = desk.deps.now()
    await desk.db
      .insertInto('departure')
      .values({ id, memberId: leaver.id, leftAt: at, knownBy: 'event', noticedAt: at })
      .execute()
    return () => there('departure', 'id', id)
  },
  async export() {
    const id = desk.deps.id()
    const at = desk.deps.now()
    const row = { kind: 'complaints', purpose: 'regulator', note: 'x', format: 'csv', language: 'zh-CN', digest: '0' }
    await desk.db
      .insertInto('exportRequest')
      .values({
        id,
        ...row,
        fields: ['number'],
        keys: ['1'],
        needsCompliance: false,
        state: 'downloaded',
        askedBy: admin.id,
        askedAt: at,
        endedAt: at,
      })
      .execute()
    return () => there('export_request', 'id', id)
  },
  async reveal() {
    const { customer } = await desk.handover({ transfer: 'taken_over', notice: 'sent' })
    const id = desk.deps.id()
    const look = { memberId: admin.id, customerId: customer, field: 'mobile', reason: 'call' }
    await desk.db
      .insertInto('reveal')
      .values({ id, ...look, at: desk.deps.now() })
      .execute()
    return () => there('reveal', 'id', id)
  },
  async network() {
    const digest = desk.deps.id()
    const at = desk.deps.now()
    await desk.db
      .insertInto('wecomEvent')
      .values({ digest, source: 'app', receivedAt: at, event: 'x', body: '{}', handledAt: at })
      .execute()
    return () => there('wecom_event', 'digest', digest)
  },
  async message() {
    const id = desk.deps.id()
    await desk.db
      .insertInto('letterToMember')
      .values({
        id,
        memberId: admin.id,
        kind: 'plan',
        subject: id,
        params: '{}',
        writtenAt: desk.deps.now(),
        sentAt: desk.deps.now(),
      })
      .execute()
    return () => there('letter_to_member', 'id', id)
  },
  async log() {
    const subject = desk.deps.id()
    await act(desk.db, desk.deps.now(), admin.id, (_tx, audit) => Promise.resolve(audit('look.own', subject)))
    // Old enough is what a head of then was signed over.
    await makeHead(desk.deps)
    return () => there('audit', 'subject', subject)
  },
  async session() {
    const idHash = desk.deps.id()
    const at = desk.deps.now()
    await desk.db
      .insertInto('session')
      .values({ idHash, memberId: admin.id, epoch: 0, createdAt: at, seenAt: at })
      .execute()
    return () => there('session', 'id_hash', idHash)
  },
  async answer() {
    const keyHash = desk.deps.id()
    const row = { keyHash, memberId: admin.id, inputHash: '0', status: 200, at: desk.deps.now() }
    await desk.db.insertInto('keptAnswer').values(row).execute()
    return () => there('kept_answer', 'key_hash', keyHash)
  },
}

describe('nothing early, nothing late (T-61)', () => {
  it.each(Object.keys(things) as (keyof typeof things)[])(
    'class %s is there the day before its time and gone on the day',
    async (name) => {
      desk.clock.now += 10 * DAY
      const began = desk.clock.now
      const isThere = await things[name]()
      // What a handover is made of takes the clock a second on.
      const counted = ['customer', 'staff', 'reveal'].includes(name) ? began + 1000 : began
      const { days } = retentionClasses[name]
      desk.clock.now = counted + (days - 1) * DAY
      await work()
      expect([name, 'the day before', await isThere()]).toEqual([name, 'the day before', true])
      desk.clock.now = counted + days * DAY - 1
      await work()
      expect([name, 'a moment before', await isThere()]).toEqual([name, 'a moment before', true])
      desk.clock.now = counted + days * DAY
      await work()
      expect([name, 'on the day', await isThere()]).toEqual([name, 'on the day', false])
      desk.clock.now += DAY
      await work()
      expect((await purged(name)).length).toBeGreaterThan(0)
    },
  )

  it('logs at day 179 are still there, whatever an administrator wished (T-49, T-61)', async () => {
    const isThere = await things.network()
    const began = desk.clock.now
    const wish = (days: number) => admin.ask('POST', '/api/retention/network', { days, reason: '按法务意见' })
    const refused = await wish(179)
    expect([refused.status, refused.body.message]).toEqual([
      409,
      '法律要求至少保存 180 天（最多可设 400 天），没有改动。',
    ])
    expect((await wish(401)).body.code).toBe('period_long')
    expect((await wish(1.5)).status).toBe(400)
    expect((await officer.ask('POST', '/api/retention/network', { days: 180, reason: 'x' })).status).toBe(403)
    expect((await wish(180)).status).toBe(200)
    desk.clock.now = began + 179 * DAY
    await work()
    expect(await isThere()).toBe(true)
    desk.clock.now = began + 180 * DAY
    await work()
    expect(await isThere()).toBe(false)
    const { body } = await officer.ask('GET', '/api/retention')
    const network = body.periods.find((p: { name: string }) => p.name === 'network')
    expect(network).toMatchObject({
      days: 180,
      min: 180,
      tables: ['wecom_event'],
      changed: { by: '马超', reason: '按法务意见' },
      last: { removed: 1 },
    })
    expect(body.letter).toContain('三年')
    expect((await desk.audits()).filter((a) => a.subject === 'retention.network')).toMatchObject([
      { action: 'setting.changed', detail: { before: { days: 200 }, after: { days: 180 } } },
    ])
  })
})

describe('a customer nothing binds us to any more', () => {
  beforeEach(() => void (desk.clock.now += 10 * DAY))

  it('goes with everything about them, their key is destroyed, and the log stays whole, with numbers and no values', async () => {
    const { customer, id } = await desk.handover({ transfer: 'taken_over', notice: 'acknowledged' })
    await act(desk.db, desk.deps.now(), 'system', async (tx, audit) =>
      audit('look.brief', customer, { bound: await keyedHash(tx, SECRET, customer, '13812345678') }),
    )
    desk.clock.now += 1095 * DAY
    await work()
    for (const [table, column, value] of [
      ['customer', 'id', customer],
      ['history', 'customer_id', customer],
      ['relation', 'customer_id', customer],
      ['promise', 'customer_id', customer],
      ['handover', 'id', id],
      ['transfer', 'handover_id', id],
      ['notice', 'handover_id', id],
      ['wecom_contact', 'customer_id', customer],
    ] as const)
      expect([table, await count(table, sql`${sql.ref(column)} = ${value}`)]).toEqual([table, 0])
    const key = await desk.db
      .selectFrom('personKey')
      .select('sealed')
      .where('personId', '=', customer)
      .executeTakeFirst()
    expect(key).toEqual({ sealed: null })
    const log = await desk.db.selectFrom('audit').selectAll().orderBy('seq').execute()
    const chain = chainChecker()
    for (const entry of log) expect(chain.check({ ...entry, leaf: leafOf(entry.line) })).toBeNull()
    expect(log.some((a) => a.action === 'person.forgotten' && a.subject === customer)).toBe(true)
    expect(JSON.stringify(log)).not.toMatch(/CANARY|王建国|13812345678/)
  })

  it('stays while a member follows them, a transfer runs, they wait for an answer, or their complaint is kept', async () => {
    const following = await desk.handover({ transfer: 'taken_over', notice: 'sent' })
    await desk.db.updateTable('relation').set({ endedAt: null }).where('customerId', '=', following.customer).execute()
    const running = await desk.handover({ transfer: 'waiting', notice: 'due' })
    const waiting = await desk.handover({ transfer: 'taken_over', notice: 'sent', objection: true })
    const complained = await desk.handover({ transfer: 'taken_over', notice: 'sent' })
    const closed = { state: 'closed', closedAt: desk.deps.now() }
    await desk.db
      .insertInto('complaint')
      .values({ number: `TS-${desk.clock.now}`, handoverId: complained.id, at: desk.deps.now(), text: 'x', ...closed })
      .execute()
    desk.clock.now += 1100 * DAY
    await work()
    for (const { customer } of [following, running, waiting, complained])
      expect(await there('customer', 'id', customer)).toBe(true)
    desk.clock.now += 30 * DAY
    await work()
    expect(await there('customer', 'id', complained.customer)).toBe(false)
  })

  it('cannot be deleted early by anybody: history refuses, and its one door refuses what is not due, held or ahead of the clock', async () => {
    const { customer } = await desk.handover({ transfer: 'taken_over', notice: 'sent' })
    await expect(sql`delete from history where customer_id = ${customer}`.execute(desk.db)).rejects.toThrow(
      'permission denied',
    )
    await expect(desk.asOwner('delete from history')).rejects.toThrow('append-only')
    const purge = (at: number) => sql`select purge_history(${sql.val([customer])}, ${new Date(at)})`.execute(desk.db)
    await expect(purge(desk.clock.now + 1094 * DAY)).rejects.toThrow('not due')
    await runAhead('1 day')
    await expect(purge(desk.clock.now + 1096 * DAY)).rejects.toThrow('ahead')
    await runAhead('100 years')
    await purge(desk.clock.now + 1096 * DAY)
    expect(await count('history', sql`customer_id = ${customer}`)).toBe(0)
    // The word that the door says to the trigger is no key for whoever has no right to delete.
    const word = desk.db.transaction().execute(async (tx) => {
      await sql`select set_config('jiebang.purging', 'history', true)`.execute(tx)
      await sql`delete from history`.execute(tx)
    })
    await expect(word).rejects.toThrow('permission denied')
    await expect(desk.asOwner('truncate history')).rejects.toThrow('append-only')
    await expect(desk.asOwner('delete from audit')).rejects.toThrow('append-only')
  })

  it('is kept under a hold, which is reviewed every 90 days and released with a reason (T-61)', async () => {
    const held = await desk.handover({ transfer: 'taken_over', notice: 'sent' })
    const byCase = await desk.handover({ transfer: 'taken_over', notice: 'sent' })
    const { departureId } = await desk.db
      .selectFrom('handover')
      .select('departureId')
      .where('id', '=', byCase.id)
      .executeTakeFirstOrThrow()
    const place = (kind: string, subject: string) =>
      officer.ask('POST', '/api/holds/place', { kind, subject, caseNo: '(2026)沪01民初1号', reason: '对方可能起诉' })
    expect((await place('customer', 'nobody')).status).toBe(404)
    expect((await place('customer', held.customer)).status).toBe(200)
    desk.clock.now += 1000
    expect((await place('departure', departureId)).status).toBe(200)
    expect((await admin.ask('GET', '/api/holds')).status).toBe(403)
    desk.clock.now += 90 * DAY
    const { body, text } = await officer.ask('GET', '/api/holds')
    expect(text).toContain('items')
    expect(body.items).toMatchObject([
      { kind: 'departure', of: '林晓', overdue: true },
      { kind: 'customer', of: '王*', overdue: true, caseNo: '(2026)沪01民初1号' },
    ])
    const [byDeparture, ofCustomer] = body.items
    expect((await officer.ask('POST', `/api/holds/${ofCustomer.id}/review`, { reason: '仍在审理' })).status).toBe(200)
    const after = (await officer.ask('GET', '/api/holds')).body.items
    expect(after[1]).toMatchObject({
      overdue: false,
      reason: expect.stringMatching(/对方可能起诉\n\d{4}-\d\d-\d\d 仍在审理/),
    })
    desk.clock.now += 2000 * DAY
    await work()
    expect([await there('customer', 'id', held.customer), await there('customer', 'id', byCase.customer)]).toEqual([
      true,
      true,
    ])
    const purge = sql`select purge_history(${sql.val([held.customer])}, ${desk.deps.now()})`
    await expect(purge.execute(desk.db)).rejects.toThrow('not due')
    for (const { id } of [byDeparture, ofCustomer]) {
      expect((await officer.ask('POST', `/api/holds/${id}/release`, { reason: ' ' })).status).toBe(400)
      expect((await officer.ask('POST', `/api/holds/${id}/release`, { reason: '已结案' })).status).toBe(200)
      expect((await officer.ask('POST', `/api/holds/${id}/release`, { reason: '已结案' })).status).toBe(404)
    }
    await work()
    expect([await there('customer', 'id', held.customer), await there('customer', 'id', byCase.customer)]).toEqual([
      false,
      false,
    ])
  })
})

it('many are taken in batches, each with its entry; what a run did not reach the next one finds', async () => {
  const at = desk.deps.now()
  await desk.db
    .insertInto('wecomEvent')
    .values(
      Array.from({ length: 250 }, (_, i) => ({
        ...{ digest: `d${i}`, source: 'app', receivedAt: at, event: 'x', body: '{}', handledAt: i < 249 ? at : null },
      })),
    )
    .execute()
  desk.clock.now += 200 * DAY
  const before = (await purged('network')).length
  await work()
  expect((await purged('network')).slice(before)).toEqual([{ removed: 100 }, { removed: 100 }, { removed: 49 }])
  // Nobody has dealt with it yet: that is not a log.
  expect(await count('wecom_event', sql`digest like 'd%'`)).toBe(1)
  const runs = await desk.db
    .selectFrom('retentionRun')
    .select('removed')
    .where('class', '=', 'network')
    .orderBy('at', 'desc')
    .executeTakeFirstOrThrow()
  expect(runs.removed).toBe(249)
})
