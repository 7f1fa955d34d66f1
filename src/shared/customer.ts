import * as z from 'zod/mini'
import { endpoint, id, instant, page, pageInput, words } from './endpoint'
import { fieldClasses, stages } from './access'
import { as, house, personal } from './field'
import { groupLabels } from './group'
import { historyAbouts, historyEntry } from './history'
import { labels } from './handover'
import { noticeStates, unreachableReasons } from './notice'
import { promise } from './promise'
import { transferStates } from './transfer'

/** What people wrote: a name, a remark may hold a number, and then leaves the server without it. */
const text = () => as('text', z.string())
/** `王*` */
export const shortName = as('name', z.string())

/** F1: who the customer is. */
const contact = z.object({
  name: text(),
  /** wecom: a WeCom user with a company; wechat: a WeChat user */
  kind: z.enum(['wechat', 'wecom', 'unknown']),
  company: z.nullable(text()),
  title: z.nullable(text()),
  since: z.nullable(instant),
})

/** What the predecessor left. */
const left = personal({
  F2: {
    remark: text(),
    description: text(),
    company: z.nullable(text()),
    tags: z.array(z.object({ group: z.string(), name: text() })),
  },
  F3: { mobiles: z.array(as('number', z.string())) },
})

/** F0: how the handover stands, and why the reader may see it. */
export const standing = z.object({
  handover: id,
  label: z.enum(labels),
  transfer: z.enum(transferStates),
  notice: z.enum(noticeStates),
  submittedAt: z.nullable(instant),
  takeoverAt: z.nullable(instant),
  settledAt: z.nullable(instant),
  sentAt: z.nullable(instant),
  openedAt: z.nullable(instant),
  answeredAt: z.nullable(instant),
  errcode: z.nullable(z.number()),
})

const rawRecord = personal({ F4: { id, at: instant, author: z.string(), text: z.string() } })

export const brief = personal({
  F0: {
    standing: z.object({
      ...standing.shape,
      shortName,
      /** `leftAt` of somebody who is still here (`gone` false) is the announced last day; null: none, or it has passed. */
      from: z.object({ name: z.string(), gone: z.boolean(), leftAt: z.nullable(instant) }),
      assigned: z.nullable(z.object({ planner: z.string(), approver: z.string(), at: instant })),
      /** That the customer wants somebody else; in their words only where they said that the colleague may read them. */
      wish: z.nullable(z.object({ at: instant, text: z.nullable(text()) })),
      /** Why the notice did not get there, until it is tried in another way. */
      undelivered: z.nullable(z.enum(unreachableReasons)),
    }),
    stage: z.enum(stages),
    /** What `pulse` is asked with while the page is in view (asking.ts). */
    mark: z.string(),
    classes: z.array(z.enum(fieldClasses)),
    /** Closed sections say how much waits behind them (workload size, F0). */
    waiting: z.object({ history: z.number(), promises: z.number(), raw: z.number() }),
  },
  F1: { contact: z.optional(contact) },
  F2: {
    promises: z.optional(z.array(promise)),
    left: z.optional(left),
    history: z.optional(page(historyEntry)),
  },
  /** Old chats that the predecessor kept for whoever serves next. */
  F4: { raw: z.optional(z.array(rawRecord)) },
})
export type Brief = z.output<typeof brief>

/**
 * The one call the sidebar makes: POST, because WeCom's id of a person has no place in a URL. `contact` is what
 * `getCurExternalContact` gave; `customer` is our own id, from a list or a message. Someone else's customer, and one that
 * does not exist, answer alike: not_found. `own`: the caller's own customer, nothing inherited. `covering`: somebody else's,
 * opened in an emergency, to read.
 */
export const openBrief = endpoint({
  method: 'POST',
  path: '/api/brief',
  access: ['rep'],
  shows: true,
  input: z.union([z.object({ contact: id }), z.object({ customer: id })]),
  output: z.discriminatedUnion('kind', [
    house({ kind: z.literal('inherited'), customer: id, brief }),
    house({ kind: z.literal('covering'), customer: id, emergency: z.object({ id, until: instant }), brief }),
    personal({
      F0: {
        kind: z.literal('own'),
        customer: id,
        /** An announced leaver may tell the customer who takes over, once that is approved (M1). */
        farewell: z.nullable(z.object({ handover: id, to: z.string(), told: z.boolean() })),
        /** The first notice to somebody who is new to the company (newcomer.ts), and who sent it; null: nobody owes them one. */
        first: z.nullable(z.object({ sentAt: z.nullable(instant), by: z.nullable(z.string()) })),
      },
      F1: { contact },
    }),
  ]),
})

/**
 * The whole history by key; `about` of one kind, `words` that stand in it as the reader may read it or in its author's name. A
 * page of a search may be short and still have a next.
 */
export const moreHistory = endpoint({
  method: 'GET',
  path: '/api/customers/:customer/history',
  access: ['rep'],
  input: z.object({
    customer: id,
    ...pageInput,
    about: z.optional(z.enum(historyAbouts)),
    words: z.optional(words(60)),
  }),
  output: page(historyEntry),
})

/** Groups that the customer and the reader are both in, and the predecessor's on their way to the reader. */
const commonGroup = personal({
  F2: {
    /** WeCom's id of the group, to open its chat with. */
    chat: z.string(),
    name: text(),
    members: z.number(),
    owner: z.nullable(z.string()),
    /** The reader owns it. */
    mine: z.boolean(),
    /** Whose it was, and how its handover to the reader stands. */
    from: z.nullable(z.string()),
    label: z.nullable(z.enum(groupLabels)),
  },
})
export type CommonGroup = z.output<typeof commonGroup>

export const listCommonGroups = endpoint({
  method: 'GET',
  path: '/api/customers/:customer/groups',
  access: ['rep'],
  input: z.object({ customer: id }),
  output: house({ items: z.array(commonGroup) }),
})

/**
 * What opens the chat with the caller's own customer, or one whom WeCom has given to them: WeCom's id, which their client knows by
 * then. POST, because it has no place in an address.
 */
export const findChat = endpoint({
  method: 'POST',
  path: '/api/customers/:customer/chat',
  access: ['rep'],
  shows: true,
  input: z.object({ customer: id }),
  output: personal({ F0: { contact: id } }),
})

export const inherited = personal({
  F0: { ...standing.shape, customer: id, shortName, from: z.string(), promisesDue: z.number() },
  F1: { company: z.nullable(text()) },
})
export type Inherited = z.output<typeof inherited>

/** What must be done first stands first: to tell, then waiting, then told; within it the oldest. */
export const listInherited = endpoint({
  method: 'GET',
  path: '/api/inherited',
  access: ['rep'],
  input: z.object({ ...pageInput }),
  /** `inChat`: of those to tell, whose chat WeCom opens; they stand first. */
  output: house({ ...page(inherited).shape, total: z.number(), toTell: z.number(), inChat: z.number() }),
})
