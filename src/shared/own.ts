import * as z from 'zod/mini'
import { removed } from './allocation'
import { endpoint, instant, nothing } from './endpoint'
import { house } from './field'

/** What is written down of a member, told to that member (compliance L61, T-74). */
export const ownLooks = ['brief', 'history', 'list', 'revealed', 'other'] as const

export const getOwnLog = endpoint({
  method: 'GET',
  path: '/api/me/log',
  access: 'signed-in',
  input: nothing,
  output: house({
    days: z.number(),
    logins: z.number(),
    /** Customers opened, each once. */
    customers: z.number(),
    looks: z.partialRecord(z.enum(ownLooks), z.number()),
    /** Everything else that was written down: what the member did. */
    acts: z.number(),
    /** Approved runs in which they were considered: their own place, and nobody else's (compliance 7.4). */
    runs: z.array(
      z.object({
        at: instant,
        customers: z.number(),
        could: z.number(),
        given: z.number(),
        runnerUp: z.number(),
        removed,
      }),
    ),
    /** When the rules for staff were consulted on and published; null: not yet, and then looks are not searched for patterns. */
    rules: z.nullable(z.object({ consultedOn: z.string(), publishedOn: z.string() })),
  }),
})
