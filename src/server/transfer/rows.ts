import { sql } from 'kysely'
import { passerGone, passerId } from '../db/handover'
import { among } from './among'
import type { Db, Tx } from '../db/open'
import type { Approved, Flow } from './write'

/** Approved, and no call is written for them yet. Whoever comes second leaves them to the first. */
export const approvedWithoutBatch = (tx: Tx, limit: number) =>
  tx
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .select(['transfer.handoverId', 'transfer.planId', passerId.as('leaverId'), 'transfer.successorId'])
    .select(sql<Flow>`case when ${passerGone} then 'resigned' else 'onjob' end`.as('flow'))
    .where('transfer.state', '=', 'approved')
    .where('transfer.batchId', 'is', null)
    .where('transfer.planId', 'is not', null)
    .where('transfer.successorId', 'is not', null)
    // Whose leaving was announced and withdrawn stays: nothing more of theirs goes out.
    .where((eb) =>
      eb.or([
        eb('departure.gone', '=', true),
        eb('departure.endedAt', 'is', null),
        eb('handover.fromId', 'is not', null),
      ]),
    )
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
  flow: Flow
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

const toSend = (db: Db, now: Date) =>
  db
    .selectFrom('transferBatch')
    .where('transferBatch.state', '=', 'written')
    .where((eb) => eb.or([eb('nextTryAt', 'is', null), eb('nextTryAt', '<=', now)]))

export const successorsToServe = (db: Db, now: Date) =>
  toSend(db, now).select('successorId').distinct().orderBy('successorId').execute()

export const nextBatch = (db: Db, successorId: string, now: Date) =>
  toSend(db, now)
    .innerJoin('member as leaver', 'leaver.id', 'transferBatch.leaverId')
    .innerJoin('member as successor', 'successor.id', 'transferBatch.successorId')
    .select(['transferBatch.id', 'transferBatch.flow', 'transferBatch.tries', 'transferBatch.successorId'])
    .select(['leaver.userid as leaver', 'leaver.name as leaverName'])
    .select(['successor.userid as successor', 'successor.name as successorName'])
    .where('transferBatch.successorId', '=', successorId)
    .orderBy('transferBatch.id')
    .limit(1)
    .executeTakeFirst()

/** Who is to be sent, held until the end of the transaction, in the order in which everybody takes these locks. */
export const holdApproved = (tx: Tx, batchId: string) =>
  tx
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .select(['transfer.handoverId', 'handover.customerId', passerGone.as('gone'), 'departure.leftAt'])
    .where('transfer.batchId', '=', batchId)
    .where('transfer.state', '=', 'approved')
    .orderBy('transfer.handoverId')
    .forNoKeyUpdate('transfer')
    .execute()

/** `sent_at` without `answered_at` is what people see as not answered yet. */
export const markSent = (tx: Tx, batchId: string, flow: Flow, at: Date) =>
  tx
    .updateTable('transferBatch')
    .set({ state: 'sent', flow, sentAt: at, answeredAt: null, nextTryAt: null, errcode: null })
    .where('id', '=', batchId)
    .where('state', '=', 'written')
    .returning('id')
    .executeTakeFirstOrThrow()

export interface Hold {
  errcode: number | null
  nextTryAt: Date
  tries: number
}

/** The call had no effect: as if only written down. */
export async function unsend(tx: Tx, batchId: string, hold: Hold): Promise<void> {
  const back = { state: 'written', sentAt: null, answeredAt: null, ...hold }
  await tx.updateTable('transferBatch').set(back).where('id', '=', batchId).execute()
  await tx
    .updateTable('transfer')
    .set({ errcode: hold.errcode })
    .where('batchId', '=', batchId)
    .where('state', '=', 'approved')
    .execute()
}

/** What holds one call of a successor back holds the others back, too. */
export async function holdOthers(tx: Tx, successorId: string, hold: Hold): Promise<void> {
  const held = await tx
    .updateTable('transferBatch')
    .set({ nextTryAt: hold.nextTryAt, errcode: hold.errcode })
    .where('successorId', '=', successorId)
    .where('state', '=', 'written')
    .returning('id')
    .execute()
  await tx
    .updateTable('transfer')
    .set({ errcode: hold.errcode })
    .where('batchId', '=', among(held.map((b) => b.id)))
    .where('state', '=', 'approved')
    .execute()
}

export const noteErrcode = (tx: Tx, batchId: string, errcode: number) =>
  tx.updateTable('transferBatch').set({ errcode }).where('id', '=', batchId).execute()

/** WeCom said this of them and means that something else must be looked at first. */
export async function noteFates(tx: Tx, handoverIds: readonly string[], errcode: number): Promise<void> {
  if (!handoverIds.length) return
  await tx
    .updateTable('transfer')
    .set({ errcode })
    .where('handoverId', '=', among(handoverIds))
    .where('state', '=', 'approved')
    .execute()
}

/** The next run writes a new call for them. */
export async function detach(tx: Tx, handoverIds: readonly string[]): Promise<void> {
  if (!handoverIds.length) return
  await tx
    .updateTable('transfer')
    .set({ batchId: null, askedAt: null, errcode: null })
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
