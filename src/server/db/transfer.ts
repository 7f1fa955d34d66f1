import { sql } from 'kysely'
import type { HistoryKind } from '../../shared/history'
import { nextTransferState, type TransferEvent, type TransferState } from '../../shared/transfer'
import type { Audit } from './act'
import { addHistory, type NewHistory } from './history'
import type { Db, Tx } from './open'

/** What stands beside the state, and may change with it. */
export interface TransferFacts {
  planId: string | null
  successorId: string | null
  batchId: string | null
  submittedAt: Date | null
  takeoverAt: Date | null
  settledAt: Date | null
  askedAt: Date | null
  errcode: number | null
}

export interface TransferMove {
  handoverId: string
  event: TransferEvent
  set?: Partial<TransferFacts>
}

export interface Moved {
  handoverId: string
  customerId: string
  successorId: string | null
  event: TransferEvent
  from: TransferState
  to: TransferState
}

export interface NotMoved {
  handoverId: string
  event: TransferEvent
  /** null: there is no such transfer. */
  state: TransferState | null
}

/** When it happened, and where new ids come from. */
export interface Moment {
  at: Date
  id(): string
}

const noAttempt = { batchId: null, submittedAt: null, takeoverAt: null, settledAt: null, askedAt: null, errcode: null }
const noPlan = { ...noAttempt, planId: null, successorId: null }

/** A new attempt starts clean; what came of the one before stands in the history and in the audit log. */
const forgets: Partial<Record<TransferEvent, Partial<TransferFacts>>> = {
  plan: noAttempt,
  discard: noPlan,
  cancel: noPlan,
  leaver_left: noPlan,
}

/** What WeCom did belongs into the customer's history; what only planners did does not. */
const stories: Partial<Record<TransferEvent, HistoryKind>> = {
  accepted_by_wecom: 'transfer.started',
  refused_by_wecom: 'transfer.failed',
  result_taken_over: 'transfer.taken_over',
  result_refused: 'transfer.refused',
  result_limit: 'transfer.limit',
}

/**
 * Moves transfers by their machine: locks their rows (always in the same order, so that two movers never wait for each
 * other), asks the machine, writes state, audit and history. Several moves of one handover follow each other. A move the
 * machine does not allow changes nothing and is reported: what it means is for the caller to say. A few statements,
 * however many moves (compliance 5.1).
 */
export async function moveTransfers(
  tx: Tx,
  audit: Audit,
  moment: Moment,
  moves: readonly TransferMove[],
): Promise<{ moved: Moved[]; refused: NotMoved[] }> {
  const held = new Map(
    (await holdTransfers(tx, [...new Set(moves.map((m) => m.handoverId))])).map((r) => [r.handoverId, r]),
  )
  const moved: (Moved & { errcode: number | null })[] = []
  const refused: NotMoved[] = []
  for (const { handoverId, event, set } of moves) {
    const row = held.get(handoverId)
    const to = row ? nextTransferState(row.state as TransferState, event) : null
    if (!row || !to) {
      refused.push({ handoverId, event, state: row ? (row.state as TransferState) : null })
      continue
    }
    const from = row.state as TransferState
    Object.assign(row, forgets[event], set, { state: to })
    moved.push({
      handoverId,
      customerId: row.customerId,
      successorId: row.successorId,
      event,
      from,
      to,
      errcode: row.errcode,
    })
    audit('transfer.moved', handoverId, { event, from, to })
  }
  const changed = [...new Set(moved.map((m) => m.handoverId))].flatMap((handoverId) => held.get(handoverId) ?? [])
  await writeTransfers(tx, changed)
  await tellHistory(tx, moment, moved)
  return { moved, refused }
}

/**
 * Who refused a transfer on the job stayed with the leaver; now that the leaver is gone the handover begins anew. Only a
 * person plans it again, and not for somebody who was refused (table `refusal`).
 */
export async function reopenRefusedOnJob(tx: Tx, audit: Audit, moment: Moment, departureId: string): Promise<void> {
  const refused = await tx
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .innerJoin('transferBatch', 'transferBatch.id', 'transfer.batchId')
    .select('transfer.handoverId')
    .where('handover.departureId', '=', departureId)
    .where('transfer.state', '=', 'refused')
    .where('transferBatch.flow', '=', 'onjob')
    .execute()
  const moves = refused.map(({ handoverId }) => ({ handoverId, event: 'leaver_left' as const }))
  if (moves.length) await moveTransfers(tx, audit, moment, moves)
}

/** Something happened at WeCom to this customer of this successor: the next look at the results shall not wait. */
export const askSoon = (db: Db, customerId: string, successorId: string) =>
  db
    .updateTable('transfer')
    .set({ askedAt: null })
    .where('state', 'in', ['approved', 'submitted', 'waiting'])
    .where('successorId', '=', successorId)
    .where('handoverId', 'in', (eb) => eb.selectFrom('handover').select('id').where('customerId', '=', customerId))
    .execute()

const holdTransfers = async (tx: Tx, handoverIds: readonly string[]) =>
  handoverIds.length
    ? tx
        .selectFrom('transfer')
        .innerJoin('handover', 'handover.id', 'transfer.handoverId')
        .selectAll('transfer')
        .select('handover.customerId')
        .where('transfer.handoverId', '=', sql<string>`any(${sql.val(handoverIds)}::text[])`)
        .orderBy('transfer.handoverId')
        .forNoKeyUpdate('transfer')
        .execute()
    : []

type Held = Awaited<ReturnType<typeof holdTransfers>>[number]

async function writeTransfers(tx: Tx, rows: readonly Held[]): Promise<void> {
  if (!rows.length) return
  const json = JSON.stringify(
    rows.map((r) => ({
      handover_id: r.handoverId,
      state: r.state,
      plan_id: r.planId,
      successor_id: r.successorId,
      batch_id: r.batchId,
      submitted_at: r.submittedAt,
      takeover_at: r.takeoverAt,
      settled_at: r.settledAt,
      asked_at: r.askedAt,
      errcode: r.errcode,
    })),
  )
  await sql`
    update transfer
       set state = v.state, plan_id = v.plan_id, successor_id = v.successor_id, batch_id = v.batch_id, errcode = v.errcode,
           submitted_at = v.submitted_at, takeover_at = v.takeover_at, settled_at = v.settled_at, asked_at = v.asked_at
      from jsonb_to_recordset(${json}::jsonb) as v (
           handover_id text, state text, plan_id text, successor_id text, batch_id text, errcode integer,
           submitted_at timestamptz, takeover_at timestamptz, settled_at timestamptz, asked_at timestamptz)
     where transfer.handover_id = v.handover_id`.execute(tx)
}

async function tellHistory(tx: Tx, { at, id }: Moment, moved: readonly (Moved & { errcode: number | null })[]) {
  const told = moved.filter((m) => stories[m.event])
  if (!told.length) return
  const ids = [...new Set(told.flatMap((m) => m.successorId ?? []))]
  const members = ids.length
    ? await tx.selectFrom('member').select(['id', 'name']).where('id', 'in', ids).execute()
    : []
  const names = new Map(members.map((m) => [m.id, m.name]))
  await addHistory(
    tx,
    told.map((m): NewHistory => {
      const successor = names.get(m.successorId ?? '') ?? ''
      const kind = stories[m.event] as HistoryKind
      const body = kind === 'transfer.failed' ? { successor, errcode: m.errcode ?? 0 } : { successor }
      return { id: id(), customerId: m.customerId, at, authorId: null, source: 'wecom', kind, body }
    }),
  )
}
