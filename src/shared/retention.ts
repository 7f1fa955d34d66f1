import * as z from 'zod/mini'
import { done, endpoint, id, instant, nothing, page, pageInput, words } from './endpoint'
import { house } from './field'

/**
 * How long what is kept, from when it counts, on what basis, and what happens then (compliance 4.6). Administrators change
 * a period within `min` and `max` without a release; `min` is what a law asks for, where one does. `words`: what the letter
 * to customers promises about it (the setting RETENTION) must be mended by hand when the period of customers is changed.
 */
export const retentionClasses = {
  customer: { days: 1095, min: 1095, max: 1825, then: 'forget', basis: 'limitation' },
  complaint: { days: 1125, min: 1125, max: 1825, then: 'delete', basis: 'limitation' },
  request: { days: 1095, min: 1095, max: 1825, then: 'delete', basis: 'limitation' },
  staff: { days: 1095, min: 730, max: 1825, then: 'shorten', basis: 'labour' },
  departure: { days: 1095, min: 1095, max: 1825, then: 'delete', basis: 'processing' },
  export: { days: 1095, min: 1095, max: 1825, then: 'delete', basis: 'secrets' },
  reveal: { days: 1095, min: 1095, max: 1825, then: 'delete', basis: 'secrets' },
  network: { days: 200, min: 180, max: 400, then: 'delete', basis: 'network' },
  message: { days: 200, min: 30, max: 400, then: 'delete', basis: 'least' },
  log: { days: 1095, min: 1095, max: 1825, then: 'shorten', basis: 'secrets' },
  session: { days: 7, min: 2, max: 30, then: 'delete', basis: 'least' },
  /** Of requests with an idempotency key: the contract says a week (server/lib/once.ts). */
  answer: { days: 7, min: 7, max: 30, then: 'delete', basis: 'least' },
} as const satisfies Record<string, Rule>
export type RetentionClass = keyof typeof retentionClasses
export const retentionNames = Object.keys(retentionClasses) as [RetentionClass, ...RetentionClass[]]

interface Rule {
  days: number
  min: number
  max: number
  /** `shorten`: what names somebody goes, the row stays because others name it; `forget`: rows and the person's key. */
  then: 'delete' | 'shorten' | 'forget'
  basis: 'limitation' | 'labour' | 'processing' | 'secrets' | 'network' | 'least'
}

/** No entry of the log loses what it said before, whatever is set; its verifiers count by this. */
export const logMinDays = retentionClasses.log.min

/** Why a table has no period of its own. */
type Kept =
  /** Nobody's data: machinery, or numbers. */
  | 'not_personal'
  /** A copy of what WeCom says now; it goes when WeCom says so. */
  | 'mirror'
  /** Ids of staff only; what names them goes with class `staff`. */
  | 'staff_ids'
  /** Gone within a day by the job it belongs to. */
  | 'short'
  /** Append-only proof; persons stand in it only under keys that are destroyed. */
  | 'proof'
  /** Kept until a person ends it. */
  | 'until_ended'

/** Every table of the database, with its class or why it has none; a test walks the database's own list. */
export const tableClasses: Record<string, RetentionClass | Kept> = {
  approval: 'departure',
  approval_vote: 'departure',
  audit: 'log',
  audit_check: 'not_personal',
  audit_head: 'not_personal',
  audit_key: 'not_personal',
  built_file: 'not_personal',
  checklist_entry: 'departure',
  child: 'customer',
  child_access: 'customer',
  complaint: 'complaint',
  complaint_decision: 'complaint',
  complaint_event: 'complaint',
  complaint_mail: 'complaint',
  consent: 'customer',
  consent_doubt: 'customer',
  consent_event: 'customer',
  consent_record: 'customer',
  consent_spoken: 'customer',
  customer: 'customer',
  customer_correction: 'customer',
  customer_fact: 'customer',
  day_counter: 'not_personal',
  department: 'mirror',
  debug_grant: 'staff_ids',
  departure: 'departure',
  emergency: 'customer',
  evidence_pack: 'until_ended',
  export_file: 'short',
  export_request: 'export',
  fact_correction: 'staff',
  fact_rule: 'staff_ids',
  first_notice: 'customer',
  group_chat: 'mirror',
  group_customer: 'customer',
  group_notice: 'departure',
  group_transfer: 'departure',
  handover: 'customer',
  history: 'customer',
  impact_assessment: 'staff_ids',
  job: 'not_personal',
  kept_answer: 'answer',
  launch_review: 'staff_ids',
  leaving_event: 'not_personal',
  legal_basis: 'staff_ids',
  legal_hold: 'until_ended',
  letter_to_member: 'message',
  login_state: 'short',
  mass_notice: 'customer',
  mail_box: 'not_personal',
  member: 'staff',
  member_block: 'staff_ids',
  member_fact: 'staff',
  migration: 'not_personal',
  mirror_run: 'not_personal',
  mirror_seen: 'mirror',
  note: 'customer',
  notice: 'customer',
  notice_attempt: 'customer',
  notice_other: 'customer',
  notice_waiver: 'customer',
  objection: 'customer',
  person_key: 'proof',
  plan: 'departure',
  plan_card: 'departure',
  plan_group: 'departure',
  plan_item: 'customer',
  plan_override: 'customer',
  plan_reason: 'customer',
  plan_run: 'departure',
  plan_tally: 'departure',
  probe: 'staff_ids',
  promise: 'customer',
  promise_reminder: 'customer',
  raw_record: 'customer',
  receipt_counter: 'not_personal',
  relation: 'customer',
  request_day: 'not_personal',
  restore: 'customer',
  retention_run: 'not_personal',
  reveal: 'reveal',
  right_review: 'staff_ids',
  rights_request: 'request',
  role_grant: 'staff_ids',
  rule_draft: 'staff_ids',
  rule_version: 'staff_ids',
  session: 'session',
  setting: 'not_personal',
  signal: 'staff_ids',
  signal_member: 'staff_ids',
  signal_watch: 'not_personal',
  tag: 'mirror',
  text_draft: 'staff_ids',
  text_version: 'staff_ids',
  transfer: 'customer',
  transfer_batch: 'departure',
  tree_head: 'proof',
  tree_stamp: 'proof',
  tree_stamp_try: 'not_personal',
  tree_tile: 'proof',
  wecom_api: 'not_personal',
  wecom_contact: 'customer',
  wecom_credential: 'short',
  wecom_event: 'network',
  working_calendar: 'staff_ids',
}

const DAY_MS = 86_400_000

/** What counts from before this is due. A period of n days has passed n times 24 hours after it began. */
export const dueBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS)

export const periodProblem = (name: RetentionClass, days: number): 'too_short' | 'too_long' | null =>
  days < retentionClasses[name].min ? 'too_short' : days > retentionClasses[name].max ? 'too_long' : null

/** A case is looked at again so often, or its hold shows as overdue (47(2)). */
export const HOLD_REVIEW_DAYS = 90
export const nextReview = (at: Date): Date => new Date(at.getTime() + HOLD_REVIEW_DAYS * DAY_MS)

const run = house({ at: instant, removed: z.number() })
const period = house({
  name: z.enum(retentionNames),
  days: z.number(),
  min: z.number(),
  max: z.number(),
  then: z.enum(['delete', 'shorten', 'forget']),
  basis: z.enum(['limitation', 'labour', 'processing', 'secrets', 'network', 'least']),
  tables: z.array(z.string()),
  /** How many fall due within the next 30 days, those overdue and not held among them. */
  due: z.number(),
  last: z.nullable(run),
  changed: z.nullable(house({ by: z.string(), at: instant, reason: z.string() })),
})
export type Period = z.output<typeof period>

export const getRetention = endpoint({
  method: 'GET',
  path: '/api/retention',
  access: ['compliance', 'admin'],
  input: nothing,
  /** `letter`: what the letter tells customers, as it is set. */
  output: house({ periods: z.array(period), letter: z.string() }),
})

export const setPeriod = endpoint({
  method: 'POST',
  path: '/api/retention/:name',
  access: ['admin'],
  fresh: true,
  input: z.object({
    name: z.enum(retentionNames),
    days: z.number().check(z.int(), z.gte(1), z.lte(36_500)),
    reason: words(300),
  }),
  output: done,
})

export const hold = house({
  id,
  kind: z.enum(['departure', 'customer']),
  /** Masked, as in lists. */
  of: z.string(),
  caseNo: z.string(),
  reason: z.string(),
  by: z.string(),
  at: instant,
  reviewAt: instant,
  overdue: z.boolean(),
  released: z.nullable(house({ by: z.string(), at: instant, reason: z.string() })),
})
export type Hold = z.output<typeof hold>

export const listHolds = endpoint({
  method: 'GET',
  path: '/api/holds',
  access: ['compliance'],
  input: z.object({ ...pageInput }),
  output: page(hold),
})

/** Stops every deletion of what it covers: one customer, or a departure with all of its customers. */
export const placeHold = endpoint({
  method: 'POST',
  path: '/api/holds/place',
  access: ['compliance'],
  fresh: true,
  input: z.object({ kind: z.enum(['departure', 'customer']), subject: id, caseNo: words(60), reason: words(300) }),
  output: done,
})
/** It is still needed: counted from now. */
export const reviewHold = endpoint({
  method: 'POST',
  path: '/api/holds/:hold/review',
  access: ['compliance'],
  input: z.object({ hold: id, reason: words(300) }),
  output: done,
})
export const releaseHold = endpoint({
  method: 'POST',
  path: '/api/holds/:hold/release',
  access: ['compliance'],
  fresh: true,
  input: z.object({ hold: id, reason: words(300) }),
  output: done,
})
