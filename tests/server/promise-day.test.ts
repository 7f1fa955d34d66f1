import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { promisesJob } from '../../src/server/promise/jobs'
import { cardOf } from '../../src/server/transfer/letters'
import { openDesk, type Desk, type Placed } from '../support/handovers'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const HOUR = 3600_000
const DAY = 24 * HOUR
/** 1 December 2026, nine in the morning of Beijing. */
const NINE = Date.parse('2026-12-01T01:00:00Z')
const day = (n: number) => new Date(NINE + n * DAY).toISOString().slice(0, 10)

const promised = async (placed: Placed, text: string, due: string | null, by = placed.leaver.id) => {
  const id = desk.deps.id()
  const row = { id, customerId: placed.customer, madeBy: by, madeAt: desk.deps.now(), source: 'description', text, due }
  await desk.db.insertInto('promise').values(row).execute()
  return id
}
const kinds = async (placed: Placed) =>
  (await placed.successor.ask('GET', `/api/customers/${placed.customer}/history`)).body.items

describe('a promise', () => {
  it('is moved to another day with a reason that stands in the history, and only from the day that was seen', async () => {
    const placed = await desk.handover({ notice: 'sent' })
    const id = await promised(placed, '补发报价单', '2026-12-04')
    const move = (body: object) => placed.successor.ask('POST', `/api/promises/${id}/day`, body)
    expect((await move({ from: '2026-12-05', due: '2026-12-09', reason: '客户出差' })).body.code).toBe('stale')
    expect((await move({ from: '2026-12-04', due: '2026-11-01', reason: '客户出差' })).body.code).toBe('due_past')
    expect((await move({ from: '2026-12-04', due: '2026-12-09', reason: '客户住院了' })).body.code).toBe('think_twice')
    const taps = await Promise.all(
      [1, 2].map(() => move({ from: '2026-12-04', due: '2026-12-09', reason: '客户出差' })),
    )
    expect(taps.map((t) => t.status)).toEqual([200, 200])
    const moved = (await kinds(placed)).filter((e: { kind: string }) => e.kind === 'promise.moved')
    expect(moved).toHaveLength(1)
    expect(moved[0].body).toEqual({ text: '补发报价单', before: '2026-12-04', after: '2026-12-09', reason: '客户出差' })
    const brief = await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
    const shown = brief.body.brief.promises.find((p: { id: string }) => p.id === id)
    expect(shown).toMatchObject({ due: '2026-12-09', madeBy: '林晓', takenBy: '陈一鸣' })
    // The same words for the first day again, as the mirror would read them in the description, are no new promise.
    await expect(promised(placed, '补发报价单', '2026-12-04')).rejects.toThrow(/promise_once/)
  })

  it('is taken over by whoever serves the customer now, and by nobody else', async () => {
    const placed = await desk.handover({ notice: 'sent' })
    const id = await promised(placed, '确认发货', null)
    const take = (who: Placed['successor']) => who.ask('POST', `/api/promises/${id}/take`)
    expect((await take(placed.leaver)).body.code).toBe('not_found')
    expect((await take((await desk.handover({ notice: 'sent' })).successor)).body.code).toBe('not_found')
    expect((await Promise.all([take(placed.successor), take(placed.successor)])).map((t) => t.status)).toEqual([
      200, 200,
    ])
    expect((await kinds(placed)).filter((e: { kind: string }) => e.kind === 'promise.taken')).toHaveLength(1)
    await placed.successor.ask('POST', `/api/promises/${id}/kept`)
    expect((await take(placed.successor)).body.code).toBe('stale')
    const untold = await desk.handover()
    const early = await promised(untold, '早了', null)
    expect((await untold.successor.ask('POST', `/api/promises/${early}/take`)).body.code).toBe('not_notified')
  })

  it('stands in one list of all that somebody owes; what is not told yet has no words in it', async () => {
    const successor = await desk.member('陈一鸣')
    const told = await desk.handover({ notice: 'sent', successor })
    const untold = await desk.handover({ successor })
    await promised(told, '后天', day(2))
    await promised(told, '今天', day(0))
    await promised(untold, 'UNTOLD-WORDS', day(1))
    desk.clock.now = Math.max(desk.clock.now, NINE)
    const { body, text } = await successor.ask('GET', '/api/promises?limit=2')
    expect(body).toMatchObject({ total: 7, soon: 2, items: [{ promise: { text: '今天' }, shortName: '王*' }, {}] })
    expect(body.items[1].promise).toBeUndefined()
    const rest = await successor.ask('GET', `/api/promises?limit=10&after=${encodeURIComponent(body.next)}`)
    expect(rest.body.items.map((i: { promise?: { text: string } }) => i.promise?.text)).toContain('后天')
    expect(text + rest.text).not.toContain('UNTOLD-WORDS')
  })
})

describe('the message of the day', () => {
  beforeEach(async () => {
    await desk.db.deleteFrom('letterToMember').execute()
    await desk.db.updateTable('promise').set({ keptAt: desk.deps.now() }).where('keptAt', 'is', null).execute()
    desk.clock.now = NINE
  })
  const letters = async (who: Placed['successor']) =>
    (
      await desk.db
        .selectFrom('letterToMember')
        .select(['subject', 'params'])
        .where('memberId', '=', who.id)
        .where('kind', '=', 'promises')
        .orderBy('subject')
        .execute()
    ).map((l) => [l.subject, l.params])
  const run = async (at: number) => {
    desk.clock.now = at
    await promisesJob(desk.deps)
  }

  it('gathers what is due tomorrow and today, and what is overdue once; from nine on, once a day', async () => {
    const placed = await desk.handover({ notice: 'sent' })
    await promised(placed, '明天', day(1))
    await promised(placed, '今天', day(0))
    await promised(placed, '逾期', day(-3))
    await promised(placed, '以后', day(9))
    await promised(placed, '不定', null)
    await run(NINE - 60_000)
    expect(await letters(placed.successor)).toEqual([])
    await run(NINE)
    await run(NINE + HOUR)
    expect(await letters(placed.successor)).toEqual([[day(0), { tomorrow: 1, today: 1, overdue: 1 }]])
    await run(NINE + DAY)
    // "Tomorrow" is today now, "today" is overdue; what was told as overdue is not told again.
    expect((await letters(placed.successor))[1]).toEqual([day(1), { tomorrow: 0, today: 1, overdue: 1 }])
    await run(NINE + 2 * DAY)
    expect((await letters(placed.successor))[2]).toEqual([day(2), { tomorrow: 0, today: 0, overdue: 1 }])
    await run(NINE + 3 * DAY)
    expect(await letters(placed.successor)).toHaveLength(3)
  })

  it('holds numbers and nobody’s name or words', async () => {
    const card = cardOf('https://jb.example.com', 'promises', { tomorrow: 2, today: 0, overdue: 1 })
    expect(card.title).toBe('答应客户的事：1 项已逾期，2 项明天到期')
    expect(card.url).toContain(encodeURIComponent('/promises'))
  })

  it('reaches nobody who has left, was stopped, or handed the customer on; not at night; a moved day begins anew', async () => {
    const [left, stopped, objected, fine] = [
      await desk.handover({ notice: 'sent' }),
      await desk.handover({ notice: 'sent' }),
      await desk.handover({ notice: 'sent', objection: true }),
      await desk.handover({ notice: 'sent' }),
    ]
    for (const placed of [left, stopped, objected, fine]) await promised(placed, '今天', day(0))
    await desk.db.updateTable('member').set({ status: 'left' }).where('id', '=', left.successor.id).execute()
    await desk.db.updateTable('member').set({ blockedAt: new Date() }).where('id', '=', stopped.successor.id).execute()
    const again = await desk.handover({
      ...{ notice: 'sent', customer: fine.customer, leaver: fine.successor, successor: await desk.member('王磊') },
    })
    await desk.db.updateTable('departure').set({ gone: true }).where('memberId', '=', fine.successor.id).execute()
    await run(NINE + 13 * HOUR)
    expect(await letters(again.successor)).toEqual([])
    await run(NINE)
    for (const placed of [left, stopped, objected, fine]) expect(await letters(placed.successor)).toEqual([])
    expect(await letters(again.successor)).toEqual([[day(0), { tomorrow: 0, today: 1, overdue: 0 }]])
    const { id } = await desk.db
      .selectFrom('promise')
      .select('id')
      .where('customerId', '=', again.customer)
      .where('text', '=', '今天')
      .executeTakeFirstOrThrow()
    await again.successor.ask('POST', `/api/promises/${id}/day`, { from: day(0), due: day(2), reason: '客户改期' })
    await run(NINE + DAY)
    expect((await letters(again.successor))[1]).toEqual([day(1), { tomorrow: 1, today: 0, overdue: 0 }])
  })
})
