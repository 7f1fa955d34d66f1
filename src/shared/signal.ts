import * as z from 'zod/mini'
import { done, endpoint, id, instant, page, pageInput, words } from './endpoint'
import { shortName } from './customer'
import { house, personal } from './field'

/**
 * A question to a person about looks that stand in the log. It is no finding and no sanction: nothing follows from it by
 * itself, and the member's rights stay as they are (compliance 6.4).
 */
export const signalKinds = ['bulk', 'sequence', 'off_hours', 'reveals', 'deletions', 'before_leaving'] as const
export type SignalKind = (typeof signalKinds)[number]

export const decisions = ['explained', 'unfounded', 'follow_up'] as const
export type Decision = (typeof decisions)[number]

const signal = house({
  id,
  kind: z.enum(signalKinds),
  member: z.string(),
  department: z.nullable(z.string()),
  since: instant,
  until: instant,
  /** How many customers, values or deletions; for `before_leaving` also of the seven days before those. */
  count: z.number(),
  usual: z.nullable(z.number()),
  decision: z.nullable(z.object({ is: z.enum(decisions), words: z.string(), by: z.string(), at: instant })),
})
export type Signal = z.output<typeof signal>

/** `on` is false until the rules for staff were consulted and published (T-74): then nothing is looked for. */
export const listSignals = endpoint({
  method: 'GET',
  path: '/api/signals',
  access: ['compliance'],
  input: z.object({ ...pageInput }),
  output: house({ ...page(signal).shape, on: z.boolean(), open: z.number() }),
})

/** The looks it is about: when, at whom (as lists show them), and what of. */
export const getSignal = endpoint({
  method: 'GET',
  path: '/api/signals/:signal',
  access: ['compliance'],
  input: z.object({ signal: id, ...pageInput }),
  output: house({
    signal,
    ...page(personal({ F0: { seq: z.number(), at: instant, customer: shortName, what: z.string() } })).shape,
  }),
})

/** Recorded; a second decision replaces none. */
export const decideSignal = endpoint({
  method: 'POST',
  path: '/api/signals/:signal/decide',
  access: ['compliance'],
  input: z.object({ signal: id, decision: z.enum(decisions), words: words(300) }),
  output: done,
})
