import * as z from 'zod/mini'
import { shortName } from './customer'
import { endpoint, id, instant, nothing, page, pageInput } from './endpoint'
import { house, personal } from './field'

/**
 * What became of handovers, for whoever manages the leavers (compliance 7.6, T-05, T-46): numbers by successor and by how the
 * plan was made, never a list of customers beside a name's score.
 */

/** Takeovers of so many days before now are counted. */
export const FIGURES_DAYS = 365

const outcome = z.object({
  taken: z.number(),
  /** Of those taken over at least 30 (90) days ago: how many, and how many of the friendships had ended by then. */
  after30: z.number(),
  lost30: z.number(),
  after90: z.number(),
  lost90: z.number(),
  complaints: z.number(),
  objections: z.number(),
  /** From the takeover to the first message to the customer, in hours; null: none was sent. */
  firstContact: z.nullable(z.number()),
  late: z.number(),
  /** From the last day of whoever left to the takeover, in days; null: nobody was taken over after one. */
  wait: z.nullable(z.number()),
})
export type Outcome = z.output<typeof outcome>

export const figures = house({
  since: instant,
  all: outcome,
  bySuccessor: z.array(
    z.object({
      member: id,
      name: z.string(),
      /** Customers before anything of the time was taken over, now, and what is on its way. */
      before: z.number(),
      now: z.number(),
      coming: z.number(),
      /** How many customers they may have; null: nobody has said. */
      capacity: z.nullable(z.number()),
      /** Customers of tier S and A, before and now in the same way. */
      topBefore: z.number(),
      topNow: z.number(),
      ...outcome.shape,
    }),
  ),
  /**
   * What decided: a version of the rules, a person who changed what rules had proposed, or an even split and a choice by hand.
   */
  byRule: z.array(
    z.object({ how: z.enum(['rules', 'changed', 'by_hand']), rules: z.nullable(z.string()), ...outcome.shape }),
  ),
  /** Takeovers that rules proposed, and those of them whose reasons are written down. */
  explanations: z.object({ ruled: z.number(), explained: z.number() }),
  /** Who approved plans by rules in this time, of how many customers, and how many of these a person had changed. */
  byApprover: z.array(z.object({ member: id, name: z.string(), customers: z.number(), changed: z.number() })),
  /** How the plan came about: drafted by the system or by a person. */
  byOrigin: z.array(z.object({ origin: z.enum(['automatic', 'by_hand']), ...outcome.shape })),
})
export type Figures = z.output<typeof figures>

export const getFigures = endpoint({
  method: 'GET',
  path: '/api/figures',
  access: ['manager', 'compliance'],
  input: nothing,
  output: figures,
})

const lateItem = personal({
  F0: { handover: id, shortName, successor: z.string(), leaver: z.string(), departure: id, days: z.number() },
})
export type LateItem = z.output<typeof lateItem>

/** Whom nobody has told though the first-contact clock has run out (task.ts), in working days since the takeover; the longest first. */
export const listLate = endpoint({
  method: 'GET',
  path: '/api/figures/late',
  access: ['manager', 'compliance'],
  input: z.object({ ...pageInput }),
  output: page(lateItem),
})
