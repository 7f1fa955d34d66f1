import * as z from 'zod/mini'
import { endpoint, id, instant } from './endpoint'
import { as, house, personal } from './field'

/** What a predecessor kept about a customer and WeCom lets us write for the successor (facts 10.2). */
export const restoreFields = ['tags', 'remark', 'description', 'personal', 'company', 'mobiles'] as const
export type RestoreField = (typeof restoreFields)[number]

/** What is restored together, because it is one call of WeCom: mark_tag, remark. */
export const restoreParts = ['tags', 'note'] as const
export type RestorePart = (typeof restoreParts)[number]
export const partOf = (field: RestoreField): RestorePart => (field === 'tags' ? 'tags' : 'note')

/**
 * What becomes of a field. `write`: it will be written. `same`: it stands there already. `typed`: the successor wrote
 * something else, which stays. `no_room`: it does not fit behind what stands there. `wechat_only`: WeCom has this field for
 * WeChat customers only. `gone`: none of these tags can be set any more. `unread`: never read, so nobody knows.
 */
export const verdicts = ['write', 'restored', 'same', 'typed', 'no_room', 'wechat_only', 'gone', 'unread'] as const
export type Verdict = (typeof verdicts)[number]

/** One thing of a list that is left out, and why; a tag whose name is not known has none. */
export const leftOut = z.object({ name: as('text', z.string()), why: z.enum(['deleted', 'not_ours', 'no_room']) })
export type LeftOut = z.output<typeof leftOut>

export const restoreStates = ['asked', 'sent', 'done', 'failed'] as const

const offered = z.object({
  field: z.enum(restoreFields),
  is: z.enum(verdicts),
  /** null: not asked for yet. */
  state: z.nullable(z.enum(restoreStates)),
  /** What the successor's relation holds, and what would be (or was) written; numbers are masked. */
  before: z.array(as('text', z.string())),
  after: z.array(as('text', z.string())),
  /** Shortened to what WeCom takes; the whole text stays in the history. */
  cut: z.boolean(),
  out: z.array(leftOut),
})
export type OfferedField = z.output<typeof offered>

/** Numbers (F3) are masked before they come here, because what was written is kept for people as it was shown (offer.ts). */
export const restoreOffer = personal({
  F0: { handover: id, from: z.string() },
  F2: {
    fields: z.array(offered),
    parts: z.array(
      z.object({
        part: z.enum(restoreParts),
        state: z.enum(restoreStates),
        /** Who asked; a manager may, for a whole departure. */
        by: z.string(),
        own: z.boolean(),
        at: instant,
        errcode: z.nullable(z.number()),
        nextAt: z.nullable(instant),
      }),
    ),
  },
})
export type RestoreOffer = z.output<typeof restoreOffer>

/** Only the successor, only once the customer is told; somebody else's handover and none answer alike: not_found. */
export const getRestore = endpoint({
  method: 'GET',
  path: '/api/handovers/:handover/restore',
  access: ['rep'],
  input: z.object({ handover: id }),
  output: restoreOffer,
})

/** Asks for these fields; each is restored once, however often it is asked for. WeCom is called by the job. */
export const askRestore = endpoint({
  method: 'POST',
  path: '/api/handovers/:handover/restore',
  access: ['rep'],
  input: z.object({
    handover: id,
    fields: z.array(z.enum(restoreFields)).check(z.minLength(1), z.maxLength(restoreFields.length)),
  }),
  output: restoreOffer,
})

/** How far a departure's customers are, each counted once. `ready`: told, and not everything of it asked for yet. */
export const restoreProgress = house({
  ready: z.number(),
  waiting: z.number(),
  done: z.number(),
  failed: z.number(),
  /** The last thing WeCom said to those that wait, and when they are tried again. */
  errcode: z.nullable(z.number()),
  nextAt: z.nullable(instant),
})

export const getRestores = endpoint({
  method: 'GET',
  path: '/api/departures/:departure/restores',
  access: ['manager', 'compliance'],
  input: z.object({ departure: id }),
  output: restoreProgress,
})

/** For all who are told, on behalf of each successor, and once more for those that failed. */
export const askRestores = endpoint({
  method: 'POST',
  path: '/api/departures/:departure/restores',
  access: ['manager'],
  input: z.object({ departure: id }),
  output: restoreProgress,
})
