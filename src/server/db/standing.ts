import { createHash } from 'node:crypto'
import { sql, type RawBuilder } from 'kysely'
import type { Stage } from '../../shared/access'
import { missingBases, type Basis } from '../../shared/basis'
import type { standing } from '../../shared/customer'
import { chinaDay } from '../../shared/day'
import { Failure } from '../../shared/failure'
import { labelOf, stageOf, type Choice, type Standing } from '../../shared/handover'
import type { NoticeState } from '../../shared/notice'
import type { TransferState } from '../../shared/transfer'
import type * as z from 'zod/mini'
import { consentRows, consentsIn, guardianAgreed, type Held } from './consented'
import { basesHeld, kindOf } from './ground'
import { passerId } from './handover'
import type { Db } from './open'
import type { Sight } from '../lib/cut'

/** From the approval on, the successor knows of a handover; what WeCom gave back to planning is not theirs any more. */
const known: readonly TransferState[] = ['approved', 'submitted', 'waiting', 'taken_over', 'refused']

/** Handovers, with all that tells how they stand. Add a `where` to it. */
export const handoversIn = (db: Db) =>
  db
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .innerJoin('member as leaver', (join) => join.on('leaver.id', '=', passerId))
    .innerJoin('customer', 'customer.id', 'handover.customerId')
    .innerJoin('notice', 'notice.handoverId', 'handover.id')
    .leftJoin('transferBatch', 'transferBatch.id', 'transfer.batchId')
    .select([
      'handover.id as handover',
      'handover.customerId as customer',
      'customer.restrictedAt',
      'transfer.successorId as successor',
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
    .select([objectionOpen.as('objectionOpen'), consentRows.as('consents'), childOf.as('child')])
    .select(['customer.kind', basesHeld.as('bases')])

/**
 * The handovers somebody stands to as successor: the newest of each customer, and none of a customer they have themselves
 * handed on since (who is hired again does not get old rights back, compliance 6.5); that their own leaving is announced
 * takes nothing from them. Add a `where` to it.
 */
export const inheritedBy = (db: Db, successorId: string) =>
  handoversIn(db)
    .where('transfer.successorId', '=', successorId)
    .where('transfer.state', 'in', known)
    .where(notHandedOn(sql.val(successorId)))

/** The same of everybody at once: each handover that is its successor's now. */
export const allInherited = (db: Db) =>
  handoversIn(db)
    .where('transfer.state', 'in', known)
    .where(notHandedOn(sql.ref('transfer.successorId')))

const notHandedOn = (successor: RawBuilder<unknown>) =>
  sql<boolean>`not exists (
        select 1
          from handover later
          join departure gone on gone.id = later.departure_id
          join transfer again on again.handover_id = later.id
         where later.customer_id = handover.customer_id
           and (later.created_at, later.id) > (handover.created_at, handover.id)
           and ((coalesce(later.from_id, gone.member_id) = ${successor}
                and ((gone.gone and later.from_id is null) or again.state in ('taken_over', 'elsewhere')))
                or (again.successor_id = ${successor} and again.state = any(${sql.val(known)}::text[]))))`

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

/** null: no child. Until when this successor is approved; null in it: not, or not any more. */
interface Child {
  approvedUntil: string | null
}
const childOf = sql<Child | null>`(
  select json_build_object('approvedUntil', (
           select a.until from child_access a
            where a.customer_id = child.customer_id and a.member_id = transfer.successor_id
            order by a.decided_at desc, a.id desc limit 1))
    from child where child.customer_id = handover.customer_id)`

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
  /** Where one successor reads: who it is, what the customer answered, and whether it is a child. */
  successor?: string | null
  consents?: readonly Held[]
  child?: Child | null
  /** Where it is read: what the customer is, and the whole register of legal bases as it is now. */
  kind?: string
  bases?: readonly Basis[]
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

const machines = (row: StandingRow, now: Date): Standing => ({
  transfer: row.transfer as TransferState,
  notice: row.notice as NoticeState,
  objectionOpen: row.objectionOpen,
  calledAt: iso(row.calledAt),
  takeoverAt: iso(row.takeoverAt),
  submittedAt: iso(row.submittedAt),
  choice: choiceOf(row, now),
  guarded: isGuarded(row, now),
  baseless: isBaseless(row, now),
})

/** Open until a guardian agrees to this colleague and somebody of compliance has approved them, each for a time (T-66). */
function isGuarded({ child, successor, consents = [] }: StandingRow, now: Date): boolean {
  if (!child || !successor) return false
  const approved = child.approvedUntil !== null && now < new Date(child.approvedUntil)
  return !approved || !guardianAgreed(consents, successor, now)
}

/** What was passed on while a basis held stays where it is; what is shown of it needs one today (T-07). */
const isBaseless = ({ kind, bases }: StandingRow, now: Date): boolean =>
  bases !== undefined && missingBases(kindOf(kind), bases, chinaDay(now)).length > 0

const answersOf = ({ successor, consents = [] }: StandingRow, now: Date) =>
  successor ? consentsIn(consents, successor, now) : {}

function choiceOf(row: StandingRow, now: Date): Choice {
  const answers = Object.values(answersOf(row, now))
  const mine = (row.consents ?? []).filter((c) => c.subjectId === row.successor)
  if (mine.some((c) => c.state === 'requested' || c.state === 'unanswered')) return 'asked'
  return answers.includes('given') ? 'agreed' : answers.length ? 'declined' : null
}

export const stageOfRow = (row: StandingRow, now: Date): Stage => stageOf(machines(row, now), answersOf(row, now))

/** With whose eyes the successor sees this customer now. */
export const sightOfRow = (row: StandingRow, now: Date): Sight & { who: 'successor' } => ({
  who: 'successor',
  stage: stageOfRow(row, now),
  consents: answersOf(row, now),
})

/** With whose eyes a member sees a customer of their own, nothing inherited. */
export const ownSight = ({ leaving }: { leaving: boolean }): Sight => ({
  who: leaving ? 'departing' : 'serving',
  stage: 'V2',
})

/** What people are shown of a row: the machines as they are, and the one label derived from them. */
export function standingOf(row: StandingRow, now: Date): z.output<typeof standing> {
  const s = machines(row, now)
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

/** Of everything that decides what a page of this customer may show: when it changes, the page asks anew. */
export function markOf(row: StandingRow, now: Date): string {
  const told = [stageOfRow(row, now), row.notice, ...(row.consents ?? []).map((c) => `${c.purpose} ${c.state}`).sort()]
  return createHash('sha256').update(told.join('\n')).digest('hex').slice(0, 32)
}
