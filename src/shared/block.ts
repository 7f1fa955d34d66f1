import * as z from 'zod/mini'
import { done, endpoint, id, instant, page, pageInput, words } from './endpoint'
import { house } from './field'

/**
 * Stopping a member here whatever WeCom says: one administrator asks, another confirms, and the same way back. For the day
 * when WeCom is down or its administrator is not there, and for somebody who must not get in though still employed.
 */
export const blockReasons = ['left', 'device', 'misuse', 'suspended', 'inquiry', 'other'] as const
export type BlockReason = (typeof blockReasons)[number]

/** A request that nobody confirmed for so long has no effect any more. */
export const REQUEST_MS = 24 * 3600_000

export const blockStates = ['asked', 'expired', 'declined', 'blocked', 'lift_asked', 'lifted'] as const
export type BlockState = (typeof blockStates)[number]

interface Marks {
  askedAt: Date
  confirmedAt: Date | null
  declinedAt: Date | null
  liftAskedAt: Date | null
  liftedAt: Date | null
}

export function blockState(marks: Marks, now: Date): BlockState {
  if (marks.declinedAt) return 'declined'
  if (marks.liftedAt) return 'lifted'
  if (marks.confirmedAt) return marks.liftAskedAt ? 'lift_asked' : 'blocked'
  return now.getTime() - marks.askedAt.getTime() > REQUEST_MS ? 'expired' : 'asked'
}

const block = house({
  id,
  name: z.string(),
  department: z.nullable(z.string()),
  reason: z.enum(blockReasons),
  words: z.string(),
  state: z.enum(blockStates),
  asked: z.object({ by: z.string(), at: instant }),
  confirmed: z.nullable(z.object({ by: z.string(), at: instant })),
  liftAsked: z.nullable(z.object({ by: z.string(), at: instant, words: z.string() })),
  lifted: z.nullable(z.object({ by: z.string(), at: instant })),
  /** The reader asked for what waits: somebody else must confirm it. */
  mine: z.boolean(),
  /** What the probe found after the stop; null: it has not run yet. */
  probe: z.nullable(z.object({ doors: z.number(), red: z.number(), at: instant })),
})
export type Block = z.output<typeof block>

/** What waits for somebody stands first. Never the reader's own. */
export const listBlocks = endpoint({
  method: 'GET',
  path: '/api/blocks',
  access: ['admin'],
  input: z.object({ ...pageInput }),
  output: page(block),
})

/** Members who could be stopped, by name; never the reader. */
export const listBlockable = endpoint({
  method: 'GET',
  path: '/api/blocks/members',
  access: ['admin'],
  input: z.object({
    text: z.optional(z.string().check(z.trim(), z.maxLength(60), z.regex(/^[^\u0000]*$/))),
    ...pageInput,
  }),
  output: page(house({ id, name: z.string(), department: z.nullable(z.string()), open: z.boolean() })),
})

/** Not `fresh`: a fresh login needs WeCom, and this must work without it. */
export const askBlock = endpoint({
  method: 'POST',
  path: '/api/blocks',
  access: ['admin'],
  input: z.object({ member: id, reason: z.enum(blockReasons), words: words(300) }),
  output: house({ block: id }),
})

const one = { access: ['admin'], input: z.object({ block: id }), output: done } as const

export const confirmBlock = endpoint({ method: 'POST', path: '/api/blocks/:block/confirm', ...one })
/** By another administrator, or taken back by the one who asked. */
export const declineBlock = endpoint({ method: 'POST', path: '/api/blocks/:block/decline', ...one })

/** Lets every door be called once more. */
export const askBlockProbe = endpoint({ method: 'POST', path: '/api/blocks/:block/probe', ...one })

/** `fresh`, because here nothing burns: a borrowed phone must not let anybody back in. */
export const askLift = endpoint({
  method: 'POST',
  path: '/api/blocks/:block/lift',
  access: ['admin'],
  fresh: true,
  input: z.object({ block: id, words: words(300) }),
  output: done,
})
export const confirmLift = endpoint({ method: 'POST', path: '/api/blocks/:block/lift/confirm', fresh: true, ...one })
export const declineLift = endpoint({ method: 'POST', path: '/api/blocks/:block/lift/decline', ...one })
