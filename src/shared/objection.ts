import * as z from 'zod/mini'
import { shortName } from './customer'
import { day, done, endpoint, id, instant, page, pageInput, words } from './endpoint'
import { as, house, personal } from './field'
import { labels } from './handover'
import type { TransferState } from './transfer'

/** 我想换人 as a task for who manages: answered within two working days, and the customer reads the answer (compliance 5.2). */
export const ANSWER_WITHIN = 2

/** What a customer may say it is about, if they like: all of it that who allocates gets to know (6.2). */
export const objectionKinds = ['manner', 'skill', 'time', 'other'] as const
export type ObjectionKind = (typeof objectionKinds)[number]

/** `wecom`: refused there; that ends the contact, and nobody tries a second time (T-77). */
export const objectionOrigins = ['page', 'wecom'] as const

/** `passed_on` is what happened; the others a manager says, with words for the customer. */
export const objectionOutcomes = ['passed_on', 'kept', 'other_path'] as const
export type ObjectionOutcome = (typeof objectionOutcomes)[number]

/** How an attempt to pass the customer on stands. */
type Passing = 'free' | 'decided' | 'at_wecom' | 'refused'
const standsFor: Partial<Record<TransferState, Passing>> = {
  pending_approval: 'decided',
  approved: 'decided',
  submitted: 'at_wecom',
  waiting: 'at_wecom',
  refused: 'refused',
}
export const passingOf = (state: TransferState): Passing => standsFor[state] ?? 'free'

interface ObjectionFacts {
  open: boolean
  origin: (typeof objectionOrigins)[number]
  /** Whom it is about serves the customer now and is still here. */
  serves: boolean
  passing: Passing | null
}

/** What may be done about one. What two people are deciding, or WeCom is doing, is waited for or taken back first. */
export const objectionMoves = ({ open, origin, serves, passing }: ObjectionFacts) => {
  const busy = passing === 'decided' || passing === 'at_wecom'
  return {
    pass: open && origin === 'page' && serves && passing !== 'refused' && !busy,
    keep: open && origin === 'page' && serves && !busy,
    other: open && !busy,
  }
}

export const objection = personal({
  F0: {
    id,
    handover: id,
    departure: id,
    origin: z.enum(objectionOrigins),
    at: instant,
    about: z.nullable(z.enum(objectionKinds)),
    due: day,
    /** Working days left; negative: so many too late. */
    left: z.number(),
    shortName,
    leaver: z.string(),
    successor: z.nullable(z.object({ id, name: z.string() })),
    passing: z.nullable(
      z.object({ handover: id, label: z.enum(labels), successor: z.nullable(z.string()), plan: z.nullable(id) }),
    ),
    may: z.object({ pass: z.boolean(), keep: z.boolean(), other: z.boolean() }),
    outcome: z.nullable(z.enum(objectionOutcomes)),
    handledAt: z.nullable(instant),
    handledBy: z.nullable(z.string()),
    /** What the customer is told, as the manager wrote it. */
    answer: z.nullable(z.string()),
    toldAt: z.nullable(instant),
  },
  F1: { company: z.nullable(as('text', z.string())) },
  /** The customer's own words: for compliance, never for who allocates. */
  F6: { text: z.nullable(z.string()) },
})
export type Objection = z.output<typeof objection>

export const listObjections = endpoint({
  method: 'GET',
  path: '/api/objections',
  access: ['manager', 'compliance'],
  input: z.object({ view: z._default(z.enum(['open', 'done']), 'open'), ...pageInput }),
  output: house({ ...page(objection).shape, open: z.number(), late: z.number() }),
})

export const getObjection = endpoint({
  method: 'GET',
  path: '/api/objections/:objection',
  access: ['manager', 'compliance'],
  input: z.object({ objection: id }),
  output: objection,
})

/**
 * Begins to pass the customer on: one more handover, from who serves them now, which a plan takes up like any other, so that
 * a second person approves it. Asked again it answers the same one.
 */
export const passOn = endpoint({
  method: 'POST',
  path: '/api/objections/:objection/pass',
  access: ['manager'],
  input: z.object({ objection: id }),
  /** `plan`: the departure's living one, which a new draft would take the place of; under decision it cannot change. */
  output: house({
    departure: id,
    handover: id,
    plan: z.nullable(z.object({ id, pending: z.boolean(), mine: z.boolean() })),
  }),
})

/** The answer without another colleague of ours on WeCom: why it stays, or by which other way the customer is served. */
export const answerObjection = endpoint({
  method: 'POST',
  path: '/api/objections/:objection/answer',
  access: ['manager'],
  input: z.object({ objection: id, outcome: z.enum(['kept', 'other_path']), answer: words(500) }),
  output: done,
})
