/** What may go wrong in front of a person, and the HTTP status it is answered with. The sentences stand in `lang/`. */
export const failures = {
  invalid: 400,
  signed_out: 401,
  login_again: 401,
  forbidden: 403,
  cross_site: 403,
  not_found: 404,
  method_not_allowed: 405,
  stale: 409,
  running: 409,
  repeated: 409,
  key_reused: 422,
  restricted: 403,
  not_identified: 409,
  not_deletable: 409,
  second_person: 409,
  own_plan: 409,
  plan_expired: 409,
  approved_already: 409,
  own_pack: 409,
  own_departure: 409,
  already_announced: 409,
  own_right: 409,
  emergency_open: 409,
  already_granted: 409,
  already_debugging: 409,
  until_needed: 400,
  until_past: 400,
  until_far: 400,
  day_past: 400,
  day_far: 400,
  own_request: 409,
  already_blocked: 409,
  plan_empty: 409,
  checks_failed: 409,
  not_notified: 409,
  not_taken_over: 409,
  group_not_moved: 409,
  wish_open: 409,
  ask_objection: 409,
  ask_given: 409,
  ask_refused: 409,
  ask_early: 409,
  ask_twice: 409,
  ask_needless: 409,
  own_doubt: 409,
  own_approval: 409,
  witness_same: 400,
  period_short: 409,
  period_long: 409,
  think_twice: 409,
  note_late: 409,
  due_past: 400,
  access_open: 409,
  reveals_used: 429,
  notice_waived: 409,
  waiver_open: 409,
  waiver_until: 400,
  own_waiver: 409,
  not_untold: 409,
  happened_later: 400,
  own_text: 409,
  text_same: 409,
  text_told: 400,
  text_missing: 409,
  text_said: 409,
  text_place: 409,
  text_long: 409,
  text_wrong: 409,
  export_off: 403,
  export_own: 409,
  export_empty: 409,
  export_too_many: 409,
  export_code: 403,
  export_taking: 409,
  complaint_step: 409,
  complaint_conflict: 409,
  complaint_not_mine: 409,
  complaint_asked: 409,
  complaint_second: 409,
  complaint_told: 409,
  calendar_year: 400,
  fact_unreadable: 400,
  fact_member: 400,
  fact_banned: 409,
  own_rules: 409,
  rules_same: 409,
  rules_wrong: 409,
  not_live: 409,
  own_launch: 409,
  launch_open: 409,
  own_basis: 409,
  own_assessment: 409,
  correction_open: 409,
  too_large: 413,
  opened_enough: 429,
  limited: 429,
  internal: 500,
  wecom_unreachable: 502,
  wecom_limited: 503,
  wecom_permission: 502,
  wecom_config: 502,
  wecom_refused: 502,
  busy: 503,
} as const

export type FailureCode = keyof typeof failures

/** An expected failure. `params` fill the sentence's placeholders; they are shown to the caller, so no secrets. */
export class Failure extends Error {
  constructor(
    readonly code: FailureCode,
    readonly params: Record<string, string | number> = {},
  ) {
    super(code)
    this.name = 'Failure'
  }
  get status(): number {
    return failures[this.code]
  }
}

/** What every failed request answers, in the caller's language. */
export interface FailureAnswer {
  code: FailureCode
  message: string
  requestId: string
  /** For `invalid`: which fields, by path. */
  fields?: string[]
}

export const isFailureCode = (value: unknown): value is FailureCode =>
  typeof value === 'string' && Object.hasOwn(failures, value)
