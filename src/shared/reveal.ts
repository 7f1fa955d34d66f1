import * as z from 'zod/mini'
import { endpoint, id, words } from './endpoint'
import { as, personal } from './field'

/** What is shown masked and may be shown whole; of a promise and of a history entry, which one. */
export const revealFields = ['mobiles', 'remark', 'description', 'promise', 'history'] as const
export type RevealField = (typeof revealFields)[number]

/** Why somebody needs it. `other` says why in words. */
export const revealReasons = ['call', 'deliver', 'verify', 'asked', 'other'] as const
export type RevealReason = (typeof revealReasons)[number]

/** So long a value stands on the page; then the page forgets it. */
export const REVEAL_SECONDS = 30

/**
 * One masked value of one customer in full, for a reason, within a member's daily budget. Only what the access table lets be
 * seen masked: what is sensitive in it stays a flag.
 */
export const reveal = endpoint({
  method: 'POST',
  path: '/api/customers/:customer/reveal',
  access: ['rep'],
  shows: true,
  input: z.object({
    customer: id,
    field: z.enum(revealFields),
    entry: z.optional(id),
    reason: z.enum(revealReasons),
    words: z.optional(words(200)),
  }),
  output: personal({
    F0: {
      /** How many are left today. */
      left: z.number(),
      seconds: z.number(),
    },
    F3: { values: z.array(as('text', z.string())) },
  }),
})
