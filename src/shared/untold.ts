import * as z from 'zod/mini'
import { day, done, endpoint, id, instant, page, pageInput, words } from './endpoint'
import { as, house, personal } from './field'
import { noticeStates, otherChannels, unreachableReasons } from './notice'

/**
 * The same by WeCom's own list of mass messages: one task for each customer, which the member confirms there (facts 8.1). For
 * those who cannot be told from the chat one by one; answers how many were written down.
 */
export const askMassNotices = endpoint({
  method: 'POST',
  path: '/api/notices/mass',
  access: ['rep'],
  input: z.object({
    handovers: z.array(id).check(z.minLength(1), z.maxLength(100)),
    language: z.enum(['zh-CN', 'en']),
  }),
  output: house({ asked: z.number() }),
})

/** One whom the notice does not reach, or whose notice is waived; no value of the customer's but the short name. */
const untoldRow = personal({
  F0: {
    handover: id,
    shortName: as('name', z.string()),
    leaver: z.string(),
    successor: z.nullable(z.string()),
    state: z.enum(noticeStates),
    why: z.nullable(z.enum(unreachableReasons)),
    since: z.nullable(instant),
    /** Another channel that was chosen and is not recorded as done. */
    other: z.nullable(z.object({ id, channel: z.enum(otherChannels), by: z.string(), at: instant })),
    waiver: z.nullable(
      z.object({
        id,
        kind: z.enum(['secrecy', 'emergency']),
        citation: z.string(),
        reason: z.string(),
        until: instant,
        by: z.string(),
        approvedBy: z.nullable(z.string()),
        mine: z.boolean(),
      }),
    ),
  },
})
export type UntoldRow = z.output<typeof untoldRow>

/** Whom somebody must reach in another way, oldest first: the manager's own leavers; compliance sees all. */
export const listUntold = endpoint({
  method: 'GET',
  path: '/api/notices/untold',
  access: ['manager', 'compliance'],
  input: z.object({ ...pageInput }),
  output: page(untoldRow),
})

/** Chooses SMS, mail, phone or letter: answers the same text with a link of its own, to be sent or read out by a person. */
export const chooseChannel = endpoint({
  method: 'POST',
  path: '/api/notices/:handover/other',
  access: ['manager', 'compliance'],
  input: z.object({ handover: id, channel: z.enum(otherChannels), language: z.enum(['zh-CN', 'en']) }),
  output: personal({ F0: { id, text: z.string(), link: z.string() } }),
})

/** Who did it, when, and what proves it. From then on the customer is told. */
export const recordChannel = endpoint({
  method: 'POST',
  path: '/api/notices/other/:other/done',
  access: ['manager', 'compliance'],
  input: z.object({ other: id, at: instant, proof: words(300) }),
  output: house({ ...done.shape, state: z.enum(noticeStates) }),
})

/** A notice that a law forbids, or that an emergency leaves no time for (PIPL 18): with a citation and a last day. */
export const askWaiver = endpoint({
  method: 'POST',
  path: '/api/notices/:handover/waiver',
  access: ['compliance', 'manager'],
  input: z.object({
    handover: id,
    kind: z.enum(['secrecy', 'emergency']),
    citation: words(200),
    reason: words(300),
    until: day,
  }),
  output: house({ waiver: id }),
})
/** By another person, of compliance. */
export const decideWaiver = endpoint({
  method: 'POST',
  path: '/api/notices/waivers/:waiver',
  access: ['compliance'],
  fresh: true,
  input: z.object({ waiver: id, approve: z.boolean() }),
  output: done,
})
/** A waiver ends by itself; an emergency is never longer than this. */
export const WAIVER_DAYS = { secrecy: 365, emergency: 30 } as const
