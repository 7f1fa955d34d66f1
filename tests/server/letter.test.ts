import { style } from '../../src/server/letter/style'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { letterLists } from '../../src/shared/access'
import { letter as en } from '../../src/shared/lang/en/letter'
import { letter as zh } from '../../src/shared/lang/zh-CN/letter'
import { openDesk, tell, type Desk, type Placed } from '../support/handovers'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const text = (html: string): string =>
  html
    .replace(/<[^>]+>/g, '')
    .replaceAll('&quot;', '"')
    .replace(/\s+/g, ' ')
const noticeOf = (placed: Placed) =>
  desk.db.selectFrom('notice').selectAll().where('handoverId', '=', placed.id).executeTakeFirstOrThrow()
const objectionsTo = (placed: Placed) =>
  desk.db.selectFrom('objection').selectAll().where('handoverId', '=', placed.id).execute()
/** Where a form of the page goes, as a browser without JavaScript reads it. */
const actions = (html: string): string[] =>
  [...html.matchAll(/<form method="post" action="([^"]+)"/g)].map((m) => m[1]!)

async function told(): Promise<Placed & { path: string }> {
  const placed = await desk.handover()
  return { ...placed, ...(await tell(placed)) }
}

describe('the page', () => {
  it('says what changed, what not, who sees what, and how to reach us, without any login (T-12)', async () => {
    const { path } = await told()
    const { status, html, headers } = await desk.page(path)
    expect(status).toBe(200)
    const said = text(html)
    for (const words of [
      '宏远服务有限公司',
      '宏远告知您：自2026年12月1日起，为您服务的人由林晓改为陈一鸣。',
      '公司没有变，服务内容和价格没有变，我们处理您信息的目的和方式没有变。',
      '不操作也不影响服务。',
      '400-000-0000',
      'privacy@example.com',
      '“我知道了”只表示您已看到本告知，不代表您同意任何事项。',
    ])
      expect(said).toContain(words)
    expect(html).toContain('<html lang="zh-CN"')
    expect(html).toContain('content="noindex, nofollow"')
    expect(headers.get('set-cookie')).toBeNull()
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-robots-tag')).toBe('noindex')
    expect(html.replace(String(style), '')).not.toMatch(/style=|<style|onclick|https?:\/\//)
  })

  it('lists visible and hidden things as the access table has them (T-59, invariant 6)', async () => {
    const { path } = await told()
    const { visible, hidden } = letterLists()
    for (const [lang, words] of [
      ['zh-CN', zh],
      ['en', en],
    ] as const) {
      const said = text((await desk.page(`${path}?lang=${lang}`)).html)
      expect(said).toContain(visible.map((c) => words.fields[c].name).join(words.listed))
      expect(said).toContain(hidden.map((c) => words.fields[c].name).join(words.listed))
    }
  })

  it('carries no phone, no name and no id of the customer, nor of anything inside (T-57)', async () => {
    const { path, external, customer, id, successor } = await told()
    expect(path).toMatch(/^\/n\/[\w-]{22}$/)
    for (const part of ['', '/full', '/record', '/objection', '/complaint']) {
      const { html, status } = await desk.page(path + part)
      expect(status).toBe(200)
      for (const secret of [external, customer, id, successor.id, '13812345678', '王建国', '宏远建材', 'CANARY'])
        expect(html, part).not.toContain(secret)
    }
  })

  it('never says what the notice must not say', async () => {
    const { path } = await told()
    const banned = /默认同意|视为同意|继续使用即同意|拥有您的信息|归公司所有|离职|辞职|开除|优惠|倒计时|resign|dismiss/i
    for (const part of ['', '/full', '/record', '/objection', '/complaint'])
      for (const lang of ['zh-CN', 'en'])
        expect(text((await desk.page(`${path}${part}?lang=${lang}`)).html)).not.toMatch(banned)
  })

  it('has all eleven parts in full, with one row a visible class, in both languages', async () => {
    const { path } = await told()
    for (const lang of ['zh-CN', 'en']) {
      const { html } = await desk.page(`${path}/full?lang=${lang}`)
      expect(html.match(/<h2>/g)).toHaveLength(11)
      expect(html.match(/scope="row"/g)).toHaveLength(letterLists().visible.length + 1)
      expect(html).not.toMatch(/\{\w+\}/)
    }
  })

  it('carries large text and language through every link and form', async () => {
    const { path } = await told()
    for (const part of ['', '/full', '/record', '/objection', '/complaint']) {
      const { html } = await desk.page(`${path}${part}?size=large&lang=en`)
      expect(html).toContain('<html lang="en" class="large"')
      const links = [...html.matchAll(/(?:href|action)="(\/n\/[^"]+)"/g)].map((m) => m[1]!.replaceAll('&amp;', '&'))
      expect(links.length).toBeGreaterThan(3)
      const switches = links.filter((l) => !l.includes('lang=en') || !l.includes('size=large'))
      expect(switches).toHaveLength(2)
    }
    const answer = await desk.send(`${path}/acknowledge?size=large&lang=en`)
    expect(answer.headers.get('location')).toBe(`${path}?lang=en&size=large`)
  })

  it('writes what came from outside as text, never as markup (invariant 9)', async () => {
    const successor = await desk.member('<script>alert(1)</script>', { position: '"><img src=x>' })
    const placed = await desk.handover({ successor, leaver: await desk.member('<b>林</b>') })
    const { path } = await tell(placed)
    for (const part of ['', '/full', '/objection', '/complaint']) {
      const { html } = await desk.page(path + part)
      expect(html).not.toMatch(/<script>alert|<img|<b>林<\/b>/)
    }
  })
})

describe('opening counts only with eyes on it (T-78)', () => {
  it('GET and HEAD by a preview robot change nothing but the log of looks; the script’s POST does, once', async () => {
    const placed = await told()
    await desk.page(placed.path)
    await desk.request(placed.path, { method: 'HEAD' })
    expect(await noticeOf(placed)).toMatchObject({ state: 'sent', openedAt: null })
    expect((await desk.send(`${placed.path}/seen`)).status).toBe(204)
    const { openedAt } = await noticeOf(placed)
    desk.clock.now += 1000
    await desk.send(`${placed.path}/seen`)
    expect(await noticeOf(placed)).toMatchObject({ state: 'opened', openedAt })
  })

  it('a link that was only prepared opens nothing, so that nobody tells themselves (T-80)', async () => {
    const placed = await desk.handover()
    const { path } = await tell(placed, 'none')
    expect((await desk.page(path)).html).not.toContain('我知道了')
    await desk.send(`${path}/seen`)
    await desk.send(`${path}/acknowledge`)
    expect(await noticeOf(placed)).toMatchObject({ state: 'due', openedAt: null, answeredAt: null })
  })
})

describe('answering by plain forms, without JavaScript', () => {
  it('我知道了 is remembered once and is no consent (invariant 3)', async () => {
    const placed = await told()
    const { html } = await desk.page(placed.path)
    expect(actions(html)).toEqual([`${placed.path}/acknowledge`])
    const answers = await Promise.all(Array.from({ length: 20 }, () => desk.send(`${placed.path}/acknowledge`)))
    expect(new Set(answers.map((a) => a.status))).toEqual(new Set([303]))
    expect(await noticeOf(placed)).toMatchObject({ state: 'acknowledged' })
    const after = await desk.page(placed.path)
    expect(text(after.html)).toContain('您已在2026年12月1日点了“我知道了”。')
    expect(actions(after.html)).toEqual([])
    const moves = (await desk.audits()).filter((a) => a.subject === placed.id && a.action === 'notice.moved')
    expect(moves.map((m) => (m.detail as { event: string }).event)).toEqual(['sent', 'acknowledge'])
  })

  it('我想换人 makes one objection in a hundred taps and touches nothing else (T-12, Q32)', async () => {
    const placed = await told()
    const form = await desk.page(`${placed.path}/objection`)
    expect(form.html).toContain('type="checkbox" name="share" value="yes" />')
    const before = (await desk.audits()).length
    const wish = { text: '想要一位上午能联系的同事' }
    await Promise.all(Array.from({ length: 100 }, () => desk.send(actions(form.html)[0]!, wish)))
    expect(await objectionsTo(placed)).toMatchObject([{ text: wish.text, share: false, handledAt: null }])
    expect((await noticeOf(placed)).state).toBe('objected')
    const written = (await desk.audits()).slice(before).filter((a) => a.action !== 'look.letter')
    expect(written.map((a) => a.action)).toEqual(['objection.made', 'notice.moved'])
    expect(JSON.stringify(written)).not.toContain('上午')
    const history = desk.db.selectFrom('history').select(['body', 'source', 'authorId'])
    const remembered = await history
      .where('kind', '=', 'notice.objected')
      .where('customerId', '=', placed.customer)
      .execute()
    expect(remembered).toEqual([{ body: {}, source: 'customer', authorId: null }])
    const said = text((await desk.page(placed.path)).html)
    expect(said).toContain('负责人最晚在2026年12月3日答复您')
    expect(said).toContain('陈一鸣看不到您的联系信息和服务记录')
    const brief = await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
    expect(brief.body.brief).toMatchObject({ stage: 'VO', classes: ['F0'] })
    expect(brief.text).not.toContain('上午')
  })

  it('wanting another colleague works before the sending was confirmed and after 我知道了', async () => {
    const early = await desk.handover()
    const { path } = await tell(early, 'none')
    await desk.send(`${path}/objection`, { share: 'yes' })
    expect(await objectionsTo(early)).toMatchObject([{ text: '', share: true }])
    expect((await noticeOf(early)).state).toBe('due')
    const late = await told()
    await desk.send(`${late.path}/acknowledge`)
    desk.clock.now += 60_000
    await desk.send(`${late.path}/objection`)
    const record = text((await desk.page(`${late.path}/record`)).html)
    expect(record).toMatch(/告知发出.*您点了“我知道了”.*您要求换人/)
  })

  it('a complaint has its number at once; a double tap is one; an empty or endless one is asked again', async () => {
    const placed = await told()
    const [first, second] = await Promise.all([
      desk.send(`${placed.path}/complaint`, { text: '没人回复', contact: 'a@b.cn' }),
      desk.send(`${placed.path}/complaint`, { text: '没人回复', contact: 'a@b.cn' }),
    ])
    expect(first?.status).toBe(303)
    expect(second?.headers.get('location')).toBe(first?.headers.get('location'))
    const receipt = text((await desk.page(first?.headers.get('location') ?? '')).html)
    expect(receipt).toMatch(/编号TS-\d{8}-\d{4}.*15个工作日/)
    expect(text((await desk.page(`${placed.path}/record`)).html)).toMatch(/您的投诉 TS-/)
    expect((await desk.send(`${placed.path}/complaint`, { text: ' ' })).status).toBe(400)
    const long = await desk.send(`${placed.path}/complaint`, { text: '长'.repeat(2001), contact: '<x>' })
    expect(long.status).toBe(400)
    expect(await long.text()).toContain('value="&lt;x&gt;"')
    expect((await noticeOf(placed)).state).toBe('sent')
    const other = await desk.page(`${placed.path}/complaint?number=TS-20200101-0001`)
    expect(text(other.html)).not.toContain('TS-2020')
  })
})

describe('links that do not work', () => {
  it('unknown, malformed, replaced and cancelled ones are alike, with a complaint form that works (T-31, Q32)', async () => {
    const placed = await desk.handover()
    const replaced = await tell(placed, 'none')
    const cancelled = await tell(placed, 'none')
    await placed.successor.ask('POST', `/api/notice-attempts/${cancelled.attempt}/outcome`, {
      form: 'text',
      outcome: 'cancelled',
    })
    const paths = [replaced.path, cancelled.path, `/n/${'A'.repeat(22)}`, '/n/x', '/n/%3Cx%3E']
    const pages = await Promise.all(paths.map((p) => desk.page(p)))
    expect(new Set(pages.map((p) => p.status))).toEqual(new Set([404]))
    // Only the reader's own switches name the address.
    const rest = pages.map((p) => p.html.replace(/href="[^"]*\?(size|lang)=/g, ''))
    expect(new Set(rest).size).toBe(1)
    const { html } = pages[0]!
    for (const words of ['宏远服务有限公司', '400-000-0000', '沈岚', 'privacy@example.com'])
      expect(text(html)).toContain(words)
    expect(actions(html)).toEqual(['/n/complaint'])
    const sent = await desk.send('/n/complaint', { text: '链接打不开' })
    const receipt = await desk.page(sent.headers.get('location') ?? '')
    expect(text(receipt.html)).toMatch(/已收到您的投诉，编号TS-\d{8}-\d{4}/)
    const forged = await desk.page('/n/complaint?number=TS-20261201-9999&proof=x')
    expect(text(forged.html)).not.toContain('9999')
    for (const part of ['/acknowledge', '/objection', '/seen', '/complaint'])
      expect((await desk.send(replaced.path + part, { text: 'x' })).status).toBe(404)
  })

  it('after 90 days the text stays, the buttons go, the complaint form works (T-31)', async () => {
    const placed = await told()
    desk.clock.now += 91 * 86_400_000
    const { status, html } = await desk.page(placed.path)
    expect(status).toBe(410)
    expect(text(html)).toContain('为您服务的人由林晓改为陈一鸣')
    expect(actions(html)).toEqual([`${placed.path}/complaint`])
    await desk.send(`${placed.path}/acknowledge`)
    await desk.send(`${placed.path}/objection`)
    await desk.send(`${placed.path}/seen`)
    expect((await noticeOf(placed)).state).toBe('sent')
    expect(await objectionsTo(placed)).toEqual([])
    const sent = await desk.send(`${placed.path}/complaint`, { text: '还在等' })
    expect(text((await desk.page(sent.headers.get('location') ?? '')).html)).toMatch(/编号TS-/)
  })

  it('guessing is stopped after twenty misses a minute; a living link still opens', async () => {
    const { path } = await told()
    desk.clock.now += 60_000
    const misses = await Promise.all(
      Array.from({ length: 80 }, (_, i) => desk.page(`/n/${String(i).padStart(22, 'x')}`)),
    )
    expect(misses.filter((m) => m.status === 404)).toHaveLength(20)
    const limited = misses.filter((m) => m.status === 429)
    expect(limited).toHaveLength(60)
    expect(text(limited[0]!.html)).toContain('400-000-0000')
    expect((await desk.page(path)).status).toBe(200)
  })
})

describe('when the successor leaves, too (T-85)', () => {
  it('says so, then names the present contact, through any number of changes', async () => {
    const first = await told()
    const second = await desk.handover({ leaver: first.successor, customer: first.customer, transfer: 'waiting' })
    expect(text((await desk.page(first.path)).html)).toContain('陈一鸣已不再负责您的服务，接手的同事确定后会告诉您')
    await desk.db
      .updateTable('transfer')
      .set({ state: 'taken_over', settledAt: new Date('2027-01-05T00:00:00Z') })
      .where('handoverId', '=', second.id)
      .execute()
    await desk.db.updateTable('member').set({ name: '孙婷' }).where('id', '=', second.successor.id).execute()
    const page = await desk.page(first.path)
    expect(text(page.html)).toContain('您现在的服务人员是孙婷，自2027年1月5日起。')
    expect(text(page.html)).toContain('由林晓改为陈一鸣')
    expect(page.html).not.toContain('/objection')
    await desk.handover({ leaver: second.successor, customer: first.customer, transfer: 'approved' })
    expect(text((await desk.page(first.path)).html)).toContain('孙婷已不再负责您的服务')
  })

  it('another colleague’s handover of the same customer changes nothing here', async () => {
    const first = await told()
    await desk.handover({ customer: first.customer })
    expect((await desk.page(first.path)).html).not.toContain('role="status"')
  })
})

it('looks are on record without address or device, with version and language', async () => {
  const placed = await told()
  await desk.page(`${placed.path}?lang=en`)
  const [look] = (await desk.audits()).filter((a) => a.subject === placed.id && a.action === 'look.letter')
  expect(look).toEqual({
    action: 'look.letter',
    subject: placed.id,
    actor: 'customer',
    detail: { page: 'first', text: 'page@1', language: 'en' },
  })
})
