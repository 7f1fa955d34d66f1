import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'
import { leaverFor, type Reader } from '../db/scope'

/** Nothing comes back when somebody looked just now; of two at once the second waits and then comes too late. */
export const takeLook = (tx: Tx, departureId: string, at: Date, before: Date) =>
  tx
    .updateTable('departure')
    .set({ checkedAt: at })
    .where('id', '=', departureId)
    .where((eb) => eb.or([eb('checkedAt', 'is', null), eb('checkedAt', '<=', before)]))
    .returning('id')
    .executeTakeFirst()

export async function askAll(tx: Tx, departureId: string): Promise<void> {
  const handovers = tx.selectFrom('handover').select('id').where('departureId', '=', departureId)
  await tx
    .updateTable('transfer')
    .set({ askedAt: null })
    .where('state', 'in', ['approved', 'submitted', 'waiting'])
    .where('handoverId', 'in', handovers)
    .execute()
  await tx
    .updateTable('transferBatch')
    .set({ nextTryAt: null })
    .where('state', '=', 'written')
    .where('id', 'in', tx.selectFrom('transfer').select('batchId').where('handoverId', 'in', handovers))
    .execute()
}

export type OpenCallRow = NonNullable<Awaited<ReturnType<typeof openCall>>>

/** The last call that was made for a handover, if there is one. */
export const openCall = (db: Db, handoverId: string, reader: Reader) =>
  db
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .innerJoin('customer', 'customer.id', 'handover.customerId')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .leftJoin('member as successor', 'successor.id', 'transfer.successorId')
    .leftJoin('transferBatch', 'transferBatch.id', 'transfer.batchId')
    .select(['handover.id as handover', 'customer.name', 'leaver.name as leaver'])
    .select(['successor.name as successor', 'successor.id as successorId'])
    .select(['transfer.state', 'transfer.submittedAt', 'transfer.batchId'])
    .select(['transferBatch.sentAt', 'transferBatch.answeredAt', 'transferBatch.flow'])
    .where('handover.id', '=', handoverId)
    .where(leaverFor(reader))
    .executeTakeFirst()

/** Held, so that the approval, the sending and a withdrawal of a plan follow each other. */
export const planInScope = (tx: Tx, id: string, reader: Reader) =>
  tx
    .selectFrom('plan')
    .innerJoin('departure', 'departure.id', 'plan.departureId')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .select(['plan.id', 'plan.state'])
    .where('plan.id', '=', id)
    .where(leaverFor(reader))
    .forNoKeyUpdate('plan')
    .executeTakeFirst()

export const approvedOf = async (tx: Tx, planId: string): Promise<string[]> => {
  const approved = await tx
    .selectFrom('transfer')
    .select('handoverId')
    .where('planId', '=', planId)
    .where('state', '=', 'approved')
    .orderBy('handoverId')
    .execute()
  return approved.map((t) => t.handoverId)
}

/** Everybody of a plan whose call was made, whatever came of it. */
export const sentOf = async (tx: Tx, planId: string): Promise<number> => {
  const { n } = await tx
    .selectFrom('transfer')
    .innerJoin('transferBatch', 'transferBatch.id', 'transfer.batchId')
    .select(sql<number>`count(*)`.as('n'))
    .where('transfer.planId', '=', planId)
    .where('transferBatch.state', '!=', 'written')
    .executeTakeFirstOrThrow()
  return n
}
