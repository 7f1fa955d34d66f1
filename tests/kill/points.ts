/** Where a process is killed: around a statement on its way to PostgreSQL, or around a call to WeCom. */
export type Point =
  | { name: string; phase: Phase; sql: RegExp; at: 'before' | 'before commit' | 'after commit' | 'after' }
  | { name: string; phase: Phase; path: string; at: 'before effect' | 'after effect' | 'mid answer' }
  | { name: string; phase: Phase; callback: true; at: 'before effect' | 'after effect' }
  | { name: string; phase: Phase; ms: number }

/** The story in order: somebody leaves, a plan is made and approved, WeCom is called, it takes over, customers are told. */
export const phases = ['leave', 'plan', 'send', 'take', 'tell'] as const
export type Phase = (typeof phases)[number]

const around = (phase: Phase, what: string, sql: RegExp): Point[] =>
  (['before commit', 'after commit'] as const).map((at) => ({ name: `${what}: ${at}`, phase, sql, at }))
const single = (phase: Phase, what: string, sql: RegExp): Point[] =>
  (['before', 'after'] as const).map((at) => ({ name: `${what}: ${at}`, phase, sql, at }))
const calling = (phase: Phase, path: string): Point[] =>
  (['before effect', 'after effect', 'mid answer'] as const).map((at) => ({ name: `${path}: ${at}`, phase, path, at }))

export const named: readonly Point[] = [
  ...(['before effect', 'after effect'] as const).map((at): Point => ({
    name: `callback under way: ${at}`,
    phase: 'leave',
    callback: true,
    at,
  })),
  ...single('leave', 'an event is kept', /insert into "wecom_event"/),
  ...around('leave', 'a departure is recorded', /insert into "departure"/),
  ...around('leave', 'sessions are revoked', /delete from "session"/),
  ...around('leave', 'handovers are written', /insert into "handover"/),
  ...single('leave', 'an event is handled', /update "wecom_event"/),
  ...around('plan', 'somebody signs in', /insert into "session"/),
  ...around('plan', 'a plan is drafted', /insert into "plan_item"/),
  ...around('plan', 'a plan is submitted or approved', /update "plan" set/),
  ...around('plan', 'approvers are told', /insert into "plan_card"/),
  ...single('send', 'a job is taken', /update "job" set "holder"/),
  ...around('send', 'calls are written down', /insert into "transfer_batch"/),
  ...single('send', 'customers are put into calls', /update transfer set batch_id = v\.batch/),
  ...around('send', 'a call is marked as sent', /update "transfer_batch" set "state" = \$1, "sent_at"/),
  ...calling('send', 'externalcontact/resigned/transfer_customer'),
  ...around('send', 'an answer is taken', /update transfer\s+set state = v\.state/),
  ...single('send', 'history is added', /insert into "history"/),
  ...single('send', 'audit is appended', /select append_audit/),
  ...around('send', 'the head of the audit log moves', /select append_audit/),
  ...around('send', 'calls are closed', /update transfer_batch b/),
  ...calling('send', 'externalcontact/resigned/transfer_result'),
  {
    name: 'get_unassigned_list: after effect',
    phase: 'send',
    path: 'externalcontact/get_unassigned_list',
    at: 'after effect',
  },
  ...around('send', 'customers are marked as asked', /set "asked_at" = \$1 where/),
  ...(['before effect', 'after effect'] as const).map((at): Point => ({
    name: `takeover called about: ${at}`,
    phase: 'take',
    callback: true,
    at,
  })),
  ...around('take', 'a result is taken', /update transfer\s+set state = v\.state/),
  ...around('take', 'a letter is written', /insert into "letter_to_member"/),
  ...around('take', 'a letter is marked as sent', /update "letter_to_member" set "sent_at"/),
  ...calling('take', 'message/send'),
  ...around('tell', 'a notice is prepared', /insert into "notice_attempt"/),
  ...around('tell', 'a notice is sent', /update "notice_attempt" set/),
]

/** Numbers that a seed repeats; what the machine does meanwhile it does not. */
export function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
