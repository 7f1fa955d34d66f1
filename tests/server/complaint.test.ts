import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDesk, tell, type Desk } from '../support/handovers'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

it('compliance reads complaints newest first, by key, and every look is on record; nobody else does', async () => {
  const placed = await desk.handover()
  const { path } = await tell(placed)
  await desk.send(`${path}/complaint`, { text: '一', contact: '13900001111' })
  desk.clock.now += 60_000
  await desk.send('/n/complaint', { text: '二' })
  const officer = await desk.member('沈岚', { userid: 'shenlan' })
  const first = await officer.ask('GET', '/api/complaints?limit=1')
  expect(first.body.items).toMatchObject([{ number: 'TS-20261201-0002', text: '二', contact: null, about: null }])
  const second = await officer.ask('GET', `/api/complaints?limit=1&after=${encodeURIComponent(first.body.next)}`)
  expect(second.body).toMatchObject({
    items: [{ number: 'TS-20261201-0001', text: '一', contact: '13900001111', about: '陈一鸣' }],
    next: null,
  })
  expect((await officer.ask('GET', '/api/complaints?after=1%7C2')).status).toBe(200)
  expect((await officer.ask('GET', '/api/complaints?after=x')).status).toBe(400)
  expect((await placed.successor.ask('GET', '/api/complaints')).status).toBe(403)
  const looks = (await desk.audits()).filter((a) => a.action === 'look.complaints')
  expect(looks[0]).toMatchObject({ actor: officer.id, detail: { numbers: ['TS-20261201-0002'] } })
  const entries = JSON.stringify(await desk.audits())
  expect(entries).not.toContain('13900001111')
})

it('numbers count without a gap within the Beijing day, also when a hundred come at once', async () => {
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
})
