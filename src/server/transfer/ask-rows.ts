import { sql } from 'kysely'
import { passerGone, passerId } from '../db/handover'
import { among } from './among'
import type { Db, Tx } from '../db/open'
import type { Flow } from './write'

/** Open at WeCom: sent without an answer, submitted, or waiting. */
const atWeCom = (db: Db) =>
  db
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .innerJoin('transferBatch', 'transferBatch.id', 'transfer.batchId')
    .where('transfer.state', 'in', ['approved', 'submitted', 'waiting'])
    .where((eb) => eb.or([eb('transfer.state', '!=', 'approved'), eb('transferBatch.state', '=', 'sent')]))

/** Whether WeCom's events reach us at all: then what customers do before the 24 hours are over is heard. */
const heard = (now: Date) => sql<boolean>`exists (
  select 1 from wecom_event where source = 'app' and received_at > ${now}::timestamptz - interval '7 days')`

/** When WeCom takes over by itself, as it said itself or as it follows from our call. */
const ends = sql`coalesce(transfer.takeover_at, transfer.submitted_at + interval '24 hours')`

/**
 * When somebody is asked about (README "How often"). Calls without an answer: every minute, for an hour every five, then
 * seldom. The others: once after the sending, once when the 24 hours are over, and if something is still open then, more
 * and more seldom; before that only after an event (ten seconds apart, because they come in crowds), or every hour where no
 * events come. The seconds taken off leave room for a clock that ticks every minute.
 */
const due = (now: Date) => {
  const at = sql`${now}::timestamptz`
  const asked = (interval: string) =>
    sql`transfer.asked_at <= ${at} + interval '10 seconds' - interval ${sql.lit(interval)}`
  return sql<boolean>`(transfer.asked_at is null
    or (transfer.hinted_at >= transfer.asked_at and ${asked('20 seconds')})
    or case
      when transfer.state = 'approved' then case
        when ${at} - transfer_batch.sent_at <= interval '8 minutes' then ${asked('1 minute')}
        when ${at} - transfer_batch.sent_at <= interval '1 hour' then ${asked('5 minutes')}
        when ${at} - transfer_batch.sent_at <= interval '3 days' then ${asked('1 hour')}
        else ${asked('1 day')} end
      when ${at} < ${ends} then not ${heard(now)} and ${asked('1 hour')}
      else transfer.asked_at < ${ends} or case
        when ${at} - ${ends} <= interval '1 hour' then ${asked('5 minutes')}
        when ${at} - ${ends} <= interval '3 days' then ${asked('1 hour')}
        else ${asked('1 day')} end
    end)`
}

const pairs = (db: Db) =>
  atWeCom(db)
    .innerJoin('member as leaver', (join) => join.on('leaver.id', '=', passerId))
    .innerJoin('member as successor', 'successor.id', 'transfer.successorId')
    .select(['leaver.id as leaverId', 'leaver.userid as leaver'])
    .select(['successor.id as successorId', 'successor.userid as successor'])
    .select(sql<Flow>`transfer_batch.flow`.as('flow'))

export const pairsToAsk = (db: Db, now: Date) =>
  pairs(db).where(due(now)).distinct().orderBy('leaverId').orderBy('successorId').orderBy('flow').execute()

export type Pair = Awaited<ReturnType<typeof pairsToAsk>>[number]

export const pairOf = (db: Db, handoverId: string): Promise<Pair | undefined> =>
  pairs(db).where('transfer.handoverId', '=', handoverId).executeTakeFirst()

export const openTransfers = (db: Db, { leaverId, successorId, flow }: Pair) =>
  atWeCom(db)
    .select(['transfer.handoverId', 'handover.customerId', 'transfer.successorId', 'transfer.state'])
    .select(['transfer.batchId', 'transfer.submittedAt', 'transfer.errcode', 'transfer.fullBefore'])
    .select(['transferBatch.sentAt', passerGone.as('gone')])
    .select(
      sql<Date>`case when handover.from_id is null then least(departure.left_at, departure.noticed_at)
        else handover.created_at end`.as('since'),
    )
    .select(sql<Date>`coalesce(transfer.submitted_at, transfer_batch.sent_at) + interval '24 hours'`.as('endsAt'))
    .where(passerId, '=', leaverId)
    .where('transfer.successorId', '=', successorId)
    .where('transferBatch.flow', '=', flow)
    .orderBy('transfer.handoverId')
    .execute()

export async function markAsked(tx: Tx, handoverIds: readonly string[], at: Date): Promise<void> {
  if (!handoverIds.length) return
  await tx.updateTable('transfer').set({ askedAt: at }).where('handoverId', '=', among(handoverIds)).execute()
}

/** Which of these, as far as we know, have left the corp. */
export const leftAmong = async (db: Db, userids: readonly string[]): Promise<string[]> => {
  const left = await db
    .selectFrom('member')
    .select('userid')
    .where('userid', '=', among(userids))
    .where('status', '=', 'left')
    .execute()
  return left.map((m) => m.userid)
}

/** Who took this customer over in other handovers of ours. */
export const tookOver = async (db: Db, customerId: string, beside: string): Promise<string[]> => {
  const others = await db
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .innerJoin('member', 'member.id', 'transfer.successorId')
    .select('member.userid')
    .where('handover.customerId', '=', customerId)
    .where('handover.id', '!=', beside)
    .where('transfer.state', '=', 'taken_over')
    .execute()
  return others.map((m) => m.userid)
}

export const memberIds = async (db: Db, userids: readonly string[]): Promise<Map<string, string>> => {
  const found = await db.selectFrom('member').select(['id', 'userid']).where('userid', '=', among(userids)).execute()
  return new Map(found.map((m) => [m.userid, m.id]))
}
