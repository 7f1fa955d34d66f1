import * as z from 'zod/mini'
import { done, endpoint, id, instant } from './endpoint'
import { house, personal } from './field'

/** That the customer was told (compliance 5.2). It never moves a consent, and a transfer never moves it past `due`. */
export const noticeStates = ['due', 'prompted', 'sent', 'opened', 'acknowledged', 'objected', 'no_response'] as const
export type NoticeState = (typeof noticeStates)[number]
export type NoticeEvent = 'prompt' | 'sent' | 'open' | 'acknowledge' | 'object' | 'silence'

const moves: Record<NoticeState, Partial<Record<NoticeEvent, NoticeState>>> = {
  due: { prompt: 'prompted', sent: 'sent' },
  prompted: { sent: 'sent' },
  // A customer whose browser runs no script is never "opened", yet may press a button.
  sent: { open: 'opened', acknowledge: 'acknowledged', object: 'objected', silence: 'no_response' },
  opened: { acknowledge: 'acknowledged', object: 'objected' },
  no_response: { open: 'opened', acknowledge: 'acknowledged', object: 'objected' },
  acknowledged: { object: 'objected' },
  objected: {},
}

export const nextNoticeState = (state: NoticeState, event: NoticeEvent): NoticeState | null =>
  moves[state][event] ?? null

/** "Notified" is evidence level E2 or more (compliance 3.6): only then the field gate opens. */
export const isNotified = (state: NoticeState): boolean => state !== 'due' && state !== 'prompted'

/** How far the proof goes (compliance 3.6). E3 (a gateway's receipt) needs channels this version does not have. */
export const evidenceLevel = (state: NoticeState): 'E0' | 'E1' | 'E2' | 'E4' | 'E5' =>
  (
    ({
      due: 'E0',
      prompted: 'E1',
      sent: 'E2',
      no_response: 'E2',
      opened: 'E4',
      acknowledged: 'E5',
      objected: 'E5',
    }) as const
  )[state]

export const SILENCE_MS = 7 * 24 * 3600_000
/** How long the buttons of a link work; the public text stays readable after it (compliance 3.5 P9). */
export const LINK_MS = 90 * 24 * 3600_000

/** Card limits in bytes, message limits in characters (zh) and bytes after filling (compliance 3.2). */
export const limits = {
  zhCharacters: 200,
  enCharacters: 480,
  bytes: 600,
  cardTitleBytes: 27,
  cardTextBytes: 140,
  linkBytes: 60,
}

/** Routing (F0): a notice holds no value of the customer's (compliance 3.1). */
export const noticeAttempt = personal({
  F0: {
    id,
    /** What the customer will receive, filled, link included. */
    text: z.string(),
    link: z.string(),
    card: z.object({ title: z.string(), text: z.string() }),
    /** The values that were filled in, in order of appearance, so that the preview can mark them. */
    filled: z.array(z.string()),
    characters: z.number(),
  },
})
export type NoticeAttempt = z.output<typeof noticeAttempt>

/** Writes down an intent to send: a fresh link, the exact text. Earlier unsent attempts lose their link. */
export const prepareNotice = endpoint({
  method: 'POST',
  path: '/api/handovers/:handover/notice',
  access: ['rep'],
  input: z.object({ handover: id, language: z.enum(['zh-CN', 'en']) }),
  output: noticeAttempt,
})

/** What the WeCom client said about the attempt. `sent` is E2; nothing else counts as told. */
export const settleNotice = endpoint({
  method: 'POST',
  path: '/api/notice-attempts/:attempt/outcome',
  access: ['rep'],
  input: z.object({
    attempt: id,
    form: z.enum(['text', 'card']),
    outcome: z.enum(['sent', 'cancelled', 'failed']),
    detail: z.optional(z.string().check(z.maxLength(300), z.regex(/^[^\u0000]*$/))),
  }),
  output: house({ ...done.shape, state: z.enum(noticeStates), at: instant }),
})
