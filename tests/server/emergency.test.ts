import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { endAccess } from '../../src/server/db/probe'
import { act } from '../../src/server/db/act'
import { openDesk, tell, type Desk, type Placed } from '../support/handovers'

const HOUR = 3_600_000
type Person = Placed['leaver']
let desk: Desk
let placed: Placed
let [colleague, stranger, leads, officer, second]: Person[] = []
beforeEach(async () => {
  desk = await openDesk({ COMPLIANCE: 'c1,c2' })
  await desk.db
    .insertInto('department')
    .values([
      { id: 10, name: '东区', parentId: 1, leaders: ['leads'] },
      { id: 20, name: '西区', parentId: 1, leaders: [] },
    ])
    .execute()
  const east = { departments: [10] }
  placed = await desk.handover({
    leaver: await desk.member('林晓', east),
    successor: await desk.member('陈一鸣', east),
  })
  await tell(placed)
  colleague = await desk.member('孙婷', east)
  stranger = await desk.member('赵六', { departments: [20] })
  leads = await desk.member('周敏', { userid: 'leads', departments: [10] })
  officer = await desk.member('沈岚', { userid: 'c1' })
  second = await desk.member('韩梅', { userid: 'c2' })
})
afterEach(() => desk.close())

const wish = (customer = placed.customer) => ({ customer, reason: 'incident', words: '客户产线停机' })
const open = (who = colleague!, customer = placed.customer) => who.ask('POST', '/api/emergencies', wish(customer))
const look = (who = colleague!) => who.ask('POST', '/api/brief', { customer: placed.customer })
const listed = async (who: Person) => (await who.ask('GET', '/api/emergencies')).body
const judge = (who: Person, id: string, verdict = 'justified') =>
  who.ask('POST', `/api/emergencies/${id}/verdict`, { verdict, words: '确有急事' })

describe('emergency access (6.2)', () => {
  it('opens one customer for an hour, shows no more than the successor sees and nothing masked, and stands in the record', async () => {
    expect((await look()).status).toBe(404)
    const { status, body } = await open()
    expect(status).toBe(200)
    expect(Date.parse(body.until as string)).toBe(desk.clock.now + HOUR)
    const seen = await look()
    expect(seen.body).toMatchObject({
      kind: 'covering',
      emergency: { id: body.emergency },
      brief: { stage: 'V2', classes: ['F0', 'F1', 'F2'], contact: { name: '王建国' }, left: { mobiles: [] } },
    })
    expect(seen.text).toContain('CANARY-PROMISE')
    expect(seen.text).not.toContain('1381234')
    // To read, and nothing else.
    const handover = `/api/handovers/${placed.id}`
    for (const [path, more] of [
      [`/api/customers/${placed.customer}/reveal`, { field: 'mobiles', reason: 'call' }],
      [`${handover}/notice`, { language: 'zh-CN' }],
      [`${handover}/promises`, { text: '补发报价单', due: null }],
      [`${handover}/restore`, { fields: ['tags'] }],
    ] as const)
      expect([path, (await colleague!.ask('POST', path, more)).status]).toEqual([path, 404])
    const { body: own } = await placed.successor.ask('POST', '/api/brief', { customer: placed.customer })
    expect(own.brief.history.items).toContainEqual(
      expect.objectContaining({ kind: 'emergency.opened', author: '孙婷', source: 'member' }),
    )
    expect((await desk.audits()).filter((a) => a.actor === colleague!.id)).toMatchObject([
      { action: 'emergency.opened', detail: { customer: placed.customer, reason: 'incident' } },
      { action: 'look.brief', subject: placed.customer, detail: { who: 'covering', reason: 'emergency', stage: 'V2' } },
    ])
    const letters = await desk.db.selectFrom('letterToMember').select(['memberId', 'kind']).orderBy('id').execute()
    expect(letters.flatMap((l) => (l.kind === 'emergency' ? [l.memberId] : [])).sort()).toEqual(
      [leads!.id, officer!.id, second!.id].sort(),
    )

    desk.clock.now += HOUR - 1
    expect((await look()).status).toBe(200)
    desk.clock.now += 1
    expect((await look()).status).toBe(404)
    expect((await colleague!.ask('POST', `/api/emergencies/${body.emergency}/end`)).body.code).toBe('stale')
    expect((await open()).status).toBe(200)
  })

  it('is one at a time, not for other departments, who will leave, or one’s own; and somebody else’s answers as none does', async () => {
    const absent = await open(stranger, 'nobody')
    const bare = (text: string) => text.replace(/"requestId":"[^"]*"/, '')
    expect(bare((await open(stranger)).text)).toBe(bare(absent.text))
    expect((await open(placed.successor)).body.code).toBe('stale')
    expect((await open(placed.leaver)).status).toBe(404)
    const other = await desk.handover({ leaver: placed.leaver, successor: placed.successor })
    const [first, again] = await Promise.all([open(), open(colleague, other.customer)])
    expect([first.status, again.status].sort()).toEqual([200, 409])
    expect([first, again].find((a) => a.status === 409)!.body.code).toBe('emergency_open')

    const leaving = { id: desk.deps.id(), memberId: leads!.id, leftAt: new Date(desk.clock.now + 9 * 24 * HOUR) }
    await desk.db
      .insertInto('departure')
      .values({
        ...leaving,
        knownBy: 'announced',
        noticedAt: desk.deps.now(),
        gone: false,
        announcedAt: desk.deps.now(),
      })
      .execute()
    expect((await open(leads)).status).toBe(404)
  })

  it('shows at each stage what the table says, and tells nobody of a leaving that is only announced', async () => {
    const east = { departments: [10] }
    const untold = await desk.handover({ leaver: await desk.member('王磊', east), notice: 'due' })
    expect((await open(colleague, untold.customer)).status).toBe(200)
    const { body, text } = await colleague!.ask('POST', '/api/brief', { customer: untold.customer })
    expect(body.brief).toMatchObject({ stage: 'V1', classes: ['F0', 'F1'] })
    expect(text).not.toContain('CANARY')
    await desk.db
      .insertInto('objection')
      .values({ id: desk.deps.id(), handoverId: untold.id, at: desk.deps.now() })
      .execute()
    const closed = await colleague!.ask('POST', '/api/brief', { customer: untold.customer })
    expect(closed.body.brief).toMatchObject({ stage: 'VO', classes: ['F0'] })
    expect(closed.text).not.toContain('王建国')

    const announced = await desk.handover({ leaver: await desk.member('马超', east), transfer: 'planned' })
    await desk.db
      .updateTable('departure')
      .set({ gone: false, knownBy: 'announced', announcedAt: desk.deps.now() })
      .where('memberId', '=', announced.leaver.id)
      .execute()
    desk.clock.now += HOUR
    expect((await open(colleague, announced.customer)).status).toBe(404)
  })

  it('is judged by a leader and by compliance, two persons and never its own; late it shows, and the year is counted', async () => {
    const { emergency } = (await open()).body as { emergency: string }
    await look()
    expect(await listed(leads!)).toMatchObject({
      waiting: 1,
      year: 1,
      items: [{ customer: '王*', member: '孙婷', looks: 1, mine: 'lead', overdue: false, lead: null, office: null }],
    })
    expect((await stranger!.ask('GET', '/api/emergencies')).status).toBe(403)
    desk.clock.now += 25 * HOUR
    expect((await listed(officer!)).items).toMatchObject([{ overdue: true, mine: 'office' }])
    expect((await judge(officer!, emergency)).status).toBe(200)
    expect((await judge(officer!, emergency)).body.code).toBe('stale')
    expect((await judge(second!, emergency)).body.code).toBe('stale')
    expect((await judge(leads!, 'nobody')).status).toBe(404)
    expect((await judge(leads!, emergency, 'unjustified')).status).toBe(200)
    expect(await listed(officer!)).toMatchObject({
      waiting: 0,
      items: [{ overdue: false, mine: null, lead: { by: '周敏', verdict: 'unjustified' }, office: { by: '沈岚' } }],
    })
    const own = (await open(leads)).body as { emergency: string }
    expect((await judge(leads!, own.emergency)).body.code).toBe('own_request')
    desk.clock.now = Date.parse('2027-01-01T00:00:00+08:00')
    expect((await listed(officer!)).year).toBe(0)
  })

  it('ends by hand, and with everything else when the member leaves; who is hired again has it no more (6.5)', async () => {
    const { emergency } = (await open()).body as { emergency: string }
    expect((await stranger!.ask('POST', `/api/emergencies/${emergency}/end`)).status).toBe(404)
    expect((await colleague!.ask('POST', `/api/emergencies/${emergency}/end`)).status).toBe(200)
    expect((await look()).status).toBe(404)
    await open()
    await act(desk.db, desk.deps.now(), 'wecom', (tx, audit) =>
      endAccess(tx, audit, desk.deps, [colleague!.id], 'left'),
    )
    await desk.db.updateTable('session').set({ epoch: 1 }).where('memberId', '=', colleague!.id).execute()
    const left = await desk.db.selectFrom('emergency').select('endedAt').execute()
    expect(left.filter((e) => e.endedAt === null)).toEqual([])
  })
})
