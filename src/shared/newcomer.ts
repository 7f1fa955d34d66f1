import * as z from 'zod/mini'
import { shortName } from './customer'
import { done, endpoint, id, instant, nothing, page, pageInput } from './endpoint'
import { as, house, personal } from './field'
import { sayOutcome } from './notice'

/**
 * Customers who meet the company here for the first time are told who serves them, what is kept of them and where the rules stand
 * (compliance S15, M8). Nothing of it is an agreement; whoever was passed on is told by the handover's notice instead.
 */

/** From being added until it is a task that is late (T-15). */
export const TELL_MS = 86_400_000

/** So long back newcomers are counted, and never from before WeCom was first read. */
export const COVERAGE_DAYS = 365

const newcomer = personal({
  F0: { customer: id, shortName, since: instant, late: z.boolean() },
  F1: { company: z.nullable(as('text', z.string())) },
})
export type Newcomer = z.output<typeof newcomer>

/** The caller's own new customers whom nobody has told yet; who has waited longest stands first. */
export const listNewcomers = endpoint({
  method: 'GET',
  path: '/api/newcomers',
  access: ['rep'],
  input: z.object({ ...pageInput }),
  output: house({ ...page(newcomer).shape, total: z.number(), late: z.number() }),
})

/**
 * Writes down what the customer will be told, before anybody can; what was prepared before and never sent is replaced. `stale`: they
 * have been told meanwhile, or are no newcomer.
 */
export const prepareFirst = endpoint({
  method: 'POST',
  path: '/api/newcomers/:customer/notice',
  access: ['rep'],
  input: z.object({ customer: id, language: z.enum(['zh-CN', 'en']) }),
  output: personal({
    F0: { id, text: z.string(), filled: z.array(z.string()), characters: z.number(), late: z.boolean() },
  }),
})

/** What the WeCom client said became of it. */
export const settleFirst = endpoint({
  method: 'POST',
  path: '/api/first-notices/:attempt/outcome',
  access: ['rep'],
  input: z.object({ attempt: id, ...sayOutcome }),
  output: house({ ...done.shape, at: instant }),
})

/** Each newcomer is in exactly one of them: told within a day or later, waiting for less or more than one, gone without a word. */
const counts = z.object({
  inTime: z.number(),
  later: z.number(),
  waiting: z.number(),
  late: z.number(),
  gone: z.number(),
})
export type Coverage = z.output<typeof counts>

/** How many newcomers were told, of everybody for compliance, of their departments for managers; by who serves them, the latest first. */
export const getCoverage = endpoint({
  method: 'GET',
  path: '/api/newcomers/coverage',
  access: ['manager', 'compliance'],
  input: nothing,
  output: house({
    since: instant,
    all: counts,
    /** Of those still here: of a kind for which a legal basis is missing today; of a kind that is served on consent alone. */
    unfounded: z.number(),
    onConsent: z.number(),
    byMember: z.array(z.object({ member: id, name: z.string(), ...counts.shape })),
  }),
})
