import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { showsCustomers } from '../../src/server/lib/cut'
import { openDesk, type Desk, type Placed } from '../support/handovers'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ COMPLIANCE: 'c1' })
})
afterAll(() => desk.close())

let count = 0
const newKey = () => `key-of-a-test-${String(++count).padStart(8, '0')}`
const promising = (placed: Placed, key: string, text = '周五前回电', who = placed.successor) =>
  who.ask('POST', `/api/handovers/${placed.id}/promises`, { text, due: null }, key)
const rowsOf = (placed: Placed) =>
  desk.db
    .selectFrom('history')
    .select('body')
    .where('customerId', '=', placed.customer)
    .where('kind', '=', 'promise.made')
    .orderBy('id')
    .execute()
const told = () => desk.handover({ notice: 'sent' })

describe('a key makes an action happen once (B1, Q3)', () => {
  it('the same key is answered with the same status and the same bytes, and nothing happens again', async () => {
    const placed = await told()
    const key = newKey()
    const first = await promising(placed, key)
    const entries = (await desk.audits()).length
    const again = await promising(placed, key)
    expect([first.status, again.status]).toEqual([200, 200])
    expect(again.text).toBe(first.text)
    expect((await desk.audits()).length).toBe(entries)
    expect(await rowsOf(placed)).toHaveLength(1)
    // Even when what it made is gone since: it is an answer, not a look.
    await desk.db.deleteFrom('promise').where('id', '=', first.body.id).execute()
    expect((await promising(placed, key)).text).toBe(first.text)
  })

  it('with other parameters, or at another door, it is refused by a sentence of its own', async () => {
    const placed = await told()
    const key = newKey()
    await promising(placed, key)
    const other = await promising(placed, key, '另一件事')
    expect([other.status, other.body.code]).toEqual([422, 'key_reused'])
    const door = await placed.successor.ask('POST', `/api/handovers/${placed.id}/restore`, { fields: ['tags'] }, key)
    expect(door.body.code).toBe('key_reused')
    expect(await rowsOf(placed)).toHaveLength(1)
  })

  it('while the first is at it the second is told so; of twenty at once one acts, and all hear the same in the end', async () => {
    const placed = await told()
    const key = newKey()
    const all = await Promise.all(Array.from({ length: 20 }, () => promising(placed, key)))
    const ok = all.filter((a) => a.status === 200)
    expect(ok.length).toBeGreaterThan(0)
    expect(new Set(ok.map((a) => a.text)).size).toBe(1)
    for (const a of all.filter(({ status }) => status !== 200))
      expect([a.status, a.body.code]).toEqual([409, 'running'])
    expect((await promising(placed, key)).text).toBe(ok[0]?.text)
    expect(await rowsOf(placed)).toHaveLength(1)
  })

  it('a refusal is as much an answer: it stays the same for its key, and another key is tried anew', async () => {
    const placed = await desk.handover()
    const key = newKey()
    const refused = await promising(placed, key)
    expect(refused.body.code).toBe('not_notified')
    await desk.db
      .updateTable('notice')
      .set({ state: 'sent', sentAt: desk.deps.now() })
      .where('handoverId', '=', placed.id)
      .execute()
    expect((await promising(placed, key)).text).toBe(refused.text)
    expect((await promising(placed, newKey())).status).toBe(200)
  })

  it('a key is its member’s: another’s with the same letters is another key', async () => {
    const [mine, yours] = [await told(), await told()]
    const key = newKey()
    const first = await promising(mine, key)
    const other = await promising(yours, key)
    expect(other.status).toBe(200)
    expect(other.body.id).not.toBe(first.body.id)
    expect((await promising(mine, key, '周五前回电', yours.successor)).body.code).toBe('key_reused')
  })

  it('effect and answer are one transaction: an effect that breaks at its end leaves neither, and the key is free', async () => {
    const placed = await told()
    const key = newKey()
    await desk.asOwner(`alter table kept_answer add constraint broken check (input_hash = '') not valid`)
    const broken = await promising(placed, key)
    expect(broken.status).toBe(500)
    expect(await rowsOf(placed)).toHaveLength(0)
    await desk.asOwner('alter table kept_answer drop constraint broken')
    expect((await promising(placed, key)).status).toBe(200)
  })

  it('a key is made of 16 to 64 letters, digits, - and _', async () => {
    const placed = await told()
    for (const key of ['short', 'x'.repeat(65), 'a key with space in it'])
      expect((await promising(placed, key)).body).toMatchObject({ code: 'invalid', fields: ['idempotency-key'] })
  })

  it('after a week the key is forgotten, whether or not the night has cleared it', async () => {
    const placed = await told()
    const key = newKey()
    await promising(placed, key)
    desk.clock.now += 7 * 86_400_000 + 1000
    expect((await promising(placed, key, '一周以后')).status).toBe(200)
    expect(await rowsOf(placed)).toHaveLength(2)
  })
})

describe('what is kept says nothing to anybody else', () => {
  it('neither the key nor a word of the answer stands in the database', async () => {
    const placed = await told()
    const key = newKey()
    await promising(placed, key, 'CANARY-KEPT 回电')
    const { rows } = await sql<{ row: string }>`select row_to_json(k)::text as row from kept_answer k`.execute(desk.db)
    const all = rows.map(({ row }) => row).join('\n')
    expect(all).not.toContain(key)
    expect(all).not.toContain('CANARY-KEPT')
  })

  it('who no longer stands to the customer as then hears that it was done, not what it said (Q29)', async () => {
    const placed = await told()
    const key = newKey()
    await promising(placed, key)
    await desk.db
      .insertInto('objection')
      .values({ id: desk.deps.id(), handoverId: placed.id, at: desk.deps.now(), text: 'x', share: false })
      .execute()
    const again = await promising(placed, key)
    expect([again.status, again.body.code]).toEqual([409, 'repeated'])
    await desk.db.updateTable('transfer').set({ state: 'elsewhere' }).where('handoverId', '=', placed.id).execute()
    expect((await promising(placed, key)).body.code).toBe('repeated')
  })

  it('a door that only shows is told anew whatever the key', async () => {
    const placed = await told()
    const key = newKey()
    const look = () => placed.successor.ask('POST', '/api/brief', { customer: placed.customer }, key)
    const first = await look()
    await promising(placed, newKey(), '新的承诺')
    expect((await look()).text).not.toBe(first.text)
  })
})

it('every door of a successor that changes something takes a key, and says what it shows of whom', () => {
  const doors = desk.doors.filter((d) => d.method === 'POST' && d.endpoint && !d.endpoint.shows)
  const rep = doors.filter(({ access }) => Array.isArray(access) && access.includes('rep'))
  expect(rep.length).toBeGreaterThan(10)
  // An answer about customers can be repeated only if its path says about which.
  const nameless = rep.filter((d) => d.endpoint && showsCustomers(d.endpoint.output) && !d.path.includes(':'))
  expect(nameless.map((d) => d.path)).toEqual([])
})
