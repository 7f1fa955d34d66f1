import { sql, type Updateable } from 'kysely'
import type { Db, Tx } from '../db/open'
import { leaverFor, type Reader } from '../db/scope'
import type { NoticeOther } from '../db/tables'

const inScope = (db: Db, reader: Reader) =>
  db
    .selectFrom('notice')
    .innerJoin('handover', 'handover.id', 'notice.handoverId')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
    .leftJoin('member as successor', 'successor.id', 'transfer.successorId')
    .where(leaverFor(reader))

export type Untold = Awaited<ReturnType<typeof untold>>[number]

/** Not reached, being reached otherwise, waived, or with a waiver asked for; of living handovers. */
export const untold = (db: Db, reader: Reader, now: Date, after: string | null, limit: number) =>
  inScope(db, reader)
    .innerJoin('customer', 'customer.id', 'handover.customerId')
    .leftJoin('noticeWaiver as waiver', (join) =>
      join.onRef('waiver.handoverId', '=', 'handover.id').on('waiver.endedAt', 'is', null),
    )
    .leftJoin('member as asker', 'asker.id', 'waiver.askedBy')
    .leftJoin('member as decider', 'decider.id', 'waiver.decidedBy')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('noticeOther')
          .innerJoin('member as chooser', 'chooser.id', 'noticeOther.chosenBy')
          .select(['noticeOther.id as otherId', 'channel', 'chosenAt', 'chooser.name as chosenBy'])
          .whereRef('noticeOther.handoverId', '=', 'handover.id')
          .where('noticeOther.doneAt', 'is', null)
          .orderBy('noticeOther.id', 'desc')
          .limit(1)
          .as('other'),
      (join) => join.onTrue(),
    )
    .select(['handover.id as handover', 'customer.name', 'leaver.name as leaver', 'successor.name as successor'])
    .select(['notice.state', 'notice.why', 'notice.stateSince'])
    .select(['other.otherId', 'other.channel', 'other.chosenAt', 'other.chosenBy'])
    .select(['waiver.id as waiverId', 'waiver.kind', 'waiver.citation', 'waiver.reason', 'waiver.until'])
    .select(['asker.name as waiverBy', 'waiver.askedBy as waiverById', 'decider.name as approvedBy'])
    .where('transfer.state', '=', 'taken_over')
    .where((eb) =>
      eb.or([eb('notice.state', 'in', ['unreachable', 'alt_channel', 'waived']), eb('waiver.id', 'is not', null)]),
    )
    .where(sql<boolean>`handover.created_at <= ${now}`)
    .$if(after !== null, (q) => q.where('handover.id', '>', after ?? ''))
    .orderBy('handover.id')
    .limit(limit)
    .execute()

export const untoldOne = async (db: Db, reader: Reader, handover: string) => {
  const row = await inScope(db, reader)
    .select(['handover.id as handover', 'leaver.name as old', 'successor.name as new', 'transfer.settledAt'])
    .where('handover.id', '=', handover)
    .where('transfer.state', '=', 'taken_over')
    .executeTakeFirst()
  return row?.settledAt && row.new
    ? { handover: row.handover, old: row.old, new: row.new, effective: row.settledAt }
    : null
}

export const addOther = (
  tx: Tx,
  row: { id: string; handoverId: string; attemptId: string; channel: string; chosenBy: string; chosenAt: Date },
) => tx.insertInto('noticeOther').values(row).execute()

export const otherInScope = (tx: Tx, reader: Reader, id: string) =>
  inScope(tx, reader)
    .innerJoin('noticeOther as other', 'other.handoverId', 'handover.id')
    .innerJoin('noticeAttempt as attempt', 'attempt.id', 'other.attemptId')
    .select(['other.id', 'other.handoverId', 'other.channel', 'other.attemptId', 'other.chosenAt', 'other.doneAt'])
    .select(['attempt.outcome', 'attempt.pageVersion', 'handover.customerId'])
    .where('other.id', '=', id)
    .executeTakeFirst()

export const doneOther = (tx: Tx, id: string, done: Updateable<NoticeOther>) =>
  tx.updateTable('noticeOther').set(done).where('id', '=', id).execute()

/** In the reader's scope at all, whatever its notice is at. */
export const handoverInScope = (tx: Tx, reader: Reader, handover: string) =>
  inScope(tx, reader)
    .select('handover.id')
    .where('handover.id', '=', handover)
    .where('transfer.state', '=', 'taken_over')
    .executeTakeFirst()
