import { addWorkingDays } from '../../shared/calendar'
import { ANSWER_WITHIN, type ObjectionKind, type ObjectionOutcome } from '../../shared/objection'
import type { Audit } from './act'
import { calendarOf } from './calendar'
import type { Tx } from './open'

interface NewObjection {
  id: string
  handoverId: string
  at: Date
  origin: 'page' | 'wecom'
  about?: ObjectionKind | null
  text?: string
  share?: boolean
}

/** Tasks with a day; a job tells those who manage (objection/jobs.ts). */
export async function addObjections(tx: Tx, given: readonly NewObjection[]): Promise<void> {
  if (!given.length) return
  const calendar = await calendarOf(tx)
  const rows = given.map((one) => {
    const { day: due, at: dueAt, calendar: version } = addWorkingDays(one.at, ANSWER_WITHIN, calendar)
    return { ...one, due, dueAt, calendar: version }
  })
  await tx.insertInto('objection').values(rows).execute()
}

interface Outcome {
  outcome: ObjectionOutcome
  answer: string | null
  /** null: it came about by itself. */
  by: string | null
  at: Date
}

/** Whoever comes second finds it handled. */
export async function settleObjection(tx: Tx, audit: Audit, id: string, { outcome, answer, by, at }: Outcome) {
  const row = await tx
    .updateTable('objection')
    .set({ outcome, answer, handledBy: by, handledAt: at })
    .where('id', '=', id)
    .where('handledAt', 'is', null)
    .returning('handoverId')
    .executeTakeFirst()
  if (row) audit('objection.answered', row.handoverId, { objection: id, outcome })
  return row !== undefined
}

interface Move {
  handoverId: string
  customerId: string
  fromId: string | null
  to: string
  flow: string | null
}

/**
 * What WeCom's results mean for wishes. Who was passed on at their wish has somebody else: the wish is answered. Who refused a
 * leaver's successor is followed by nobody any more: another way must be found, and none of ours tries again (T-77). Who
 * refused on the job stays with who has them.
 */
export async function followMoves(
  tx: Tx,
  audit: Audit,
  { at, id }: { at: Date; id(): string },
  moves: readonly Move[],
): Promise<void> {
  const refused = moves.filter((m) => m.to === 'refused' && !m.fromId && m.flow !== 'onjob')
  await addObjections(
    tx,
    refused.map(({ handoverId }) => ({ id: id(), handoverId, at, origin: 'wecom' })),
  )
  for (const { customerId, fromId, to } of moves) {
    if (to !== 'taken_over' || !fromId) continue
    for (const wish of await wishesAbout(tx, customerId, fromId))
      await settleObjection(tx, audit, wish.id, { outcome: 'passed_on', answer: null, by: null, at })
  }
}

const wishesAbout = (tx: Tx, customerId: string, successorId: string) =>
  tx
    .selectFrom('objection')
    .innerJoin('handover', 'handover.id', 'objection.handoverId')
    .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
    .select('objection.id')
    .where('handover.customerId', '=', customerId)
    .where('transfer.successorId', '=', successorId)
    .where('objection.handledAt', 'is', null)
    .execute()
