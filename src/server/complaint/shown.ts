import {
  dueKinds,
  isOpen,
  nextComplaintState,
  nextDue,
  type ComplaintAct,
  type Conflict,
  type DueKind,
} from '../../shared/complaint'
import type { ComplaintDetail, ComplaintRow as Shown } from '../../shared/complaintdesk'
import { workingDaysBetween, type Calendar } from '../../shared/calendar'
import { chinaDay } from '../../shared/day'
import { stateOf } from '../db/complaint-move'
import type { decisionsOf, eventsOf, mailsOf, ShownRow } from './rows'

type Row = Omit<ShownRow, 'rank' | 'by'>

/** What stands in the queue and at the head of the page. */
export function headOf(row: Row, me: string, now: Date, calendar: Calendar): Omit<Shown, 'excerpt'> {
  const today = chinaDay(now)
  const state = stateOf(row)
  const due = nextDue({ ...row, state })
  return {
    number: row.number,
    at: row.at.toISOString(),
    channel: row.channel as Shown['channel'],
    state,
    kind: row.kind as Shown['kind'],
    severity: row.severity as Shown['severity'],
    owner: row.ownerId ? { name: row.owner ?? '', me: row.ownerId === me } : null,
    about: row.about,
    next: due && { ...due, late: due.by < today },
    day: workingDaysBetween(row.at, now, calendar),
    red: isOpen(state) && state !== 'resolved' && row.decideBy !== null && row.decideBy < today,
    stopped: isOpen(state) && row.stopBy !== null && row.stopBy < today,
    bounced: row.bounced,
  }
}

const dueOf: Record<DueKind, (row: Row) => string | null> = {
  acknowledge: (row) => (row.acknowledgedAt ? null : row.acknowledgeBy),
  respond: (row) => (row.respondedAt ? null : row.respondBy),
  answer: (row) => (stateOf(row) === 'pending_customer' ? row.answerBy : null),
  decide: (row) => (row.decidedAt ? null : row.decideBy),
  inform: (row) => (stateOf(row) === 'resolved' ? row.informBy : null),
}

/** Every clock that still runs. */
export const clocksOf = (row: Row, now: Date): ComplaintDetail['clocks'] =>
  isOpen(stateOf(row))
    ? dueKinds.flatMap((what) => {
        const by = dueOf[what](row)
        return by ? [{ what, by, late: by < chinaDay(now) }] : []
      })
    : []

/** `2026.1+2027.0`: years counted with version 0 were not loaded. */
export const unsureOf = (calendar: string | null): number[] =>
  (calendar ?? '').split('+').flatMap((part) => (part.endsWith('.0') ? [Number(part.split('.')[0])] : []))

type Decisions = Awaited<ReturnType<typeof decisionsOf>>

/** What this reader may do now: the machine, whose it is, and what stands against them. */
export function mayOf(row: Row, decisions: Decisions, me: string, conflict: Conflict | null): ComplaintAct[] {
  if (conflict) return []
  const state = stateOf(row)
  const may = (event: Parameters<typeof nextComplaintState>[1]) => nextComplaintState(state, event) !== null
  const mine = row.ownerId === me
  const last = decisions.at(-1)
  const proposed = last?.state === 'proposed'
  const can: Record<ComplaintAct, boolean> = {
    triage: may('triage'),
    assign: row.ownerId !== null && !['received', 'acknowledged', 'closed', 'result_informed'].includes(state),
    begin: may('begin') && (mine || row.ownerId === null),
    ask: may('ask') && mine && !row.askedAt && !proposed,
    answer: state === 'pending_customer',
    decide: may('decide') && mine && !proposed,
    confirm: proposed && last.decidedBy !== me,
    contact: isOpen(state),
    reopen: may('reopen'),
    escalate: may('escalate') && mine && !proposed,
    note: state !== 'closed',
    // Of somebody whom nobody knows there is nothing to copy, correct or delete.
    request: row.customer !== null && state !== 'closed',
  }
  return (Object.keys(can) as ComplaintAct[]).filter((one) => can[one])
}

export const eventShown = (e: Awaited<ReturnType<typeof eventsOf>>[number]): ComplaintDetail['events'][number] => ({
  at: e.at.toISOString(),
  by: e.by,
  who: e.actor === 'customer' || e.actor === 'system' ? e.actor : 'member',
  what: e.what as ComplaintDetail['events'][number]['what'],
  from: e.fromState as ComplaintDetail['state'] | null,
  to: e.toState as ComplaintDetail['state'] | null,
  words: e.words,
})

export const decisionShown = (d: Decisions[number], me: string): ComplaintDetail['decisions'][number] => ({
  seq: d.seq,
  outcome: d.outcome as 'upheld',
  againstStaff: d.againstStaff,
  summary: d.summary,
  reasons: d.reasons,
  by: d.first,
  mine: d.decidedBy === me,
  at: d.decidedAt.toISOString(),
  state: d.state as 'proposed',
  second: d.second && d.secondAt ? { by: d.second, at: d.secondAt.toISOString(), words: d.secondWords } : null,
})

export const mailShown = (m: Awaited<ReturnType<typeof mailsOf>>[number]): ComplaintDetail['mails'][number] => ({
  at: m.at.toISOString(),
  direction: m.direction as 'in',
  kind: m.kind as 'complaint',
  state: m.state as 'taken',
  subject: m.subject,
  detail: m.detail,
  files: m.files as unknown as { name: string; bytes: number }[],
})
