import * as z from 'zod/mini'
import { endpoint, id, instant, page, pageInput } from './endpoint'
import { groupRow } from './group'
import { as, house, personal } from './field'
import { labels } from './handover'
import { shortName, standing } from './customer'

/** How many handovers of a departure stand where; labels without any are absent. */
export const counts = z.partialRecord(z.enum(labels), z.number())

export const departure = house({
  id,
  name: z.string(),
  department: z.nullable(z.string()),
  /** Until the member is gone: the end of the announced last day. */
  leftAt: instant,
  knownBy: z.enum(['unassigned_list', 'event', 'member_list', 'announced']),
  /** False: announced, and still here. */
  gone: z.boolean(),
  /** The announcement was withdrawn, or the member was hired again. */
  ended: z.boolean(),
  announced: z.nullable(z.object({ by: z.string(), at: instant })),
  customers: z.number(),
  counts,
  groups: z.number(),
  /** Of these, the ones that a plan may take up. */
  groupsToAssign: z.number(),
  /** Until WeCom refuses to transfer; null when the date of leaving is not known from WeCom. */
  daysLeft: z.nullable(z.number()),
})
export type Departure = z.output<typeof departure>

export const listDepartures = endpoint({
  method: 'GET',
  path: '/api/departures',
  access: ['manager', 'compliance'],
  input: z.object({ ...pageInput }),
  output: house({ ...page(departure).shape, mirror: z.object({ at: z.nullable(instant), running: z.boolean() }) }),
})

/** Who leaves and when, and nothing of any customer (compliance 6.2: HR, auditor). */
export const listLeavers = endpoint({
  method: 'GET',
  path: '/api/leavers',
  access: ['hr', 'auditor'],
  input: z.object({ ...pageInput }),
  output: page(
    z.object({
      id,
      name: z.string(),
      department: z.nullable(z.string()),
      leftAt: instant,
      gone: z.boolean(),
      ended: z.boolean(),
      announced: departure.shape.announced,
    }),
  ),
})
export type LeaverLine = z.output<typeof listLeavers.output>['items'][number]

/** What lies between us and WeCom: why it waits, and when something happens by itself. */
const underWay = z.object({
  /** Sent with the next run, within seconds. */
  toSend: z.number(),
  blocked: z.array(z.object({ errcode: z.number(), nextTryAt: instant, customers: z.number() })),
  /** Sent, no answer yet: for less, and for more, than ten minutes. */
  settling: z.number(),
  checking: z.number(),
  /** WeCom lets the customer refuse for 24 hours; beyond 26 without a result. */
  waiting: z.number(),
  unconfirmed: z.number(),
  firstTakeover: z.nullable(instant),
})
export type UnderWay = z.output<typeof underWay>

export const getDeparture = endpoint({
  method: 'GET',
  path: '/api/departures/:departure',
  access: ['manager', 'compliance'],
  input: z.object({ departure: id }),
  output: house({
    ...departure.shape,
    groupList: z.array(groupRow),
    plan: z.nullable(id),
    /** Contacts deleted in the days before leaving, by whom. Facts, no judgement: people also tidy up. */
    deleted: z.object({ byMember: z.number(), byCustomer: z.number() }),
    /** null: nothing is. */
    underWay: z.nullable(underWay),
  }),
})

const handoverRow = personal({
  F0: {
    ...standing.shape,
    shortName,
    region: z.nullable(z.string()),
    successor: z.nullable(z.object({ id, name: z.string() })),
    waitingDays: z.number(),
    /** Of the customer's own words the manager sees that there is an objection and since when, never the text. */
    objectedAt: z.nullable(instant),
    complaint: z.nullable(z.string()),
  },
  F1: { company: z.nullable(as('text', z.string())) },
})
export type HandoverRow = z.output<typeof handoverRow>

export const listHandovers = endpoint({
  method: 'GET',
  path: '/api/departures/:departure/handovers',
  access: ['manager', 'compliance'],
  input: z.object({ departure: id, label: z.optional(z.enum(labels)), ...pageInput }),
  output: page(handoverRow),
})

/** Members who could take over, with what speaks against each (codes of plan.ts `checks`, for any customer). */
export const listCandidates = endpoint({
  method: 'GET',
  path: '/api/departures/:departure/candidates',
  access: ['manager'],
  input: z.object({ departure: id }),
  output: house({
    items: z.array(
      z.object({
        id,
        name: z.string(),
        position: z.string(),
        department: z.nullable(z.string()),
        customers: z.number(),
        arriving: z.number(),
        problems: z.array(z.string()),
      }),
    ),
  }),
})
