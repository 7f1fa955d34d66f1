import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readdirSync, readFileSync } from 'node:fs'
import { jobs } from '../../src/server/app'
import { makeHead } from '../../src/server/audit/heads'
import { verifyIn } from '../../src/server/audit/verify'
import { act } from '../../src/server/db/act'
import { includes } from '../../src/server/lib/merkle'
import { lists, logKinds, looks } from '../../src/shared/evidence'
import { openDesk, tell, type Desk, type Placed } from '../support/handovers'

const DAY = 86_400_000
type Person = Placed['leaver']
let desk: Desk
let placed: Placed
let [officer, auditor, admin]: Person[] = []
beforeAll(async () => {
  desk = await openDesk({ COMPLIANCE: 'c1', ADMINS: 'a1' })
  officer = await desk.member('沈岚', { userid: 'c1' })
  admin = await desk.member('马超', { userid: 'a1' })
  auditor = await desk.member('审计员')
  placed = await desk.handover()
  await tell(placed)
  await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
})
afterAll(() => desk.close())

const grantAudit = async (days: number) => {
  const until = new Date(desk.clock.now + days * DAY).toISOString().slice(0, 10)
  const wish = { member: auditor!.id, role: 'auditor', departments: null, reason: '年度审计', until }
  return admin!.ask('POST', '/api/rights/grants', wish)
}
interface Line {
  seq: number
  by: string
  action: string
  subject: string
  customer: string | null
  detail: Record<string, unknown>
}
const read = async (who: Person, query: Record<string, string> = {}) =>
  (await who.ask('GET', `/api/audit/entries?${new URLSearchParams(query).toString()}`)).body as {
    items: Line[]
    next: string | null
  }

it('has a name for every kind of entry that can be written, and can be asked for it', () => {
  const actions = readFileSync('src/server/db/act.ts', 'utf8').matchAll(/^ {2}\| '(\w+)\.\w+'$/gm)
  const kinds = new Set([...actions].map(([, kind]) => kind))
  expect(kinds.size).toBeGreaterThan(30)
  expect([...kinds].filter((kind) => !(logKinds as readonly (string | undefined)[]).includes(kind))).toEqual([])
  const looked = readFileSync('src/server/db/act.ts', 'utf8').matchAll(/^ {2}\| 'look\.(\w+)'$/gm)
  expect([...looked].map(([, at]) => at).sort()).toEqual([...looks].sort())
  const rooms = readdirSync('src/server', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`src/server/${file}`, 'utf8'))
  const named = rooms.flatMap((text) => [...text.matchAll(/'look\.list', '(\w+)'/g)].map(([, name]) => name))
  expect([...new Set(named)].sort()).toEqual([...lists].sort())
})

describe('the log, read entry by entry (6.2)', () => {
  it('is open to an auditor for a time, by key and to its end, and each page is itself an entry', async () => {
    expect((await auditor!.ask('GET', '/api/audit/entries')).status).toBe(403)
    expect((await grantAudit(200)).body.code).toBe('until_far')
    expect((await grantAudit(10)).status).toBe(200)
    const seen: number[] = []
    let after: string | null = null
    do {
      const page: Awaited<ReturnType<typeof read>> = await read(auditor!, { limit: '4', ...(after ? { after } : {}) })
      seen.push(...page.items.map((i) => i.seq))
      after = page.next
    } while (after)
    expect(seen).toEqual([...seen].sort((a, b) => b - a))
    expect(seen.at(-1)).toBe(1)
    expect(new Set(seen).size).toBe(seen.length)
    expect((await desk.audits()).at(-1)).toMatchObject({ action: 'look.audit', subject: 'entries', actor: auditor!.id })
  })

  it('says who looked at a customer, named as lists do, and holds nothing of the customer', async () => {
    const looks = await read(officer!, { about: placed.id, kind: 'look' })
    expect(looks.items).toMatchObject([
      { by: '陈一鸣', action: 'look.brief', customer: '王*', detail: { who: 'successor', stage: 'V2' } },
    ])
    expect((await read(auditor!, { about: placed.customer, kind: 'look' })).items).toEqual(looks.items)
    const all = JSON.stringify(await read(auditor!, { limit: '100' }))
    expect(/王建国|宏远建材|CANARY|138123/.exec(all)).toBeNull()
  })

  it('is narrowed by person, kind and day, and refuses days in the wrong order', async () => {
    const by = await read(auditor!, { by: placed.successor.id })
    expect(new Set(by.items.map((i) => i.by))).toEqual(new Set(['陈一鸣']))
    const kinds = await read(auditor!, { kind: 'role' })
    expect(kinds.items).toMatchObject([{ action: 'role.granted', by: '马超' }])
    const today = new Date(desk.clock.now).toISOString().slice(0, 10)
    expect((await read(auditor!, { since: today, until: today, kind: 'role' })).items).toHaveLength(1)
    expect((await read(auditor!, { until: '2026-11-01' })).items).toEqual([])
    const wrong = await auditor!.ask('GET', '/api/audit/entries?since=2026-12-02&until=2026-12-01')
    expect([wrong.status, wrong.body.code]).toEqual([400, 'invalid'])
  })

  it('keeps from the reader what is asked about them, and from who will leave all since that was announced', async () => {
    const at = desk.deps.now()
    const id = desk.deps.id()
    const row = { id, memberId: auditor!.id, kind: 'bulk', span: id, since: at, until: at, foundAt: at }
    await desk.db
      .insertInto('signal')
      .values({ ...row, facts: '{"count":51,"usual":null}' })
      .execute()
    await act(desk.db, at, 'system', (_tx, audit) =>
      Promise.resolve(audit('signal.found', id, { member: auditor!.id, kind: 'bulk', count: 51 })),
    )
    await makeHead(desk.deps)
    const { seq } = (await read(officer!, { kind: 'signal' })).items[0]!
    expect((await read(auditor!, { kind: 'signal' })).items).toEqual([])
    expect((await auditor!.ask('GET', `/api/audit/entries/${seq}`)).status).toBe(404)
    expect((await officer!.ask('GET', `/api/audit/entries/${seq}`)).status).toBe(200)

    desk.clock.now += DAY
    const departure = { id: desk.deps.id(), memberId: auditor!.id, leftAt: new Date(desk.clock.now + 9 * DAY) }
    await desk.db
      .insertInto('departure')
      .values({
        ...departure,
        knownBy: 'announced',
        noticedAt: desk.deps.now(),
        gone: false,
        announcedAt: desk.deps.now(),
      })
      .execute()
    await act(desk.db, desk.deps.now(), officer!.id, (_tx, audit) =>
      Promise.resolve(audit('departure.announced', departure.id, { member: auditor!.id })),
    )
    expect((await read(auditor!, { kind: 'departure' })).items).toEqual([])
    expect((await read(auditor!)).items.length).toBeGreaterThan(3)
    expect((await read(officer!, { kind: 'departure' })).items.length).toBeGreaterThan(0)
  })

  it('closes to the auditor when the time is over', async () => {
    await desk.db.deleteFrom('departure').where('memberId', '=', auditor!.id).execute()
    desk.clock.now += 10 * DAY
    expect((await auditor!.ask('GET', '/api/audit/entries')).status).toBe(403)
  })
})

describe('entries whose time is over (4.6, T-61)', () => {
  it('lose what they said three years after a head was signed over them; chain, heads and proofs stay whole', async () => {
    await desk.asOwner(
      `create or replace function clock_ahead() returns interval language sql immutable as $$ select interval '100 years' $$`,
    )
    const [held, free] = [await desk.handover(), await desk.handover()]
    for (const one of [held, free]) {
      await tell(one)
      await one.successor.ask('POST', '/api/brief', { customer: one.customer })
    }
    await officer!.ask('POST', '/api/holds/place', {
      ...{ kind: 'customer', subject: held.customer, caseNo: 'A-1', reason: '仲裁' },
    })
    const head = (await makeHead(desk.deps))!
    const [look] = (await read(officer!, { about: free.id, kind: 'look' })).items
    const state = () => desk.db.selectFrom('audit').selectAll().where('seq', '=', look!.seq).executeTakeFirstOrThrow()
    const before = await state()

    desk.clock.now = Date.parse(head.time) + 1095 * DAY - 1
    await jobs.retention.run(desk.deps)
    expect(await state()).toEqual(before)
    desk.clock.now += 1
    await jobs.retention.run(desk.deps)
    const { seq, at, hash } = before
    const left = { line: `{"at":"${at.toISOString()}"}`, actor: '', action: 'aged', subject: '', detail: {} }
    expect(await state()).toEqual({ seq, at, hash, ...left })
    // What is no look stays, and so does what a case needs.
    expect((await read(officer!, { about: held.customer, kind: 'look' })).items).toHaveLength(1)
    expect((await read(officer!, { kind: 'role' })).items).toHaveLength(1)

    await makeHead(desk.deps)
    expect(await verifyIn(desk.db, [head], desk.deps.now())).toMatchObject({ whole: true })
    // The same log, looked at by somebody for whom the time is not over: cleared too early.
    const early = new Date(Date.parse(head.time) + 1095 * DAY - 1)
    expect(await verifyIn(desk.db, [head], early)).toMatchObject({ whole: false, broken: { why: 'aged' } })
    const { body } = await officer!.ask('GET', `/api/audit/entries/${look!.seq}`)
    expect(body).toMatchObject({ entry: null, hash })
    expect(includes(hash, seq - 1, body.head.size as number, body.path as string[], body.head.root as string)).toBe(
      true,
    )
  })

  it('cannot be cleared by the server’s own role, nor before their time by the function that does it', async () => {
    await expect(desk.db.updateTable('audit').set({ line: 'x' }).execute()).rejects.toThrow('permission denied')
    const whole = () => desk.db.selectFrom('audit').select('seq').where('action', '<>', 'aged').orderBy('seq').execute()
    const before = await whole()
    const ask = (before: number, at: number) =>
      desk.asOwner(`select age_log('${new Date(before).toISOString()}', '${new Date(at).toISOString()}', 1000)`)
    const now = desk.clock.now
    await expect(ask(now - 1094 * DAY, now)).rejects.toThrow('not due')
    await expect(ask(now + 200 * 365 * DAY, now + 210 * 365 * DAY)).rejects.toThrow('clock is ahead')
    expect(await whole()).toEqual(before)
  })
})
