import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTsa } from '../../mock/tsa'
import { makeHead } from '../../src/server/audit/heads'
import { currentSigner } from '../../src/server/audit/keys'
import { buildPack } from '../../src/server/audit/pack/build'
import { packsJob } from '../../src/server/audit/pack/jobs'
import { holdPack } from '../../src/server/audit/pack/rows'
import { stampHeads } from '../../src/server/audit/stamp'
import { act } from '../../src/server/db/act'
import { forget } from '../../src/server/db/person'
import { rightsOf } from '../../src/server/db/roles'
import { wishesJob } from '../../src/server/objection/jobs'
import { openDesk, tell, type Desk, type Placed } from '../support/handovers'
import { unzip } from '../support/unzip'

type Person = Awaited<ReturnType<Desk['member']>>

const folder = mkdtempSync(join(tmpdir(), 'jiebang-pack-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** As an expert runs it: the verifier of the pack itself, or ours when that was changed, on a machine with Node alone. */
function verify(files: ReadonlyMap<string, Buffer> | Buffer, ...options: string[]) {
  const target = mkdtempSync(join(folder, 'v-'))
  if (Buffer.isBuffer(files)) writeFileSync(join(target, 'pack.zip'), files)
  else
    for (const [name, body] of files) {
      mkdirSync(dirname(join(target, name)), { recursive: true })
      writeFileSync(join(target, name), body)
    }
  const path = Buffer.isBuffer(files) ? join(target, 'pack.zip') : target
  const verifier = join(folder, 'verify.mjs')
  writeFileSync(verifier, readFileSync('src/server/audit/pack/verify.mjs'))
  const { status, stdout } = spawnSync(process.execPath, [verifier, path, ...options], { encoding: 'utf8', env: {} })
  return { status, said: stdout }
}

/** Asked on the phone about an old chat, and the customer said no. */
async function answerByPhone({ db, deps }: Desk, { id, customer, leaver, successor }: Placed): Promise<void> {
  const raw = { id: deps.id(), customerId: customer, authorId: leaver.id, at: deps.now(), text: 'CANARY-RAW' }
  await db.insertInto('rawRecord').values(raw).execute()
  const question = `/api/handovers/${id}/question/history_raw`
  const { sha256 } = (await successor.ask('GET', `${question}?language=zh-CN`)).body as { sha256: string }
  const heard = { language: 'zh-CN', answer: 'refuse', channel: 'phone_call', proof: 'REC-3', sha256 }
  await successor.ask('POST', `${question}/spoken`, heard)
}

describe('an evidence pack about a departure (compliance 9, T-38)', () => {
  let desk: Desk
  let placed: Placed
  let other: Placed
  let [manager, officer, second]: Person[] = []
  let zip: Buffer
  let files: Map<string, Buffer>
  let early: string
  const section = (letter: string) =>
    JSON.parse(files.get(`sections/${letter}.json`)!.toString()) as {
      title: string
      missing: { what: string }[]
      tables: { title: string; rows: (string | number | null)[][] }[]
    }

  beforeAll(async () => {
    desk = await openDesk({ MANAGERS: 'boss', COMPLIANCE: 'shenlan,hanmei' })
    const { db, deps } = desk
    placed = await desk.handover()
    other = await desk.handover({ leaver: await desk.member('CANARY-THIRD') })
    const { path } = await tell(placed)
    await answerByPhone(desk, placed)
    await desk.send(`${path}/objection`, { text: 'CANARY-WISH' })
    await desk.send(`${path}/complaint`, { text: 'CANARY-COMPLAINT', contact: '13900001111' })
    ;[manager, officer, second] = [
      await desk.member('王总监', { userid: 'boss' }),
      await desk.member('沈岚', { userid: 'shenlan' }),
      await desk.member('韩梅', { userid: 'hanmei' }),
    ]
    await db
      .insertInto('childAccess')
      .values({
        ...{ id: 'access-1', customerId: placed.customer, memberId: placed.successor.id, granted: false, until: null },
        ...{ reason: 'CANARY-REASON', decidedBy: officer.id, decidedAt: deps.now() },
      })
      .execute()
    const left = (
      await db
        .selectFrom('departure')
        .select('leftAt')
        .where('memberId', '=', placed.leaver.id)
        .executeTakeFirstOrThrow()
    ).leftAt
    const look = (days: number, action: string, classes: string[]) =>
      act(db, new Date(left.getTime() - days * 86_400_000 - 1000), placed.leaver.id, async (_tx, audit) =>
        audit(action as 'look.brief', placed.customer, {
          handover: placed.id,
          stage: 'V2',
          classes,
          reason: '跟进',
          door: '/api/x',
        }),
      )
    for (let i = 0; i < 40; i++) await look(i % 29, 'look.brief', ['F0', 'F1', ...(i % 2 ? ['F2'] : [])])
    for (let i = 0; i < 2; i++) await look(3, 'export.made', ['F0'])
    await look(31, 'look.brief', ['F0'])
    early = join(folder, 'early.json')
    const head = (await makeHead(deps))!
    const key = await db.selectFrom('auditKey').selectAll().executeTakeFirstOrThrow()
    writeFileSync(early, JSON.stringify({ ...head, publicKey: key.publicKey }))
    await act(db, deps.now(), officer.id, async (_tx, audit) =>
      audit('head.exported', String(head.size), { size: head.size }),
    )
  })
  afterAll(() => desk.close())
  const departureOf = async (p: Placed) =>
    (await desk.db.selectFrom('handover').select('departureId').where('id', '=', p.id).executeTakeFirstOrThrow())
      .departureId

  it('is asked for by one, approved by another in compliance, fetched by whoever has just signed in, all on record', async () => {
    const departure = await departureOf(placed)
    const wish = { kind: 'departure', subject: departure, caseNo: '(2026)沪01民初1号', purpose: '仲裁举证' }
    expect((await manager!.ask('POST', '/api/pack-requests', { ...wish, subject: 'nobody' })).status).toBe(404)
    expect(
      (await manager!.ask('POST', '/api/pack-requests', { ...wish, since: '2026-12-31', until: '2026-01-01' })).status,
    ).toBe(400)
    expect((await placed.successor.ask('POST', '/api/pack-requests', wish)).status).toBe(403)
    const own = (await officer!.ask('POST', '/api/pack-requests', wish)).body as { id: string }
    expect((await officer!.ask('POST', `/api/packs/${own.id}/approval`)).body).toMatchObject({ code: 'own_pack' })
    expect((await manager!.ask('POST', `/api/packs/${own.id}/approval`)).status).toBe(403)
    expect((await second!.ask('POST', `/api/packs/${own.id}/rejection`, { reason: '重复' })).status).toBe(200)
    expect((await second!.ask('POST', `/api/packs/${own.id}/approval`)).body).toMatchObject({ code: 'stale' })

    const { id } = (await manager!.ask('POST', '/api/pack-requests', wish)).body as { id: string }
    expect((await officer!.ask('POST', `/api/packs/${id}/ticket`)).status).toBe(404)
    expect((await officer!.ask('POST', `/api/packs/${id}/approval`)).status).toBe(200)
    const hold = await desk.db.selectFrom('legalHold').selectAll().executeTakeFirstOrThrow()
    expect(hold).toMatchObject({ subjectKind: 'departure', subjectId: departure, caseNo: wish.caseNo, packId: id })
    await packsJob(desk.deps)
    const list = (await manager!.ask('GET', '/api/packs')).body as { items: { id: string; state: string }[] }
    expect(list.items).toMatchObject([
      { id, state: 'ready', about: '林晓', requestedBy: '王总监', decidedBy: '沈岚', mine: true },
    ])
    const { ticket } = (await second!.ask('POST', `/api/packs/${id}/ticket`)).body as { ticket: string }
    expect((await officer!.ask('GET', `/api/packs/${id}/file?ticket=${ticket}`)).status).toBe(404)
    // A ZIP is no JSON; the ticket is good for one fetch.
    await expect(second!.ask('GET', `/api/packs/${id}/file?ticket=${ticket}`)).rejects.toThrow(SyntaxError)
    expect((await second!.ask('GET', `/api/packs/${id}/file?ticket=${ticket}`)).status).toBe(404)
    zip = (await desk.db.selectFrom('evidencePack').select('content').where('id', '=', id).executeTakeFirstOrThrow())
      .content!
    files = unzip(zip)
    const actions = (await desk.audits()).filter((a) => a.subject === id).map((a) => a.action)
    expect(actions).toEqual(['pack.requested', 'pack.approved', 'pack.built', 'pack.fetched'])
    const built = (await desk.audits()).find((a) => a.action === 'pack.built')
    expect(built!.detail).toMatchObject({
      manifest: (
        await desk.db.selectFrom('evidencePack').select('manifestSha256').where('id', '=', id).executeTakeFirstOrThrow()
      ).manifestSha256,
    })
  })

  it('has every section from A to M in its order, complete or saying what is missing and who has it', () => {
    const letters = [...files.keys()].flatMap((name) => /^sections\/(.)\.json$/.exec(name)?.[1] ?? [])
    expect(letters.join('')).toBe('ABCDEFGHIJKLM')
    for (const letter of 'EHJ') expect(section(letter).missing.length).toBeGreaterThan(0)
    for (const letter of 'ABCDFGIK')
      expect(
        section(letter).tables.some((t) => t.rows.length),
        letter,
      ).toBe(true)
    const report = files.get('report.html')!.toString()
    expect(report).not.toMatch(/<script|src=|href="(?!#)|@import|url\(/)
    for (const letter of letters) expect(report).toContain(`<section id="${letter}">`)
    expect(report).toContain('无外部时间戳')
  })

  it("says exactly what the log says of the leaver's last thirty days: 40 views, 2 exports, classes and no values (T-37)", async () => {
    const table = section('D').tables.find((t) => t.title.endsWith('逐次'))!
    const log = (await desk.db.selectFrom('audit').selectAll().orderBy('seq').execute()).filter(
      (e) => e.actor === placed.leaver.id && /^(look|export)/.test(e.action),
    )
    expect(log).toHaveLength(43)
    const left = (
      await desk.db
        .selectFrom('departure')
        .select('leftAt')
        .where('memberId', '=', placed.leaver.id)
        .executeTakeFirstOrThrow()
    ).leftAt
    const last = log.filter((e) => left.getTime() - e.at.getTime() < 30 * 86_400_000)
    expect(table.rows).toEqual(
      last.map((e) => [
        e.seq,
        e.at.toISOString(),
        '林晓',
        e.action,
        placed.customer,
        'V2',
        (e.detail as { classes: string[] }).classes.join(' '),
        '跟进',
        '/api/x',
      ]),
    )
    const counts = section('D').tables.find((t) => t.title.includes('前 30 天'))!.rows
    expect(counts).toEqual([
      ['export.made', 2],
      ['look.brief', 40],
      ['类别 F0', 42],
      ['类别 F1', 40],
      ['类别 F2', 20],
    ])
    // Whose data: the list of those affected is the log's (T-41).
    expect(section('I').tables[0]!.rows).toMatchObject([
      [placed.customer, '王*', 43, 'F0 F1 F2', new Date(Math.max(...log.map((e) => e.at.getTime()))).toISOString()],
    ])
  })

  it('shows what the customer was asked and every answer, with who wrote it down and where the proof lies (9.2 G)', () => {
    const { tables } = section('G')
    const rowsOf = (title: string) => tables.find((table) => table.title.startsWith(title))?.rows ?? []
    const [record] = rowsOf('请客户决定的问题')
    expect(record).toEqual(expect.arrayContaining([placed.customer, placed.id, 'history_raw', placed.successor.name]))
    expect(String(record?.at(-1))).toContain('请您决定一件事')
    expect(rowsOf('每一次变化').map((row) => [row[3], row[5], row[8]])).toEqual([
      ['consent.required', 'required', 'phone_call'],
      ['consent.requested', 'requested', 'phone_call'],
      ['consent.refused', 'refused', 'phone_call'],
    ])
    expect(String(rowsOf('每一次变化').at(-1)?.at(-1))).toMatch(/^HR-/)
    const heard = ['refuse', 'phone_call', 'REC-3', placed.successor.name]
    expect(rowsOf('电话和书面的答复')).toEqual([expect.arrayContaining(heard)])
    expect(rowsOf('孩子的资料')).toEqual([
      expect.arrayContaining(['access-1', placed.customer, placed.successor.name, '不批准', '沈岚']),
    ])
    // The log's own entry of it is among the pack's entries.
    expect(files.get('events.ndjson')!.toString()).toContain('"consent.spoken"')
  })

  it('names nobody who has no part in it and no value of a customer', () => {
    const whole = [...files]
      .filter(([name]) => !name.startsWith('templates/page'))
      .map(([, body]) => body.toString())
      .join('\n')
    for (const secret of ['CANARY', '13812345678', '13900001111', '王建国', 'wmSECRET'])
      expect(whole, secret).not.toContain(secret)
    expect(whole).toContain('林晓')
    expect(whole).not.toContain(other.id)
  })

  it('proves itself on a machine with Node alone, also against a head that was kept outside', () => {
    const alone = verify(zip)
    expect(alone.said).toContain('Everything fits.')
    expect(alone.status).toBe(0)
    const against = verify(files, '--head', early)
    expect(against.said).toContain('the log is the one of which this head was kept outside')
    expect(against.status).toBe(0)
  })

  it(
    'that was changed anywhere is found out, and the file or the entry is named (T-56, Q73)',
    { timeout: 60_000 },
    () => {
      const textOf = (name: string) => files.get(name)!.toString()
      const names = ['report.html', 'sections/G.json', 'METHOD.md', 'verify.mjs', 'proofs/consistency.json']
      const changed = new Map(files)
      for (const name of names) {
        const body = Buffer.from(files.get(name)!)
        body[Math.floor(body.length / 2)]! ^= 1
        changed.set(name, body)
      }
      changed.delete('sections/B.json')
      changed.set('sections/Z.json', Buffer.from('{}'))
      const bytes = verify(changed)
      for (const name of names) expect(bytes.said).toContain(`${name}: it was changed`)
      expect(bytes.said).toContain('sections/B.json: it is missing')
      expect(bytes.said).toContain('sections/Z.json: it is not in the manifest')
      expect(bytes.status).toBe(1)
      // Whoever also writes the manifest anew cannot sign it; the entries are found out by the log itself.
      const lines = textOf('events.ndjson').trimEnd().split('\n')
      const seqOf = (line: string) => (JSON.parse(line) as { seq: number }).seq
      const forged = [
        lines[0]!,
        lines[2]!,
        lines[1]!,
        lines[3]!,
        lines[4]!.replace('"actor":"', '"actor":"x'),
        ...lines.slice(6),
      ]
      const log = verify(new Map(files).set('events.ndjson', Buffer.from(forged.join('\n'))))
      expect(log.said).toContain(`(entry ${seqOf(lines[1]!)}): it is out of order`)
      expect(log.said).toContain(`(entry ${seqOf(lines[4]!)}): it is not what stands in the log`)
      expect(log.said).toContain(`entry ${seqOf(lines[5]!)} is missing`)
      const manifest = textOf('manifest.json').replace('仲裁', '诉讼')
      expect(verify(new Map(files).set('manifest.json', Buffer.from(manifest))).said).toContain(
        'manifest.json: it was changed after it was signed',
      )
      const stranger = join(folder, 'stranger.json')
      writeFileSync(stranger, readFileSync(early, 'utf8').replace(/"root":"./, '"root":"x'))
      expect(verify(zip, '--head', stranger).said).toContain('this is not a signed head')
      expect(verify(zip.subarray(0, zip.length - 40)).status).toBe(1)
    },
  )

  it('is the same bytes for the same rows, head and time', async () => {
    const { db, deps } = desk
    const id = (await db.selectFrom('evidencePack').select('id').where('state', '=', 'ready').executeTakeFirstOrThrow())
      .id
    const [head, rights, now] = [(await makeHead(deps))!, await rightsOf(db), deps.now()]
    const build = () =>
      act(db, now, 'system', async (tx, audit) => {
        const key = await currentSigner(tx, audit, deps.config, now)
        return buildPack(tx, (await holdPack(tx, id))!, { head, key, config: deps.config, rights, now })
      })
    expect((await build()).sha256).toBe((await build()).sha256)
  })

  it('says what its days removed, by kind', async () => {
    const { id } = (
      await manager!.ask('POST', '/api/pack-requests', {
        kind: 'customer',
        subject: placed.id,
        caseNo: '2',
        purpose: '客户主张',
        until: '2026-11-30',
      })
    ).body as { id: string }
    expect((await officer!.ask('POST', `/api/packs/${id}/approval`)).status).toBe(200)
    await packsJob(desk.deps)
    const row = await desk.db.selectFrom('evidencePack').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    const customer = unzip(row.content!)
    const { filters } = JSON.parse(customer.get('manifest.json')!.toString()) as {
      filters: { removed: Record<string, number> }
    }
    expect(filters.removed['notice.prepared']).toBe(1)
    // A pack about one customer holds what is known of them, phones masked.
    const profile = customer.get('sections/B.json')!.toString()
    expect(profile).toContain('CANARY-REMARK')
    expect(profile).toContain('138****5678')
    expect(profile).not.toContain('13812345678')
    expect(verify(row.content!).status).toBe(0)
  })

  it('a customer’s word for the colleague who left stands as it was said, in the rows and in their pack, and nobody presses them (T-73)', async () => {
    const { db } = desk
    const words = '我愿意跟原来的顾问'
    const loyal = await desk.handover()
    const { path } = await tell(loyal)
    const sent = () => db.selectFrom('noticeAttempt').select('id').where('handoverId', '=', loyal.id).execute()
    const before = await sent()
    await desk.send(`${path}/objection`, { text: words })
    const wish = db.selectFrom('objection').select('text').where('handoverId', '=', loyal.id)
    expect(await wish.execute()).toEqual([{ text: words }])
    const why = { caseNo: '3', purpose: '客户主张' }
    const asked = await manager!.ask('POST', '/api/pack-requests', { kind: 'customer', subject: loyal.id, ...why })
    const { id } = asked.body as { id: string }
    expect((await officer!.ask('POST', `/api/packs/${id}/approval`)).status).toBe(200)
    await packsJob(desk.deps)
    await wishesJob(desk.deps)
    const row = await db.selectFrom('evidencePack').select('content').where('id', '=', id).executeTakeFirstOrThrow()
    expect(unzip(row.content!).get('sections/G.json')!.toString()).toContain(words)
    // No other message left for the customer, and none can: the colleague is told to stop.
    expect(await sent()).toEqual(before)
    const { brief } = (await loyal.successor.ask('POST', '/api/brief', { customer: loyal.customer })).body
    expect(brief.standing.label).toBe('wants_other')
    const again = await loyal.successor.ask('POST', `/api/handovers/${loyal.id}/notice`, { language: 'zh-CN' })
    expect(again).toMatchObject({ status: 409, body: { code: 'wish_open' } })
    expect(await wish.execute()).toEqual([{ text: words }])
  })

  it('goes after its days; after the customer was forgotten it still proves itself (Q76, T-61)', async () => {
    await act(desk.db, desk.deps.now(), 'system', (tx, audit) => forget(tx, audit, placed.customer))
    expect(verify(zip, '--head', early).status).toBe(0)
    desk.clock.now += 8 * 86_400_000
    await packsJob(desk.deps)
    const kept = await desk.db
      .selectFrom('evidencePack')
      .select(['state', 'content'])
      .where('state', 'in', ['ready', 'ended'])
      .execute()
    expect(kept.every((p) => p.state === 'ended' && p.content === null)).toBe(true)
  })

  it('carries the time stamps of its heads, and the verifier reads them', async () => {
    const tsa = createTsa(() => desk.clock.now)
    const deps = {
      ...desk.deps,
      config: { ...desk.deps.config, TSA_URL: 'https://tsa.test', TSA_CA: tsa.ca },
      outside: tsa.fetch,
    }
    const order = await act(desk.db, deps.now(), 'system', async (tx, audit) => {
      audit('mirror.ran', 'x')
      return (await holdPack(tx, (await tx.selectFrom('evidencePack').select('id').executeTakeFirstOrThrow()).id))!
    })
    const head = (await makeHead(deps))!
    await stampHeads(deps)
    const [now, rights] = [deps.now(), await rightsOf(desk.db)]
    const built = await act(desk.db, now, 'system', async (tx, audit) =>
      buildPack(tx, order, {
        head,
        key: await currentSigner(tx, audit, deps.config, now),
        config: deps.config,
        rights,
        now,
      }),
    )
    const stamped = unzip(built.content)
    const name = `proofs/stamps/${head.size}.tsr`
    expect(verify(built.content).said).toContain(`${name}: stamped at`)
    const token = Buffer.from(stamped.get(name)!)
    token[token.length - 5]! ^= 1
    const { status, said } = verify(new Map(stamped).set(name, token))
    expect(said).toContain(`${name}: its signature does not fit`)
    expect(status).toBe(1)
  })
})
