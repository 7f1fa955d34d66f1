import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtInBody, type RuleBody } from '../../src/shared/rule'
import { rulesInUse } from '../../src/server/db/rules'
import { openDesk, type Desk, type Placed } from '../support/handovers'

type Person = Placed['leaver']
let desk: Desk
let author: Person
let second: Person
let officer: Person
let rep: Person
beforeAll(async () => {
  desk = await openDesk({ MANAGERS: 'boss,second', COMPLIANCE: 'shenlan' })
  author = await desk.member('周敏', { userid: 'boss' })
  second = await desk.member('何志远', { userid: 'second' })
  officer = await desk.member('沈岚', { userid: 'shenlan' })
  rep = await desk.member('陈一鸣', { userid: 'chen' })
})
afterAll(() => desk.close())

const policy = { name: '客户交接管理办法 8', text: '客户按地区和行业分配，由两人审核。' }
const body = (more: Partial<RuleBody> = {}): RuleBody => ({ ...builtInBody, policy, ...more })
const shown = async (who = author) => (await who.ask('GET', '/api/rules')).body
const now = () => rulesInUse(desk.db, desk.deps.now())
const names = (problems: { name: string }[]) => problems.map((p) => p.name)

async function save(who: Person, given: RuleBody) {
  const { used, draft } = await shown(who)
  return who.ask('POST', '/api/rules/draft', { body: given, on: draft?.digest ?? used.digest })
}
const press = async (who: Person, what: string, more: object = {}) =>
  who.ask('POST', `/api/rules/${what}`, { digest: (await shown()).draft?.digest ?? 'a'.repeat(64), ...more })

describe('rules of the company', () => {
  it('are written by one and approved by another; until then nothing changes, and for everybody who works here they are to be read', async () => {
    expect(await now()).toMatchObject({ version: 'R-0', weights: { preference: 0.3 } })
    const weights = { ...builtInBody.weights, preference: 40, performance: 5 }
    expect((await save(author, body({ weights, default: rep.id }))).status).toBe(200)
    expect(await now()).toMatchObject({ version: 'R-0' })
    expect((await press(author, 'approve')).body.code).toBe('stale')
    expect((await press(author, 'propose', { reason: '先看客户的需要' })).status).toBe(200)
    expect((await press(author, 'approve')).body.code).toBe('own_rules')
    expect((await shown(second)).draft).toMatchObject({ state: 'proposed', mine: false, by: '周敏' })
    expect((await press(second, 'approve')).body).toEqual({ version: 1 })
    expect(await now()).toMatchObject({
      version: 'R-1',
      weights: { preference: 0.4, performance: 0.05 },
      default: rep.id,
    })
    const { body: read } = await rep.ask('GET', '/api/rules/use')
    expect(read).toMatchObject({
      used: { version: 1, by: '周敏', approvedBy: '何志远', reason: '先看客户的需要', body: { policy } },
      people: [{ id: rep.id, name: '陈一鸣' }],
    })
    expect((await rep.ask('GET', '/api/rules')).status).toBe(403)
    expect((await desk.audits()).filter((a) => a.action.startsWith('rules.')).map((a) => [a.action, a.actor])).toEqual([
      ['rules.saved', author.id],
      ['rules.proposed', author.id],
      ['rules.approved', second.id],
    ])
  })

  it('and the policy they rest on are found as text by what an allocation names, for ever (T-09)', async () => {
    const { version } = await now()
    const found = await officer.ask('GET', `/api/rules/versions/${version.slice(2)}`)
    expect(found.body.version).toMatchObject({ version: 1, body: { policy } })
    expect((await officer.ask('GET', '/api/rules/versions/0')).body.version.body.weights).toEqual(builtInBody.weights)
    expect((await officer.ask('GET', '/api/rules/versions/99')).status).toBe(404)
    await expect(desk.db.updateTable('ruleVersion').set({ reason: 'x' }).execute()).rejects.toThrow()
    await expect(desk.asOwner(`update rule_version set reason = 'x'`)).rejects.toThrow('append-only')
  })

  it('are not approved by whoever once wrote in them, nor when they were changed meanwhile', async () => {
    await save(author, body({ cap: 20 }))
    await save(second, body({ cap: 21 }))
    await press(second, 'propose', { reason: '上限' })
    for (const who of [author, second]) expect((await press(who, 'approve')).body.code).toBe('own_rules')
    const old = (await shown()).draft.digest as string
    await save(author, body({ cap: 22 }))
    expect((await shown()).draft.state).toBe('draft')
    expect((await officer.ask('POST', '/api/rules/approve', { digest: old })).body.code).toBe('stale')
    await press(author, 'propose', { reason: '上限' })
    expect((await press(officer, 'reject', { reason: '太大' })).status).toBe(200)
    expect((await shown()).draft).toMatchObject({ state: 'draft', rejected: { by: '沈岚', reason: '太大' } })
    expect((await press(author, 'discard')).status).toBe(200)
    expect((await shown()).draft).toBeNull()
  })

  it('of two who write at once the second is told', async () => {
    const on = (await shown()).used.digest as string
    const wish = (cap: number) => ({ body: body({ cap }), on })
    const both = await Promise.all([
      author.ask('POST', '/api/rules/draft', wish(31)),
      second.ask('POST', '/api/rules/draft', wish(32)),
    ])
    expect(both.map((a) => a.status).sort()).toEqual([200, 409])
    await press(author, 'discard')
  })

  it('that are invalid or contradict themselves are named and not submitted', async () => {
    const weights = { ...builtInBody.weights, tenure: 6 }
    const check = async (given: RuleBody) =>
      names((await author.ask('POST', '/api/rules/check', { body: given })).body.problems)
    expect(await check(body({ weights }))).toContain('sum')
    expect(await check(body({ default: 'nobody' }))).toContain('default_gone')
    expect(await check(body({ topTierCap: 3, default: rep.id }))).toContain('top_cap_off')
    await save(author, body({ weights }))
    expect((await press(author, 'propose', { reason: '试' })).body.code).toBe('rules_wrong')
    await press(author, 'discard')
    // The same as are in use.
    await save(author, { ...(await shown()).used.body })
    expect((await press(author, 'propose', { reason: '试' })).body.code).toBe('rules_same')
    await press(author, 'discard')
  })

  it('hold no input that is prohibited: what is no factor is not taken', async () => {
    const on = (await shown()).used.digest as string
    const weights = { ...builtInBody.weights, age: 10, preference: 20 }
    const { status } = await author.ask('POST', '/api/rules/draft', { body: { ...body(), weights }, on })
    if (status === 200) expect(Object.keys((await shown()).draft.body.weights)).not.toContain('age')
    expect(names((await shown()).problems)).toContain('sum')
    await press(author, 'discard')
  })
})

describe('before they go live', () => {
  it('one sees what they would have done to the last departures, and nothing of it is kept', async () => {
    const [east, south] = [await desk.member('东', { userid: 'east' }), await desk.member('南', { userid: 'south' })]
    for (const [who, region] of [
      [east, '华东'],
      [south, '华南'],
    ] as const)
      for (const [field, text] of [
        ['region', region],
        ['capacity', '100'],
      ])
        await author.ask('POST', `/api/facts/members/${who.id}`, { field, text })
    // Whoever else is here is full.
    const others = await desk.db.selectFrom('member').select('id').where('id', 'not in', [east.id, south.id]).execute()
    for (const { id } of others.filter(({ id }) => id !== author.id))
      await author.ask('POST', `/api/facts/members/${id}`, { field: 'real_name', text: '否' })
    await second.ask('POST', `/api/facts/members/${author.id}`, { field: 'real_name', text: '否' })
    const leaver = await desk.member('徐蔚', { userid: 'xuwei' })
    const gone: string[] = [leaver.id]
    for (let n = 0; n < 6; n++) {
      const placed = await desk.handover({ leaver, successor: leaver, transfer: 'unassigned' })
      await author.ask('POST', `/api/facts/customers/${placed.customer}`, { field: 'region', text: '华东' })
    }
    await desk.db.updateTable('member').set({ status: 'left' }).where('id', 'in', gone).execute()
    // Planners and approvers that the handovers brought along.
    const late = await desk.db.selectFrom('member').select('id').where('name', 'in', ['周敏', '何志远']).execute()
    await desk.db
      .updateTable('member')
      .set({ follows: false })
      .where(
        'id',
        'in',
        late.map(({ id }) => id),
      )
      .execute()
    const before = { given: 6, nobody: 0, colleagues: 1, most: 6 }
    const tried = await author.ask('POST', '/api/rules/try', { body: body({ cap: 2, fallbacks: [] }) })
    expect(tried.body.departures).toEqual([
      {
        ...{ departure: expect.any(String) as string, leaver: '徐蔚', customers: 6, elsewhere: 4, before },
        after: { given: 2, nobody: 4, colleagues: 1, most: 2 },
      },
    ])
    expect(tried.body.colleagues).toEqual([{ id: east.id, name: '东', before: 6, after: 2 }])
    const planned = await desk.db.selectFrom('transfer').select('state').where('state', '!=', 'unassigned').execute()
    expect(planned).toEqual([])
    const weights = { ...builtInBody.weights, tenure: 6 }
    expect((await author.ask('POST', '/api/rules/try', { body: body({ weights }) })).body.code).toBe('rules_wrong')
    expect((await desk.audits()).filter((a) => a.action === 'rules.tried')).toMatchObject([{ actor: author.id }])
  })
})

describe('value tiers (T-44)', () => {
  const assess = (until: string) =>
    officer.ask('POST', '/api/assessments', { title: '客户分级分配影响评估', reference: 'PIA-2026-03', until })

  const confirm = async (who: Person) => {
    const { assessmentsWaiting } = await shown(officer)
    return who.ask('POST', `/api/assessments/${assessmentsWaiting[0].id}/confirm`)
  }

  it('are used only while an impact assessment is in force, which a second person has confirmed', async () => {
    const wish = body({ useTier: true, topTierCap: 5, default: rep.id })
    await save(author, wish)
    expect(names((await shown()).problems)).toContain('tier_unassessed')
    expect((await press(author, 'propose', { reason: '重点客户' })).body.code).toBe('rules_wrong')
    expect(
      (await author.ask('POST', '/api/assessments', { title: 'x', reference: 'y', until: '2027-01-01' })).status,
    ).toBe(403)
    expect((await assess('2026-11-30')).body.code).toBe('until_past')
    expect((await assess('2026-12-10')).status).toBe(200)
    // What one has written down counts from the moment another has confirmed it.
    expect((await press(author, 'propose', { reason: '重点客户' })).body.code).toBe('rules_wrong')
    expect((await confirm(officer)).body.code).toBe('own_assessment')
    expect((await confirm(second)).status).toBe(200)
    expect((await press(author, 'propose', { reason: '重点客户' })).status).toBe(200)
    expect((await press(second, 'approve')).status).toBe(200)
    expect(await now()).toMatchObject({ useTier: true, topTierCap: 5 })
    desk.clock.now = Date.parse('2026-12-11T02:00:00Z')
    // The day it is over, without anybody doing anything.
    expect(await now()).toMatchObject({ useTier: false })
    expect(names((await shown()).problems)).toContain('tier_unassessed')
    await assess('2027-06-30')
    expect(await now()).toMatchObject({ useTier: false })
    expect((await confirm(second)).status).toBe(200)
    expect(await now()).toMatchObject({ useTier: true })
    const { assessment } = await shown(officer)
    expect((await officer.ask('POST', `/api/assessments/${assessment.id}/end`)).status).toBe(200)
    expect((await officer.ask('POST', `/api/assessments/${assessment.id}/end`)).status).toBe(404)
    expect(await now()).toMatchObject({ useTier: false })
  })
})
