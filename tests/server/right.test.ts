import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { lastGrantDay, untilProblem, type RightHolder } from '../../src/shared/right'
import { openMirrored } from '../support/beginning'
import type { ServerHouse } from '../support/house'

/** Rights and their review (T-39, T-24): 马超 is the administrator of the settings, 周敏 leads sales. */
let house: ServerHouse
let admin: string
beforeAll(async () => {
  house = await openMirrored({ settings: { ADMINS: 'machao', MANAGERS: 'zhoumin', COMPLIANCE: 'shenlan' } })
})
afterAll(() => house.close())
beforeEach(async () => {
  admin = await house.signIn('machao')
})

const idOf = async (userid: string) =>
  (await house.db.selectFrom('member').select('id').where('userid', '=', userid).executeTakeFirstOrThrow()).id
const grant = async (userid: string, role: string, more: object = {}, cookie = admin) =>
  house.post(
    '/api/rights/grants',
    { member: await idOf(userid), role, departments: null, reason: '项目需要', until: null, ...more },
    cookie,
  )
const end = (id: string, cookie = admin) => house.post(`/api/rights/grants/${id}/end`, { reason: '项目结束' }, cookie)
const list = async (cookie = admin) =>
  (await house.get('/api/rights', cookie)).body as { items: RightHolder[]; others: number }
const rightsOf = async (name: string) => (await list()).items.find((h) => h.name === name)?.rights ?? []
const rolesOf = async (cookie: string) => (await house.get('/api/me', cookie)).body.roles as string[]
const lastEntry = () =>
  house.db.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(1).executeTakeFirstOrThrow()

describe('the list of rights', () => {
  it('names everybody who may do more than serve their own customers, each right with its source (T-39)', async () => {
    const { items, others } = await list()
    const said = items.map((h) => [h.name, h.rights.map((r) => `${r.role} ${r.source} ${r.place}`.trim())])
    expect(Object.fromEntries(said)).toEqual({
      周敏: ['rep range', 'manager leader 2', 'manager setting MANAGERS'],
      何志远: ['rep range', 'manager leader 3'],
      沈岚: ['rep range', 'compliance setting COMPLIANCE'],
      马超: ['rep range', 'admin setting ADMINS'],
    })
    expect(others).toBe(4)
    expect((await lastEntry()).action).toBe('look.rights')
  })

  it('is read by key', async () => {
    const names: string[] = []
    let after: string | null = ''
    while (after !== null) {
      const { body } = await house.get(
        `/api/rights?limit=1${after ? `&after=${encodeURIComponent(after)}` : ''}`,
        admin,
      )
      names.push(...(body.items as RightHolder[]).map((h) => h.name))
      after = body.next as string | null
    }
    expect(names.sort()).toEqual((await list()).items.map((h) => h.name).sort())
  })

  it('is for administrators, and for auditors to read only', async () => {
    const { body } = await grant('sunyue', 'auditor', { until: lastGrantDay('auditor', house.deps.now()) })
    const auditor = await house.signIn('sunyue')
    expect((await list(auditor)).items.length).toBeGreaterThan(4)
    expect((await grant('wanglei', 'hr', {}, auditor)).body.code).toBe('forbidden')
    expect((await end(body.grant as string, auditor)).body.code).toBe('forbidden')
    for (const userid of ['zhoumin', 'shenlan', 'wanglei'])
      expect((await house.get('/api/rights', await house.signIn(userid))).status).toBe(403)
    await end(body.grant as string)
  })
})

describe('a grant', () => {
  it('counts from the next request on, with its reason, and ends from the next request on', async () => {
    const cookie = await house.signIn('wanglei')
    expect(await rolesOf(cookie)).toEqual(['rep'])
    expect((await house.get('/api/departures', cookie)).status).toBe(403)
    const { body } = await grant('wanglei', 'manager', { departments: [3] })
    expect(await rolesOf(cookie)).toEqual(['rep', 'manager'])
    expect((await house.get('/api/departures', cookie)).status).toBe(200)
    expect(await lastEntry().then(() => rightsOf('王磊'))).toMatchObject([
      { role: 'rep' },
      {
        role: 'manager',
        source: 'grant',
        departments: ['客服部'],
        reason: '项目需要',
        granted: { by: '马超' },
        confirmed: null,
      },
    ])
    expect((await end(body.grant as string)).status).toBe(200)
    expect(await lastEntry()).toMatchObject({ action: 'role.ended', detail: { why: 'ended', role: 'manager' } })
    expect(await rolesOf(cookie)).toEqual(['rep'])
    expect((await end(body.grant as string)).body.code).toBe('stale')
    expect((await end('nobody')).body.code).toBe('not_found')
  })

  it('of some departments is no more than those and what is below', async () => {
    const { body } = await grant('wanglei', 'manager', { departments: [3] })
    house.simulator.world.removeMember('sunyue')
    await house.settle()
    const names = async (cookie: string) =>
      ((await house.get('/api/departures', cookie)).body.items as { name: string }[]).map((d) => d.name)
    expect(await names(await house.signIn('wanglei'))).toEqual(['孙悦'])
    await end(body.grant as string)
    const other = await grant('wanglei', 'manager', { departments: [2] })
    expect(await names(await house.signIn('wanglei'))).toEqual([])
    await end(other.body.grant as string)
  })

  it('is never for oneself, by no way', async () => {
    expect((await grant('machao', 'manager')).body.code).toBe('own_right')
    await expect(
      sql`insert into role_grant (id, member_id, role, reason, granted_by, granted_at)
          values ('self', ${await idOf('machao')}, 'hr', 'x', ${await idOf('machao')}, now())`.execute(house.db),
    ).rejects.toThrow('check constraint')
    const found = await house.get(`/api/rights/members?name=${encodeURIComponent('马')}`, admin)
    expect(found.body.items).toEqual([])
  })

  it('needs a fresh login, a reason, a member who is here, departments that exist, and only once', async () => {
    await house.simulator.clock.advance(6 * 60_000)
    expect((await grant('wanglei', 'hr')).body.code).toBe('login_again')
    admin = await house.signIn('machao')
    expect((await grant('wanglei', 'hr', { reason: '  ' })).status).toBe(400)
    expect((await grant('wanglei', 'rep')).status).toBe(400)
    expect((await grant('wanglei', 'hr', { departments: [2] })).body).toMatchObject({ code: 'invalid' })
    expect((await grant('wanglei', 'manager', { departments: [99] })).body).toMatchObject({ code: 'invalid' })
    expect((await grant('wanglei', 'hr', { member: 'nobody' })).body.code).toBe('not_found')
    const { body } = await grant('wanglei', 'hr')
    expect((await grant('wanglei', 'hr')).body.code).toBe('already_granted')
    const twice = await Promise.all([grant('wanglei', 'compliance'), grant('wanglei', 'compliance')])
    expect(twice.map((a) => a.status).sort()).toEqual([200, 409])
    await end(body.grant as string)
    await end(twice.find((a) => a.status === 200)?.body.grant as string)
  })

  it('of an auditor has an end, at most 90 days away, in the rule and in the database; then it is over by itself', async () => {
    const now = house.deps.now()
    expect((await grant('wanglei', 'auditor')).body.code).toBe('until_needed')
    expect((await grant('wanglei', 'auditor', { until: '2026-11-01' })).body.code).toBe('until_past')
    const far = new Date(now.getTime() + 91 * 86_400_000).toISOString().slice(0, 10)
    expect((await grant('wanglei', 'auditor', { until: far })).body).toMatchObject({ code: 'until_far' })
    expect((await grant('wanglei', 'auditor', { until: lastGrantDay('auditor', now) })).status).toBe(200)
    const cookie = await house.signIn('wanglei')
    expect(await rolesOf(cookie)).toContain('auditor')
    await house.simulator.clock.advance(90 * 86_400_000)
    expect(await rolesOf(await house.signIn('wanglei'))).toEqual(['rep'])
    admin = await house.signIn('machao')
    expect(await rightsOf('王磊')).toEqual([])
    const { body } = await grant('wanglei', 'auditor', { until: lastGrantDay('auditor', house.deps.now()) })
    expect(await rolesOf(await house.signIn('wanglei'))).toContain('auditor')
    await end(body.grant as string)
    await expect(
      sql`insert into role_grant (id, member_id, role, reason, granted_by, granted_at, until)
          values ('long', ${await idOf('wanglei')}, 'auditor', 'x', ${await idOf('machao')}, now(), now() + interval '91 days')`.execute(
        house.db,
      ),
    ).rejects.toThrow('check constraint')
  })

  it('lets HR change only what is known of members and what is ticked off when they leave, auditors nothing, and neither read a customer (compliance 6.2)', async () => {
    for (const [role, until] of [
      ['hr', null],
      ['auditor', lastGrantDay('auditor', house.deps.now())],
    ]) {
      const { body } = await grant('wanglei', role ?? '', { until })
      const cookie = await house.signIn('wanglei')
      // What a rep may do is a rep's, whatever else they are.
      const theirs = house.doors.filter((d) => Array.isArray(d.access) && d.access.some((r) => r === role))
      // To take the newest head of the log changes nothing but the log.
      const facts = [
        ...['/api/facts/members/:member', '/api/facts/files/preview', '/api/facts/files'],
        ...['/api/facts/corrections/:correction', '/api/departures/:departure/checklist/:item'],
        '/api/departures/:departure/archive',
      ]
      const acts = theirs.filter((d) => d.method === 'POST').map((d) => d.path)
      expect(acts.sort()).toEqual(role === 'auditor' ? ['/api/audit/head'] : facts.sort())
      for (const door of house.doors.filter(
        (d) => Array.isArray(d.access) && !d.access.some((r) => r === role || r === 'rep'),
      )) {
        const path = door.path.replace(/:\w+/g, 'nobody')
        const { status } = door.method === 'GET' ? await house.get(path, cookie) : await house.post(path, {}, cookie)
        expect([role, door.method, door.path, status]).toEqual([role, door.method, door.path, 403])
      }
      await end(body.grant as string)
    }
  })

  it('shows HR and auditors who leaves, without a word or a number of customers (compliance 6.2)', async () => {
    for (const [role, until] of [
      ['hr', null],
      ['auditor', lastGrantDay('auditor', house.deps.now())],
    ]) {
      const { body } = await grant('wanglei', role ?? '', { until })
      const { items } = (await house.get('/api/leavers', await house.signIn('wanglei'))).body as { items: object[] }
      expect(items).toMatchObject([{ name: '孙悦', gone: true, ended: false, announced: null }])
      expect(Object.keys(items[0] ?? {}).sort()).toEqual([
        'announced',
        'department',
        'ended',
        'gone',
        'id',
        'leftAt',
        'name',
      ])
      await end(body.grant as string)
    }
    expect((await house.get('/api/leavers', await house.signIn('wanglei'))).status).toBe(403)
  })

  it('shows HR who leads a department of their own everybody who leaves, and makes them no manager there', async () => {
    const movedTo = (departmentIds: number[]) =>
      house.db.updateTable('member').set({ departmentIds }).where('userid', '=', 'sunyue').execute()
    await movedTo([2])
    const { body } = await grant('hezhiyuan', 'hr')
    const cookie = await house.signIn('hezhiyuan')
    const { items } = (await house.get('/api/leavers', cookie)).body as { items: { id: string; name: string }[] }
    expect(items.map(({ name }) => name)).toEqual(['孙悦'])
    const path = `/api/departures/${items[0]?.id}`
    const checklist = (await house.get(`${path}/checklist`, cookie)).body
    expect(checklist).toMatchObject({ name: '孙悦', mayFinish: false })
    const said = checklist['items'] as { item: string; figures: unknown[]; may: string[] }[]
    expect(said.filter(({ item, figures }) => item !== 'access' && figures.length)).toEqual([])
    // What HR says they may say; what managers say they may not.
    expect(said.find(({ item }) => item === 'certificate')?.may).not.toEqual([])
    expect(said.find(({ item }) => item === 'customers')?.may).toEqual([])
    expect((await house.post(`${path}/finish`, {}, cookie)).status).toBe(404)
    expect((await house.get(path, cookie)).status).toBe(404)
    await end(body.grant as string)
    expect((await house.get(`${path}/checklist`, cookie)).status).toBe(404)
    await movedTo([3])
  })

  it('dies with a departure and does not come back when the member is hired again (6.5)', async () => {
    await grant('linxiao', 'compliance')
    house.simulator.world.removeMember('linxiao')
    await house.settle()
    const rows = () =>
      house.db.selectFrom('roleGrant').select(['endedWhy', 'endedBy']).where('memberId', '=', linxiao).execute()
    const linxiao = await idOf('linxiao')
    expect(await rows()).toEqual([{ endedWhy: 'revoked', endedBy: null }])
    house.simulator.world.addMember({ userid: 'linxiao', name: '林晓', position: '顾问', departments: [2] })
    await house.settle()
    await house.runJobs('mirror')
    expect(await rolesOf(await house.signIn('linxiao'))).toEqual(['rep'])
    expect(await rightsOf('林晓')).toEqual([])
  })
})

describe('the review (T-39)', () => {
  const confirm = async (userid: string, right: object, cookie = admin) =>
    house.post('/api/rights/confirm', { member: await idOf(userid), ...right }, cookie)

  it('records who looked at which right and when, whatever gave it, but not at one’s own', async () => {
    const { body } = await grant('wanglei', 'hr')
    const rights = [
      ['zhoumin', { role: 'manager', source: 'leader', place: '2' }],
      ['zhoumin', { role: 'manager', source: 'setting', place: 'MANAGERS' }],
      ['wanglei', { role: 'hr', source: 'grant', place: body.grant as string }],
    ] as const
    for (const [userid, right] of rights) expect((await confirm(userid, right)).status).toBe(200)
    expect(await lastEntry()).toMatchObject({ action: 'right.confirmed', detail: { role: 'hr', source: 'grant' } })
    expect((await rightsOf('周敏')).map((r) => r.confirmed?.by)).toEqual([undefined, '马超', '马超'])
    expect((await rightsOf('王磊'))[1]?.confirmed).toEqual({ by: '马超', at: house.deps.now().toISOString() })
    expect((await confirm('machao', { role: 'admin', source: 'setting', place: 'ADMINS' })).body.code).toBe('own_right')
    await end(body.grant as string)
    expect((await confirm('wanglei', rights[2][1])).body.code).toBe('stale')
    expect((await confirm('zhoumin', { role: 'admin', source: 'setting', place: 'ADMINS' })).body.code).toBe('stale')
    expect((await confirm('zhoumin', { role: 'rep', source: 'range', place: '' })).body.code).toBe('stale')
    const verdicts = await house.db
      .selectFrom('rightReview')
      .select('verdict')
      .where('place', '=', body.grant as string)
      .execute()
    expect(verdicts.map((v) => v.verdict).sort()).toEqual(['confirmed', 'ended'])
  })

  it('cannot be rewritten afterwards', async () => {
    await expect(sql`update right_review set verdict = 'ended'`.execute(house.db)).rejects.toThrow(
      /append-only|permission denied/,
    )
    await expect(sql`delete from right_review`.execute(house.db)).rejects.toThrow(/append-only|permission denied/)
  })
})

it('The last day of a grant is a day of Beijing, today at the earliest', () => {
  const now = new Date('2026-11-24T16:30:00Z')
  expect(untilProblem('hr', '2026-11-24', now)).toBe('until_past')
  expect(untilProblem('hr', '2026-11-25', now)).toBeNull()
  expect(untilProblem('auditor', null, now)).toBe('until_needed')
  expect(lastGrantDay('auditor', now)).toBe('2027-02-22')
  expect(untilProblem('auditor', '2027-02-22', now)).toBeNull()
  expect(untilProblem('auditor', '2027-02-23', now)).toBe('until_far')
})
