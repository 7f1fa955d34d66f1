import { sql } from 'kysely'
import type { HistoryKind } from '../../shared/history'
import { nextTransferState, type TransferEvent, type TransferState } from '../../shared/transfer'
import type { Audit } from './act'
import { addHistory, type NewHistory } from './history'
import { followMoves } from './objection'
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
  hintedAt: Date | null
  errcode: number | null
}

export interface TransferMove {
  handoverId: string
  event: TransferEvent
  set?: Partial<TransferFacts>
  /** Of `moved_elsewhere`: our id of who has the customer now, as far as WeCom shows it. */
  by?: string | null
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
  /** The member who said so; otherwise it was WeCom. */
  author?: string
}

const noAttempt = {
  batchId: null,
  submittedAt: null,
  takeoverAt: null,
  settledAt: null,
  askedAt: null,
  hintedAt: null,
  errcode: null,
}
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
  result_void: 'transfer.void',
  moved_elsewhere: 'transfer.elsewhere',
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
  const moved: Story[] = []
  const refused: NotMoved[] = []
  for (const { handoverId, event, set, by = null } of moves) {
    const row = held.get(handoverId)
    const to = row ? nextTransferState(row.state as TransferState, event) : null
    if (!row || !to) {
      refused.push({ handoverId, event, state: row ? (row.state as TransferState) : null })
      continue
    }
    const from = row.state as TransferState
    Object.assign(row, forgets[event], remembered(event, row), set, { state: to })
    // Whoever has the customer now stands beside the state, not the one whom we had planned.
    if (event === 'moved_elsewhere') row.successorId = by
    const { customerId, successorId, errcode, flow, fromId } = row
    moved.push({ handoverId, customerId, successorId, event, from, to, errcode, flow, fromId })
    audit('transfer.moved', handoverId, { event, from, to, ...(event === 'moved_elsewhere' ? { by } : {}) })
  }
  const changed = [...new Set(moved.map((m) => m.handoverId))].flatMap((handoverId) => held.get(handoverId) ?? [])
  await writeTransfers(tx, changed)
  await tellHistory(tx, moment, moved)
  await followMoves(tx, audit, moment, moved)
  return { moved, refused }
}

/** What later attempts must know of this one: WeCom's results of the pair keep saying it (facts 12). */
const remembered = (event: TransferEvent, { successorId }: { successorId: string | null }) =>
  event === 'result_limit'
    ? { fullBefore: successorId }
    : event === 'result_refused'
      ? { refusedBefore: successorId }
      : {}

/** Something happened at WeCom to this customer of this successor: the next look at the results shall not wait. */
export const askSoon = (db: Db, customerId: string, successorId: string, at: Date) =>
  db
    .updateTable('transfer')
    .set({ hintedAt: at })
    .where('state', 'in', ['approved', 'submitted', 'waiting'])
    .where('successorId', '=', successorId)
    .where('handoverId', 'in', (eb) => eb.selectFrom('handover').select('id').where('customerId', '=', customerId))
    .execute()

/**
 * Of these approved transfers those that WeCom has not been asked about, held until the end of the transaction; the others
 * are WeCom's now. Whoever sends locks the same rows before it marks their call as sent: so of a sender and somebody who
 * takes back, the second sees what the first has done.
 */
export async function holdUnsent(tx: Tx, handoverIds: readonly string[]): Promise<string[]> {
  if (!handoverIds.length) return []
  await holdTransfers(tx, handoverIds)
  // A second statement, because the first may have waited for a lock and then still sees the batches as before.
  const unsent = await tx
    .selectFrom('transfer')
    .leftJoin('transferBatch', 'transferBatch.id', 'transfer.batchId')
    .select('transfer.handoverId')
    .where('transfer.handoverId', '=', sql<string>`any(${sql.val(handoverIds)}::text[])`)
    .where('transfer.state', '=', 'approved')
    .where((eb) => eb.or([eb('transfer.batchId', 'is', null), eb('transferBatch.state', '=', 'written')]))
    .orderBy('transfer.handoverId')
    .execute()
  return unsent.map((t) => t.handoverId)
}

/**
 * Who refused to be passed on while the leaver was still there stayed with the leaver. Once that one is gone, a person may
 * plan these customers anew, for somebody else than before. Answers how many.
 */
export async function reopenRefusedOnJob(tx: Tx, audit: Audit, moment: Moment, departureId: string): Promise<number> {
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
  return (await moveTransfers(tx, audit, moment, moves)).moved.length
}

const holdTransfers = async (tx: Tx, handoverIds: readonly string[]) =>
  handoverIds.length
    ? tx
        .selectFrom('transfer')
        .innerJoin('handover', 'handover.id', 'transfer.handoverId')
        .leftJoin('transferBatch', 'transferBatch.id', 'transfer.batchId')
        .selectAll('transfer')
        .select(['handover.customerId', 'handover.fromId', 'transferBatch.flow'])
        .where('transfer.handoverId', '=', sql<string>`any(${sql.val(handoverIds)}::text[])`)
        .orderBy('transfer.handoverId')
        .forNoKeyUpdate('transfer')
        .execute()
    : []

type Held = Awaited<ReturnType<typeof holdTransfers>>[number]
type Story = Moved & Pick<Held, 'errcode' | 'flow' | 'fromId'>

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
      hinted_at: r.hintedAt,
      full_before: r.fullBefore,
      refused_before: r.refusedBefore,
      errcode: r.errcode,
    })),
  )
  await sql`
    update transfer
       set state = v.state, plan_id = v.plan_id, successor_id = v.successor_id, batch_id = v.batch_id, errcode = v.errcode,
           submitted_at = v.submitted_at, takeover_at = v.takeover_at, settled_at = v.settled_at, asked_at = v.asked_at,
           hinted_at = v.hinted_at, full_before = v.full_before, refused_before = v.refused_before
      from jsonb_to_recordset(${json}::jsonb) as v (
           handover_id text, state text, plan_id text, successor_id text, batch_id text, errcode integer,
           submitted_at timestamptz, takeover_at timestamptz, settled_at timestamptz, asked_at timestamptz,
           hinted_at timestamptz, full_before text, refused_before text)
     where transfer.handover_id = v.handover_id`.execute(tx)
}

async function tellHistory(tx: Tx, { at, id, author }: Moment, moved: readonly Story[]) {
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
      const kind = stories[m.event] as HistoryKind
      const body = bodyOf(kind, m, names.get(m.successorId ?? '') ?? '')
      const said = author
        ? ({ authorId: author, source: 'member' } as const)
        : ({ authorId: null, source: 'wecom' } as const)
      return { id: id(), customerId: m.customerId, at, ...said, kind, body }
    }),
  )
}

function bodyOf(kind: HistoryKind, { errcode, flow }: Story, successor: string): NewHistory['body'] {
  if (kind === 'transfer.elsewhere') return { by: successor || null }
  if (kind === 'transfer.failed') return { successor, errcode: errcode ?? 0 }
  return kind === 'transfer.started' ? { successor, flow: flow === 'onjob' ? 'onjob' : 'resigned' } : { successor }
}
