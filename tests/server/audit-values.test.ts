import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeHead } from '../../src/server/audit/heads'
import { checkpointJob } from '../../src/server/audit/jobs'
import { verifyIn } from '../../src/server/audit/verify'
import { openDeparted, type DepartedHouse } from '../support/departed'
import { smallCorp } from '../support/small-corp'

let house: DepartedHouse
const cast = smallCorp()
beforeAll(async () => {
  house = await openDeparted({ cast, settings: { COMPLIANCE: 'shenlan' } })
})
afterAll(() => house.close())

/** A day in the life: mirrored, left, planned, approved, sent, taken over, told, objected, complained, promised. */
async function live(): Promise<void> {
  await house.approved(['chenyiming'])
  await house.minutes(3)
  await house.simulator.clock.advance(25 * 3600_000)
  await house.minutes(3)
  const successor = await house.signIn('chenyiming')
  const { items } = (await house.get('/api/inherited', successor)).body as {
    items: { handover: string; customer: string }[]
  }
  const { handover, customer } = items[0]!
  const prepared = await house.post(`/api/handovers/${handover}/notice`, { language: 'zh-CN' }, successor)
  await house.post(`/api/notice-attempts/${prepared.body.id}/outcome`, { form: 'text', outcome: 'sent' }, successor)
  await house.post(
    `/api/handovers/${handover}/promises`,
    { text: '周五前给 李四 13700009999 回电', due: '2026-12-20' },
    successor,
  )
  await house.get(`/api/customers/${customer}/brief`, successor)
  const path = new URL(prepared.body.link as string).pathname
  const form = (fields: Record<string, string>) => ({
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { origin: 'null' },
  })
  await house.request(path)
  await house.request(`${path}/objection`, form({ text: '我不要 陈一鸣，电话 13700009999' }))
  await house.request(`${path}/complaint`, form({ text: '投诉 林晓', contact: '13700009999' }))
}

it('holds no name, phone, remark or word of anybody after a lived-through story (compliance 4.5)', async () => {
  await live()
  const rows = await house.db.selectFrom('audit').selectAll().orderBy('seq').execute()
  const actions = new Set(rows.map((r) => r.action))
  for (const action of [
    'plan.approved',
    'transfer.moved',
    'notice.moved',
    'objection.made',
    'complaint.received',
    'mirror.changed',
  ])
    expect(actions, action).toContain(action)
  const chain = JSON.stringify(rows)
  const words = [
    ...cast.members.map((m) => m.name),
    ...cast.customers.flatMap((c) => [c.name, c.externalUserid]),
    ...cast.relations.flatMap((r) => [r.remark, r.description, ...(r.remarkMobiles ?? [])]),
    ...cast.tagGroups.flatMap((g) => g.tags.map((t) => t.name)),
    '13700009999',
    '李四',
    '投诉',
    '不要',
  ].filter((w): w is string => typeof w === 'string' && w.length > 1)
  expect(words.length).toBeGreaterThan(30)
  expect(words.filter((word) => chain.includes(word))).toEqual([])
})

it('sends its head every morning to whoever holds compliance, by settings or by grant, and writes that down', async () => {
  const ids = async (userid: string) =>
    (await house.db.selectFrom('member').select('id').where('userid', '=', userid).executeTakeFirstOrThrow()).id
  const [granted, ended, by] = [await ids('sunyue'), await ids('hezhiyuan'), await ids('zhoumin')]
  const grant = { role: 'compliance', reason: '代班', grantedBy: by, grantedAt: house.deps.now() }
  await house.db
    .insertInto('roleGrant')
    .values([
      { ...grant, id: 'g1', memberId: granted, until: null },
      { ...grant, id: 'g2', memberId: ended, until: new Date(house.deps.now().getTime() + 1) },
    ])
    .execute()
  await house.simulator.clock.advance(1000)
  await checkpointJob(house.deps)
  const head = (await makeHead(house.deps))!
  const last = await house.db
    .selectFrom('audit')
    .selectAll()
    .where('action', '=', 'head.exported')
    .executeTakeFirstOrThrow()
  expect(JSON.stringify(house.simulator.world.appMessages('shenlan'))).toContain('树头')
  expect(JSON.stringify(house.simulator.world.appMessages('sunyue'))).toContain('树头')
  expect(JSON.stringify(house.simulator.world.appMessages('hezhiyuan'))).not.toContain('树头')
  expect(last.detail).toMatchObject({ by: 'message', to: [await ids('shenlan'), granted].sort() })
  expect(await verifyIn(house.db)).toMatchObject({ whole: true, entries: head.size })
})
