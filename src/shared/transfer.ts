/** WeCom's own process for one handover (compliance 5.1). Only WeCom's result moves it past `submitted`. */
export const transferStates = [
  'unassigned',
  'planned',
  'pending_approval',
  'approved',
  'submitted',
  'waiting',
  'taken_over',
  'refused',
  'successor_limit',
  'failed',
  'expired',
  'cancelled',
  'elsewhere',
] as const
export type TransferState = (typeof transferStates)[number]

export type TransferEvent =
  | 'plan'
  | 'discard'
  | 'submit_plan'
  | 'approve'
  | 'reject'
  | 'lapse'
  | 'cancel'
  | 'accepted_by_wecom'
  | 'refused_by_wecom'
  | 'result_waiting'
  | 'result_taken_over'
  | 'result_refused'
  | 'result_limit'
  | 'result_void'
  | 'too_old'
  | 'moved_elsewhere'
  | 'call_off'
  | 'leaver_left'

/**
 * `lapse`: nobody approved in time. `result_void`: WeCom took the call, but its results know nothing of it and the customer still waits to be assigned.
 * `moved_elsewhere`: WeCom shows that somebody outside our plans has taken the customer over. `call_off`: an announced
 * departure was withdrawn. `leaver_left`: who refused an on-job transfer stayed with the leaver, who is now gone; only a
 * person plans anew, for somebody else.
 */
const moves: Record<TransferState, Partial<Record<TransferEvent, TransferState>>> = {
  unassigned: { plan: 'planned', too_old: 'expired', moved_elsewhere: 'elsewhere', call_off: 'cancelled' },
  planned: {
    plan: 'planned',
    discard: 'unassigned',
    submit_plan: 'pending_approval',
    too_old: 'expired',
    moved_elsewhere: 'elsewhere',
    call_off: 'cancelled',
  },
  pending_approval: {
    approve: 'approved',
    reject: 'planned',
    lapse: 'planned',
    cancel: 'unassigned',
    call_off: 'cancelled',
  },
  approved: {
    accepted_by_wecom: 'submitted',
    refused_by_wecom: 'failed',
    too_old: 'expired',
    cancel: 'unassigned',
    moved_elsewhere: 'elsewhere',
    call_off: 'cancelled',
  },
  submitted: {
    result_waiting: 'waiting',
    result_taken_over: 'taken_over',
    result_refused: 'refused',
    result_limit: 'successor_limit',
    result_void: 'failed',
    moved_elsewhere: 'elsewhere',
  },
  waiting: {
    result_taken_over: 'taken_over',
    result_refused: 'refused',
    result_limit: 'successor_limit',
    result_void: 'failed',
    moved_elsewhere: 'elsewhere',
  },
  taken_over: {},
  refused: { leaver_left: 'unassigned' },
  successor_limit: { plan: 'planned', too_old: 'expired', moved_elsewhere: 'elsewhere', call_off: 'cancelled' },
  failed: { plan: 'planned', too_old: 'expired', moved_elsewhere: 'elsewhere', call_off: 'cancelled' },
  expired: {},
  cancelled: {},
  elsewhere: {},
}

/** The state after the event, or null where the event is not allowed. Repeating what is already so is not an event. */
export const nextTransferState = (state: TransferState, event: TransferEvent): TransferState | null =>
  moves[state][event] ?? null

/** A plan may take these up: nothing is under way at WeCom and nobody has said a final no. */
export const plannable: readonly TransferState[] = ['unassigned', 'planned', 'successor_limit', 'failed']

/** `resigned/transfer_result` status → event (facts 4.4). 5 and unknown numbers are nothing we may act on. */
export const resultEvent = (status: number): TransferEvent | null =>
  (({ 1: 'result_taken_over', 2: 'result_waiting', 3: 'result_refused', 4: 'result_limit' }) as const)[status] ?? null

/** The platform takes over by itself after this, unless the customer refuses. */
export const WAIT_MS = 24 * 3600_000
/** A call whose answer is missing longer than this is 待核对: a person is told what to do (Q17). */
export const UNANSWERED_MS = 10 * 60_000
/** Silence longer than this is shown as 状态待确认, never as success (compliance 5.1). */
export const DOUBT_MS = 26 * 3600_000
/** A leaver's customers cannot be transferred any more after a year (facts 4.3). */
export const YEAR_MS = 365 * 24 * 3600_000
