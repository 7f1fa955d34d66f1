import fc from 'fast-check'
import type { CallFault } from '../../mock/wecom/faults'
import type { Switches } from '../../mock/wecom/switches'
import type { Deps } from '../../src/server/deps'
import { transfersJob } from '../../src/server/transfer/jobs'
import { createWeCom } from '../../src/server/wecom/client'
import { openDeparted, type DepartedHouse } from './departed'
import { contactId, smallCorp } from './small-corp'

/** What can happen to a transfer, step by step, for the model tests (transfer-model.test.ts). */
const call = 'externalcontact/resigned/transfer_customer'
const apis = [
  call,
  call,
  'externalcontact/resigned/transfer_result',
  'externalcontact/get_unassigned_list',
  'externalcontact/get',
]
const someone = fc.integer({ min: 1, max: 8 })
const breaking = fc.constantFrom<Omit<CallFault, 'path'>>(
  { drop: 'before-effect' },
  { drop: 'after-effect' },
  { drop: 'after-effect' },
  { reset: true },
  { truncate: true },
  { status: 502 },
  { status: 502, effect: true },
  { html: true, effect: true },
  { errcode: -1 },
  { errcode: 45009 },
  { errcode: 45035 },
  { errcode: 48002 },
  { errcode: 40098 },
)

export const anyStep = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('plan' as const),
      who: fc.constantFrom(['chenyiming'], ['wanglei'], ['chenyiming', 'wanglei']),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('minutes' as const), n: fc.integer({ min: 1, max: 12 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('hours' as const), n: fc.constantFrom(1, 13, 24, 27, 400 * 24) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      path: fc.constantFrom(...apis),
      fault: breaking,
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('item' as const),
      n: someone,
      code: fc.constantFrom(40096, 40099, 40100, 40128, 40129, 40131, 45035, 99999),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('will' as const),
      n: someone,
      will: fc.constantFrom('accept' as const, 'refuse' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('events' as const),
      how: fc.constantFrom({ lose: true }, { duplicate: 3 }, { delay: 3 * 3600_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('able' as const),
      who: fc.constantFrom('chenyiming', 'wanglei'),
      on: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('gone' as const), who: fc.constant('wanglei') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('console' as const), n: someone }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      when: fc.constantFrom('before' as const, 'after' as const),
      nth: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('twice' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('look' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('check' as const) }) },
)
export type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never

export const anySwitches: fc.Arbitrary<Partial<Switches>> = fc.record({
  unassignedRowLeaves: fc.constantFrom('at assign' as const, 'at takeover' as const),
  refusedRowReturns: fc.boolean(),
  freshResults: fc.constantFrom('all' as const, 'half' as const, 'none' as const),
  departedAnswer: fc.constantFrom(84061 as const, 60111 as const, 40003 as const),
  showsDepartedFollower: fc.boolean(),
  addEventAfterTakeover: fc.boolean(),
  failEvent: fc.boolean(),
  wholeCallCodes: fc.constantFrom('top' as const, 'item' as const),
})

/** Who moves customers in WeCom's console, beside us. */
export const OTHER = 'sunyue'

export interface Engine {
  house: DepartedHouse
  plans: string[]
  step(step: Step): Promise<void>
  /** A manager looks into the console and answers truthfully whatever is shown as not settled. */
  look(): Promise<void>
}

export async function openEngine(switches: Partial<Switches>): Promise<Engine> {
  const cast = smallCorp((c) => (c.members.find((m) => m.userid === 'wanglei')!.customerLimit = 4))
  const house = await openDeparted({ cast, switches })
  const { simulator, db, deps } = house
  const plans: string[] = []
  const byHand = createWeCom({
    apiUrl: 'https://qyapi.test',
    corpId: cast.corp.id,
    secret: cast.app.secret,
    now: () => simulator.clock.now(),
    log: deps.log,
    fetch: (request) => simulator.fetch(request),
  })
  const api = {
    method: 'POST',
    path: call,
    effect: true,
    answer: (await import('../../src/server/wecom/apis')).transferCustomer.answer,
  } as const
  const run = (other: Deps) => transfersJob(other).catch(() => undefined)

  /** A process that dies at its nth call of WeCom from now on; its successor begins anew on the same rows. */
  function dying(when: 'before' | 'after', nth: number): Deps {
    let seen = 0
    return {
      ...deps,
      wecom: {
        async ask(api, params) {
          if (++seen < nth) return deps.wecom.ask(api, params)
          if (seen === nth && when === 'after') await deps.wecom.ask(api, params).catch(() => undefined)
          throw new Error('killed')
        },
      },
    }
  }

  async function look() {
    const manager = await house.signIn('hezhiyuan')
    const open = await db
      .selectFrom('transfer')
      .select('handoverId')
      .where('state', 'in', ['approved', 'submitted', 'waiting'])
      .execute()
    for (const { handoverId } of open) {
      const { status, body } = await house.get(`/api/handovers/${handoverId}/open-call`, manager)
      if (status !== 200) continue
      const { digest, kind } = body as { digest: string; kind: string }
      const { external, successor } = await whoIs(handoverId)
      const flows = simulator.world.transfers().filter((t) => t.externalUserid === external && t.takeover === successor)
      const answer = flows.some((t) => t.status !== 'void') ? 'under_way' : 'not_assigned'
      if (kind === 'unconfirmed' && answer === 'under_way') continue
      await house.post(`/api/handovers/${handoverId}/open-call`, { digest, answer }, manager)
    }
  }
  const whoIs = (handoverId: string) =>
    db
      .selectFrom('transfer')
      .innerJoin('handover', 'handover.id', 'transfer.handoverId')
      .innerJoin('wecomContact', 'wecomContact.customerId', 'handover.customerId')
      .leftJoin('member', 'member.id', 'transfer.successorId')
      .select(['wecomContact.externalUserid as external', 'member.userid as successor'])
      .where('transfer.handoverId', '=', handoverId)
      .executeTakeFirstOrThrow()

  const deeds: { [K in Step['do']]: (step: Extract<Step, { do: K }>) => Promise<unknown> } = {
    // Nobody left to plan, or checks that stop it: then there is no plan, and nothing has happened.
    plan: ({ who }) =>
      house.approved([...who]).then(
        (id) => plans.push(id),
        () => undefined,
      ),
    minutes: ({ n }) => house.minutes(n),
    async hours({ n }) {
      await simulator.clock.advance(n * 3600_000)
      await house.runJobs('departures').catch(() => undefined)
      await house.minutes(1)
    },
    fault: ({ path, fault, times }) => Promise.resolve(simulator.faults.add({ path, ...fault, times })),
    item: ({ n, code }) =>
      Promise.resolve(simulator.faults.add({ path: call, items: { [contactId(n)]: code }, times: 1 })),
    will: async ({ n, will }) => simulator.world.customerWill(contactId(n), will),
    events: ({ how }) => Promise.resolve(simulator.faults.add({ event: '*', ...how, times: 4 })),
    able: async ({ who, on }) => {
      if (simulator.world.members().some((m) => m.userid === who))
        simulator.world[on ? 'enableMember' : 'disableMember'](who)
    },
    gone: async ({ who }) => {
      if (simulator.world.members().some((m) => m.userid === who)) simulator.world.removeMember(who)
      // A job that a fault stops is run again by its clock.
      await house.settle().catch(() => undefined)
    },
    console: ({ n }) =>
      byHand
        .ask(api, { handover_userid: 'linxiao', takeover_userid: OTHER, external_userid: [contactId(n)] })
        .catch(() => undefined),
    crash: ({ when, nth }) => run(dying(when, nth)),
    twice: () => Promise.all([run(deps), run({ ...deps })]),
    withdraw: async () =>
      house.post(`/api/plans/${plans.at(-1) ?? 'none'}/withdraw`, {}, await house.signIn('hezhiyuan')),
    look,
    check: async () => house.post(`/api/departures/${house.departure}/check`, {}, await house.signIn('zhoumin')),
  }
  const step = async (s: Step) => {
    await (deeds[s.do] as (step: Step) => Promise<unknown>)(s)
  }
  return { house, plans, step, look }
}
