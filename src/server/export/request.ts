import {
  APPROVAL_MS,
  classOfField,
  nextExport,
  type ExportEvent,
  type ExportField,
  type ExportKind,
  type ExportShown,
  type ExportState,
} from '../../shared/export'
import { maskedClasses } from '../../shared/access'
import { Failure } from '../../shared/failure'
import type { Audit } from '../db/act'
import { dropFiles, mayExport } from '../db/export'
import type { Db, Tx } from '../db/open'
import type { Caller } from '../lib/serve'
import type { Wish } from './content'
import * as rows from './rows'

/** What people say on the phone. */
export const numberOf = (id: string): string => `EX-${id.slice(-8).toUpperCase()}`

export const seesAll = (caller: Pick<Caller, 'roles'>): boolean => caller.roles.includes('compliance')

export async function requireMay(db: Db, caller: Caller): Promise<void> {
  if (!(await mayExport(db, caller.id))) throw new Failure('export_off')
}

type Held = NonNullable<Awaited<ReturnType<typeof rows.holdRequest>>>

/** Held, and only if the caller may know of it at all. */
export async function heldFor(tx: Tx, id: string, caller: Caller): Promise<Held> {
  const known = await rows.requestById(tx, id, caller, seesAll(caller))
  const held = known && (await rows.holdRequest(tx, id))
  if (!held) throw new Failure('not_found')
  return held
}

export async function heldOwn(tx: Tx, id: string, caller: Caller): Promise<Held> {
  const held = await rows.holdRequest(tx, id)
  if (!held || held.askedBy !== caller.id) throw new Failure('not_found')
  return held
}

/** Moves it by the table; where nothing leads on, somebody was quicker. A request that has ended has no file and no code. */
export async function move(
  tx: Tx,
  audit: Audit,
  held: Held,
  event: ExportEvent,
  set: Parameters<typeof rows.setRequest>[2],
  at: Date,
): Promise<void> {
  const state = nextExport(held.state as ExportState, event)
  if (!state) throw new Failure('stale')
  const open = state === 'approved' || state === 'ready'
  await rows.setRequest(tx, held.id, { state, ...set, ...(open ? {} : { endedAt: at, codeHash: null }) })
  if (open) return
  await dropFiles(tx, [held.id])
  if (event !== 'take' && event !== 'reject') audit('export.ended', held.id, { state })
}

export const wishOf = (held: Pick<Held, 'kind' | 'departureId' | 'days'>): Wish => ({
  kind: held.kind as ExportKind,
  departure: held.departureId,
  days: held.days,
})

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

/** Which of the two approvals this caller could give, if any (compliance 6.4). */
export function decisionOf(row: Held, caller: Caller): ExportShown['decision'] {
  if (row.state !== 'pending') return 'not_pending'
  if (row.askedBy === caller.id) return 'own'
  if (row.approvedBy === caller.id || row.clearedBy === caller.id) return 'decided'
  return slotOf(row, caller) ? 'may_decide' : 'for_compliance'
}

/** Where compliance must approve, too, its place is filled by compliance only; the other by whoever may decide. */
export function slotOf(row: Held, caller: Caller): 'approved' | 'cleared' | null {
  if (row.needsCompliance && !row.clearedBy && caller.roles.includes('compliance')) return 'cleared'
  return row.approvedBy ? null : 'approved'
}

function untilOf(row: Held): string | null {
  if (row.state === 'ready') return iso(row.expiresAt)
  const since = row.state === 'pending' ? row.askedAt : row.state === 'approved' ? row.approvedAt : null
  return since && new Date(since.getTime() + APPROVAL_MS).toISOString()
}

export function shown(row: rows.RequestRow, caller: Caller): ExportShown {
  const kind = row.kind as ExportKind
  const approval = (by: string | null, at: Date | null, as: 'approver' | 'compliance') =>
    by && at ? [{ by, at: at.toISOString(), as }] : []
  return {
    id: row.id,
    number: numberOf(row.id),
    kind,
    of: row.leaver,
    days: row.days,
    purpose: row.purpose as ExportShown['purpose'],
    note: row.note,
    format: row.format as ExportShown['format'],
    columns: (row.fields as ExportField[]).map((field) => {
      const fieldClass = classOfField(kind, field) ?? 'F6'
      return { field, class: fieldClass, masked: maskedClasses.includes(fieldClass) }
    }),
    rows: row.keys.length,
    digest: row.digest,
    state: row.state as ExportState,
    needsCompliance: row.needsCompliance,
    askedBy: row.asker,
    askedAt: row.askedAt.toISOString(),
    mine: row.askedBy === caller.id,
    approvals: [
      ...approval(row.approver, row.approvedAt, 'approver'),
      ...approval(row.clearer, row.clearedAt, 'compliance'),
    ],
    reason: row.reason,
    until: untilOf(row),
    sha256: row.sha256,
    made: row.rows,
    endedAt: iso(row.endedAt),
    decision: decisionOf(row, caller),
  }
}

export async function showOne(tx: Tx, id: string, caller: Caller): Promise<ExportShown> {
  const row = await rows.requestById(tx, id, caller, seesAll(caller))
  if (!row) throw new Failure('not_found')
  return shown(row, caller)
}
