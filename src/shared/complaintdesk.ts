import * as z from 'zod/mini'
import {
  channels,
  complaintActs,
  complaintKinds,
  complaintStates,
  conflicts,
  dueKinds,
  outcomes,
  REASONS_MIN,
  severities,
  SUMMARY_MAX,
  toldBy,
} from './complaint'
import { day, done, endpoint, id, instant, nothing, page, pageInput, words } from './endpoint'
import { house, personal } from './field'
import { requestKinds } from './request'

const person = z.object({ id, name: z.string() })
const clock = z.object({
  what: z.enum(dueKinds),
  by: day,
  /** The day is over. */
  late: z.boolean(),
})

const inList = {
  number: z.string(),
  at: instant,
  channel: z.enum(channels),
  state: z.enum(complaintStates),
  kind: z.nullable(z.enum(complaintKinds)),
  severity: z.nullable(z.enum(severities)),
  owner: z.nullable(z.object({ name: z.string(), me: z.boolean() })),
  /** Whom it is about; null: nobody that is known. */
  about: z.nullable(z.string()),
  next: z.nullable(clock),
  /** Which working day since it came this is. */
  day: z.number(),
  /** The fifteenth has passed without a decision. */
  red: z.boolean(),
  /** Thirty days have passed. */
  stopped: z.boolean(),
  /** A mail to the customer came back. */
  bounced: z.boolean(),
}

export const complaintViews = ['open', 'mine', 'unassigned', 'due', 'done'] as const

/** The queue: what is beyond the hard stop, then by what is due next. Who is complained about does not see it there. */
export const listComplaints = endpoint({
  method: 'GET',
  path: '/api/complaints',
  access: ['compliance'],
  input: z.object({ ...pageInput, view: z._default(z.enum(complaintViews), 'open') }),
  output: house({
    ...page(
      personal({
        F0: inList,
        F6: { excerpt: z.nullable(z.string()) },
      }),
    ).shape,
    /** Years that due dates are counted over and nobody loaded. */
    yearsMissing: z.array(z.number()),
    /** Since when the mail box cannot be read; null: it can, or there is none. */
    mailTrouble: z.nullable(instant),
  }),
})

/** Numbers only: for the doors of compliance, and all that managers are told. */
export const countComplaints = endpoint({
  method: 'GET',
  path: '/api/complaints/count',
  access: ['compliance', 'manager'],
  input: nothing,
  output: house({
    open: z.number(),
    unassigned: z.number(),
    mine: z.number(),
    red: z.number(),
    stopped: z.number(),
    yearsMissing: z.array(z.number()),
  }),
})

const complaintEvents = [
  'received',
  'acknowledge',
  'triage',
  'assigned',
  'begin',
  'ask',
  'answer',
  'silence',
  'material',
  'proposed',
  'returned',
  'decide',
  'inform',
  'reopen',
  'escalate',
  'responded',
  'close',
  'note',
  'request',
  'mail_bounced',
  'mail_failed',
  'mail_unknown',
] as const
const event = z.object({
  at: instant,
  /** A name; null: the customer or the system. */
  by: z.nullable(z.string()),
  who: z.enum(['member', 'customer', 'system']),
  what: z.enum(complaintEvents),
  from: z.nullable(z.enum(complaintStates)),
  to: z.nullable(z.enum(complaintStates)),
  words: z.nullable(z.string()),
})
const decision = z.object({
  seq: z.number(),
  outcome: z.enum(outcomes),
  againstStaff: z.boolean(),
  summary: z.string(),
  reasons: z.string(),
  by: z.string(),
  mine: z.boolean(),
  at: instant,
  state: z.enum(['proposed', 'standing', 'returned']),
  second: z.nullable(z.object({ by: z.string(), at: instant, words: z.nullable(z.string()) })),
})
const mail = z.object({
  at: instant,
  direction: z.enum(['in', 'out']),
  kind: z.enum(['complaint', 'material', 'bounce', 'm6', 'ask', 'm7']),
  state: z.enum(['taken', 'queued', 'sending', 'sent', 'failed', 'unknown', 'bounced']),
  subject: z.string(),
  detail: z.nullable(z.string()),
  files: z.array(z.object({ name: z.string(), bytes: z.number() })),
})

export const getComplaint = endpoint({
  method: 'GET',
  path: '/api/complaints/:number',
  access: ['compliance'],
  input: z.object({ number: id }),
  output: personal({
    F0: {
      ...inList,
      language: z.enum(['zh-CN', 'en']),
      round: z.number(),
      follows: z.nullable(z.string()),
      aboutId: z.nullable(z.string()),
      clocks: z.array(clock),
      stopBy: z.nullable(day),
      /** Versions of the calendar they were counted with, and the years that were not loaded then. */
      calendar: z.string(),
      unsure: z.array(z.number()),
      /** Why the reader must not handle it. */
      conflict: z.nullable(z.enum(conflicts)),
      may: z.array(z.enum(complaintActs)),
      asked: z.boolean(),
      informedBy: z.nullable(z.enum(['page', 'mail', ...toldBy])),
      /** How the result can reach the customer. */
      ways: z.array(z.enum(['page', 'mail'])),
      customer: z.nullable(z.string()),
      /** What it asked about the customer's own information, opened as requests of their own. */
      requests: z.array(z.object({ id, number: z.string(), kind: z.enum(requestKinds) })),
    },
    F6: {
      text: z.nullable(z.string()),
      contact: z.nullable(z.string()),
      events: z.array(event),
      decisions: z.array(decision),
      mails: z.array(mail),
      /** M6 or M7, filled, for whoever tells the customer in a chat or by phone. */
      message: z.nullable(z.string()),
    },
  }),
})
export type ComplaintDetail = z.output<(typeof getComplaint)['output']>
export type ComplaintRow = z.output<(typeof listComplaints)['output']>['items'][number]

/** Members of compliance, with what stands against each. */
export const listHandlers = endpoint({
  method: 'GET',
  path: '/api/complaints/:number/handlers',
  access: ['compliance'],
  input: z.object({ number: id }),
  output: house({
    items: z.array(
      z.object({
        ...person.shape,
        me: z.boolean(),
        open: z.number(),
        conflict: z.nullable(z.enum(conflicts)),
      }),
    ),
  }),
})

/** Whom it may be about: the customer's people first. */
export const listAbout = endpoint({
  method: 'GET',
  path: '/api/complaints/:number/members',
  access: ['compliance'],
  input: z.object({ number: id, name: z._default(z.string().check(z.maxLength(40), z.regex(/^[^\u0000]*$/)), '') }),
  output: house({ items: z.array(z.object({ ...person.shape, department: z.nullable(z.string()) })) }),
})

const at = { number: id }
const text = words(2000)
const onOne = <const P extends string, S extends z.core.$ZodLooseShape>(path: P, more: S, fresh = false) =>
  endpoint({
    method: 'POST',
    path: `/api/complaints/:number/${path}`,
    access: ['compliance'],
    ...(fresh ? { fresh: true as const } : {}),
    input: z.object({ ...at, ...more }),
    output: done,
  })

/** By hand, for what came by phone, in a chat or on paper. */
export const recordComplaint = endpoint({
  method: 'POST',
  path: '/api/complaint-records',
  access: ['compliance'],
  input: z.object({
    channel: z.enum(['phone', 'chat', 'letter']),
    text,
    contact: z.nullable(words(100)),
  }),
  output: house({ number: z.string() }),
})
export const triageComplaint = onOne('triage', {
  kind: z.enum(complaintKinds),
  severity: z.enum(severities),
  about: z.nullable(id),
  owner: id,
})
export const assignComplaint = onOne('assign', { owner: id, reason: words(200) })
export const beginComplaint = onOne('begin', {})
export const askCustomer = onOne('ask', { text: words(500) })
/** The customer's answer, when it came by phone or in a chat. */
export const answerFor = onOne('answer', { how: z.enum(toldBy), text })
export const decideComplaint = onOne('decide', {
  outcome: z.enum(outcomes),
  againstStaff: z.boolean(),
  summary: words(SUMMARY_MAX),
  reasons: words(2000).check(z.minLength(REASONS_MIN)),
})
export const confirmDecision = onOne(
  'confirm',
  { seq: z.int(), agree: z.boolean(), words: z.nullable(words(500)) },
  true,
)
/** The customer was told by hand: acknowledged, answered for the first time, or told the result. */
export const contactCustomer = onOne('contact', {
  how: z.enum(toldBy),
  what: z.enum(['acknowledge', 'respond', 'result']),
  words: words(500),
})
export const reopenFor = onOne('reopen', { how: z.enum(toldBy), text })
export const escalateComplaint = onOne('escalate', { to: words(100), words: words(500) })
export const noteComplaint = onOne('note', { text })
/**
 * Somebody who complains may ask for a copy, a deletion … in the same breath. That is a request with a number and a clock of
 * its own, which runs since the complaint came (compliance 5.5).
 */
export const openRequest = endpoint({
  method: 'POST',
  path: '/api/complaints/:number/request',
  access: ['compliance'],
  input: z.object({ ...at, kind: z.enum(requestKinds), text }),
  output: house({ id, number: z.string() }),
})
