import { afterEach, describe, expect, it } from 'vitest'
import type { Cast } from '../../mock/wecom/cast'
import type { GroupRow } from '../../src/shared/group'
import type { Plan } from '../../src/shared/plan'
import { jobs } from '../../src/server/app'
import { groupTransfer } from '../../src/server/wecom/apis'
import { openDeparted, type DepartedHouse } from '../support/departed'
import { openMirrored } from '../support/beginning'
import type { HouseOptions, ServerHouse } from '../support/house'
import { smallCorp } from '../support/small-corp'

type House = ServerHouse & Pick<DepartedHouse, 'departure' | 'planner' | 'approver' | 'idOf'>
let house: House
afterEach(() => house.close())

/** 林晓 owns so many groups; 王磊 is in those whose number is divisible by `with`. */
function corpWithGroups(n: number, withWang = 0): Cast {
  return smallCorp((cast) => {
    const [model] = cast.groups
    cast.groups = cast.groups.filter((g) => g.owner !== 'linxiao')
    for (let i = 1; i <= n; i++) {
      const members = [...model!.members]
      if (withWang && i % withWang === 0) members.push({ userid: 'wanglei', type: 1, joinTime: model!.createTime })
      cast.groups.push({ ...model!, chatId: chat(i), name: `客户群${i}`, members })
    }
  })
}
const chat = (n: number) => `wrGroup${String(n).padStart(4, '0')}`

const open = (n: number, options: HouseOptions & { withWang?: number } = {}) => {
  const { withWang, ...rest } = options
  return openDeparted({ cast: corpWithGroups(n, withWang), ...rest })
}

/** 林晓 will leave and is still here. */
async function openAnnounced(n: number): Promise<House> {
  const fresh = await openMirrored({ cast: corpWithGroups(n) })
  const idOf = async (userid: string) =>
    (await fresh.db.selectFrom('member').select('id').where('userid', '=', userid).executeTakeFirstOrThrow()).id
  const [at, memberId] = [fresh.deps.now(), await idOf('linxiao')]
  const departure = { id: 'announced', memberId, leftAt: at, knownBy: 'event', noticedAt: at, gone: false }
  await fresh.db.insertInto('departure').values(departure).execute()
  const [planner, approver] = [await fresh.signIn('zhoumin'), await fresh.signIn('hezhiyuan')]
  return { ...fresh, departure: departure.id, planner, approver, idOf }
}

async function draft(successors = ['chenyiming', 'wanglei'], more: object = {}) {
  const ids = await Promise.all(successors.map((s) => house.idOf(s)))
  const body = { handovers: [], groups: true, successors: ids, ...more }
  return house.post(`/api/departures/${house.departure}/plans`, body, house.planner)
}
const act = (plan: Plan, what: 'submit' | 'approve' | 'reject' | 'discard', cookie: string, more = {}) =>
  house.post(`/api/plans/${plan.id}/${what}`, { digest: plan.digest, ...more }, cookie)

/** Only the groups are planned, for these; another manager approves; nothing runs yet. */
async function approvedGroups(successors = ['chenyiming']): Promise<Plan> {
  const plan = (await draft(successors)).body as Plan
  expect((await act(plan, 'submit', house.planner)).status).toBe(200)
  expect((await act(plan, 'approve', house.approver)).status).toBe(200)
  return plan
}

async function minutes(n: number) {
  for (let i = 0; i < n; i++) {
    await house.simulator.clock.advance(60_000)
    await house.simulator.callbacks.idle()
    await house.runJobs('events', 'groups', 'letters')
  }
}

/** What a manager is told of each group. */
async function told(): Promise<GroupRow[]> {
  const manager = await house.signIn('zhoumin')
  const { body } = await house.get(`/api/departures/${house.departure}`, manager)
  return (body as { groupList: GroupRow[] }).groupList
}
const labels = async () => (await told()).map((g) => g.label)
const counted = async () => {
  const counts: Record<string, number> = {}
  for (const label of await labels()) counts[label] = (counts[label] ?? 0) + 1
  return counts
}

/** How often each group really changed hands. */
const moves = () => house.simulator.ledger.filter((e) => e.kind === 'group_moved')
const calls = (path = 'externalcontact/groupchat/transfer') => house.simulator.calls.filter((c) => c.path === path)

describe('in a plan', () => {
  it('a leaver’s groups go with the customers, and to a successor who is in the group already', async () => {
    house = await open(6, { withWang: 3 })
    const plan = (await draft(undefined, { handovers: 'all' })).body as Plan
    expect(plan.items).toHaveLength(8)
    const to = plan.groups.map((g) => g.successorName)
    expect([to[2], to[5]]).toEqual(['王磊', '王磊'])
    expect(to.filter((name) => name === '王磊')).toHaveLength(3)
    expect(plan.split.map((s) => s.groups).sort()).toEqual([3, 3])
    expect(await counted()).toEqual({ to_submit: 6 })
    expect((await draft(undefined, { handovers: 'all' })).body.groups).toEqual(plan.groups)
  })

  it('can be given to another or taken out, each time with another digest, and are left out when nobody wants them', async () => {
    house = await open(2)
    const plan = (await draft(['chenyiming'])).body as Plan
    const change = async (successor: string | null) =>
      (await house.post(`/api/plans/${plan.id}/groups/${chat(1)}`, { successor }, house.planner)).body as Plan
    const moved = await change(await house.idOf('wanglei'))
    expect(moved.groups.map((g) => g.successorName)).toEqual(['王磊', '陈一鸣'])
    const out = await change(null)
    expect(out.groups.map((g) => g.name)).toEqual(['客户群2'])
    expect(await counted()).toEqual({ to_assign: 1, to_submit: 1 })
    expect(new Set([plan.digest, moved.digest, out.digest]).size).toBe(3)
    expect((await change(await house.idOf('chenyiming'))).digest).toBe(plan.digest)
    const none = await draft(['chenyiming'], { handovers: 'all', groups: false })
    expect(none.body.groups).toEqual([])
    expect(await counted()).toEqual({ to_assign: 2 })
  })

  it('belong to what the second person approves: changed behind their back, the approval is stale (T-25)', async () => {
    house = await open(2)
    const plan = (await draft(['chenyiming'])).body as Plan
    await act(plan, 'submit', house.planner)
    expect((await act(plan, 'approve', house.planner)).body).toMatchObject({ code: 'own_plan' })
    await house.db
      .updateTable('planGroup')
      .set({ successorId: await house.idOf('wanglei') })
      .where('chatId', '=', chat(1))
      .execute()
    expect((await act(plan, 'approve', house.approver)).body).toMatchObject({ code: 'stale' })
    expect(await counted()).toEqual({ to_approve: 2 })
    await minutes(2)
    expect(moves()).toEqual([])
  })

  it('are not decided by who would get one', async () => {
    house = await open(1)
    const plan = (await draft(['hezhiyuan'])).body as Plan
    await act(plan, 'submit', house.planner)
    expect((await act(plan, 'approve', house.approver)).body).toMatchObject({ code: 'own_plan' })
  })

  it('are checked: who would get them, whose they are, and since when the owner is gone', async () => {
    house = await open(3)
    const plan = (await draft(['chenyiming'])).body as Plan
    const give = async (n: number, userid: string) =>
      house.post(`/api/plans/${plan.id}/groups/${chat(n)}`, { successor: await house.idOf(userid) }, house.planner)
    await give(1, 'machao')
    const checked = (await give(2, 'linxiao')).body as Plan
    expect(checked.groups.map((g) => g.checks)).toEqual([
      ['successor_without_contacts'],
      ['successor_is_leaver', 'successor_left'],
      [],
    ])
    expect((await act(checked, 'submit', house.planner)).body).toMatchObject({ code: 'checks_failed' })
    await house.db
      .updateTable('departure')
      .set({ leftAt: new Date(house.deps.now().getTime() - 366 * 86_400_000) })
      .execute()
    await house.db
      .updateTable('groupChat')
      .set({ ownerId: await house.idOf('wanglei') })
      .where('chatId', '=', chat(3))
      .execute()
    const late = (await house.get(`/api/plans/${plan.id}`, house.planner)).body as Plan
    expect(late.groups[2]!.checks).toEqual(['not_plannable', 'leaver_too_long_gone'])
  })

  it('come back when the plan is given up, rejected or replaced', async () => {
    house = await open(2)
    const plan = (await draft()).body as Plan
    await act(plan, 'submit', house.planner)
    await act(plan, 'reject', house.approver, { reason: '再看看' })
    expect(await counted()).toEqual({ to_submit: 2 })
    const second = (await draft()).body as Plan
    await act(second, 'submit', house.planner)
    await act(second, 'discard', house.planner)
    expect(await counted()).toEqual({ to_assign: 2 })
    expect((await house.get('/api/departures', house.planner)).body.items[0]).toMatchObject({
      groups: 2,
      groupsToAssign: 2,
    })
  })
})

describe('on their way', () => {
  it('groups of somebody who has left are moved at once, and are moved when WeCom shows their new owner', async () => {
    house = await open(3)
    await approvedGroups()
    expect(await counted()).toEqual({ to_send: 3 })
    await house.runJobs('groups')
    expect(await counted()).toEqual({ inheriting: 3 })
    await minutes(1)
    expect(await told()).toMatchObject(
      [1, 2, 3].map((n) => ({ name: `客户群${n}`, label: 'moved', successor: '陈一鸣', errcode: null })),
    )
    expect(
      moves()
        .map((e) => [e.chatId, e.takeover])
        .sort(),
    ).toEqual([1, 2, 3].map((n) => [chat(n), 'chenyiming']))
    expect(calls()).toHaveLength(1)
    const owner = await house.idOf('chenyiming')
    const mirror = await house.db.selectFrom('groupChat').selectAll().where('ownerId', '=', owner).execute()
    expect(mirror.map((g) => g.status)).toEqual([3, 3, 3])
    expect(mirror[0]!.staff).toEqual(['chenyiming'])
    await minutes(3)
    expect(moves()).toHaveLength(3)
    const words = house.simulator.world.appMessages().map((m) => JSON.stringify(m.body))
    expect(words.filter((w) => w.includes('3 个客户群已转给您'))).toHaveLength(1)
    const actions = await house.db
      .selectFrom('audit')
      .select('action')
      .where('action', 'like', 'group.%')
      .orderBy('seq')
      .execute()
    expect(new Set(actions.map((a) => a.action))).toEqual(new Set(['group.moved', 'group.sent', 'group.answered']))
  })

  it('350 groups of one owner take two days: 300 a day, the rest with a stated time (facts 1.3)', async () => {
    house = await open(350)
    await approvedGroups(['chenyiming', 'wanglei'])
    await minutes(3)
    expect(await counted()).toEqual({ moved: 300, tomorrow: 50 })
    const waiting = (await told()).filter((g) => g.label === 'tomorrow')
    expect(new Set(waiting.map((g) => g.nextTryAt))).toEqual(new Set(['2026-11-24T16:00:00.000Z']))
    expect(calls().every((c) => (c.body as { chat_id_list: string[] }).chat_id_list.length <= 100)).toBe(true)
    await house.simulator.clock.advance(12 * 3600_000)
    await minutes(2)
    expect(moves()).toHaveLength(300)
    await house.simulator.clock.advance(2 * 3600_000)
    await minutes(3)
    expect(await counted()).toEqual({ moved: 350 })
    expect(new Set(moves().map((e) => e.chatId)).size).toBe(350)
    expect(moves()).toHaveLength(350)
  }, 180_000)

  it('WeCom may count otherwise: its own word that the day is full puts off the rest', async () => {
    house = await open(5, { limits: { groupsPerDay: 2 } })
    await approvedGroups()
    await minutes(2)
    expect(await counted()).toEqual({ moved: 2, tomorrow: 3 })
    const before = calls().length
    await minutes(5)
    expect(calls()).toHaveLength(before)
  })

  it.each(['before-effect', 'after-effect'] as const)(
    'an answer lost %s is settled by reading the owner; each group moves once',
    async (drop) => {
      house = await open(4)
      await approvedGroups()
      house.simulator.faults.add({ path: 'externalcontact/groupchat/transfer', drop, nth: 1 })
      await house.runJobs('groups')
      expect(await counted()).toEqual({ checking: 4 })
      await minutes(3)
      expect(await counted()).toEqual({ moved: 4 })
      expect(moves()).toHaveLength(4)
      expect(calls()).toHaveLength(drop === 'before-effect' ? 2 : 1)
    },
  )

  it('a lost answer is not taken for a no while WeCom is still at work on it, nor where nothing can be read', async () => {
    house = await open(2, { switches: { groupSeconds: 600, departedOwnerGroup: false } })
    await approvedGroups()
    house.simulator.faults.add({ path: 'externalcontact/groupchat/transfer', drop: 'after-effect', nth: 1 })
    house.simulator.faults.add({ path: 'externalcontact/groupchat/list', errcode: 81017, times: 2 })
    await house.runJobs('groups')
    await minutes(1)
    expect(await counted()).toEqual({ checking: 2 })
    house.simulator.faults.clear()
    await minutes(2)
    expect(await counted()).toEqual({ inheriting: 2 })
    await minutes(12)
    expect(await counted()).toEqual({ moved: 2 })
    expect(calls()).toHaveLength(1)
  })

  it('each group by what WeCom says of it: a person must act, it is no customer group, it is moved already', async () => {
    house = await open(5)
    await approvedGroups()
    const items = { [chat(1)]: 90503, [chat(2)]: 90509, [chat(3)]: 40098, [chat(4)]: 90508 }
    house.simulator.faults.add({ path: 'externalcontact/groupchat/transfer', items, nth: 1 })
    await minutes(2)
    // WeCom says "done" of the fourth, and its owner is still the leaver: not done for us.
    expect(await told()).toMatchObject([
      { label: 'person', errcode: 90503 },
      { label: 'no_group', errcode: 90509 },
      { label: 'failed', errcode: 40098 },
      { label: 'inheriting', errcode: 90508 },
      { label: 'moved' },
    ])
    await house.simulator.clock.advance(2 * 3600_000)
    await minutes(1)
    expect((await told())[3]).toMatchObject({ label: 'failed', errcode: 90508 })
    expect((await house.get('/api/departures', await house.signIn('zhoumin'))).body.items[0].groupsToAssign).toBe(3)
    const again = await approvedAgain()
    expect(again.groups.map((g) => g.name)).toEqual(['客户群1', '客户群3', '客户群4'])
    await minutes(2)
    expect(await counted()).toEqual({ moved: 4, no_group: 1 })
    expect(moves()).toHaveLength(4)
  })

  it('busy, not allowed, or not yet taken for a leaver: put back, and made again later', async () => {
    house = await open(3)
    await approvedGroups()
    const items = { [chat(1)]: -1, [chat(2)]: 60011, [chat(3)]: 90500 }
    house.simulator.faults.add({ path: 'externalcontact/groupchat/transfer', items, nth: 1 })
    await house.runJobs('groups')
    expect((await told()).map((g) => [g.label, g.errcode])).toEqual([
      ['later', -1],
      ['later', 60011],
      ['later', 90500],
    ])
    await minutes(2)
    expect(await counted()).toEqual({ moved: 2, later: 1 })
    await minutes(5)
    expect(await counted()).toEqual({ moved: 3 })
    expect(moves()).toHaveLength(3)
  })

  it('a whole call refused is one of all: for busy later, for the successor final', async () => {
    house = await open(2)
    await approvedGroups()
    const remove = house.simulator.faults.add({ path: 'externalcontact/groupchat/transfer', errcode: 45033 })
    await house.runJobs('groups')
    expect(await counted()).toEqual({ later: 2 })
    remove()
    house.simulator.faults.add({ path: 'externalcontact/groupchat/transfer', errcode: 40098, nth: 1 })
    await minutes(1)
    expect(await counted()).toEqual({ failed: 2 })
    expect(moves()).toEqual([])
  })

  it('a group that somebody gave away by hand meanwhile is shown so, and is not taken from them', async () => {
    house = await open(2)
    await approvedGroups()
    // As an administrator would in the console.
    await house.deps.wecom.ask(groupTransfer, { chat_id_list: [chat(1)], new_owner: 'sunyue' })
    await house.runJobs('departures')
    await minutes(2)
    expect(await told()).toMatchObject([{ label: 'elsewhere', owner: '孙悦' }, { label: 'moved' }])
    expect(moves().map((e) => [e.chatId, e.takeover])).toEqual([
      [chat(1), 'sunyue'],
      [chat(2), 'chenyiming'],
    ])
  })

  it('on an announced departure groups are moved on the job; once the member is gone, by the other call', async () => {
    house = await openAnnounced(2)
    await approvedGroups()
    house.simulator.faults.add({
      path: 'externalcontact/groupchat/onjob_transfer',
      items: { [chat(2)]: 90502 },
      nth: 1,
    })
    await house.runJobs('groups')
    expect((await told())[1]).toMatchObject({ label: 'later', errcode: 90502 })
    await house.db.updateTable('departure').set({ gone: true }).execute()
    house.simulator.world.removeMember('linxiao')
    await house.settle()
    await minutes(3)
    expect(await counted()).toEqual({ moved: 2 })
    expect([calls('externalcontact/groupchat/onjob_transfer').length, calls().length]).toEqual([1, 1])
  })

  it('who is back keeps their groups: what was approved is not sent', async () => {
    house = await open(2)
    await approvedGroups()
    await house.db.updateTable('departure').set({ endedAt: house.deps.now() }).execute()
    await minutes(2)
    expect(await counted()).toEqual({ cancelled: 2 })
    expect(moves()).toEqual([])
  })

  it('two workers at the same moment move each group once (Q35)', async () => {
    house = await open(250)
    await approvedGroups(['chenyiming', 'wanglei'])
    await Promise.all([1, 2, 3].map(() => jobs.groups.run(house.deps)))
    await minutes(2)
    await Promise.all([1, 2, 3].map(() => jobs.groups.run(house.deps)))
    expect(await counted()).toEqual({ moved: 250 })
    expect(moves()).toHaveLength(250)
    expect(
      calls()
        .map((c) => (c.body as { chat_id_list: string[] }).chat_id_list.length)
        .sort(),
    ).toEqual([100, 100, 25, 25])
  }, 180_000)
})

async function approvedAgain(): Promise<Plan> {
  const [planner, approver] = [await house.signIn('zhoumin'), await house.signIn('hezhiyuan')]
  const successors = [await house.idOf('chenyiming')]
  const made = await house.post(`/api/departures/${house.departure}/plans`, { handovers: [], successors }, planner)
  const plan = made.body as Plan
  await act(plan, 'submit', planner)
  expect((await act(plan, 'approve', approver)).status).toBe(200)
  return plan
}
