import { inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  isEnough,
  nextRequestState,
  requestKinds,
  requestStates,
  type RequestEvent,
  type RequestState,
} from '../../src/shared/request'
import { tableClasses } from '../../src/shared/retention'
import { copyLetter as en } from '../../src/shared/lang/en/letter/copy'
import { copyLetter as zh } from '../../src/shared/lang/zh-CN/letter/copy'
import { copyParts, notCopied } from '../../src/server/db/copy'
import { passingOf } from '../../src/server/db/facts'
import { openDesk, tell, type Desk, type Placed } from '../support/handovers'

let desk: Desk
let officer: Awaited<ReturnType<Desk['member']>>
let second: Awaited<ReturnType<Desk['member']>>
beforeAll(async () => {
  desk = await openDesk({ COMPLIANCE: 'shenlan,second', MANAGERS: 'boss' })
  officer = await desk.member('沈岚', { userid: 'shenlan' })
  second = await desk.member('韩立', { userid: 'second' })
})
afterAll(() => desk.close())

const text = (html: string): string => html.replace(/<[^>]+>/g, '').replace(/\s+/g, ' ')
type Told = Placed & { path: string }
async function told(): Promise<Told> {
  const placed = await desk.handover()
  return { ...placed, ...(await tell(placed)) }
}

/** Files one on the page and answers its row and its page. */
async function ask(placed: Told, kind: string, fields: Record<string, string> = {}) {
  const sent = await desk.send(`${placed.path}/request`, { kind, ...fields })
  expect([kind, sent.status]).toEqual([kind, 303])
  const page = sent.headers.get('location') ?? ''
  const number = new URL(page, 'https://x').searchParams.get('number') ?? ''
  return { ...(await rowOf(number)), page }
}
const rowOf = (number: string) =>
  desk.db.selectFrom('rightsRequest').selectAll().where('number', '=', number).executeTakeFirstOrThrow()
const act = (who: typeof officer, id: string, what: string, body: object = {}) =>
  who.ask('POST', `/api/requests/${id}/${what}`, body)

async function accepted(placed: Told, kind: string, fields: Record<string, string> = {}) {
  desk.clock.now += 1000
  const asked = await ask(placed, kind, fields)
  if (asked.state === 'received')
    expect((await act(officer, asked.id, 'identify', { how: 'called_back' })).status).toBe(200)
  expect((await act(officer, asked.id, 'accept')).status).toBe(200)
  return asked
}
const done = (who: typeof officer, id: string, outcome = '已办') => act(who, id, 'execute', { outcome })

describe('the machine', () => {
  const events: RequestEvent[] = ['check', 'accept', 'refuse', 'execute', 'inform']
  it('executes only what was accepted after a check, and tells only what was executed or refused', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 30 }), (tried) => {
        let state: RequestState = 'received'
        const moved: RequestEvent[] = []
        for (const event of tried) {
          const to = nextRequestState(state, event)
          if (to === null) continue
          expect(requestStates).toContain(to)
          state = to
          moved.push(event)
        }
        const at = (event: RequestEvent) => moved.indexOf(event)
        if (at('execute') >= 0) expect(moved.slice(0, at('execute'))).toEqual(['check', 'accept'])
        if (at('inform') >= 0) expect(['execute', 'refuse']).toContain(moved[at('inform') - 1])
        if (state === 'informed') for (const event of events) expect(nextRequestState(state, event)).toBeNull()
      }),
    )
  })
})

describe('each kind: opened, identified, decided, executed or refused with a reason, told (T-68)', () => {
  it('every kind has a form, a number and a day; a link alone is enough only where nothing is shown or changed', async () => {
    const placed = await told()
    for (const kind of requestKinds) {
      desk.clock.now += 10_000
      expect((await desk.page(`${placed.path}/request?kind=${kind}`)).html).toContain('<form method="post"')
      const about: Record<string, string> = kind === 'correct' || kind === 'supplement' ? { about: 'company' } : {}
      const asked = await ask(placed, kind, { text: `写明 ${kind}`, ...about })
      expect(asked.number).toMatch(/^QQ-20261201-\d{4}$/)
      const row = await rowOf(asked.number)
      expect([kind, row.identifiedAt !== null]).toEqual([kind, isEnough('IAL0', kind)])
      expect(text((await desk.page(asked.page)).html)).toContain(asked.number)
    }
    const list = await officer.ask('GET', '/api/requests?limit=100')
    expect(list.body.items.length).toBeGreaterThanOrEqual(requestKinds.length)
    expect(list.body.items[0].due).toBe('2026-12-22')
    expect((await placed.successor.ask('GET', '/api/requests')).status).toBe(403)
  })

  it('a double tap is one; without words nothing is lost and nothing is filed; too long is said', async () => {
    const placed = await told()
    const [one, two] = await Promise.all([ask(placed, 'copy'), ask(placed, 'copy')])
    expect(one.number).toBe(two.number)
    const empty = await desk.send(`${placed.path}/request`, { kind: 'correct', about: 'title', contact: '13900001111' })
    expect(empty.status).toBe(400)
    const html = await empty.text()
    expect(html).toContain('role="alert"')
    expect(html).toContain('13900001111')
    expect(html).toMatch(/value="title"\s+selected/)
    const long = await desk.send(`${placed.path}/request`, { kind: 'object', text: '长'.repeat(2001) })
    expect(long.status).toBe(400)
    expect(await long.text()).toContain('长'.repeat(2001))
    expect((await desk.send(`${placed.path}/request`, { kind: 'everything' })).status).toBe(400)
  })

  it('nothing is decided before it is known who asks; a refusal has a reason, which the customer reads with the ways further', async () => {
    const placed = await told()
    const asked = await ask(placed, 'supplement', { about: 'other', text: '喜欢上午联系' })
    expect((await act(officer, asked.id, 'accept')).body.code).toBe('not_identified')
    expect((await act(officer, asked.id, 'refuse', { reason: ' ' })).status).toBe(400)
    expect((await act(officer, asked.id, 'refuse', { reason: '这里没有这一项。' })).status).toBe(200)
    const { html } = await desk.page(asked.page)
    expect(text(html)).toContain('这里没有这一项。')
    expect(text(html)).toContain('依法向法院起诉')
    await desk.send(`${placed.path}/request/seen?number=${asked.number}`)
    expect(await rowOf(asked.number)).toMatchObject({ state: 'informed', informedHow: 'page' })
    expect((await act(officer, asked.id, 'execute', { outcome: '办' })).body.code).toBe('stale')
  })

  it('the words are in the log only as a hash, and compliance’s look is on record', async () => {
    const placed = await told()
    const asked = await ask(placed, 'object', { text: 'CANARY-OBJECT', contact: '13900002222' })
    const read = await officer.ask('GET', `/api/requests/${asked.id}`)
    expect(read.body.text).toBe('CANARY-OBJECT')
    const entries = await desk.audits()
    expect(JSON.stringify(entries)).not.toMatch(/CANARY-OBJECT|13900002222/)
    expect(entries.at(-1)).toMatchObject({ action: 'look.request', subject: placed.customer, actor: officer.id })
  })
})

describe('correcting (T-52)', () => {
  it('keeps both values with source and number, and the colleague reads it in the history', async () => {
    const placed = await told()
    const asked = await accepted(placed, 'correct', { about: 'company', text: '宏远建材（上海）' })
    expect((await done(officer, asked.id)).status).toBe(200)
    const brief = await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
    const [entry] = brief.body.brief.history.items
    expect(entry).toMatchObject({
      kind: 'customer.corrected',
      source: 'customer',
      author: '沈岚',
      body: { field: 'company', before: '宏远建材', after: '宏远建材（上海）', request: asked.number },
    })
    const again = await accepted(placed, 'correct', { about: 'company', text: '宏远建材（北京）' })
    await done(officer, again.id)
    const rows = await desk.db
      .selectFrom('customerCorrection')
      .selectAll()
      .where('customerId', '=', placed.customer)
      .orderBy('id')
      .execute()
    expect(rows.map((r) => [r.before, r.value])).toEqual([
      ['宏远建材', '宏远建材（上海）'],
      ['宏远建材（上海）', '宏远建材（北京）'],
    ])
  })
})

describe('restricting (T-68, PIPL 44)', () => {
  it('closes every read of the colleague and the manager’s company name, keeps the record, and ends with a reason', async () => {
    const boss = await desk.member('赵敏', { userid: 'boss' })
    const placed = await told()
    // A question is open: that all use was stopped stands with it (4.3).
    const raw = { id: desk.deps.id(), customerId: placed.customer, authorId: placed.leaver.id, at: desk.deps.now() }
    await desk.db
      .insertInto('rawRecord')
      .values({ ...raw, text: '送到后门' })
      .execute()
    const question = `/api/handovers/${placed.id}/question/history_raw`
    const { sha256 } = (await placed.successor.ask('GET', `${question}?language=zh-CN`)).body as { sha256: string }
    const heard = { language: 'zh-CN', answer: 'agree', channel: 'phone_call', sha256 }
    await placed.successor.ask('POST', `${question}/spoken`, heard)
    const asked = await accepted(placed, 'restrict')
    expect((await done(officer, asked.id)).status).toBe(200)
    const { successor, customer, id } = placed
    const doors = [
      ['POST', '/api/brief', { customer }],
      ['GET', `/api/customers/${customer}/history`, {}],
      ['GET', `/api/customers/${customer}/sight`, {}],
      ['POST', `/api/customers/${customer}/reveal`, { field: 'mobiles', reason: 'call' }],
      ['POST', `/api/handovers/${id}/notice`, { language: 'zh-CN' }],
      ['POST', `/api/handovers/${id}/promises`, { text: '补发', due: null }],
      ['GET', `/api/handovers/${id}/restore`, {}],
    ] as const
    for (const [method, path, body] of doors) {
      const answer = await successor.ask(method, path, body)
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'restricted'])
    }
    expect((await successor.ask('GET', '/api/inherited')).body.items).toEqual([])
    const { departureId } = await desk.db
      .selectFrom('handover')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    const rows = await boss.ask('GET', `/api/departures/${departureId}/handovers`)
    expect(rows.body.items[0].company).toBeNull()
    expect(
      await desk.db.selectFrom('history').select('id').where('customerId', '=', customer).orderBy('id').execute(),
    ).not.toEqual([])
    const noted = await desk.db
      .selectFrom('consentEvent')
      .select(['type', 'stateBefore', 'state', 'reason'])
      .where('customerId', '=', customer)
      .orderBy('seq', 'desc')
      .executeTakeFirst()
    const same = { stateBefore: 'unanswered', state: 'unanswered', reason: asked.number }
    expect(noted).toEqual({ type: 'consent.restricted', ...same })
    expect((await act(officer, asked.id, 'lift', { reason: '客户要求恢复' })).status).toBe(200)
    const { lifted } = (await officer.ask('GET', `/api/requests/${asked.id}`)).body as { lifted: { reason: string } }
    expect(lifted).toMatchObject({ reason: '客户要求恢复', at: desk.deps.now().toISOString() })
    expect((await act(officer, asked.id, 'lift', { reason: '再来一次' })).body.code).toBe('stale')
    expect((await successor.ask('POST', '/api/brief', { customer })).status).toBe(200)
  })
})

describe('deleting', () => {
  it('waits for what binds, holds or complains, and says what it is', async () => {
    const placed = await told()
    await desk.db
      .insertInto('relation')
      .values({ memberId: placed.successor.id, customerId: placed.customer, since: desk.deps.now() })
      .execute()
    const asked = await accepted(placed, 'delete')
    expect((await officer.ask('GET', `/api/requests/${asked.id}`)).body.blockers).toEqual(['follows'])
    expect((await done(second, asked.id)).body.code).toBe('not_deletable')
    await desk.db
      .updateTable('relation')
      .set({ endedAt: desk.deps.now() })
      .where('customerId', '=', placed.customer)
      .execute()
    const hold = { kind: 'customer', subject: placed.customer, caseNo: 'A-1', reason: '诉讼' }
    expect((await officer.ask('POST', '/api/holds/place', hold)).status).toBe(200)
    expect((await officer.ask('GET', `/api/requests/${asked.id}`)).body.blockers).toEqual(['held'])
    expect((await done(second, asked.id)).body.code).toBe('not_deletable')
    expect((await act(officer, asked.id, 'refuse', { reason: '案件需要' })).status).toBe(200)
  })

  it('takes a second person, removes everything and the key, leaves the chain and says so on the link', async () => {
    const placed = await told()
    await ask(placed, 'object', { text: 'CANARY-GONE' })
    const asked = await accepted(placed, 'delete')
    expect((await done(officer, asked.id)).body.code).toBe('second_person')
    expect((await done(second, asked.id)).status).toBe(200)
    const left = await sql<{ n: number }>`
      select (select count(*) from customer where id = ${placed.customer})
           + (select count(*) from history where customer_id = ${placed.customer})
           + (select count(*) from relation where customer_id = ${placed.customer})
           + (select count(*) from handover where customer_id = ${placed.customer}) as n`.execute(desk.db)
    expect(left.rows[0]?.n).toBe(0)
    const key = await desk.db
      .selectFrom('personKey')
      .selectAll()
      .where('personId', '=', placed.customer)
      .executeTakeFirst()
    expect(key?.sealed).toBeNull()
    expect(await rowOf(asked.number)).toMatchObject({ customerId: null, state: 'executed' })
    const page = await desk.page(placed.path)
    expect(page.status).toBe(410)
    expect(text(page.html)).toContain(`您的信息已经删除`)
    expect(text(page.html)).toContain(asked.number)
    expect((await act(officer, asked.id, 'inform', { how: 'phone' })).status).toBe(200)
  })

  it('the database itself refuses to purge a history that nobody asked to delete', async () => {
    const placed = await told()
    const asked = await ask(placed, 'delete')
    await expect(sql`select purge_history_of(${placed.customer}, ${asked.id})`.execute(desk.db)).rejects.toThrow(
      'not asked for',
    )
  })
})

describe('explaining', () => {
  it('why this colleague: at once, from the frozen plan, plain and without names of who decided or scores (T-64)', async () => {
    const placed = await told()
    const asked = await ask(placed, 'explain_allocation')
    expect(await rowOf(asked.number)).toMatchObject({ state: 'executed', decidedBy: null })
    const said = text((await desk.page(asked.page)).html)
    expect(said).toContain('按各位同事手上的客户数量平均安排')
    expect(said).toContain('另一位管理者在2026年12月')
    expect(said).toContain('想听人当面解释')
    expect(said).not.toMatch(/周敏|何志远|业绩|工龄/)
  })

  it('why this colleague, chosen by rules or by a person: never performance, tenure or value (T-64)', async () => {
    const ruled = async (matched: string[] | null) => {
      const placed = await told()
      const { planId, successorId } = await desk.db
        .selectFrom('transfer')
        .select(['planId', 'successorId'])
        .where('handoverId', '=', placed.id)
        .executeTakeFirstOrThrow()
      const run = { planId: planId!, rules: 'R-0', inputsAt: desk.deps.now(), total: 1 }
      await desk.db.insertInto('planRun').values(run).execute()
      const why = { chosen: successorId, because: 'score', matched, factors: { performance: 1 } }
      const reason = { planId: planId!, handoverId: placed.id, chosen: successorId, why: JSON.stringify(why) }
      if (matched) await desk.db.insertInto('planReason').values(reason).execute()
      return text((await desk.page((await ask(placed, 'explain_allocation')).page)).html)
    }
    const said = await ruled(['region', 'industry', 'room'])
    expect(said).toContain('我们按地区、业务类型、同事的可接待人数安排')
    expect(said).toContain('您可以换人')
    expect(said).not.toMatch(/业绩|工龄|贡献|等级|得分|周敏|何志远/)
    expect(await ruled(null)).toContain('由一位管理者为您选定')
  })

  it('every line of the full notice may be asked about, and the rules can be kept as a file (T-51)', async () => {
    const placed = await told()
    const { html } = await desk.page(`${placed.path}/full`)
    expect(html.match(/kind=explain_rules/g)).toHaveLength(11)
    const form = await desk.page(`${placed.path}/request?kind=explain_rules&about=vendors`)
    expect(form.html).toMatch(/value="vendors"\s+selected/)
    const asked = await accepted(placed, 'explain_rules', { about: 'vendors', text: '受托方是谁？' })
    expect(await rowOf(asked.number)).toMatchObject({ about: 'vendors' })
    await done(officer, asked.id, '就是企业微信。')
    expect(text((await desk.page(asked.page)).html)).toContain('就是企业微信。')
    const file = await desk.page(`${placed.path}/full/file`)
    expect(file.headers.get('content-disposition')).toContain('attachment')
  })
})

/** The files of a ZIP by name, read from its central directory. */
function unzip(bytes: Buffer): Record<string, string> {
  const files: Record<string, string> = {}
  for (let at = bytes.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4, 'latin1')) {
    const [size, nameLength, start] = [
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt32LE(at + 42),
    ]
    const name = bytes.subarray(at + 46, at + 46 + nameLength).toString()
    const body = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28)
    files[name] = inflateRawSync(bytes.subarray(body, body + size)).toString()
  }
  return files
}

describe('the copy (T-68)', () => {
  it('holds every table and every column that says something of a customer, in words of both languages', async () => {
    const { rows } = await sql<{ table: string; column: string }>`
      select table_name as table, column_name as column from information_schema.columns where table_schema = 'public'`.execute(
      desk.db,
    )
    const camel = (s: string) => s.replace(/_(\w)/g, (_, c: string) => c.toUpperCase())
    const about = new Set(
      rows
        .filter((r) => ['customer_id', 'handover_id'].includes(r.column) || tableClasses[r.table] === 'customer')
        .map((r) => camel(r.table)),
    )
    const copied = new Map(copyParts.map((p) => [p.table as string, p]))
    expect([...about].filter((table) => !copied.has(table) && !(table in notCopied))).toEqual([])
    for (const part of copyParts) {
      const known = [...part.columns, ...('members' in part ? part.members : []), ...part.left] as string[]
      const there = rows.filter((r) => camel(r.table) === part.table).map((r) => camel(r.column))
      expect([part.table, there.filter((c) => !known.includes(c))]).toEqual([part.table, []])
      for (const words of [zh.copy, en.copy]) {
        expect(words.tables).toHaveProperty(part.table)
        for (const column of [...part.columns, ...('members' in part ? part.members : [])])
          expect(words.columns).toHaveProperty(column)
      }
    }
  })

  it('is handed out by compliance once it is done, complete and readable; to move, only what the person gave', async () => {
    const placed = await told()
    await desk.send(`${placed.path}/objection`, { text: 'COPY-WISH' })
    await desk.db.updateTable('objection').set({ handledAt: desk.deps.now(), outcome: 'kept' }).execute()
    const asked = await accepted(placed, 'copy')
    expect((await act(officer, asked.id, 'file')).body.code).toBe('stale')
    await done(officer, asked.id)
    const taken = await officer.open('POST', `/api/requests/${asked.id}/file`)
    expect(taken.headers.get('content-type')).toBe('application/zip')
    const files = unzip(Buffer.from(await taken.arrayBuffer()))
    for (const name of ['copy.html', 'copy.json'])
      for (const word of [
        '王建国',
        '13812345678',
        'CANARY-REMARK',
        'CANARY-HISTORY',
        'CANARY-PROMISE',
        'CANARY-TAG',
        'COPY-WISH',
        '林晓',
      ])
        expect([name, files[name]?.includes(word)]).toEqual([name, true])
    expect(files['copy.html']).not.toMatch(/<script|src=|href=/)
    const json = JSON.parse(files['copy.json'] ?? '') as { parts: { name: string }[] }
    expect(json.parts.map((p) => p.name)).toEqual(copyParts.map((p) => p.table))
    expect((await desk.audits()).at(-1)).toMatchObject({ action: 'request.file', actor: officer.id })

    const moving = await accepted(placed, 'move')
    await done(officer, moving.id)
    const moved = unzip(
      Buffer.from(await (await officer.open('POST', `/api/requests/${moving.id}/file`)).arrayBuffer()),
    )
    expect(moved['copy.json']).toContain('王建国')
    expect(moved['copy.json']).not.toContain('CANARY-PROMISE')
  })

  it('is not given on the page to whoever only holds the link', async () => {
    const placed = await told()
    const asked = await accepted(placed, 'copy')
    await done(officer, asked.id)
    expect((await desk.send(`${placed.path}/request/file?number=${asked.number}`)).status).toBe(303)
    expect(text((await desk.page(asked.page)).html)).toContain('副本由同事交给您')
    const other = await told()
    expect(text((await desk.page(`${other.path}/request?number=${asked.number}`)).html)).not.toContain(asked.number)
  })
})

it('my choices and records shows version, wish, requests and who looked, and no word that was written', async () => {
  const placed = await told()
  await ask(placed, 'object', { text: 'CANARY-RECORD' })
  await desk.send(`${placed.path}/objection`, { text: 'CANARY-RECORD' })
  const { html } = await desk.page(`${placed.path}/record`)
  const said = text(html)
  expect(said).toMatch(/告知发出（文本版本 M2@\d+）/)
  expect(said).toContain('您要求换人')
  expect(said).toContain('反对某一种用法')
  expect(said).not.toContain('CANARY-RECORD')
})

describe('opposing scores (T-44, PIPL 24)', () => {
  it('becomes the fact that allocations read, and the log says by whom and why; a restriction means the same while it lasts', async () => {
    const placed = await told()
    const departure = async () =>
      (await desk.db.selectFrom('handover').select('departureId').where('id', '=', placed.id).executeTakeFirstOrThrow())
        .departureId
    const unscored = async () => (await passingOf(desk.db, [await departure()], desk.deps.now(), 'all'))[0]?.unscored
    expect(await unscored()).toBe(false)
    const stopped = await accepted(placed, 'restrict')
    await done(officer, stopped.id)
    expect(await unscored()).toBe(true)
    await act(officer, stopped.id, 'lift', { reason: '客户要求恢复' })
    expect(await unscored()).toBe(false)

    const asked = await accepted(placed, 'object', { text: '不要给我打分' })
    expect((await act(officer, asked.id, 'execute', { outcome: '不再按评分', unscored: true })).status).toBe(200)
    expect(await unscored()).toBe(true)
    const written = (await desk.audits()).find((e) => e.action === 'fact.written' && e.subject === placed.customer)
    expect(written).toMatchObject({ actor: officer.id, detail: { fields: ['unscored'], request: asked.number } })
  })
})
