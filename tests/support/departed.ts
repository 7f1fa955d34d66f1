import type { Cast } from '../../mock/wecom/cast'
import type { Effect } from '../../mock/wecom/ledger'
import { chinaDay } from '../../src/shared/day'
import { openAfter } from './beginning'
import type { HouseOptions, ServerHouse } from './house'
import { customer, relation, smallCorp } from './small-corp'

/** A house in which 林晓 has just left: zhoumin and hezhiyuan manage, chenyiming and wanglei can take over. */
export interface DepartedHouse extends ServerHouse {
  departure: string
  planner: string
  approver: string
  /** Our id of a member. */
  idOf(userid: string): Promise<string>
  /** Drafts for these successors without the groups, submits, lets the other manager approve; nothing runs yet. Answers the plan. */
  approved(successors: string[], handovers?: string[]): Promise<string>
  /** Minutes pass one by one; each runs the jobs of that minute. */
  minutes(n: number): Promise<void>
  transfers(): Promise<TransferRow[]>
  /** How often the simulator did something to a customer. */
  did(kind: Effect['kind']): Map<string, number>
  count(state: string): Promise<number>
}

export interface TransferRow {
  handover: string
  external: string
  customer: string
  state: string
  errcode: number | null
  submittedAt: Date | null
  takeoverAt: Date | null
  settledAt: Date | null
  batch: string | null
}

/** `customers`: that many belong to 林晓, instead of the small corp's eight. `announced`: not gone yet, only announced. */
export async function openDeparted(options: Options = {}): Promise<DepartedHouse> {
  const { customers, announced: only = false, cast = smallCorp(), ...rest } = options
  if (customers) giveCustomers(cast, customers)
  const house = await openAfter(only ? announced : departed, { cast, ...rest })
  const { db, simulator } = house
  const { id: departure } = await db.selectFrom('departure').select('id').executeTakeFirstOrThrow()
  const planner = await house.signIn('zhoumin')
  const approver = await house.signIn('hezhiyuan')
  const idOf = async (userid: string) =>
    (await db.selectFrom('member').select('id').where('userid', '=', userid).executeTakeFirstOrThrow()).id
  return {
    ...house,
    departure,
    planner,
    approver,
    idOf,
    async approved(successors, handovers) {
      const ids = await Promise.all(successors.map(idOf))
      // Sessions end after a day, and tests let days pass.
      const [planner, approver] = [await house.signIn('zhoumin'), await house.signIn('hezhiyuan')]
      const draft = await house.post(
        `/api/departures/${departure}/plans`,
        { handovers: handovers ?? 'all', groups: false, successors: ids },
        planner,
      )
      const { id, digest } = draft.body as { id: string; digest: string }
      const submit = await house.post(`/api/plans/${id}/submit`, { digest }, planner)
      const approve = await house.post(`/api/plans/${id}/approve`, { digest }, approver)
      // So many that one is not enough: then 孙悦 has to be a manager, too.
      const more = (approve.body as { state?: string }).state === 'pending'
      const second = more
        ? await house.post(`/api/plans/${id}/approve`, { digest }, await house.signIn('sunyue'))
        : approve
      const wrong = [draft, submit, approve, second].find((a) => a.status !== 200)
      if (wrong) throw new Error(JSON.stringify(wrong.body))
      return id
    },
    async minutes(n) {
      for (let i = 0; i < n; i++) {
        await simulator.clock.advance(60_000)
        await simulator.callbacks.idle()
        await house.runJobs('events', 'transfers', 'letters')
      }
    },
    transfers: () =>
      db
        .selectFrom('transfer')
        .innerJoin('handover', 'handover.id', 'transfer.handoverId')
        .innerJoin('wecomContact', 'wecomContact.customerId', 'handover.customerId')
        .select([
          'handover.id as handover',
          'handover.customerId as customer',
          'wecomContact.externalUserid as external',
        ])
        .select(['transfer.state', 'transfer.errcode', 'transfer.submittedAt', 'transfer.takeoverAt'])
        .select(['transfer.settledAt', 'transfer.batchId as batch'])
        .orderBy('wecomContact.externalUserid')
        .execute(),
    did(kind) {
      const counts = new Map<string, number>()
      for (const { kind: k, externalUserid = '' } of simulator.ledger)
        if (k === kind) counts.set(externalUserid, (counts.get(externalUserid) ?? 0) + 1)
      return counts
    },
    count: async (state) =>
      (await db.selectFrom('transfer').select('handoverId').where('state', '=', state).execute()).length,
  }
}

type Options = HouseOptions & { customers?: number; announced?: boolean }

async function departed(house: ServerHouse): Promise<void> {
  await house.runJobs('mirror')
  house.simulator.world.removeMember('linxiao')
  await house.settle()
  await house.runJobs('departures')
}

async function announced(house: ServerHouse): Promise<void> {
  await house.runJobs('mirror')
  await announce(house)
}

export function giveCustomers(cast: Cast, n: number): void {
  cast.relations = cast.relations.filter((r) => r.userid !== 'linxiao')
  for (let i = 1; i <= n; i++) {
    cast.customers.push(customer(1000 + i))
    cast.relations.push(relation('linxiao', 1000 + i))
  }
}

/** 林晓 is still here and will leave in ten days. */
async function announce(house: ServerHouse): Promise<void> {
  const { id } = await house.db
    .selectFrom('member')
    .select('id')
    .where('userid', '=', 'linxiao')
    .executeTakeFirstOrThrow()
  const leavesOn = chinaDay(new Date(house.deps.now().getTime() + 10 * 86_400_000))
  const { status, body } = await house.post(
    '/api/announcements',
    { member: id, leavesOn },
    await house.signIn('zhoumin'),
  )
  if (status !== 200) throw new Error(JSON.stringify(body))
}
