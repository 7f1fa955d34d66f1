import { sql } from 'kysely'
import type { standing } from '../../shared/customer'
import { Failure } from '../../shared/failure'
import { labelOf, stageOf, type Standing } from '../../shared/handover'
import type { NoticeState } from '../../shared/notice'
import type { TransferState } from '../../shared/transfer'
import type * as z from 'zod/mini'
import { passerId } from './handover'
import type { Db } from './open'

/** From the approval on, the successor knows of a handover; what WeCom gave back to planning is not theirs any more. */
const known: readonly TransferState[] = ['approved', 'submitted', 'waiting', 'taken_over', 'refused']

/**
 * The handovers somebody stands to as successor: the newest of each customer, and none of a customer they have themselves
 * handed on since (who is hired again does not get old rights back, compliance 6.5); that their own leaving is announced
 * takes nothing from them. Add a `where` to it.
 */
export const inheritedBy = (db: Db, successorId: string) =>
  db
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .innerJoin('member as leaver', (join) => join.on('leaver.id', '=', passerId))
    .innerJoin('customer', 'customer.id', 'handover.customerId')
    .innerJoin('notice', 'notice.handoverId', 'handover.id')
    .leftJoin('transferBatch', 'transferBatch.id', 'transfer.batchId')
    .where('transfer.successorId', '=', successorId)
    .where('transfer.state', 'in', known)
    .where(
      sql<boolean>`not exists (
        select 1
          from handover later
          join departure gone on gone.id = later.departure_id
          join transfer again on again.handover_id = later.id
         where later.customer_id = handover.customer_id
           and (later.created_at, later.id) > (handover.created_at, handover.id)
           and ((coalesce(later.from_id, gone.member_id) = ${successorId}
                and ((gone.gone and later.from_id is null) or again.state in ('taken_over', 'elsewhere')))
                or (again.successor_id = ${successorId} and again.state = any(${sql.val(known)}::text[]))))`,
    )
    .select([
      'handover.id as handover',
      'handover.customerId as customer',
      'customer.restrictedAt',
      'leaver.name as from',
      'transfer.state as transfer',
      'transfer.submittedAt',
      'transfer.takeoverAt',
      'transfer.settledAt',
      'transfer.errcode',
      'notice.state as notice',
      'notice.sentAt',
      'notice.openedAt',
      'notice.answeredAt',
    ])
    .select(
      sql<Date | null>`case when transfer_batch.answered_at is null then transfer_batch.sent_at end`.as('calledAt'),
    )
    .select(objectionOpen.as('objectionOpen'))

export const inheritedHandover = async (db: Db, successorId: string, handoverId: string) =>
  unrestricted(await inheritedBy(db, successorId).where('handover.id', '=', handoverId).executeTakeFirst())

export const inheritedCustomer = async (db: Db, successorId: string, customerId: string) =>
  unrestricted(await inheritedBy(db, successorId).where('handover.customerId', '=', customerId).executeTakeFirst())

/** A customer who asked for restriction is stored and nothing else: no read to serve them (PIPL 44, compliance L24). */
export function unrestricted<R extends { restrictedAt: Date | null } | undefined>(row: R): R {
  if (row?.restrictedAt) throw new Failure('restricted')
  return row
}

export const objectionOpen = sql<boolean>`exists (
  select 1 from objection where objection.handover_id = handover.id and objection.handled_at is null and objection.origin = 'page')`

export interface StandingRow {
  handover: string
  transfer: string
  notice: string
  submittedAt: Date | null
  takeoverAt: Date | null
  settledAt: Date | null
  sentAt: Date | null
  openedAt: Date | null
  answeredAt: Date | null
  errcode: number | null
  /** When a call was made whose answer is missing. */
  calledAt: Date | null
  objectionOpen: boolean
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

const machines = (row: StandingRow): Standing => ({
  transfer: row.transfer as TransferState,
  notice: row.notice as NoticeState,
  objectionOpen: row.objectionOpen,
  calledAt: iso(row.calledAt),
  takeoverAt: iso(row.takeoverAt),
  submittedAt: iso(row.submittedAt),
})

export const stageOfRow = (row: StandingRow) => stageOf(machines(row))

/** What people are shown of a row: the machines as they are, and the one label derived from them. */
export function standingOf(row: StandingRow, now: Date): z.output<typeof standing> {
  const s = machines(row)
  return {
    handover: row.handover,
    label: labelOf(s, now),
    transfer: s.transfer,
    notice: s.notice,
    submittedAt: s.submittedAt,
    takeoverAt: s.takeoverAt,
    settledAt: iso(row.settledAt),
    sentAt: iso(row.sentAt),
    openedAt: iso(row.openedAt),
    answeredAt: iso(row.answeredAt),
    errcode: row.errcode,
  }
}
