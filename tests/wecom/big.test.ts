import { expect, test } from 'vitest'
import { bigCast, bigExternalUserid, bigUserid } from '../../mock/big'
import { grown } from '../../mock/wecom/table'
import { rows, simulate, START, type Row, type Sim } from './small-cast'

const now = START / 1000
const big = (members: number, relations: number, more: object = {}) =>
  simulate({
    cast: bigCast({ members, relations, now, groups: 30 }),
    limits: { workMillis: 0, writeMillis: 0 },
    ...more,
  })

async function everyPage(sim: Sim, path: string, body: Row, key: string): Promise<Row[]> {
  const all: Row[] = []
  let cursor = ''
  do {
    const reply = await sim.post(path, { ...body, cursor })
    all.push(...rows(reply, key))
    cursor = String(reply['next_cursor'])
  } while (cursor)
  return all
}

const pairOf = (row: Row): string => {
  const { external_contact, follow_info } = row as { external_contact: Row; follow_info: Row }
  return `${String(follow_info['userid'])} ${String(external_contact['external_userid'])}`
}

test('a big corp has exactly the relations it promises, once each, every tenth with a second follower', async () => {
  const sim = big(7, 1003)
  const userids = Array.from({ length: 7 }, (_, n) => bigUserid(n))
  const page = { userid_list: userids, limit: 100 }
  const pairs = (await everyPage(sim, 'externalcontact/batch/get_by_user', page, 'external_contact_list')).map(pairOf)
  expect([pairs.length, new Set(pairs).size]).toEqual([1003, 1003])
  const customers = new Set(pairs.map((p) => p.split(' ')[1]))
  expect(customers.size).toBe(sim.world.customers().length)
  expect(customers.size).toBeLessThan(910)
  // What a page says and what a single look says are the same.
  for (const pair of pairs) {
    const [userid = '', externalUserid = ''] = pair.split(' ')
    expect(sim.world.relations({ userid, externalUserid })).toHaveLength(1)
  }
  expect((await sim.get('externalcontact/get', { external_userid: bigExternalUserid(910) })).errcode).toBe(40096)
})

test('in a big corp everything happens as in a small one: a leaver, a takeover, a deletion, a new customer', async () => {
  const sim = big(3, 300)
  const [from = '', to = ''] = [bigUserid(0), bigUserid(1)]
  sim.world.removeMember(from)
  const waiting = await everyPage(sim, 'externalcontact/get_unassigned_list', { page_size: 30 }, 'info')
  expect(waiting).toHaveLength(100)
  const ids = waiting.map((r) => String(r['external_userid']))
  const wish = { handover_userid: from, takeover_userid: to, external_userid: ids.slice(0, 50) }
  await sim.post('externalcontact/resigned/transfer_customer', wish)
  await sim.clock.advance(86_400_000)
  expect(sim.world.relations({ userid: from })).toHaveLength(50)
  const shared = ids.slice(0, 50).filter((_, i) => i % 10 === 0).length
  expect(sim.world.relations({ userid: to })).toHaveLength(100 + 50 - shared)
  sim.world.memberDeletesCustomer(to, ids[1] ?? '')
  sim.world.customerAddsMember(bigUserid(2), ids[1] ?? '')
  const page = { userid_list: [to, bigUserid(2)], limit: 100 }
  const pairs = await everyPage(sim, 'externalcontact/batch/get_by_user', page, 'external_contact_list')
  expect(new Set(pairs.map(pairOf)).size).toBe(100 + 50 - shared - 1 + 100 + 1)
})

test('a million relations are there at once, and a page costs the same at the end as at the beginning: no other row is made', async () => {
  let made = 0
  const cast = bigCast({ members: 1000, relations: 1_000_000, now })
  const { relations } = cast.crowd ?? { relations: () => undefined }
  if (cast.crowd)
    cast.crowd.relations = (userid) => {
      const source = relations(userid)
      return source && { ...source, at: (i) => (made++, source.at(i)) }
    }
  const sim = simulate({ cast, limits: { workMillis: 0 } })
  const userids = Array.from({ length: 100 }, (_, n) => bigUserid(900 + n))
  let cursor: unknown = ''
  for (let i = 0; i < 5; i++) {
    const reply = await sim.post('externalcontact/batch/get_by_user', { userid_list: userids, limit: 100, cursor })
    cursor = reply['next_cursor']
  }
  // One more per page, to learn whether there is a next one.
  expect(made).toBe(505)
})

test('a table that is made while somebody looks keeps what was touched, added and deleted, in order', () => {
  const table = grown({
    size: 5,
    at: (i) => ({ n: i }),
    idAt: String,
    indexOf: (id) => (Number(id) < 5 ? Number(id) : -1),
  })
  const second = table.get('1')
  if (second) second.n = 10
  table.delete('0')
  table.set('x', { n: 7 })
  table.set('2', { n: 20 })
  expect([...table]).toEqual([['1', { n: 10 }], ['2', { n: 20 }], ['3', { n: 3 }], ['4', { n: 4 }], ['x', { n: 7 }]]) // prettier-ignore
  expect([...(table.from?.(3) ?? [])]).toEqual([{ n: 4 }, { n: 7 }])
  expect([table.size, table.has('0'), table.get('0'), table.delete('0'), table.has('x')]).toEqual([5, false, undefined, false, true]) // prettier-ignore
  // Deleted and come back: at the end, as in a Map.
  table.set('0', { n: 0 })
  expect([...table.keys()]).toEqual(['1', '2', '3', '4', 'x', '0'])
})

test('logs do not grow without end: calls, their answers, deliveries, effects', async () => {
  const sim = simulate({
    limits: { callsKept: 20, answersKept: 2, deliveriesKept: 10, effectsKept: 10, workMillis: 0 },
  })
  for (let i = 0; i < 50; i++) sim.world.editRelation('zhang', 'wm1', { remark: String(i) })
  for (let i = 0; i < 50; i++) await sim.get('user/get', { userid: 'li' })
  await sim.callbacks.idle()
  const most = [sim.calls.length, sim.callbacks.deliveries.length, sim.ledger.length]
  expect(most.every((n, i) => n <= [20, 10, 10][i]! && n > 5)).toBe(true)
  expect(sim.calls.slice(-3).map((c) => c.answer === 'forgotten')).toEqual([true, false, false])
})
