import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openHouse, type ServerHouse } from '../support/house'
import { contactId, customer, relation, smallCorp } from '../support/small-corp'

const DAY = 86_400_000
const MINUTE = 60_000
let house: ServerHouse

const count = async (table: 'history' | 'audit' | 'relation' | 'customer' | 'promise') =>
  Number(
    (
      await house.db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
    ).n,
  )
const changesAudited = () =>
  house.db.selectFrom('audit').selectAll().where('action', '=', 'mirror.changed').orderBy('seq').execute()
const storyOf = (externalUserid: string) =>
  house.db
    .selectFrom('history')
    .innerJoin('wecomContact', 'wecomContact.customerId', 'history.customerId')
    .leftJoin('member', 'member.id', 'history.authorId')
    .select(['history.kind', 'history.body', 'history.at', 'history.source', 'member.userid as author'])
    .where('externalUserid', '=', externalUserid)
    .orderBy('history.at')
    .orderBy('history.id')
    .execute()
const relationOf = (userid: string, externalUserid: string) =>
  house.db
    .selectFrom('relation')
    .innerJoin('wecomContact', 'wecomContact.customerId', 'relation.customerId')
    .innerJoin('member', 'member.id', 'relation.memberId')
    .selectAll('relation')
    .where('externalUserid', '=', externalUserid)
    .where('userid', '=', userid)
    .executeTakeFirst()

describe('the mirror', () => {
  beforeEach(async () => {
    house = await openHouse()
  })
  afterEach(() => house.close())

  it('copies members, tags, customers, relations and groups with the fewest calls there can be (facts 12)', async () => {
    await house.runJobs('mirror')
    const { body } = await house.get('/api/mirror', await house.signIn('zhoumin'))
    expect(body).toMatchObject({
      customers: 12,
      relations: 13,
      members: 8,
      last: { step: 'done', errcode: null, read: { departments: 3, members: 8, tags: 2, relations: 13, groups: 2 } },
    })
    const asked = house.simulator.calls.filter((c) => c.path === 'externalcontact/batch/get_by_user')
    expect(asked).toHaveLength(1)
    const machao = await house.db.selectFrom('member').selectAll().where('userid', '=', 'machao').executeTakeFirst()
    expect(machao).toMatchObject({ name: '马超', status: 'active', follows: false, departmentIds: [1] })
    const one = await house.db.selectFrom('customer').selectAll().where('name', '=', '客户3').executeTakeFirst()
    expect(one).toMatchObject({ kind: 'wecom', company: '公司3', title: '经理' })
    expect(house.logged).toEqual([])
  })

  it('knows which customers are in which group, and follows them; guests whom nobody follows are in no table', async () => {
    const inGroups = async () =>
      (
        await house.db
          .selectFrom('groupCustomer')
          .innerJoin('wecomContact', 'wecomContact.customerId', 'groupCustomer.customerId')
          .select(['chatId', 'externalUserid'])
          .orderBy('chatId')
          .orderBy('externalUserid')
          .execute()
      ).map((r) => `${r.chatId} ${r.externalUserid}`)
    const groups = house.simulator.world.groups()
    const first = groups.find((g) => g.members.some((m) => m.type === 2))!
    first.members.push({ userid: 'wmStranger', type: 2, joinTime: 1 })
    await house.runJobs('mirror')
    const expected = () =>
      groups
        .flatMap((g) =>
          g.members.flatMap((m) => (m.type === 2 && m.userid !== 'wmStranger' ? [`${g.chatId} ${m.userid}`] : [])),
        )
        .sort()
    expect(expected().length).toBeGreaterThan(1)
    expect(await inGroups()).toEqual(expected())
    first.members = first.members.filter((m) => m.type === 1)
    await house.runJobs('mirror')
    expect(await inGroups()).toEqual(expected())
  })

  it('tells each relation from its beginning, in the name of the member who has it', async () => {
    await house.runJobs('mirror')
    const story = await storyOf(contactId(1))
    expect(story.map((h) => h.kind).sort()).toEqual([
      'description.changed',
      'promise.made',
      'relation.began',
      'remark.changed',
      'tags.changed',
    ])
    expect(new Set(story.map((h) => h.author))).toEqual(new Set(['linxiao']))
    expect(story[0]).toMatchObject({ kind: 'relation.began', body: { addWay: 1 }, source: 'mirror' })
    expect(story[0]?.at.getTime()).toBe(house.deps.now().getTime() - 101 * DAY)
    expect(story.find((h) => h.kind === 'tags.changed')?.body).toEqual({ added: ['重要'], removed: [] })
    expect(await house.db.selectFrom('promise').select(['text', 'due', 'source']).orderBy('id').execute()).toEqual([
      { text: '补发报价单', due: '2026-11-28', source: 'description' },
    ])
  })

  it('changes nothing when it is repeated: no history, no change in the audit log, no new row', async () => {
    await house.runJobs('mirror')
    const before = [await count('history'), (await changesAudited()).length, await count('relation')]
    await house.simulator.clock.advance(DAY)
    await house.runJobs('mirror')
    expect([await count('history'), (await changesAudited()).length, await count('relation')]).toEqual(before)
    const runs = await house.db.selectFrom('mirrorRun').selectAll().orderBy('startedAt').execute()
    expect(runs.map((r) => [r.step, r.changes > 0])).toEqual([
      ['done', true],
      ['done', false],
    ])
  })

  it('keeps the author and both texts (invariant 7) of a changed remark, and finds the promise in a changed description', async () => {
    await house.runJobs('mirror')
    await house.simulator.clock.advance(MINUTE)
    house.simulator.faults.add({ event: '*', lose: true })
    house.simulator.world.editRelation('linxiao', contactId(2), {
      remark: '老客户，电话 13800000002',
      description: '承诺：发货前来电',
      tagIds: ['etB'],
    })
    await house.simulator.callbacks.idle()
    await house.runJobs('mirror')
    const news = (await storyOf(contactId(2))).filter((h) => h.at.getTime() === house.deps.now().getTime())
    expect(new Set(news.map((h) => h.author))).toEqual(new Set(['linxiao']))
    expect(Object.fromEntries(news.map((h) => [h.kind, h.body]))).toEqual({
      // History has no phone numbers (compliance 6.1, F3).
      'remark.changed': { before: '备注2', after: '老客户，电话 138****0002' },
      'description.changed': { before: '', after: '承诺：发货前来电' },
      'tags.changed': { added: ['一般'], removed: [] },
      'promise.made': { text: '发货前来电', due: null },
    })
  })

  it('does not end a relation because a list forgot it while pages shifted (Q20)', async () => {
    await house.runJobs('mirror')
    const { wecom } = house.deps
    house.deps.wecom = {
      async ask(api, params) {
        const answer = await wecom.ask(api, params)
        if (api.path !== 'externalcontact/batch/get_by_user') return answer
        const page = answer as { external_contact_list: unknown[] }
        return { ...page, external_contact_list: page.external_contact_list.slice(2) } as typeof answer
      },
    }
    const before = await count('history')
    await house.runJobs('mirror')
    expect(await count('history')).toBe(before)
    expect(await house.db.selectFrom('relation').select('memberId').where('endedAt', 'is not', null).execute()).toEqual(
      [],
    )
  })

  it('ends a relation that WeCom no longer shows, once', async () => {
    await house.runJobs('mirror')
    house.simulator.faults.add({ event: '*', lose: true })
    house.simulator.world.memberDeletesCustomer('linxiao', contactId(3))
    await house.runJobs('mirror')
    expect((await relationOf('linxiao', contactId(3)))?.endedAt).not.toBeNull()
    expect((await storyOf(contactId(3))).at(-1)).toMatchObject({ kind: 'relation.ended', body: { by: 'unknown' } })
    expect((await relationOf('linxiao', contactId(2)))?.endedAt).toBeNull()
    const before = await count('history')
    await house.runJobs('mirror')
    expect(await count('history')).toBe(before)
  })

  it('begins a relation anew when the customer comes back', async () => {
    await house.runJobs('mirror')
    house.simulator.faults.add({ event: '*', lose: true })
    house.simulator.world.memberDeletesCustomer('linxiao', contactId(3))
    await house.runJobs('mirror')
    await house.simulator.clock.advance(DAY)
    house.simulator.world.customerAddsMember('linxiao', contactId(3), { addWay: 3 })
    await house.runJobs('mirror')
    expect((await relationOf('linxiao', contactId(3)))?.endedAt).toBeNull()
    const began = (await storyOf(contactId(3))).filter((h) => h.kind === 'relation.began')
    expect(began.map((h) => h.body)).toEqual([{ addWay: 1 }, { addWay: 3 }])
  })

  it('stops at an error with its code, changes nothing by a malformed answer, and goes on at the next run (Q19, invariant 9)', async () => {
    house.simulator.faults.add({ path: 'externalcontact/batch/get_by_user', errcode: 48002, times: 1 })
    await expect(house.runJobs('mirror')).rejects.toThrow('48002')
    const [run] = await house.db.selectFrom('mirrorRun').selectAll().execute()
    expect(run).toMatchObject({ step: 'relations', errcode: 48002 })
    expect(run?.endedAt).not.toBeNull()
    house.simulator.faults.clear()
    house.simulator.faults.add({ path: 'externalcontact/batch/get_by_user', truncate: true })
    await expect(house.runJobs('mirror')).rejects.toThrow('not JSON')
    expect(await count('customer')).toBe(0)
    house.simulator.faults.clear()
    await house.runJobs('mirror')
    expect(await count('customer')).toBe(12)
    const asked = house.simulator.calls.filter((c) => c.path === 'department/list')
    expect(asked, 'what was done before is not done again').toHaveLength(1)
  })

  it('takes over at once from a run that died; its row is closed', async () => {
    const dead = { id: 'dead', startedAt: house.deps.now(), step: 'departments', read: '{}', changes: 0 }
    await house.db.insertInto('mirrorRun').values(dead).execute()
    await house.runJobs('mirror')
    expect(await count('customer')).toBe(12)
    const runs = await house.db.selectFrom('mirrorRun').select(['id', 'endedAt']).execute()
    expect(runs.every((r) => r.endedAt !== null)).toBe(true)
  })

  it('shuts out a member who was switched off, and an old session stays dead when they are back', async () => {
    await house.runJobs('mirror')
    const cookie = await house.signIn('chenyiming')
    house.simulator.faults.add({ event: '*', lose: true })
    house.simulator.world.disableMember('chenyiming')
    await house.runJobs('mirror')
    expect((await house.get('/api/me', cookie)).status).toBe(401)
    house.simulator.world.enableMember('chenyiming')
    await house.runJobs('mirror')
    expect((await house.get('/api/me', cookie)).status).toBe(401)
    expect((await house.get('/api/me', await house.signIn('chenyiming'))).status).toBe(200)
  })

  it('is for managers and administrators, and asks for one run only', async () => {
    await house.runJobs('mirror')
    const rep = await house.signIn('chenyiming')
    expect((await house.post('/api/mirror/run', {}, rep)).status).toBe(403)
    const manager = await house.signIn('zhoumin')
    expect((await house.post('/api/mirror/run', {}, manager)).body).toEqual({ ok: true })
    expect([...house.awake]).toEqual(['mirror'])
  })
})

describe('a company', () => {
  afterEach(() => house.close())

  it("shuts out whoever is moved out of the app's range, without taking them for a leaver", async () => {
    const cast = smallCorp()
    house = await openHouse({ cast })
    await house.runJobs('mirror')
    const cookie = await house.signIn('wanglei')
    cast.app.visible = cast.members.map((m) => m.userid).filter((userid) => userid !== 'wanglei')
    await house.runJobs('mirror')
    expect((await house.get('/api/me', cookie)).status).toBe(401)
    await expect(house.signIn('wanglei')).rejects.toThrow('not let in')
    expect(await house.db.selectFrom('departure').selectAll().execute()).toEqual([])
    const open = await house.db.selectFrom('relation').select('memberId').where('endedAt', 'is', null).execute()
    expect(open).toHaveLength(13)
  })

  it('reads 400 relations a hundred a call, none twice and none lost (Q20)', async () => {
    house = await openHouse({
      cast: smallCorp((cast) => {
        cast.customers = Array.from({ length: 400 }, (_, i) => customer(i + 1))
        cast.relations = cast.customers.map((_, i) => relation(i % 2 ? 'linxiao' : 'wanglei', i + 1))
      }),
    })
    await house.runJobs('mirror')
    expect(await count('relation')).toBe(400)
    expect(house.simulator.calls.filter((c) => c.path === 'externalcontact/batch/get_by_user')).toHaveLength(4)
    const told = await count('history')
    await house.runJobs('mirror')
    expect(await count('history')).toBe(told)
  })
})
