import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openMirrored } from '../support/beginning'
import type { ServerHouse } from '../support/house'
import { contactId } from '../support/small-corp'

/** So many members live a life of their own; `RUNS=100` for more. */
const RUNS = Number(process.env['RUNS'] ?? 5)
const DAY = 86_400_000
let house: ServerHouse
let count = 0

beforeAll(async () => {
  house = await openMirrored()
})
afterAll(() => house.close())

const step = fc.oneof(
  ...(['announce', 'move', 'withdraw', 'leave', 'leave unheard', 'rehire', 'look', 'tomorrow'] as const).map((does) =>
    fc.record({ does: fc.constant(does), n: fc.constant(0) }),
  ),
  fc.record({ does: fc.constantFrom('add' as const, 'lose' as const), n: fc.integer({ min: 1, max: 4 }) }),
)

/** What the world says: whether they are here, and who their customers are (after leaving: were). */
interface Life {
  userid: string
  here: boolean
  customers: Set<number>
}

async function live({ does, n }: { does: string; n: number }, life: Life): Promise<void> {
  const { world, faults, clock } = house.simulator
  const { userid } = life
  const contact = contactId(n)
  const manager = await house.signIn('hezhiyuan')
  const member = await house.db.selectFrom('member').select('id').where('userid', '=', userid).executeTakeFirstOrThrow()
  const open = await house.db
    .selectFrom('departure')
    .select('id')
    .where('memberId', '=', member.id)
    .where('endedAt', 'is', null)
    .executeTakeFirst()
  const inDays = (days: number) => new Date(house.deps.now().getTime() + days * DAY).toISOString().slice(0, 10)
  const ask = async (path: string, body: object) => {
    const { status } = await house.post(`/api/announcements${path}`, body, manager)
    expect(status).toBeLessThan(500)
  }
  if (does === 'announce') await ask('', { member: member.id, leavesOn: inDays(3) })
  if (does === 'move') await ask(`/${open?.id ?? 'none'}/day`, { leavesOn: inDays(5) })
  if (does === 'withdraw') await ask(`/${open?.id ?? 'none'}/withdraw`, {})
  if (does.startsWith('leave') && life.here) {
    if (does === 'leave unheard') faults.add({ event: '*', lose: true })
    world.removeMember(userid)
    life.here = false
    await house.simulator.callbacks.idle()
    faults.clear()
  }
  if (does === 'rehire' && !life.here) {
    // Nobody is hired again before we have heard that they left: WeCom would have to take both days together.
    await house.runJobs('events', 'departures')
    world.addMember({ userid, name: userid, departments: [2] })
    await house.settle()
    await house.runJobs('mirror')
    life.here = true
    life.customers.clear()
  }
  if (does === 'tomorrow') await clock.advance(DAY)
  if (does === 'add' && life.here && !life.customers.has(n)) {
    world.customerAddsMember(userid, contact, { addWay: 3 })
    life.customers.add(n)
  }
  if (does === 'lose' && life.here && life.customers.delete(n)) world.memberDeletesCustomer(userid, contact)
  await house.settle()
  if (does === 'look') await house.runJobs('departures')
  await clock.advance(60_000)
}

const opened = [
  'unassigned',
  'planned',
  'pending_approval',
  'approved',
  'submitted',
  'waiting',
  'successor_limit',
  'failed',
]

async function whole({ userid, here, customers }: Life, ended: boolean): Promise<void> {
  const departures = await house.db
    .selectFrom('departure')
    .innerJoin('member', 'member.id', 'departure.memberId')
    .select(['departure.id', 'departure.endedAt', 'departure.gone'])
    .where('userid', '=', userid)
    .execute()
  expect(departures.filter((d) => !d.endedAt).length).toBeLessThanOrEqual(1)
  const handovers = departures.length
    ? await house.db
        .selectFrom('handover')
        .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
        .innerJoin('wecomContact', 'wecomContact.customerId', 'handover.customerId')
        .select(['externalUserid', 'state'])
        .where(
          'departureId',
          'in',
          departures.map((d) => d.id),
        )
        .execute()
    : []
  const open = handovers.filter((h) => opened.includes(h.state)).map((h) => h.externalUserid)
  expect(new Set(open).size, 'two open handovers of one customer').toBe(open.length)
  if (!ended || here) return
  expect(departures.filter((d) => !d.endedAt)).toMatchObject([{ gone: true }])
  for (const n of customers) expect(open, `customer ${n} is lost`).toContain(contactId(n))
}

it(
  'announced, moved, withdrawn, left, hired again, heard of by event or list, in any order: one open departure, one open handover a customer, none lost',
  { timeout: 600_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        const life: Life = { userid: `person${++count}`, here: true, customers: new Set() }
        house.simulator.world.addMember({ userid: life.userid, name: life.userid, departments: [2] })
        for (const n of [1, 2]) {
          house.simulator.world.customerAddsMember(life.userid, contactId(n), { addWay: 3 })
          life.customers.add(n)
        }
        await house.settle()
        await house.runJobs('mirror')
        for (const one of steps) {
          await live(one, life)
          await whole(life, false)
        }
        await live({ does: 'leave', n: 0 }, life)
        for (let i = 0; i < 2; i++) await live({ does: 'look', n: 0 }, life)
        await whole(life, true)
      }),
      { numRuns: RUNS, endOnFailure: true },
    )
  },
)
