/** From a customer's words to a result that was told to them (compliance 5.5). No other machine moves it, and it moves no other. */
export const complaintStates = [
  'received',
  'acknowledged',
  'triaged',
  'handling',
  'pending_customer',
  'resolved',
  'result_informed',
  'reopened',
  'escalated_external',
  'closed',
] as const
export type ComplaintState = (typeof complaintStates)[number]
export type ComplaintEvent =
  | 'acknowledge'
  | 'triage'
  | 'begin'
  | 'ask'
  | 'answer'
  | 'silence'
  | 'decide'
  | 'inform'
  | 'reopen'
  | 'escalate'
  | 'close'

const moves: Record<ComplaintState, Partial<Record<ComplaintEvent, ComplaintState>>> = {
  received: { acknowledge: 'acknowledged' },
  acknowledged: { triage: 'triaged' },
  // Kind, owner and severity may be mended for as long as nobody has begun.
  triaged: { triage: 'triaged', begin: 'handling' },
  handling: { ask: 'pending_customer', decide: 'resolved', escalate: 'escalated_external' },
  pending_customer: { answer: 'handling', silence: 'handling' },
  resolved: { inform: 'result_informed' },
  result_informed: { close: 'closed', reopen: 'reopened' },
  reopened: { begin: 'handling' },
  escalated_external: { decide: 'resolved' },
  closed: {},
}

export const nextComplaintState = (state: ComplaintState, event: ComplaintEvent): ComplaintState | null =>
  moves[state][event] ?? null

/** Working days from receipt; `inform` from the decision, `answer` from the question (compliance 5.5). */
export const clocks = { acknowledge: 1, respond: 3, decide: 15, inform: 1, answer: 5 } as const
/** Days of the calendar: the hard stop, which waiting for the customer does not hold up, and how long one may disagree. */
export const STOP_DAYS = 30
export const DISAGREE_DAYS = 7

interface Clocked {
  state: ComplaintState
  acknowledgeBy: string | null
  respondBy: string | null
  respondedAt: Date | string | null
  answerBy: string | null
  decideBy: string | null
  informBy: string | null
}
export const dueKinds = ['acknowledge', 'respond', 'answer', 'decide', 'inform'] as const
export type DueKind = (typeof dueKinds)[number]

/** What is due next and by which day; null: nothing is. */
export function nextDue(c: Clocked): { what: DueKind; by: string } | null {
  const due = (what: DueKind, by: string | null) => (by ? { what, by } : null)
  switch (c.state) {
    case 'received':
      return due('acknowledge', c.acknowledgeBy)
    case 'pending_customer':
      return due('answer', c.answerBy)
    case 'resolved':
      return due('inform', c.informBy)
    case 'result_informed':
    case 'closed':
      return null
    default:
      return !c.respondedAt && c.respondBy && c.respondBy < (c.decideBy ?? '9999')
        ? due('respond', c.respondBy)
        : due('decide', c.decideBy)
  }
}

export const isOpen = (state: ComplaintState): boolean => state !== 'result_informed' && state !== 'closed'

export const complaintKinds = [
  'wrong_contact',
  'privacy',
  'nuisance',
  'service',
  'fairness',
  'child',
  'employee',
] as const
export const severities = ['normal', 'serious', 'urgent'] as const
export const channels = ['page', 'mail', 'phone', 'chat', 'letter'] as const
export const outcomes = ['upheld', 'partly', 'not_upheld', 'answered'] as const
export type Outcome = (typeof outcomes)[number]
/** How a customer is told by hand: who wrote it down answers for it. */
export const toldBy = ['phone', 'chat', 'letter'] as const

/** What is found against a member of staff is not one person's to say. */
export const needsSecond = (found: { outcome: Outcome; againstStaff: boolean }): boolean =>
  found.againstStaff && (found.outcome === 'upheld' || found.outcome === 'partly')

/** The message of the result (M7) has room for so much. */
export const SUMMARY_MAX = 60
export const REASONS_MIN = 10

/** Why somebody must not handle a complaint: it is about them or about one of theirs, or they decided it before. */
export const conflicts = ['about', 'lead', 'earlier'] as const
export type Conflict = (typeof conflicts)[number]

export const complaintActs = [
  'triage',
  'assign',
  'begin',
  'ask',
  'decide',
  'confirm',
  'contact',
  'reopen',
  'escalate',
  'note',
  'answer',
  'request',
] as const
export type ComplaintAct = (typeof complaintActs)[number]
