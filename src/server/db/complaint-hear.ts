import { DISAGREE_DAYS } from '../../shared/complaint'
import type { Actor, Audit } from './act'
import { calendarOf } from './calendar'
import { changeComplaint, duesFrom, moveComplaint, stateOf, tellEvent, type ComplaintRow } from './complaint-move'
import type { Tx } from './open'

/** What a customer does with their complaint, from whichever door: the page, a mail, a call that somebody wrote down. */
interface Heard {
  at: Date
  actor: Actor
  words: string
}
const DAY_MS = 86_400_000

/** More material; where we had asked for something, it is the answer. Whoever handles it is told. */
export async function hearMore(tx: Tx, audit: Audit, held: ComplaintRow, heard: Heard): Promise<void> {
  if (stateOf(held) === 'pending_customer') {
    await moveComplaint(tx, audit, held, 'answer', { ...heard, set: { toldOfAt: null } })
    return
  }
  await changeComplaint(tx, held, { toldOfAt: null })
  await tellEvent(tx, held.number, { ...heard, what: 'material' })
  audit('complaint.heard', held.number, { what: 'material' })
}

/** Seven days from being told, the customer may say that they disagree. */
export const mayDisagree = (row: ComplaintRow, now: Date): boolean =>
  stateOf(row) === 'result_informed' &&
  row.informedAt !== null &&
  now.getTime() - row.informedAt.getTime() <= DISAGREE_DAYS * DAY_MS

/** Begins a new round: nobody of the earlier ones has it, and its clocks begin now. */
export async function disagree(tx: Tx, audit: Audit, held: ComplaintRow, heard: Heard): Promise<void> {
  const before = await decidersOf(tx, held.number)
  const pastOwners = [...new Set([...held.pastOwners, ...before, ...(held.ownerId ? [held.ownerId] : [])])]
  const { acknowledgeBy: _, ...dues } = duesFrom(heard.at, await calendarOf(tx))
  await moveComplaint(tx, audit, held, 'reopen', {
    ...heard,
    set: {
      ...dues,
      ...{ pastOwners, ownerId: null, round: held.round + 1, toldOfAt: null },
      ...{ respondedAt: null, askedAt: null, answerBy: null, decidedAt: null, informBy: null },
      ...{ informedAt: null, informedBy: null },
    },
    detail: { round: held.round + 1 },
  })
}

const decidersOf = async (tx: Tx, number: string): Promise<string[]> =>
  (
    await tx
      .selectFrom('complaintDecision')
      .select(['decidedBy', 'secondBy'])
      .where('number', '=', number)
      .where('state', '=', 'standing')
      .execute()
  ).flatMap(({ decidedBy, secondBy }) => [decidedBy, ...(secondBy ? [secondBy] : [])])

/** The result was on the screen for two seconds, a mail server took it (E3), or somebody told it: told is told once. */
export async function informed(
  tx: Tx,
  audit: Audit,
  held: ComplaintRow,
  how: { at: Date; actor: Actor; by: string; words?: string },
): Promise<void> {
  if (stateOf(held) !== 'resolved') return
  const set = { informedAt: how.at, informedBy: how.by }
  await moveComplaint(tx, audit, held, 'inform', {
    at: how.at,
    actor: how.actor,
    words: how.words ?? null,
    set,
    detail: { how: how.by },
  })
}
