import * as z from 'zod/mini'
import { done, endpoint, id, instant } from './endpoint'
import { house, personal } from './field'

/** That the customer was told (compliance 5.2). It never moves a consent, and a transfer never moves it past `due`. */
export const noticeStates = [
  'due',
  'prompted',
  'unreachable',
  'alt_channel',
  'waived',
  'sent',
  'delivered',
  'opened',
  'acknowledged',
  'objected',
  'no_response',
  'changed',
] as const
export type NoticeState = (typeof noticeStates)[number]
export const noticeEvents = [
  'prompt',
  'sent',
  'deliver',
  'open',
  'acknowledge',
  'object',
  'silence',
  /** It cannot be sent in WeCom: no friend, the cap, or nobody did for three days. */
  'fail',
  /** Another channel was chosen. */
  'turn',
  /** What was told has changed: the changed part is told again. What was told stays told. */
  'change',
  'waive',
  'waiver_over',
] as const
export type NoticeEvent = (typeof noticeEvents)[number]

// A customer whose browser runs no script is never "opened", yet may press a button.
const answered = { acknowledge: 'acknowledged', object: 'objected', change: 'changed' } as const
const moves: Record<NoticeState, Partial<Record<NoticeEvent, NoticeState>>> = {
  due: { prompt: 'prompted', sent: 'sent', deliver: 'delivered', fail: 'unreachable', waive: 'waived' },
  prompted: { sent: 'sent', deliver: 'delivered', fail: 'unreachable', waive: 'waived' },
  // The member may find the chat open again; then no other channel is needed.
  unreachable: { turn: 'alt_channel', sent: 'sent', deliver: 'delivered', waive: 'waived' },
  alt_channel: { sent: 'sent', deliver: 'delivered', waive: 'waived' },
  waived: { waiver_over: 'due', sent: 'sent', deliver: 'delivered' },
  sent: { deliver: 'delivered', open: 'opened', silence: 'no_response', ...answered },
  delivered: { open: 'opened', silence: 'no_response', ...answered },
  opened: answered,
  no_response: { deliver: 'delivered', open: 'opened', ...answered },
  acknowledged: { object: 'objected', change: 'changed' },
  objected: { change: 'changed' },
  changed: {
    sent: 'sent',
    deliver: 'delivered',
    // The page of now says what changed: who opens it has been told.
    open: 'opened',
    acknowledge: 'acknowledged',
    object: 'objected',
  },
}

export const nextNoticeState = (state: NoticeState, event: NoticeEvent): NoticeState | null =>
  moves[state][event] ?? null

const untold: readonly NoticeState[] = ['due', 'prompted', 'unreachable', 'alt_channel']

/**
 * "Notified" is evidence level E2 or more (compliance 3.6): only then the field gate opens. A waiver lifts the duty to tell
 * (PIPL 18) and with it the gate, for its days.
 */
export const isNotified = (state: NoticeState): boolean => !untold.includes(state)

/** How far the proof goes (compliance 3.6). */
export const evidenceLevel = (state: NoticeState): 'E0' | 'E1' | 'E2' | 'E3' | 'E4' | 'E5' =>
  (
    ({
      due: 'E0',
      prompted: 'E1',
      unreachable: 'E1',
      alt_channel: 'E1',
      waived: 'E1',
      sent: 'E2',
      no_response: 'E2',
      changed: 'E2',
      delivered: 'E3',
      opened: 'E4',
      acknowledged: 'E5',
      objected: 'E5',
    }) as const
  )[state]

export const SILENCE_MS = 7 * 24 * 3600_000
/** Taken over and not told for so long: another channel is needed (compliance 5.2). */
export const UNSENT_MS = 3 * 24 * 3600_000
/** Why a notice does not get there. */
export const unreachableReasons = ['not_friend', 'cap', 'not_sent', 'refused'] as const
export type UnreachableReason = (typeof unreachableReasons)[number]
export const otherChannels = ['sms', 'mail', 'phone', 'letter'] as const
export type OtherChannel = (typeof otherChannels)[number]
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
    /** Night in Beijing: the member is asked whether it should not wait until morning (T-16). */
    late: z.boolean(),
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

/** What the WeCom client says of a message it was to send, and why it did not. */
export const sayOutcome = {
  outcome: z.enum(['sent', 'cancelled', 'failed']),
  detail: z.optional(z.string().check(z.maxLength(300), z.regex(/^[^\u0000]*$/))),
}

/**
 * Whether an attempt that stands at `before` may become this. What the client really sent counts, even if it was prepared anew meanwhile
 * on another device: the customer holds that message, and its link must not be a dead one.
 */
export const mayBecome = (before: string, outcome: string): boolean =>
  before === 'prepared' || (before === 'replaced' && outcome === 'sent')

/** What the WeCom client said about the attempt. `sent` is E2; nothing else counts as told. */
export const settleNotice = endpoint({
  method: 'POST',
  path: '/api/notice-attempts/:attempt/outcome',
  access: ['rep'],
  input: z.object({
    attempt: id,
    form: z.enum(['text', 'card']),
    ...sayOutcome,
  }),
  output: house({ ...done.shape, state: z.enum(noticeStates), at: instant }),
})
