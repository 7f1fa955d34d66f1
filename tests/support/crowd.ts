import type { CastRelation } from '../../mock/wecom/cast'
import type { Switches } from '../../mock/wecom/switches'
import { createWeCom } from '../../src/server/wecom/client'
import { sharedIn } from '../../src/server/wecom/shared-rows'
import { openHouse, type ServerHouse } from './house'
import { contactId, customer, member, relation, smallCorp } from './small-corp'

/**
 * Many small worlds in one house: each has a leaver of its own, two who may take over, and customers. They share the clock,
 * the database and WeCom, and nothing else; so thousands of cases are affordable (quality.md's figures).
 */
export interface World {
  n: number
  leaver: string
  successors: [string, string]
  /** WeCom's ids of the leaver's customers. */
  customers: string[]
  departure: string
}

export interface Crowd {
  house: ServerHouse
  worlds: World[]
  /** Drafts, submits and lets the other manager approve, for one world; nothing runs yet. Answers the plan. */
  approved(world: World, successors?: readonly string[]): Promise<string>
  minutes(n: number): Promise<void>
  transfers(): Promise<CrowdTransfer[]>
}

export interface CrowdTransfer {
  handover: string
  external: string
  departure: string
  state: string
  errcode: number | null
  successor: string | null
}

/** Stands between the house and its WeCom: `go` is the true answer, which happens only when it is called. */
export type Between = (path: string, body: Record<string, unknown>, go: () => Promise<Response>) => Promise<Response>

export interface CrowdOptions {
  worlds: number
  customers: number
  switches?: Partial<Switches>
  between?: Between
  /** Leavers are still here: the test lets them go. */
  here?: boolean
  /** Who else in each world has which customer, by the customer's place in it. */
  more?: Record<number, 'first' | 'second'>
}

const PER_WORLD = 20
export const customersOf = (world: number, n: number): string[] =>
  Array.from({ length: n }, (_, i) => contactId(world * PER_WORLD + 100 + i))

/** The same in every world, but for who it is. */
const of = (userid: string, i: number, n: number): CastRelation => ({
  ...relation(userid, i),
  externalUserid: contactId(n),
})

function castOf({ worlds, customers, more = {} }: CrowdOptions) {
  return smallCorp((cast) => {
    // Of the small corp only those stay who manage.
    cast.relations = []
    cast.groups = []
    cast.customers = []
    cast.members = cast.members.filter((m) => ['zhoumin', 'hezhiyuan', 'shenlan', 'sunyue'].includes(m.userid))
    for (let w = 0; w < worlds; w++) {
      for (const role of ['leaver', 'first', 'second']) cast.members.push(member(`${role}${w}`, `${role} ${w}`, 2))
      for (let i = 0; i < customers; i++) {
        const n = w * PER_WORLD + 100 + i
        cast.customers.push(customer(n))
        cast.relations.push(of(`leaver${w}`, i, n))
      }
      for (const [i, role] of Object.entries(more)) {
        const n = w * PER_WORLD + 100 + Number(i)
        if (Number(i) >= customers) cast.customers.push(customer(n))
        cast.relations.push(of(`${role}${w}`, Number(i), n))
      }
    }
  })
}

export async function openCrowd(options: CrowdOptions): Promise<Crowd> {
  const cast = castOf(options)
  const house = await openHouse({ cast, ...(options.switches ? { switches: options.switches } : {}) })
  const { simulator, db, deps } = house
  if (options.between) deps.wecom = wecomBehind(house, options.between)
  await house.runJobs('mirror')
  const worlds = Array.from({ length: options.worlds }, (_, n): World => ({
    ...{ n, leaver: `leaver${n}`, successors: [`first${n}`, `second${n}`], departure: '' },
    customers: customersOf(n, options.customers),
  }))
  if (!options.here) await letThemGo(house, worlds)
  const ids = new Map((await db.selectFrom('member').select(['userid', 'id']).execute()).map((m) => [m.userid, m.id]))
  let cookies: { planner: string; approver: string; until: number } | null = null
  const signedIn = async () =>
    (cookies =
      cookies && cookies.until > simulator.clock.now()
        ? cookies
        : {
            planner: await house.signIn('zhoumin'),
            approver: await house.signIn('hezhiyuan'),
            until: simulator.clock.now() + 4 * 3600_000,
          })
  return {
    house,
    worlds,
    async approved({ departure, successors }, chosen = successors) {
      const { planner, approver } = await signedIn()
      const wish = { handovers: 'all', groups: false, successors: chosen.map((s) => ids.get(s)) }
      const draft = await house.post(`/api/departures/${departure}/plans`, wish, planner)
      const { id, digest } = draft.body as { id: string; digest: string }
      const submit = await house.post(`/api/plans/${id}/submit`, { digest }, planner)
      const approve = await house.post(`/api/plans/${id}/approve`, { digest }, approver)
      const wrong = [draft, submit, approve].find((a) => a.status !== 200)
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
    transfers: () => transfersIn(house),
  }
}

/** All at once, found by WeCom's list as if no event had come: a tenth of the time that events take. */
export async function letThemGo(house: ServerHouse, worlds: World[]): Promise<void> {
  const undo = house.simulator.faults.add({ event: '*', lose: true })
  for (const { leaver } of worlds) house.simulator.world.removeMember(leaver)
  await house.runJobs('departures')
  undo()
  const found = await house.db
    .selectFrom('departure')
    .innerJoin('member', 'member.id', 'departure.memberId')
    .select(['departure.id', 'member.userid'])
    .execute()
  for (const world of worlds) world.departure = found.find((d) => d.userid === world.leaver)?.id ?? ''
}

function wecomBehind({ deps, simulator }: ServerHouse, between: Between) {
  const { config } = deps
  return createWeCom({
    apiUrl: config.WECOM_API_URL,
    corpId: config.WECOM_CORP_ID,
    secret: config.WECOM_APP_SECRET,
    now: () => simulator.clock.now(),
    log: deps.log,
    sleep: (ms) => simulator.clock.advance(ms),
    shared: sharedIn(deps.db, config.SECRET),
    fetch: async (request) => {
      const path = new URL(request.url).pathname.replace('/cgi-bin/', '')
      const body = request.method === 'POST' ? ((await request.clone().json()) as Record<string, unknown>) : {}
      return between(path, body, () => simulator.fetch(request))
    },
  })
}

const transfersIn = ({ db }: ServerHouse): Promise<CrowdTransfer[]> =>
  db
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .innerJoin('wecomContact', 'wecomContact.customerId', 'handover.customerId')
    .leftJoin('member', 'member.id', 'transfer.successorId')
    .select(['handover.id as handover', 'handover.departureId as departure', 'transfer.state', 'transfer.errcode'])
    .select(['wecomContact.externalUserid as external', 'member.userid as successor'])
    .orderBy('wecomContact.externalUserid')
    .execute()
