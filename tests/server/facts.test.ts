import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Colleague, Passing } from '../../src/shared/allocation'
import type { CustomerField, FactValue, MemberField } from '../../src/shared/fact'
import { colleaguesOf, passingOf } from '../../src/server/db/facts'
import { rulesInUse } from '../../src/server/db/rules'
import { openDesk, type Desk, type Placed } from '../support/handovers'

type Person = Placed['leaver']
let desk: Desk
let writer: Person
beforeAll(async () => {
  desk = await openDesk()
  writer = await desk.member('周敏')
  await desk.db
    .insertInto('department')
    .values([
      { id: 1, name: '宏远', parentId: 0 },
      { id: 2, name: '华东', parentId: 1 },
      { id: 21, name: '上海组', parentId: 2 },
    ])
    .execute()
  await desk.db
    .insertInto('tag')
    .values([
      { id: 'east', groupName: '地区', name: '华东' },
      { id: 'south', groupName: '地区', name: '华南' },
      { id: 'a', groupName: '客户等级', name: 'A 重点' },
      { id: 'abc', groupName: '客户等级', name: 'ABC' },
      { id: 'en', groupName: '其他', name: '外籍' },
    ])
    .execute()
  const rule = (kind: string, key: string, field: string, value: string | null) => ({
    ...{ kind, key, field, value, setBy: writer.id, setAt: desk.deps.now() },
  })
  await desk.db
    .insertInto('factRule')
    .values([
      rule('department', '2', 'region', '华东'),
      rule('department', '21', 'industry', '建材'),
      rule('tag_group', '地区', 'region', null),
      rule('tag_group', '客户等级', 'tier', null),
      rule('tag', 'en', 'language', 'en'),
    ])
    .execute()
})
afterAll(() => desk.close())

const value = (given: FactValue) => sql<string>`${JSON.stringify(given)}::jsonb`
const written = () => ({ writtenBy: writer.id, writtenAt: desk.deps.now() })
const known = (memberId: string, field: MemberField, given: FactValue, source = 'hand') =>
  desk.db
    .insertInto('memberFact')
    .values({ memberId, field, source, value: value(given), ...written() })
    .execute()
const said = (customerId: string, field: CustomerField, given: FactValue, source = 'hand') =>
  desk.db
    .insertInto('customerFact')
    .values({ customerId, field, source, value: value(given), ...written() })
    .execute()
const one = async (id: string): Promise<Colleague> => (await colleaguesOf(desk.db, [id], desk.deps.now()))[0]!
async function passing(placed: Placed): Promise<Passing> {
  const { departureId } = await desk.db
    .selectFrom('handover')
    .select('departureId')
    .where('id', '=', placed.id)
    .executeTakeFirstOrThrow()
  return (await passingOf(desk.db, [departureId], desk.deps.now())).find((p) => p.handover === placed.id)!
}
const tagged = (placed: Placed, ...tagIds: string[]) =>
  desk.db
    .updateTable('relation')
    .set({ tagIds })
    .where('customerId', '=', placed.customer)
    .where('memberId', '=', placed.leaver.id)
    .execute()
const waiting = () => desk.handover({ transfer: 'unassigned', notice: 'due' })

describe('a colleague', () => {
  it('of whom nothing is known is kept out by nothing, but for children', async () => {
    const { id } = await desk.member('无')
    expect(await one(id)).toEqual({
      ...{ id, hurdles: [], customers: 0, topTier: 0, capacity: 20_000, entity: null },
      ...{ regions: [], industries: [], languages: [], minors: false, tenureYears: 0 },
      ...{ performance: null, contribution: null },
    })
  })

  it('has region and industry from the departments above, as an administrator said what they mean', async () => {
    const { id } = await desk.member('东', { departments: [21] })
    expect(await one(id)).toMatchObject({ regions: ['华东'], industries: ['建材'] })
  })

  it('is believed by hand before by file, and by file before WeCom', async () => {
    const { id } = await desk.member('先', { departments: [2] })
    await known(id, 'region', ['华中'], 'csv')
    expect((await one(id)).regions).toEqual(['华中'])
    await known(id, 'region', ['华北', '西北'])
    expect((await one(id)).regions).toEqual(['华北', '西北'])
  })

  it('is named every hurdle that stands in the way', async () => {
    const { id } = await desk.member('难')
    await known(id, 'real_name', false)
    await known(id, 'trained_until', '2026-11-30')
    await known(id, 'leave', { from: '2026-11-20', to: '2026-12-01' })
    await known(id, 'capacity', 80)
    await known(id, 'joined', '2024-12-01')
    await known(id, 'contribution', 40)
    await known(id, 'minors', true)
    await desk.db.updateTable('member').set({ follows: false, status: 'disabled' }).where('id', '=', id).execute()
    expect(await one(id)).toMatchObject({
      hurdles: ['not_active', 'real_name', 'out_of_range', 'training', 'on_leave'],
      ...{ capacity: 80, tenureYears: 2, contribution: 0.4, minors: true },
    })
  })

  it('who signed in here lately is not kept out by an old date from a file', async () => {
    const { id } = await desk.member('登')
    await known(id, 'last_login', '2025-01-01', 'csv')
    expect((await one(id)).hurdles).toEqual([])
    await desk.db.deleteFrom('session').where('memberId', '=', id).execute()
    expect((await one(id)).hurdles).toEqual(['login'])
  })

  it('who leaves is named as leaving', async () => {
    const { id } = await desk.member('走')
    const at = desk.deps.now()
    const said = { knownBy: 'announced', gone: false, announcedBy: writer.id, announcedAt: at }
    await desk.db
      .insertInto('departure')
      .values({ id: desk.deps.id(), memberId: id, leftAt: at, noticedAt: at, ...said })
      .execute()
    expect((await one(id)).hurdles).toEqual(['leaving'])
  })

  it('has customers and those of the top tiers counted; who was full at WeCom lately has no more room', async () => {
    const placed = await waiting()
    const { id } = await desk.member('满')
    const since = desk.deps.now()
    const follow = { memberId: id, customerId: placed.customer, since, tagIds: ['a'] }
    await desk.db.insertInto('relation').values(follow).execute()
    expect(await one(id)).toMatchObject({ customers: 1, topTier: 1, capacity: 20_000 })
    const full = { fullBefore: id, askedAt: desk.deps.now() }
    await desk.db.updateTable('transfer').set(full).where('handoverId', '=', placed.id).execute()
    expect(await one(id)).toMatchObject({ customers: 1, capacity: 1 })
  })

  it('has a performance between the best and the worst of all, and none under 30 cases (T-43)', async () => {
    const people = await Promise.all(['甲', '乙', '丙', '丁'].map((name) => desk.member(name)))
    const [low, half, high, few] = people.map((p) => p.id) as [string, string, string, string]
    for (const [id, points, cases] of [
      [low, 50, 30],
      [half, 70, 31],
      [high, 90, 100],
      [few, 100, 29],
    ] as const) {
      await known(id, 'performance', points)
      await known(id, 'cases', cases)
    }
    const found = await colleaguesOf(desk.db, [low, half, high, few], desk.deps.now())
    expect(Object.fromEntries(found.map((c) => [c.id, c.performance]))).toEqual({
      ...{ [low]: 0, [half]: 0.5, [high]: 1, [few]: null },
    })
  })
})

describe('a customer to be passed on', () => {
  it('of whom nothing is known is given to anybody', async () => {
    const placed = await waiting()
    expect(await passing(placed)).toEqual({
      ...{ handover: placed.id, customer: placed.customer, entity: null, region: null, industry: null, language: null },
      ...{ tier: null, minor: false, wants: null, knows: [], not: {}, fit: {}, unscored: false },
    })
  })

  it('has region, tier and language from tags, and what is no tier is none', async () => {
    const placed = await waiting()
    await tagged(placed, 'south', 'a', 'en')
    expect(await passing(placed)).toMatchObject({ region: '华南', tier: 'A', language: 'en' })
    await tagged(placed, 'abc')
    expect(await passing(placed)).toMatchObject({ region: null, tier: null })
    await said(placed.customer, 'region', '西南', 'csv')
    await tagged(placed, 'south')
    expect(await passing(placed)).toMatchObject({ region: '西南' })
  })

  it('who asked for English and mornings fits best who has both (T-26)', async () => {
    const placed = await waiting()
    const [both, half] = [await desk.member('双'), await desk.member('半')]
    await known(both.id, 'language', ['en', 'zh'])
    await known(both.id, 'times', ['morning'])
    await known(half.id, 'language', ['zh'])
    await known(half.id, 'times', ['morning', 'evening'])
    await said(placed.customer, 'language', 'en')
    await said(placed.customer, 'times', ['morning'])
    expect((await passing(placed)).fit).toEqual({ [both.id]: 1, [half.id]: 0.5 })
  })

  it('knows whoever is in a small group with them; not who is in a large one, nor the leaver (continuity)', async () => {
    const placed = await waiting()
    const beside = await desk.member('同群', { userid: 'beside' })
    await desk.member('大群', { userid: 'crowd' })
    const { userid } = await desk.db
      .selectFrom('member')
      .select('userid')
      .where('id', '=', placed.leaver.id)
      .executeTakeFirstOrThrow()
    for (const [chatId, members, staff] of [
      ['small', 20, [userid, 'beside']],
      ['large', 21, ['crowd']],
    ] as const) {
      await desk.db
        .insertInto('groupChat')
        .values({ chatId, name: '', status: 0, members, staff: [...staff] })
        .execute()
      await desk.db.insertInto('groupCustomer').values({ chatId, customerId: placed.customer }).execute()
    }
    expect((await passing(placed)).knows).toEqual([beside.id])
  })

  it('comes with whom they asked for, who knows them, and to whom they cannot go', async () => {
    const placed = await waiting()
    const [wanted, relative, friend] = [await desk.member('愿'), await desk.member('亲'), await desk.member('友')]
    await said(placed.customer, 'wants', wanted.id)
    await said(placed.customer, 'relatives', [relative.id])
    await said(placed.customer, 'unscored', true)
    const since = desk.deps.now()
    await desk.db.insertInto('relation').values({ memberId: friend.id, customerId: placed.customer, since }).execute()
    await desk.db
      .updateTable('transfer')
      .set({ refusedBefore: placed.successor.id })
      .where('handoverId', '=', placed.id)
      .execute()
    expect(await passing(placed)).toMatchObject({
      ...{ wants: wanted.id, knows: [friend.id], unscored: true },
      not: { [relative.id]: 'relative', [placed.successor.id]: 'refused' },
    })
  })

  it('is not there once WeCom has it under way, but is when rules are tried on what was', async () => {
    const placed = await desk.handover({ transfer: 'taken_over' })
    const { departureId } = await desk.db
      .selectFrom('handover')
      .select('departureId')
      .where('id', '=', placed.id)
      .executeTakeFirstOrThrow()
    expect(await passingOf(desk.db, [departureId], desk.deps.now())).toEqual([])
    expect(await passingOf(desk.db, [departureId], desk.deps.now(), 'all')).toHaveLength(1)
  })
})

it('what is no field can be entered nowhere, not even past the app, and nobody writes about themselves', async () => {
  const { id } = await desk.member('禁')
  await expect(known(id, 'age' as MemberField, 30)).rejects.toThrow('member_fact_field_check')
  const own = {
    memberId: id,
    field: 'performance',
    source: 'hand',
    value: value(99),
    writtenBy: id,
    writtenAt: desk.deps.now(),
  }
  await expect(desk.db.insertInto('memberFact').values(own).execute()).rejects.toThrow('member_fact_check')
})

it('until the company approves its own, the weights of the product count, and they add up to one', async () => {
  const rules = await rulesInUse(desk.db, desk.deps.now())
  expect(rules.version).toBe('R-0')
  expect(Object.values(rules.weights).reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 10)
})
