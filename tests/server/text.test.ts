import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listsNow } from '../../src/server/db/text'
import type { TextShown } from '../../src/shared/text'
import { openDesk, type Desk } from '../support/handovers'

let desk: Desk
let author: Awaited<ReturnType<Desk['member']>>
let second: Awaited<ReturnType<Desk['member']>>
beforeAll(async () => {
  desk = await openDesk({ COMPLIANCE: 'shenlan,guyan' })
  author = await desk.member('沈岚', { userid: 'shenlan' })
  second = await desk.member('顾言', { userid: 'guyan' })
})
afterAll(() => desk.close())

type Both = TextShown['words']
const read = async (name: string): Promise<TextShown> => (await author.ask('GET', `/api/texts/${name}`)).body
const changed = async (name: string, part: string, to: (before: string) => string, en = to): Promise<Both> => {
  const { words } = await read(name)
  return {
    'zh-CN': { ...words['zh-CN'], [part]: to(words['zh-CN'][part]!) },
    en: { ...words.en, [part]: en(words.en[part]!) },
  }
}
const inUse = (shown: TextShown) => shown.versions[0]!.version

/** Writes, submits and confirms; answers the digest that was confirmed. */
async function saved(name: string, words: Both): Promise<string> {
  const { draft } = await read(name)
  const on =
    draft?.digest ?? (await author.ask('GET', `/api/texts/${name}/versions/${inUse(await read(name))}`)).body.digest
  const answer = await author.ask('POST', `/api/texts/${name}/draft`, { words, on })
  expect(answer.status, answer.text).toBe(200)
  return answer.body.digest
}
const propose = (name: string, digest: string, more: object = {}) =>
  author.ask('POST', `/api/texts/${name}/propose`, { digest, class: 'editorial', reason: '错字', ...more })
const confirm = (who: typeof author, name: string, digest: string, kind = 'editorial') =>
  who.ask('POST', `/api/texts/${name}/confirm`, { digest, class: kind })

describe('a text', () => {
  it('begins with the words of the release as version 1, and says what stands against it: nothing', async () => {
    const list = (await author.ask('GET', '/api/texts')).body.items
    expect(list).toContainEqual(expect.objectContaining({ name: 'M2', version: 1, draft: null }))
    const m2 = await read('M2')
    expect(m2.words['zh-CN']['text']).toContain('{old}不再负责您的服务')
    expect(m2.problems).toEqual([])
    expect(m2.versions).toEqual([expect.objectContaining({ version: 1, by: null, reason: 'release' })])
  })

  it('becomes the next version when a second person confirms what was submitted, and only then (T-54, T-59)', async () => {
    const words = await changed('M2', 'text', (s) => s.replace('您好，', '您好！').replace('Hello,', 'Good day,'))
    const digest = await saved('M2', words)
    expect(inUse(await read('M2'))).toBe(1)
    expect((await propose('M2', digest)).status).toBe(200)
    expect((await confirm(author, 'M2', digest)).body.code).toBe('own_text')
    expect((await confirm(second, 'M2', digest, 'notice_material')).body.code).toBe('stale')
    expect((await confirm(second, 'M2', 'f'.repeat(64))).body.code).toBe('stale')
    expect((await confirm(second, 'M2', digest)).body).toEqual({ version: 2 })
    const { words: now, versions, draft } = await read('M2')
    expect([now, draft]).toEqual([words, null])
    expect(versions[0]).toMatchObject({
      version: 2,
      class: 'editorial',
      reason: '错字',
      by: '沈岚',
      confirmedBy: '顾言',
    })
    const done = (await desk.audits()).filter(({ subject }) => subject === 'M2' || subject.startsWith('M2@'))
    expect(done.map(({ action, actor }) => [action, actor])).toEqual([
      ['text.published', author.id],
      ['text.saved', author.id],
      ['text.proposed', author.id],
      ['text.published', second.id],
    ])
  })

  it('in use cannot be changed or deleted, not even by the server itself', async () => {
    for (const statement of [
      `update text_version set reason = 'x' where text = 'M2'`,
      `delete from text_version where text = 'M2'`,
      'truncate text_version',
    ])
      await expect(desk.asOwner(statement)).rejects.toThrow('append-only')
    const old = (await author.ask('GET', '/api/texts/M2/versions/1')).body
    expect(old.words['zh-CN'].text).toMatch(/^您好，/)
    expect((await author.ask('GET', '/api/texts/M2/versions/9')).body.code).toBe('not_found')
  })

  it('is not published while an element is missing or something forbidden is said; the refusal names it (T-03, T-59)', async () => {
    const tries: [string, (s: string) => string, string][] = [
      ['M2', (s) => s.replace('{tel}', 'x'), 'N1'],
      ['M2', (s) => s.replace('{old}', 'x'), 'N2'],
      [
        'M2',
        (s) => s.replace(/不点开也不影响您的服务。|You keep your service even if you do not open it\./, ''),
        'N15',
      ],
      ['M2', (s) => `${s}他被开除了`, '开除'],
      ['M2', (s) => `${s}有优惠`, '优惠'],
      ['M2', (s) => `${s}13812345678`, '13812345678'],
      ['M2', (s) => `${s}{phone}`, 'phone'],
      ['card', (s) => `${s}${'很'.repeat(60)}`, '140'],
    ]
    for (const [name, to, named] of tries) {
      const digest = await saved(name, await changed(name, 'text', to))
      const refused = await propose(name, digest)
      expect([refused.status, refused.body.message]).toEqual([409, expect.stringContaining(named)])
    }
    const page = await saved(
      'page',
      await changed(
        'page',
        'first.hidden.1',
        () => '。',
        () => '.',
      ),
    )
    expect((await propose('page', page)).body.message).toContain('N5')
  })

  it('that changes what customers were told says so in one sentence; what it may not say is refused, too', async () => {
    const digest = await saved('page', await changed('page', 'full.vendors.1', (s) => `${s}。`))
    const material = { class: 'notice_material' }
    expect((await propose('page', digest, material)).body.code).toBe('text_told')
    const offer = { 'zh-CN': '现在有优惠', en: 'new' }
    expect((await propose('page', digest, { ...material, changed: offer })).body.code).toBe('text_told')
    const told = { 'zh-CN': '受托单位有变', en: 'who works for us' }
    expect((await propose('page', digest, { ...material, changed: told })).status).toBe(200)
    const back = await second.ask('POST', '/api/texts/page/reject', { digest, reason: '句号多了' })
    expect(back.status).toBe(200)
    expect((await read('page')).draft).toMatchObject({ state: 'draft', rejected: { by: '顾言', reason: '句号多了' } })
    expect((await author.ask('POST', '/api/texts/page/discard', { digest })).status).toBe(200)
    expect((await read('page')).draft).toBeNull()
  })

  it('is not written over by somebody who read an older one, and nobody who wrote in it confirms it', async () => {
    const words = await changed('M4', 'text', (s) => `${s}。`)
    const first = await saved('M4', words)
    const late = await second.ask('POST', '/api/texts/M4/draft', { words, on: 'a'.repeat(64) })
    expect(late.body.code).toBe('stale')
    const other = await changed('M4', 'text', (s) => `${s}。。`)
    const digest = (await second.ask('POST', '/api/texts/M4/draft', { words: other, on: first })).body.digest
    await propose('M4', digest)
    for (const who of [author, second]) expect((await confirm(who, 'M4', digest)).body.code).toBe('own_text')
  })

  it('that says the same as the one in use is nothing to publish', async () => {
    const { words } = await read('M5')
    const digest = await saved('M5', words)
    expect((await propose('M5', digest)).body.code).toBe('text_same')
  })

  it('the page has its next version by itself when the access table changes: asked again where it grew, told where it shrank (T-59)', async () => {
    const lists = listsNow()
    const before = async (visible: readonly string[]) => {
      const { words, versions } = await read('page')
      const said = { words: JSON.stringify(words), lists: JSON.stringify({ ...lists, visible }), digest: '0' }
      const version = versions[0]!.version + 1
      const more = { class: 'editorial', reason: 'as it was', publishedAt: desk.deps.now() }
      await desk.db
        .insertInto('textVersion')
        .values({ text: 'page', version, ...said, ...more })
        .execute()
      const [newest] = (await read('page')).versions
      return [newest!.version - version, newest!.class, newest!.reason, newest!.by]
    }
    expect(await before(['F1'])).toEqual([1, 'consent_material', 'release', null])
    expect(await before([...lists.visible, 'F4'])).toEqual([1, 'notice_material', 'release', null])
    expect((await read('page')).versions.length).toBe(inUse(await read('page')))
  })

  it('is for compliance alone', async () => {
    const rep = await desk.member('陈一鸣')
    expect((await rep.ask('GET', '/api/texts')).status).toBe(403)
    expect((await rep.ask('GET', '/api/texts/M2')).status).toBe(403)
  })
})
