import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'
import type { Approved } from './write'

const among = (ids: readonly string[]) => sql<string>`any(${sql.val(ids)}::text[])`

/** Approved, and no call is written for them yet. Whoever comes second leaves them to the first. */
export const approvedWithoutBatch = (tx: Tx, limit: number) =>
  tx
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .select(['transfer.handoverId', 'transfer.planId', 'departure.memberId as leaverId', 'transfer.successorId'])
    .where('transfer.state', '=', 'approved')
    .where('transfer.batchId', 'is', null)
    .where('transfer.planId', 'is not', null)
    .where('transfer.successorId', 'is not', null)
    .orderBy('transfer.handoverId')
    .limit(limit)
    .forNoKeyUpdate('transfer')
    .skipLocked()
    .$narrowType<Approved>()
    .execute()

interface NewBatch {
  id: string
  planId: string
  leaverId: string
  successorId: string
  handovers: readonly string[]
}

export async function addBatches(tx: Tx, batches: readonly NewBatch[], at: Date): Promise<void> {
  if (!batches.length) return
  const values = batches.map(({ handovers: _, ...b }) => ({ ...b, state: 'written', writtenAt: at }))
  await tx.insertInto('transferBatch').values(values).execute()
}

export async function linkToBatches(tx: Tx, batches: readonly NewBatch[]): Promise<void> {
  const links = batches.flatMap((b) => b.handovers.map((handover) => ({ handover, batch: b.id })))
  await sql`
    update transfer set batch_id = v.batch
      from jsonb_to_recordset(${JSON.stringify(links)}::jsonb) as v (handover text, batch text)
     where transfer.handover_id = v.handover`.execute(tx)
}

const toSend = (db: Db, refusedBefore: Date) =>
  db
    .selectFrom('transferBatch')
    .where('transferBatch.state', '=', 'written')
    .where((eb) => eb.or([eb('answeredAt', 'is', null), eb('answeredAt', '<=', refusedBefore)]))

export const successorsToServe = (db: Db, refusedBefore: Date) =>
  toSend(db, refusedBefore).select('successorId').distinct().orderBy('successorId').execute()

export const nextBatch = (db: Db, successorId: string, refusedBefore: Date) =>
  toSend(db, refusedBefore)
    .innerJoin('member as leaver', 'leaver.id', 'transferBatch.leaverId')
    .innerJoin('member as successor', 'successor.id', 'transferBatch.successorId')
    .select(['transferBatch.id', 'leaver.userid as leaver', 'successor.userid as successor'])
    .where('transferBatch.successorId', '=', successorId)
    .orderBy('transferBatch.id')
    .limit(1)
    .executeTakeFirst()

export const approvedInBatch = (db: Db, batchId: string) =>
  db
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .select(['transfer.handoverId', 'handover.customerId'])
    .where('transfer.batchId', '=', batchId)
    .where('transfer.state', '=', 'approved')
    .orderBy('transfer.handoverId')
    .execute()

/** `sent_at` without `answered_at` is what people see as 待核对. */
export const markSent = (tx: Tx, batchId: string, at: Date) =>
  tx
    .updateTable('transferBatch')
    .set({ state: 'sent', sentAt: at, answeredAt: null, errcode: null })
    .where('id', '=', batchId)
    .where('state', '=', 'written')
    .returning('id')
    .executeTakeFirstOrThrow()

export async function unsend(tx: Tx, batchId: string, errcode: number | null, at: Date): Promise<void> {
  const back = { state: 'written', sentAt: null, answeredAt: at, errcode }
  await tx.updateTable('transferBatch').set(back).where('id', '=', batchId).execute()
  await tx.updateTable('transfer').set({ errcode }).where('batchId', '=', batchId).execute()
}

export const noteErrcode = (tx: Tx, batchId: string, errcode: number) =>
  tx.updateTable('transferBatch').set({ errcode }).where('id', '=', batchId).execute()

/** The next run writes a new call for them. */
export async function detach(tx: Tx, handoverIds: readonly string[]): Promise<void> {
  if (!handoverIds.length) return
  await tx
    .updateTable('transfer')
    .set({ batchId: null, askedAt: null })
    .where('handoverId', '=', among(handoverIds))
    .where('state', '=', 'approved')
    .execute()
}

/** A batch is answered when nobody in it waits for WeCom's answer any more, and settled when nobody waits for a result. */
export async function closeBatches(tx: Tx, batchIds: readonly string[], at: Date): Promise<void> {
  if (!batchIds.length) return
  await sql`
    update transfer_batch b
       set state = case when w.waiting then 'answered' else 'settled' end, answered_at = coalesce(b.answered_at, ${at})
      from (select b2.id,
                   exists (select 1 from transfer t where t.batch_id = b2.id and t.state = 'approved') as unanswered,
                   exists (select 1 from transfer t where t.batch_id = b2.id and t.state in ('submitted', 'waiting')) as waiting
              from transfer_batch b2 where b2.id = ${among(batchIds)}) w
     where b.id = w.id and b.state in ('sent', 'answered') and not w.unanswered`.execute(tx)
}

/** Open at WeCom: sent without an answer, submitted, or waiting. */
const atWeCom = (db: Db) =>
  db
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .leftJoin('transferBatch', 'transferBatch.id', 'transfer.batchId')
    .where('transfer.state', 'in', ['approved', 'submitted', 'waiting'])
    .where((eb) => eb.or([eb('transfer.state', '!=', 'approved'), eb('transferBatch.state', '=', 'sent')]))

/**
 * Often while something is about to happen, seldom while nothing can: every minute within 10 minutes of the sending and of
 * the takeover WeCom has announced, every 5 minutes within an hour, then every hour, after three days once a day. The
 * seconds taken off leave room for a clock that ticks every minute. An event sets `asked_at` to null: now.
 */
const due = (now: Date) => sql<boolean>`
  transfer.asked_at is null or transfer.asked_at <= ${now}::timestamptz + interval '10 seconds' - case
    when least(abs(extract(epoch from ${now}::timestamptz - coalesce(transfer.submitted_at, transfer_batch.sent_at))),
               abs(extract(epoch from ${now}::timestamptz - transfer.takeover_at))) <= 600 then interval '1 minute'
    when least(abs(extract(epoch from ${now}::timestamptz - coalesce(transfer.submitted_at, transfer_batch.sent_at))),
               abs(extract(epoch from ${now}::timestamptz - transfer.takeover_at))) <= 3600 then interval '5 minutes'
    when ${now}::timestamptz - coalesce(transfer.submitted_at, transfer_batch.sent_at) <= interval '3 days' then interval '1 hour'
    else interval '1 day' end`

export const pairsToAsk = (db: Db, now: Date) =>
  atWeCom(db)
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .innerJoin('member as successor', 'successor.id', 'transfer.successorId')
    .select(['leaver.id as leaverId', 'leaver.userid as leaver'])
    .select(['successor.id as successorId', 'successor.userid as successor'])
    .where((eb) => eb.parens(due(now)))
    .distinct()
    .orderBy('leaver.id')
    .orderBy('successor.id')
    .execute()

export const openTransfers = (db: Db, leaverId: string, successorId: string) =>
  atWeCom(db)
    .select([
      'transfer.handoverId',
      'handover.customerId',
      'transfer.state',
      'transfer.batchId',
      'transferBatch.sentAt',
    ])
    .where('departure.memberId', '=', leaverId)
    .where('transfer.successorId', '=', successorId)
    .orderBy('transfer.handoverId')
    .execute()

export async function markAsked(tx: Tx, handoverIds: readonly string[], at: Date): Promise<void> {
  if (!handoverIds.length) return
  await tx.updateTable('transfer').set({ askedAt: at }).where('handoverId', '=', among(handoverIds)).execute()
}
