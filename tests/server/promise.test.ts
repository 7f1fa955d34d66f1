import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDesk, type Desk, type Placed } from '../support/handovers'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const add = (placed: Placed, more: object = {}) =>
  placed.successor.ask('POST', `/api/handovers/${placed.id}/promises`, {
    text: '周五前回电',
    due: '2026-12-04',
    ...more,
  })
const historyOf = async (placed: Placed, kind: string) =>
  (
    await desk.db
      .selectFrom('history')
      .select('body')
      .where('customerId', '=', placed.customer)
      .where('kind', '=', kind)
      .orderBy('id')
      .execute()
  ).map((h) => h.body)

it('a double tap makes one promise, with its author and its day', async () => {
  const placed = await desk.handover({ notice: 'sent' })
  const taps = await Promise.all([add(placed), add(placed), add(placed)])
  expect(new Set(taps.map((t) => t.body.id)).size).toBe(1)
  expect(taps[0]?.body).toMatchObject({ text: '周五前回电', due: '2026-12-04', madeBy: '陈一鸣', keptAt: null })
  expect(await historyOf(placed, 'promise.made')).toEqual([{ text: '周五前回电', due: '2026-12-04' }])
  expect((await add(placed, { due: null })).body.id).not.toBe(taps[0]?.body.id)
})

it('the predecessor’s promise is kept once, by the successor', async () => {
  const placed = await desk.handover({ notice: 'sent' })
  const brief = await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
  const [first] = brief.body.brief.promises
  const keep = () => placed.successor.ask('POST', `/api/promises/${first.id}/kept`)
  const answers = await Promise.all([keep(), keep()])
  expect(answers.map((a) => a.status)).toEqual([200, 200])
  expect(await historyOf(placed, 'promise.kept')).toEqual([{ text: first.text }])
  const row = desk.db.selectFrom('promise').selectAll().where('id', '=', first.id)
  expect(await row.executeTakeFirst()).toMatchObject({ keptBy: placed.successor.id, madeBy: placed.leaver.id })
})

it('neither is possible before the customer is told, nor for anybody else', async () => {
  const placed = await desk.handover()
  const promise = await desk.db
    .selectFrom('promise')
    .select('id')
    .where('customerId', '=', placed.customer)
    .executeTakeFirstOrThrow()
  expect((await add(placed)).body.code).toBe('not_notified')
  expect((await placed.successor.ask('POST', `/api/promises/${promise.id}/kept`)).body.code).toBe('not_notified')
  expect((await placed.leaver.ask('POST', `/api/promises/${promise.id}/kept`)).body.code).toBe('not_found')
  expect((await placed.successor.ask('POST', '/api/promises/none/kept')).body.code).toBe('not_found')
  const objected = await desk.handover({ notice: 'sent', objection: true })
  expect((await add(objected)).body.code).toBe('not_found')
})

it('a day that does not exist is refused, not answered with an error', async () => {
  const placed = await desk.handover({ notice: 'sent' })
  for (const due of ['2026-02-30', '0000-01-01', '2026-1-1', 'friday'])
    expect((await add(placed, { due })).body, due).toMatchObject({ code: 'invalid', fields: ['due'] })
  expect((await add(placed, { text: 'a\u0000b' })).body.code).toBe('invalid')
})
