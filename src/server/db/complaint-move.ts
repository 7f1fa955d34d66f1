import type { Selectable, Updateable } from 'kysely'
import { addDays, addWorkingDays, type Calendar } from '../../shared/calendar'
import {
  clocks,
  nextComplaintState,
  nextDue,
  STOP_DAYS,
  type ComplaintEvent,
  type ComplaintState,
} from '../../shared/complaint'
import { Failure } from '../../shared/failure'
import type { Actor, Audit } from './act'
import { calendarOf } from './calendar'
import type { Tx } from './open'
import type { Complaint } from './tables'

export type ComplaintRow = Selectable<Complaint>
type Change = Updateable<Complaint>

/** Holds a complaint until the end of the transaction: whoever else would move it waits. */
export const holdComplaint = (tx: Tx, number: string): Promise<ComplaintRow | undefined> =>
  tx.selectFrom('complaint').selectAll().where('number', '=', number).forUpdate().executeTakeFirst()

export const stateOf = (row: { state: string }): ComplaintState => row.state as ComplaintState

/** Every day by which something is due in a round that begins now, with the calendar they were counted with. */
export function duesFrom(at: Date, calendar: Calendar) {
  const due = (n: number) => addWorkingDays(at, n, calendar)
  return {
    calendar: due(clocks.decide).calendar,
    acknowledgeBy: due(clocks.acknowledge).day,
    respondBy: due(clocks.respond).day,
    decideBy: due(clocks.decide).day,
    stopBy: addDays(at, STOP_DAYS, calendar).day,
  }
}

interface Move {
  at: Date
  actor: Actor
  /** What a person wrote with it; stays in the timeline, never in the log. */
  words?: string | null
  set?: Change
  /** What the log may know of it. */
  detail?: { [key: string]: string | number | boolean | null }
}

/** Moves a held complaint by an event of its machine; one that means nothing there is refused, and nothing is written. */
export async function moveComplaint(
  tx: Tx,
  audit: Audit,
  held: ComplaintRow,
  event: ComplaintEvent,
  move: Move,
): Promise<ComplaintRow> {
  const from = stateOf(held)
  const state = nextComplaintState(from, event)
  if (!state) throw new Failure('complaint_step')
  const row = await changeComplaint(tx, held, { state, ...(await dueAfter(tx, event, move.at)), ...move.set })
  await tellEvent(tx, held.number, { ...move, what: event, from, to: state })
  audit('complaint.moved', held.number, { event, from, to: state, ...move.detail })
  return row
}

/** Clocks that begin with an event. */
async function dueAfter(tx: Tx, event: ComplaintEvent, at: Date): Promise<Change> {
  if (event === 'ask') return { answerBy: addWorkingDays(at, clocks.answer, await calendarOf(tx)).day }
  if (event === 'decide') return { informBy: addWorkingDays(at, clocks.inform, await calendarOf(tx)).day }
  return {}
}

/** Changes columns, and with them the day that orders the queue. */
export async function changeComplaint(tx: Tx, held: ComplaintRow, change: Change): Promise<ComplaintRow> {
  const after = { ...held, ...change } as ComplaintRow
  const nextBy = nextDue({ ...after, state: stateOf(after) })?.by ?? null
  await tx
    .updateTable('complaint')
    .set({ ...change, nextBy })
    .where('number', '=', held.number)
    .execute()
  return { ...after, nextBy }
}

interface Told {
  at: Date
  actor: Actor
  what: string
  from?: string | null
  to?: string | null
  words?: string | null
}

/** One line more in the timeline. Its complaint is held, so that two lines never have one number. */
export async function tellEvent(tx: Tx, number: string, { at, actor, what, from, to, words }: Told): Promise<void> {
  const { last } = await tx
    .selectFrom('complaintEvent')
    .select((eb) => eb.fn.coalesce(eb.fn.max('seq'), eb.lit(0)).as('last'))
    .where('number', '=', number)
    .executeTakeFirstOrThrow()
  const event = { at, actor, what, fromState: from ?? null, toState: to ?? null, words: words ?? null }
  await tx
    .insertInto('complaintEvent')
    .values({ number, seq: Number(last) + 1, ...event })
    .execute()
}
