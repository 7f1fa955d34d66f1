import type { FieldClass } from './access'
import { isNotified, type NoticeState } from './notice'
import type { TransferState } from './transfer'

/** What a customer answered to one question about one purpose (compliance 4.7, 5.3). No event of another machine is known here. */
export const consentStates = [
  'not_needed',
  'required',
  'requested',
  'unanswered',
  'given',
  'refused',
  'withdrawn',
  'expired',
  'superseded',
  'invalidated',
] as const
export type ConsentState = (typeof consentStates)[number]

export const consentEvents = [
  'need',
  'ask',
  'remind',
  'show',
  'start',
  'agree',
  'refuse',
  'silence',
  'withdraw',
  'expire',
  'supersede',
  'invalidate',
  'restrict',
] as const
export type ConsentEvent = (typeof consentEvents)[number]

const changed = { supersede: 'superseded' } as const
/** What is only noted: the question was before somebody's eyes; the customer had all use of their data stopped. Neither moves anything. */
const noted = <S extends ConsentState>(state: S) => ({ show: state, restrict: state })
/** `start`: the customer opens the question themselves, which they always may. `supersede`: what was asked has changed. */
const moves: Record<ConsentState, Partial<Record<ConsentEvent, ConsentState>>> = {
  not_needed: { need: 'required' },
  required: { ask: 'requested' },
  requested: {
    ...noted('requested'),
    ...{ remind: 'requested', agree: 'given', refuse: 'refused', silence: 'unanswered' },
    ...changed,
  },
  unanswered: { ...noted('unanswered'), remind: 'requested', start: 'requested', ...changed },
  given: { restrict: 'given', withdraw: 'withdrawn', expire: 'expired', invalidate: 'invalidated', ...changed },
  refused: { start: 'requested', ...changed },
  withdrawn: { start: 'requested' },
  expired: { ask: 'requested', start: 'requested', ...changed },
  superseded: { ask: 'requested', start: 'requested' },
  invalidated: { start: 'requested' },
}

export const nextConsentState = (state: ConsentState, event: ConsentEvent): ConsentState | null =>
  // By its own names only: what comes from outside may be called "constructor".
  (Object.hasOwn(moves[state], event) && moves[state][event]) || null

/** How each event is called in the record (compliance 4.3); what only prepares a question is no event of it. */
export const eventTypes: Record<ConsentEvent, string> = {
  need: 'consent.required',
  ask: 'consent.requested',
  remind: 'consent.requested',
  show: 'notice.shown',
  start: 'consent.requested',
  agree: 'consent.given',
  refuse: 'consent.refused',
  silence: 'consent.unanswered',
  withdraw: 'consent.withdrawn',
  expire: 'consent.expired',
  supersede: 'consent.superseded',
  invalidate: 'consent.invalidated',
  restrict: 'consent.restricted',
}

/** The customer's own answers; each gets a receipt. */
export const answers = ['agree', 'refuse', 'withdraw'] as const
export type ConsentAnswer = (typeof answers)[number]

/** The only answer that counts: given, and not over. Every other state is closed. */
export const isEffective = (state: ConsentState, until: Date | null, now: Date): boolean =>
  state === 'given' && until !== null && now < until

export const identities = ['IAL0', 'IAL1', 'IAL2'] as const
export type Identity = (typeof identities)[number]

/** What each answer asks of who gives it (compliance 3.6): only agreeing can harm, so only it needs the customer proven. */
const needs: Record<ConsentAnswer, Identity> = { agree: 'IAL2', refuse: 'IAL1', withdraw: 'IAL1' }
export const mayAnswer = (answer: ConsentAnswer, identity: Identity): boolean =>
  identities.indexOf(identity) >= identities.indexOf(needs[answer])

/** Why consent is needed at all (D3). A purpose without one stands on another basis and is never asked for. */
type Trigger = 'private_chat' | 'sensitive' | 'child' | 'new_purpose' | 'other_entity' | 'wecom'

interface Purpose {
  trigger: Trigger | null
  classes: readonly FieldClass[]
  /** A question of its own about one particular use (PIPL 29, NDR 62). */
  separate: boolean
  /** Answered by a guardian, for a child under 14. */
  guardian: boolean
  /** For how long at most; then it is expired. */
  days: number
  /** Who may ask: the successor for the case at hand; WeCom asks itself; nobody, because nothing here does such a thing. */
  askedBy: 'successor' | 'wecom' | 'nobody'
}

const unasked = { trigger: null, separate: false, guardian: false, days: 0, askedBy: 'nobody' } as const
/** The closed list (compliance 4.7). What is not in it cannot be asked for. */
export const consentPurposes = {
  /** Only asked of a child's guardian: of everybody else it needs no consent. */
  serve: {
    trigger: 'child',
    classes: ['F1', 'F2', 'F3'],
    separate: false,
    guardian: true,
    days: 365,
    askedBy: 'successor',
  },
  contact: { ...unasked, classes: ['F1'] },
  history_summary: { ...unasked, classes: ['F2'] },
  history_raw: {
    trigger: 'private_chat',
    classes: ['F4'],
    separate: true,
    guardian: false,
    days: 180,
    askedBy: 'successor',
  },
  sensitive_use: {
    trigger: 'sensitive',
    classes: ['F5'],
    separate: true,
    guardian: false,
    days: 180,
    askedBy: 'successor',
  },
  archive_new: { trigger: 'wecom', classes: ['F4'], separate: true, guardian: false, days: 0, askedBy: 'wecom' },
  marketing: { ...unasked, trigger: 'new_purpose', classes: ['F1'], separate: true },
  profile_score: { ...unasked, trigger: 'new_purpose', classes: ['F3'] },
  provide_entity: { ...unasked, trigger: 'other_entity', classes: [], separate: true },
  legal_claim: { ...unasked, classes: [] },
} as const satisfies Record<string, Purpose>
export type ConsentPurpose = keyof typeof consentPurposes

export const askable = ['serve', 'history_raw', 'sensitive_use'] as const satisfies readonly ConsentPurpose[]
export type AskablePurpose = (typeof askable)[number]

const HOUR_MS = 3600_000
export const DAY_MS = 24 * HOUR_MS
/** One reminder, and only where nothing was heard (NDR 22, T-71). */
export const REMIND_MS = 72 * HOUR_MS
export const UNANSWERED_MS = 14 * DAY_MS

export interface Asking {
  state: ConsentState
  /** Whom the standing consent names. */
  forOther: boolean
  askedAt: Date | null
  reminded: boolean
  transfer: TransferState
  notice: NoticeState
  objectionOpen: boolean
}
export type AskProblem =
  'not_taken_over' | 'not_notified' | 'ask_objection' | 'ask_given' | 'ask_refused' | 'ask_early' | 'ask_twice'

/**
 * Why the question may not be put now, or null. The customer is told first and asked later (compliance 3.3); a no stands until
 * the customer takes the question up again; silence is reminded of once.
 */
export function askProblem(a: Asking, now: Date): AskProblem | null {
  if (a.objectionOpen) return 'ask_objection'
  if (a.transfer !== 'taken_over') return 'not_taken_over'
  // A waiver opens what the successor needs; it tells the customer nothing that a question could stand on.
  if (!isNotified(a.notice) || a.notice === 'waived') return 'not_notified'
  switch (a.state) {
    case 'given':
      return a.forOther ? null : 'ask_given'
    case 'refused':
    case 'withdrawn':
    case 'invalidated':
      return 'ask_refused'
    case 'requested':
    case 'unanswered':
      if (a.reminded) return 'ask_twice'
      return a.askedAt && now.getTime() - a.askedAt.getTime() < REMIND_MS ? 'ask_early' : null
    default:
      return null
  }
}
