import * as z from 'zod/mini'
import { done, endpoint, id, instant, page, pageInput, words } from './endpoint'
import { shortName } from './customer'
import { house, personal } from './field'

/**
 * Emergency access (compliance 6.2): a colleague of the same department opens one customer who is not theirs, for an hour at
 * most, with a reason. It stands in the customer's record at once; a leader and compliance say within a day whether it was
 * right, and each year's are counted.
 */
export const EMERGENCY_MS = 60 * 60_000
export const CONFIRM_MS = 24 * 3600_000

export const emergencyReasons = ['customer_asks', 'incident', 'colleague_away', 'other'] as const
export const verdicts = ['justified', 'unjustified'] as const
export type Verdict = (typeof verdicts)[number]

/** Beside a chat by `contact`, elsewhere by our id. Who is not covered from here, and who does not exist, answer alike. */
export const openEmergency = endpoint({
  method: 'POST',
  path: '/api/emergencies',
  access: ['rep'],
  input: z.object({
    contact: z.optional(id),
    customer: z.optional(id),
    reason: z.enum(emergencyReasons),
    words: words(300),
  }),
  output: house({ emergency: id, until: instant }),
})

/** Before the hour is over; by whom it was opened. */
export const endEmergency = endpoint({
  method: 'POST',
  path: '/api/emergencies/:emergency/end',
  access: ['rep'],
  input: z.object({ emergency: id }),
  output: done,
})

const said = z.nullable(z.object({ by: z.string(), at: instant, verdict: z.enum(verdicts), words: z.string() }))
const emergency = personal({
  F0: {
    id,
    customer: shortName,
    member: z.string(),
    reason: z.enum(emergencyReasons),
    words: z.string(),
    openedAt: instant,
    until: instant,
    endedAt: z.nullable(instant),
    /** How often the customer was looked at in it. */
    looks: z.number(),
    lead: said,
    office: said,
    /** A day has passed without both. */
    overdue: z.boolean(),
    /** Which of the two the reader can say; null: none, or it is their own. */
    mine: z.nullable(z.enum(['lead', 'office'])),
  },
})
export type Emergency = z.output<typeof emergency>

/** `waiting`: not said by both yet; `year`: of this calendar year. */
export const listEmergencies = endpoint({
  method: 'GET',
  path: '/api/emergencies',
  access: ['manager', 'compliance', 'auditor'],
  input: z.object({ ...pageInput }),
  output: house({ ...page(emergency).shape, waiting: z.number(), year: z.number() }),
})

export const judgeEmergency = endpoint({
  method: 'POST',
  path: '/api/emergencies/:emergency/verdict',
  access: ['manager', 'compliance'],
  input: z.object({ emergency: id, verdict: z.enum(verdicts), words: words(300) }),
  output: done,
})
