import * as z from 'zod/mini'
import { askable, consentStates } from './consent'
import { done, endpoint, id, instant, page, pageInput, words } from './endpoint'
import { house, personal } from './field'
import { noticeAttempt } from './notice'

/** How each purpose stands with one customer, for whoever serves them (F0: routing, never what was said). */
const choices = personal({
  F0: {
    /** What is on the screen now; `pulse` says whether it still is. */
    mark: z.string(),
    items: z.array(
      z.object({
        purpose: z.enum(askable),
        state: z.enum(consentStates),
        at: z.nullable(instant),
        until: z.nullable(instant),
        /** What may be done now: put the question, or remind of it once. */
        may: z.nullable(z.enum(['ask', 'remind'])),
        /** Why not, if not; `from` is when a reminder may be sent. */
        why: z.nullable(
          z.enum([
            'not_taken_over',
            'not_notified',
            'ask_objection',
            'ask_given',
            'ask_refused',
            'ask_early',
            'ask_twice',
            'ask_needless',
          ]),
        ),
        from: z.nullable(instant),
        /** A phone or paper yes that still needs its second witness. */
        spoken: z.nullable(z.object({ id, answer: z.enum(['agree', 'refuse', 'withdraw']), mine: z.boolean() })),
      }),
    ),
    /** A child under 14: until when this colleague is approved. null: no child. */
    child: z.nullable(z.object({ approvedUntil: z.nullable(instant) })),
  },
})
export type Choices = z.output<typeof choices>

export const getChoices = endpoint({
  method: 'GET',
  path: '/api/customers/:customer/choices',
  access: ['rep'],
  input: z.object({ customer: id }),
  output: choices,
})

/** Writes down the question and an intent to send it, as a notice is: a link of its own, the exact text. Or the one reminder. */
export const prepareQuestion = endpoint({
  method: 'POST',
  path: '/api/handovers/:handover/question',
  access: ['rep'],
  input: z.object({ handover: id, purpose: z.enum(askable), language: z.enum(['zh-CN', 'en']) }),
  output: noticeAttempt,
})

export const spokenChannels = ['phone_call', 'paper'] as const
export const guardianRelations = ['father', 'mother', 'other'] as const

/** The question as it is to be read aloud; what was read is named by its digest. */
export const readAloud = endpoint({
  method: 'GET',
  path: '/api/handovers/:handover/question/:purpose',
  access: ['rep'],
  input: z.object({ handover: id, purpose: z.enum(askable), language: z.enum(['zh-CN', 'en']) }),
  output: personal({ F0: { text: z.string(), sha256: z.string() } }),
})

/**
 * Somebody without a smartphone answered on the phone or on paper. A no and a withdrawal count at once; a yes counts when a
 * second colleague, who heard or read it, confirms it (T-83).
 */
export const recordSpoken = endpoint({
  method: 'POST',
  path: '/api/handovers/:handover/question/:purpose/spoken',
  access: ['rep'],
  input: z.object({
    handover: id,
    purpose: z.enum(askable),
    language: z.enum(['zh-CN', 'en']),
    answer: z.enum(['agree', 'refuse', 'withdraw']),
    channel: z.enum(spokenChannels),
    /** Number of the recording or of the scan. */
    proof: z.optional(words(100)),
    /** Digest of what was read out or lay before them. */
    sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    guardian: z.optional(z.enum(guardianRelations)),
  }),
  output: house({ ...done.shape, waits: z.boolean(), receipt: z.nullable(z.string()) }),
})

export const confirmSpoken = endpoint({
  method: 'POST',
  path: '/api/spoken/:spoken/confirm',
  access: ['compliance'],
  input: z.object({ spoken: id }),
  output: house({ ...done.shape, receipt: z.nullable(z.string()) }),
})

/** A customer who turns out to be under 14. It only closes, so whoever serves may say it. */
export const markChild = endpoint({
  method: 'POST',
  path: '/api/customers/:customer/child',
  access: ['rep'],
  input: z.object({ customer: id, callName: words(20) }),
  output: done,
})
/** It was a mistake, or the child is 14 now: opens again, so compliance says it. */
export const unmarkChild = endpoint({
  method: 'POST',
  path: '/api/customers/:customer/child/end',
  access: ['compliance'],
  fresh: true,
  input: z.object({ customer: id, reason: words(300) }),
  output: done,
})
const CHILD_ACCESS_DAYS = 90
export const decideChildAccess = endpoint({
  method: 'POST',
  path: '/api/customers/:customer/child/access',
  access: ['compliance'],
  fresh: true,
  input: z.object({
    customer: id,
    member: id,
    granted: z.boolean(),
    days: z._default(z.number().check(z.int(), z.gte(1), z.lte(CHILD_ACCESS_DAYS)), 30),
    reason: words(300),
  }),
  output: done,
})

const RAW_MAX = 4000
/**
 * What a colleague copies out of the chat with their own customer for whoever serves next (F4). It goes in here and does not come
 * out before the customer agrees to that; without an agreement it is deleted.
 */
export const keepRaw = endpoint({
  method: 'POST',
  path: '/api/customers/:customer/raw',
  access: ['rep'],
  input: z.object({ customer: id, text: words(RAW_MAX) }),
  output: done,
})

const child = personal({
  F0: {
    customer: id,
    callName: z.string(),
    member: z.nullable(id),
    memberName: z.nullable(z.string()),
    guardian: z.boolean(),
    approvedUntil: z.nullable(instant),
    reason: z.nullable(z.string()),
  },
})
export type Child = z.output<typeof child>
export const listChildren = endpoint({
  method: 'GET',
  path: '/api/children',
  access: ['compliance'],
  input: z.object({ ...pageInput }),
  output: page(child),
})

const consentLine = personal({
  F0: {
    record: id,
    customer: z.string(),
    purpose: z.enum(askable),
    state: z.enum(consentStates),
    subject: z.string(),
    language: z.enum(['zh-CN', 'en']),
    at: instant,
    until: instant,
    receipt: z.nullable(z.string()),
    doubt: z.nullable(z.object({ id, reason: z.string(), by: z.string(), mine: z.boolean() })),
    spoken: z.nullable(
      z.object({
        id,
        answer: z.enum(['agree', 'refuse', 'withdraw']),
        by: z.string(),
        mine: z.boolean(),
        channel: z.enum(spokenChannels),
        /** Where the second witness finds what to listen to or look at. */
        proof: z.string(),
      }),
    ),
  },
})

export type ConsentLine = z.output<typeof consentLine>

/** Every question that was put, the newest first; by receipt number, one. */
export const listConsents = endpoint({
  method: 'GET',
  path: '/api/consents',
  access: ['compliance'],
  input: z.object({ ...pageInput, receipt: z.optional(z.string().check(z.regex(/^HR-\d{8}-\d{6}$/))) }),
  output: page(consentLine),
})
/** One record with its events, as ISO/IEC TS 27560 names things. */
export const exportConsent = endpoint({
  method: 'GET',
  path: '/api/consents/:record/file',
  access: ['compliance'],
  input: z.object({ record: id }),
  output: done,
})
export const doubtConsent = endpoint({
  method: 'POST',
  path: '/api/consents/:record/doubt',
  access: ['compliance'],
  input: z.object({ record: id, reason: words(300) }),
  output: done,
})
export const decideDoubt = endpoint({
  method: 'POST',
  path: '/api/consents/doubts/:doubt',
  access: ['compliance'],
  fresh: true,
  input: z.object({ doubt: id, upheld: z.boolean() }),
  output: done,
})
