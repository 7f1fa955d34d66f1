import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noticesJob } from '../../src/server/notice/jobs'
import { fillNotice } from '../../src/server/notice/message'
import { builtIn } from '../../src/shared/textbuiltin'
import { limits, SILENCE_MS } from '../../src/shared/notice'
import { openDesk, tell, type Desk, type Placed } from '../support/handovers'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const prepare = (placed: Placed, by = placed.successor, language = 'zh-CN') =>
  by.ask('POST', `/api/handovers/${placed.id}/notice`, { language })
const settle = (placed: Placed, attempt: string, outcome: string) =>
  placed.successor.ask('POST', `/api/notice-attempts/${attempt}/outcome`, { form: 'card', outcome })
const noticeOf = (placed: Placed) =>
  desk.db.selectFrom('notice').selectAll().where('handoverId', '=', placed.id).executeTakeFirstOrThrow()
const attemptsOf = (placed: Placed) =>
  desk.db.selectFrom('noticeAttempt').selectAll().where('handoverId', '=', placed.id).orderBy('id').execute()

describe('preparing a notice', () => {
  it('writes down the exact text, keeps the token nowhere, marks what was filled in (M2)', async () => {
    const placed = await desk.handover()
    const { body } = await prepare(placed)
    expect(body.text).toBe(
      `您好，我是宏远的陈一鸣。林晓不再负责您的服务，自2026年12月1日起由我接替，公司和服务内容不变。我只会看到服务必需的信息。看全文、换人、提异议或投诉：${body.link}。不点开也不影响您的服务。客服400-000-0000`,
    )
    expect(body.filled).toEqual(['宏远', '陈一鸣', '林晓', '2026年12月1日', body.link, '400-000-0000'])
    expect(body.link).toMatch(/^https:\/\/jb\.example\.com\/n\/[\w-]{22}$/)
    expect(Buffer.byteLength(body.link)).toBeLessThanOrEqual(limits.linkBytes)
    expect(body.card.title).toBe('服务人员变更告知')
    const [attempt] = await attemptsOf(placed)
    const token = String(body.link).slice(-22)
    expect(JSON.stringify(attempt)).not.toContain(token)
    expect(attempt).toMatchObject({ template: 'M2@1', outcome: 'prepared', text: body.text.replace(token, '…') })
    expect(attempt?.textSha256).toBe(createHash('sha256').update(body.text).digest('hex'))
    expect(JSON.stringify(await desk.audits())).not.toContain(token)
  })

  it('speaks English when asked to', async () => {
    const { body } = await prepare(await desk.handover(), undefined, 'en')
    expect(body.text).toMatch(/^Hello, this is 陈一鸣 of 宏远\. 林晓 no longer .* from 1 December 2026;/)
  })

  it('belongs to the successor alone, and to a handover that WeCom took over', async () => {
    const waiting = await desk.handover({ transfer: 'waiting' })
    expect((await prepare(waiting)).body.code).toBe('not_taken_over')
    expect((await prepare(waiting, waiting.leaver)).body.code).toBe('not_found')
    expect((await prepare(await desk.handover(), waiting.successor)).body.code).toBe('not_found')
  })

  it('leaves one prepared attempt, also when two are prepared at once; the others’ links die', async () => {
    const placed = await desk.handover()
    const links = (await Promise.all([prepare(placed), prepare(placed), prepare(placed)])).map((a) => a.body.link)
    const outcomes = (await attemptsOf(placed)).map((a) => a.outcome).sort()
    expect(outcomes).toEqual(['prepared', 'replaced', 'replaced'])
    const statuses = await Promise.all(links.map(async (l: string) => (await desk.page(new URL(l).pathname)).status))
    expect(statuses.sort()).toEqual([200, 404, 404])
  })

  it('that was prepared anew on another device, but really sent from the first, is told and its link lives', async () => {
    const placed = await desk.handover()
    const first = await prepare(placed)
    await prepare(placed)
    expect((await settle(placed, first.body.id, 'cancelled')).body.code).toBe('stale')
    expect((await settle(placed, first.body.id, 'sent')).body).toMatchObject({ ok: true, state: 'sent' })
    expect((await desk.page(new URL(first.body.link).pathname)).status).toBe(200)
  })
})

describe('what the WeCom client says', () => {
  it('sent: the customer is told, once, with history; saying it again changes nothing', async () => {
    const placed = await desk.handover()
    const { body } = await prepare(placed)
    const first = await settle(placed, body.id, 'sent')
    desk.clock.now += 5000
    expect((await settle(placed, body.id, 'sent')).body).toEqual(first.body)
    expect(first.body).toMatchObject({ ok: true, state: 'sent' })
    expect(await noticeOf(placed)).toMatchObject({ state: 'sent', sentBy: placed.successor.id })
    const told = desk.db.selectFrom('history').select('body').where('customerId', '=', placed.customer)
    expect(await told.where('kind', '=', 'notice.sent').execute()).toEqual([{ body: { form: 'card' } }])
    expect((await settle(placed, body.id, 'cancelled')).body.code).toBe('stale')
  })

  it.each(['cancelled', 'failed'])('%s: nobody is told', async (outcome) => {
    const placed = await desk.handover()
    const { body } = await prepare(placed)
    expect((await settle(placed, body.id, outcome)).body.state).toBe('due')
    expect((await settle(placed, body.id, 'sent')).body.code).toBe('stale')
    expect(await noticeOf(placed)).toMatchObject({ state: 'due', sentAt: null })
  })

  it('is heard only from who prepared it', async () => {
    const placed = await desk.handover()
    const { body } = await prepare(placed)
    const answer = await placed.leaver.ask('POST', `/api/notice-attempts/${body.id}/outcome`, {
      form: 'text',
      outcome: 'sent',
    })
    expect(answer.body.code).toBe('not_found')
  })

  it('a second sending gives a second living link and does not make the customer told later', async () => {
    const placed = await desk.handover()
    const first = await tell(placed)
    const { sentAt } = await noticeOf(placed)
    desk.clock.now += 86_400_000
    const second = await tell(placed)
    expect(await noticeOf(placed)).toMatchObject({ state: 'sent', sentAt })
    for (const { path } of [first, second]) expect((await desk.page(path)).status).toBe(200)
  })
})

it('a week of silence is "no response", never before, and writes nothing but that (T-76)', async () => {
  const placed = await desk.handover()
  await tell(placed)
  const acknowledged = await desk.handover({ notice: 'acknowledged' })
  desk.clock.now += SILENCE_MS - 60_000
  await noticesJob(desk.deps)
  expect((await noticeOf(placed)).state).toBe('sent')
  desk.clock.now += 120_000
  const before = (await desk.audits()).length
  await noticesJob(desk.deps)
  expect((await noticeOf(placed)).state).toBe('no_response')
  expect((await noticeOf(acknowledged)).state).toBe('acknowledged')
  const after = (await desk.audits()).slice(before).filter((a) => a.subject === placed.id)
  expect(after).toMatchObject([{ actor: 'system', action: 'notice.moved', detail: { event: 'silence' } }])
})

describe('limits of the filled text (T-81)', () => {
  const release = { name: 'M2', version: 1, words: builtIn('M2'), lists: null, digest: '', since: new Date() } as const
  const long = {
    company: '宏'.repeat(64),
    new: '陈'.repeat(64),
    old: '𠮷'.repeat(64),
    date: '2026年12月31日',
    url: `https://${'a'.repeat(27)}/n/${'t'.repeat(22)}`,
    tel: '400-0000-0000转88888',
  }
  it.each([
    ['zh-CN', limits.zhCharacters],
    ['en', limits.enCharacters],
  ] as const)('%s stays within them with the longest names', (language, characters) => {
    const { text, filled } = fillNotice(release, language, long)
    expect([...text].length).toBeLessThanOrEqual(characters)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limits.bytes)
    for (const value of [long.url, long.tel, long.date]) expect(text).toContain(value)
    for (const value of filled) expect(text).toContain(value)
  })

  it('refuses an empty value and settings that can never fit', async () => {
    expect(() => fillNotice(release, 'zh-CN', { ...long, old: ' ' })).toThrow('invalid')
    await expect(openDesk({ PUBLIC_URL: `https://${'a'.repeat(200)}.com` })).rejects.toThrow('does not fit')
  })
})
