import * as z from 'zod/mini'
import { shortName } from './customer'
import { done, endpoint, id, instant } from './endpoint'
import { personal } from './field'

/** What people do about calls to WeCom that are not settled: look now, or say what they saw in WeCom's own console. */

/** Asks WeCom at once about everything of a departure that is open there, and tries at once what was held back. */
export const checkNow = endpoint({
  method: 'POST',
  path: '/api/departures/:departure/check',
  access: ['manager'],
  input: z.object({ departure: id }),
  output: done,
})

/** `checking`: a call without an answer. `unconfirmed`: one that WeCom took, without a result for more than 26 hours. */
export const openKinds = ['checking', 'unconfirmed'] as const

const openCall = personal({
  F0: {
    handover: id,
    kind: z.enum(openKinds),
    shortName,
    leaver: z.string(),
    successor: z.string(),
    sentAt: instant,
    /** SHA-256 of exactly this call; an answer names it and holds for no other. */
    digest: z.string(),
  },
})
export type OpenCall = z.output<typeof openCall>

export const getOpenCall = endpoint({
  method: 'GET',
  path: '/api/handovers/:handover/open-call',
  access: ['manager'],
  input: z.object({ handover: id }),
  output: openCall,
})

/**
 * What a manager saw in WeCom's console. `under_way`: it counts as sent, and the result decides. `not_assigned`: it may be
 * planned again, which takes two people. Refused as stale when WeCom's own data say otherwise by then.
 */
export const answerOpenCall = endpoint({
  method: 'POST',
  path: '/api/handovers/:handover/open-call',
  access: ['manager'],
  input: z.object({
    handover: id,
    digest: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    answer: z.enum(['under_way', 'not_assigned']),
  }),
  output: done,
})
