import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { items, itemEvents, proofNeeds, type Item } from '../../src/shared/checklist'
import { openDesk, type Desk } from '../support/handovers'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ MANAGERS: 'zhoumin', COMPLIANCE: 'shenlan' })
})
afterAll(() => desk.close())

type Person = Awaited<ReturnType<Desk['member']>>
const HASH = 'b'.repeat(64)
const proofOf = (item: Item) => ({
  note: '按流程办理',
  ...(proofNeeds[item]?.includes('day') ? { day: '2026-12-01' } : {}),
  ...(proofNeeds[item]?.includes('version') ? { version: '2026-3' } : {}),
  ...(proofNeeds[item]?.includes('sha256') ? { sha256: HASH } : {}),
})

let manager: Person
let hr: Person
beforeAll(async () => {
  manager = await desk.member('周敏', { userid: 'zhoumin' })
  hr = await desk.member('孙悦')
  const at = desk.deps.now()
  const grant = { memberId: hr.id, role: 'hr', reason: '人力', grantedBy: manager.id, grantedAt: at }
  await desk.db
    .insertInto('roleGrant')
    .values({ id: desk.deps.id(), ...grant, until: new Date(at.getTime() + 30 * 86_400_000) })
    .execute()
})

/** Somebody with customers of their own, announced to leave; nobody is approved for the first of them. */
async function announced(count = 2) {
  const leaver = await desk.member('林晓')
  const placed = []
  const at = desk.deps.now()
  const departure = desk.deps.id()
  const leftAt = new Date(at.getTime() + 10 * 86_400_000)
  const row = { id: departure, memberId: leaver.id, leftAt, knownBy: 'announced', noticedAt: at, gone: false }
  await desk.db
    .insertInto('departure')
    .values({ ...row, announcedBy: manager.id, announcedAt: at })
    .execute()
  for (let i = 0; i < count; i++) placed.push(await desk.handover({ leaver, transfer: i ? 'approved' : 'unassigned' }))
  await desk.db.updateTable('relation').set({ endedAt: null }).where('memberId', '=', leaver.id).execute()
  return { leaver, departure, placed, customers: placed.map((p) => p.customer) }
}
const memo = (who: Person, customer: string, text: string, once = `${Math.random()}`) =>
  who.ask('POST', `/api/customers/${customer}/memo`, { text, once })
const list = async (departure: string, who = manager) =>
  (await who.ask('GET', `/api/departures/${departure}/checklist`)).body
const stateOf = async (departure: string, item: Item) =>
  (await list(departure)).items.find((i: { item: Item }) => i.item === item).state
const say = (who: Person, departure: string, item: Item, event: string, more: object = {}) =>
  who.ask('POST', `/api/departures/${departure}/checklist/${item}`, { ...proofOf(item), event, ...more })
/** WeCom says that they are gone, and the probe has run. */
async function gone(departure: string, memberId: string, red: number) {
  const at = desk.deps.now()
  await desk.db.updateTable('departure').set({ gone: true }).where('id', '=', departure).execute()
  await desk.db.updateTable('member').set({ status: 'left' }).where('id', '=', memberId).execute()
  await desk.db
    .insertInto('probe')
    .values({ id: desk.deps.id(), memberId, why: 'left', revokedAt: at, endedAt: at, doors: 90, red, leftOver: 0 })
    .execute()
  desk.clock.now += 1000
}

describe('before leaving', () => {
  it('the leaver has a list of their own customers, with a memo to write, promises and the farewell; nobody else has', async () => {
    const { leaver, customers } = await announced()
    const [first] = customers as [string, string]
    const page = (await leaver.ask('GET', '/api/leaving/customers')).body
    expect(page.counts).toEqual({ customers: 2, memos: 0, promises: 4, toTell: 1, told: 0 })
    expect(page.items).toMatchObject([
      { customer: first, shortName: '王*', memoAt: null, promises: 2, farewell: 'later', to: null },
      { farewell: 'to_send', to: '陈一鸣' },
    ])
    expect((await memo(leaver, first, '月底前要报价，喜欢上午联系')).status).toBe(200)
    const after = (await leaver.ask('GET', '/api/leaving/customers')).body
    expect(after.counts.memos).toBe(1)
    expect(after.items.at(-1)).toMatchObject({ customer: first, memoAt: expect.any(String) as string })
    const mine = (await leaver.ask('GET', `/api/customers/${first}/memo`)).body
    expect(mine.memos).toMatchObject([{ text: '月底前要报价，喜欢上午联系' }])
    expect(mine.promises.map((p: { text: string }) => p.text)).toContain('第二件')
    const stays = await desk.member('马超')
    for (const who of [stays, manager]) {
      expect((await who.ask('GET', '/api/leaving/customers')).body.code).toBe('not_found')
      expect((await memo(who, first, '不是我的')).body.code).toBe('not_found')
    }
    const other = await announced(1)
    expect((await memo(leaver, other.customers[0]!, '别人的')).body.code).toBe('not_found')
  })

  it('a memo is scanned, taken back like a note, and read by the successor once the customer is told', async () => {
    const { leaver, placed, customers } = await announced()
    const customer = customers[1]!
    expect((await memo(leaver, customer, '客户有高血压')).body.code).toBe('think_twice')
    const { id } = (await memo(leaver, customer, 'MEMO-WRONG')).body
    expect((await leaver.ask('POST', `/api/notes/${id}/withdraw`)).status).toBe(200)
    await memo(leaver, customer, 'MEMO-RIGHT')
    await desk.db
      .updateTable('transfer')
      .set({ state: 'taken_over', settledAt: desk.deps.now() })
      .where('handoverId', '=', placed[1]!.id)
      .execute()
    const { successor } = placed[1]!
    const notes = () => successor.ask('GET', `/api/customers/${customer}/notes`)
    expect((await notes()).body.code).toBe('not_notified')
    await desk.db
      .updateTable('notice')
      .set({ state: 'sent', sentAt: desk.deps.now() })
      .where('handoverId', '=', placed[1]!.id)
      .execute()
    const read = await notes()
    expect(read.body.items).toMatchObject([
      { kind: 'memo', text: 'MEMO-RIGHT', author: '林晓', mine: false },
      { kind: 'memo', text: null },
    ])
    expect(read.text).not.toContain('MEMO-WRONG')
  })

  it('who does not write says so in one press; it is recorded in neutral words and taken back as easily (T-19)', async () => {
    const { leaver, departure, customers } = await announced(1)
    const decline = (declined: boolean) => leaver.ask('POST', '/api/leaving/decline', { declined })
    expect((await Promise.all([decline(true), decline(true)])).map((d) => d.status)).toEqual([200, 200])
    const item = (await list(departure)).items.find((i: { item: Item }) => i.item === 'notes')
    expect(item).toMatchObject({ state: 'refused', entries: [{ event: 'refuse', by: '林晓' }] })
    expect(item.entries[0].proof.note).toBe('本人选择不写交接备忘。')
    await decline(false)
    expect(await stateOf(departure, 'notes')).toBe('due')
    await decline(true)
    // A memo on every customer is a memo on every customer, whatever was said.
    await memo(leaver, customers[0]!, '最后还是写了')
    expect(await stateOf(departure, 'notes')).toBe('done')
  })
})

describe('the checklist (compliance 5.6)', () => {
  it('shows each item with its proof to managers, HR and compliance, and never to the leaver', async () => {
    const { leaver, departure } = await announced()
    expect((await leaver.ask('GET', `/api/departures/${departure}/checklist`)).status).not.toBe(200)
    const shown = await list(departure, hr)
    expect(shown).toMatchObject({ phase: 'in_progress', gone: false, name: '林晓' })
    expect(shown.items.map((i: { item: Item; state: string }) => [i.item, i.state])).toEqual([
      ['clauses', 'due'],
      ['secrecy', 'due'],
      ['customers', 'due'],
      ['notes', 'due'],
      ['farewells', 'due'],
      ['devices', 'not_due'],
      ['access', 'not_due'],
      ['refusals', 'na'],
      ['exit_report', 'not_due'],
      ['certificate', 'not_due'],
    ])
    expect(JSON.stringify(shown)).not.toMatch(/王|CANARY/)
    // Not even a number of customers is HR’s; managers have them.
    expect(shown.items.flatMap((i: { figures: object[] }) => i.figures)).toEqual([])
    const counted = (await list(departure)).items.find((i: { item: Item }) => i.item === 'customers')
    expect(counted.figures).toContainEqual({ name: 'missing', n: 1 })
    expect((await say(manager, departure, 'clauses', 'do')).body.code).toBe('forbidden')
    const { note } = proofOf('clauses')
    const bare = await hr.ask('POST', `/api/departures/${departure}/checklist/clauses`, { event: 'do', note })
    expect(bare.body).toMatchObject({ code: 'invalid', fields: ['version', 'day', 'sha256'] })
    expect((await say(hr, departure, 'clauses', 'do')).status).toBe(200)
    const clauses = (await list(departure)).items[0]
    expect(clauses).toMatchObject({
      state: 'done',
      entries: [{ by: '孙悦', proof: { sha256: HASH, version: '2026-3' } }],
    })
    // What is thought of somebody is not what was asked and answered.
    const unkind = { note: '这人难缠，拖着不交' }
    expect((await say(manager, departure, 'refusals', 'do', unkind)).body.code).toBe('think_twice')
    expect(
      (await say(manager, departure, 'refusals', 'do', { note: '12月1日书面请求交还样机，答复：下周' })).status,
    ).toBe(200)
    const entry = desk.db.updateTable('checklistEntry').set({ event: 'waive' }).execute()
    await expect(entry).rejects.toThrow(/never changed/)
  })

  it('only the shut access stands before the end; without the leaver it ends, too, and says so', async () => {
    const { leaver, departure } = await announced()
    await leaver.ask('POST', '/api/leaving/decline', { declined: true })
    const finish = (who = manager) => who.ask('POST', `/api/departures/${departure}/finish`)
    expect((await finish()).body.code).toBe('access_open')
    await gone(departure, leaver.id, 1)
    expect(await stateOf(departure, 'access')).toBe('due')
    expect((await finish()).body.code).toBe('access_open')
    await gone(departure, leaver.id, 0)
    expect((await list(departure)).phase).toBe('access_revoked')
    expect((await finish(hr)).body.code).toBe('forbidden')
    const ends = await Promise.all([finish(), finish()])
    expect(ends.map((e) => e.status).sort()).toEqual([200, 409])
    expect(await list(departure)).toMatchObject({
      phase: 'handed_over_without_leaver',
      handedOver: { by: '周敏', withoutLeaver: true },
    })
    expect((await hr.ask('POST', `/api/departures/${departure}/archive`)).body).toEqual({ phase: 'archived' })
    // The certificate is HR's still.
    expect((await say(hr, departure, 'certificate', 'do')).status).toBe(200)
  })

  it('whatever is said of the items, in whatever order: the end depends on the access alone, the certificate on nothing', async () => {
    const said = fc.array(fc.tuple(fc.constantFrom(...items), fc.constantFrom(...itemEvents)), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(said, fc.boolean(), fc.boolean(), async (acts, isGone, shut) => {
        const { leaver, departure } = await announced(1)
        if (isGone) await gone(departure, leaver.id, shut ? 0 : 2)
        for (const [item, event] of acts) {
          const { may } = (await list(departure)).items.find((i: { item: Item }) => i.item === item)
          const answer = await say(manager, departure, item, event)
          // What the page offers is what the server takes.
          expect(answer.status === 200).toBe(may.includes(event))
        }
        expect((await say(hr, departure, 'certificate', 'do')).status).toBe(200)
        const { mayFinish, phase } = await list(departure)
        expect([mayFinish, phase === 'access_revoked']).toEqual([isGone && shut, isGone && shut])
        const ended = await manager.ask('POST', `/api/departures/${departure}/finish`)
        expect(ended.status).toBe(isGone && shut ? 200 : 409)
      }),
      { numRuns: Number(process.env['RUNS'] ?? 12) },
    )
  }, 60_000)
})
