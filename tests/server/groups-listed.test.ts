import { afterEach, describe, expect, it } from 'vitest'
import type { Switches } from '../../mock/wecom/switches'
import type { Departure } from '../../src/shared/departure'
import type { GroupRow } from '../../src/shared/group'
import type { Plan } from '../../src/shared/plan'
import { rereadGroup } from '../../src/server/wecom/groups'
import { openMirrored } from '../support/beginning'
import type { ServerHouse } from '../support/house'
import { smallCorp } from '../support/small-corp'

/** Listing leavers' groups, every way WeCom may answer (facts 3.6, 13.6, 13.7, U6–U8). */
let house: ServerHouse
afterEach(() => house.close())

const switches: Partial<Switches>[] = (['doc', 40003] as const).flatMap((departedOwnerFilter) =>
  [true, false].flatMap((departedOwnerGroup) =>
    [true, false].flatMap((ownerEvent) =>
      [0, 90].map((groupSeconds) => ({ departedOwnerFilter, departedOwnerGroup, ownerEvent, groupSeconds })),
    ),
  ),
)

async function open(some: Partial<Switches>, cast = smallCorp()) {
  house = await openMirrored({ cast, switches: some })
}
async function minutes(n: number) {
  for (let i = 0; i < n; i++) {
    await house.simulator.clock.advance(60_000)
    await house.simulator.callbacks.idle()
    await house.runJobs('events', 'groups')
  }
}
const departures = async (cookie: string) => (await house.get('/api/departures', cookie)).body.items as Departure[]
const groupsOf = async (departure: string, cookie: string) =>
  (await house.get(`/api/departures/${departure}`, cookie)).body.groupList as GroupRow[]
const idOf = async (userid: string) =>
  (await house.db.selectFrom('member').select('id').where('userid', '=', userid).executeTakeFirstOrThrow()).id

async function handOver(departure: string, planner: string, approver: string): Promise<void> {
  const wish = { handovers: 'all', successors: [await idOf('chenyiming')] }
  const plan = (await house.post(`/api/departures/${departure}/plans`, wish, planner)).body as Plan
  for (const [what, cookie] of [
    ['submit', planner],
    ['approve', approver],
  ] as const)
    expect((await house.post(`/api/plans/${plan.id}/${what}`, { digest: plan.digest }, cookie)).status).toBe(200)
}

describe.each(switches)(
  'owner_filter $departedOwnerFilter, group readable $departedOwnerGroup, owner event $ownerEvent, $groupSeconds s',
  (some) => {
    it('somebody with only groups, whose leaving nobody told us of, is found, planned, approved and finished', async () => {
      await open(some)
      const lose = house.simulator.faults.add({ event: '*', lose: true })
      house.simulator.world.removeMember('sunyue')
      await house.settle()
      lose()
      await house.runJobs('departures')
      const [manager, other] = [await house.signIn('zhoumin'), await house.signIn('hezhiyuan')]
      const [leaver, ...more] = await departures(manager)
      expect(more).toEqual([])
      expect(leaver).toMatchObject({ name: '孙悦', customers: 0, groups: 1, groupsToAssign: 1 })
      await handOver(leaver!.id, manager, other)
      await minutes(5)
      const moved = { name: '孙悦的客户群', label: 'moved', successor: '陈一鸣' }
      expect(await groupsOf(leaver!.id, manager)).toMatchObject([moved])
      expect((await departures(manager))[0]).toMatchObject({ groups: 1, groupsToAssign: 0 })
      expect(house.simulator.ledger.filter((e) => e.kind === 'group_moved')).toHaveLength(1)
      // Neither the list of departures nor a full reading of the mirror changes what has happened.
      await house.runJobs('departures', 'mirror')
      expect(await groupsOf(leaver!.id, manager)).toMatchObject([moved])
    })
  },
)

it('owners whom nobody ever saw are found by their groups alone', async () => {
  await open({ departedOwnerFilter: 40003 })
  house.simulator.world.removeMember('sunyue')
  await house.db.deleteFrom('groupChat').execute()
  await house.db.deleteFrom('member').where('userid', '=', 'sunyue').execute()
  await house.runJobs('departures')
  const manager = await house.signIn('zhoumin')
  expect(await departures(manager)).toMatchObject([{ name: 'sunyue', groups: 1, groupsToAssign: 1 }])
})

it.each(['doc', 40003] as const)(
  'more than a thousand groups of a leaver are read page by page (%s)',
  async (way) => {
    const cast = smallCorp((c) => {
      const model = c.groups.find((g) => g.owner === 'sunyue')!
      for (let i = 1; i <= 1100; i++) c.groups.push({ ...model, chatId: `wrMany${i}`, name: `群${i}` })
    })
    await open({ departedOwnerFilter: way }, cast)
    await house.db.deleteFrom('groupChat').where('chatId', 'like', 'wrMany%').execute()
    house.simulator.world.removeMember('sunyue')
    await house.settle()
    await house.runJobs('departures')
    const manager = await house.signIn('zhoumin')
    expect((await departures(manager))[0]).toMatchObject({ groups: 1101, groupsToAssign: 1101 })
  },
  60_000,
)

it('where WeCom lists nothing at all (81017) and shows no group either, our own list stays', async () => {
  await open({ departedOwnerGroup: false, departedOwnerFilter: 40003 })
  house.simulator.world.removeMember('sunyue')
  await house.settle()
  await house.runJobs('departures')
  house.simulator.faults.add({ path: 'externalcontact/groupchat/list', errcode: 81017 })
  await house.runJobs('departures')
  const manager = await house.signIn('zhoumin')
  expect((await departures(manager))[0]).toMatchObject({ name: '孙悦', groups: 1 })
})

it('a group that WeCom no longer knows is forgotten, and what became of it is not', async () => {
  await open({})
  house.simulator.world.removeMember('sunyue')
  await house.settle()
  await house.runJobs('departures')
  const [manager, other] = [await house.signIn('zhoumin'), await house.signIn('hezhiyuan')]
  const [leaver] = await departures(manager)
  await handOver(leaver!.id, manager, other)
  await minutes(2)
  house.simulator.faults.add({ path: 'externalcontact/groupchat/get', errcode: 40050 })
  house.simulator.faults.add({ path: 'externalcontact/groupchat/list', errcode: 40003 })
  await rereadGroup(house.deps, 'wrSunGroup', false)
  expect(await house.db.selectFrom('groupChat').selectAll().where('chatId', '=', 'wrSunGroup').execute()).toEqual([])
  expect(await groupsOf(leaver!.id, manager)).toMatchObject([
    { name: '孙悦的客户群', members: null, label: 'moved', successor: '陈一鸣' },
  ])
})
