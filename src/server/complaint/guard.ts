import type { Conflict } from '../../shared/complaint'
import { Failure } from '../../shared/failure'
import { holdComplaint, type ComplaintRow } from '../db/complaint-move'
import type { Db, Tx } from '../db/open'
import { leadsOf } from './rows'

/**
 * Who must not handle a complaint: whoever it is about, their direct lead, and after a reopening everybody who had it before.
 * Asked under the row's lock, so that it is still true when the change is written.
 */
export async function conflictOf(
  db: Db,
  row: Pick<ComplaintRow, 'aboutId' | 'pastOwners'>,
  memberId: string,
): Promise<Conflict | null> {
  if (row.aboutId === memberId) return 'about'
  if (row.aboutId && (await leadsOf(db, row.aboutId)).includes(memberId)) return 'lead'
  return row.pastOwners.includes(memberId) ? 'earlier' : null
}

/** The complaint, held for an act of this member. About themselves there is none. */
export async function holdFor(tx: Tx, number: string, memberId: string): Promise<ComplaintRow> {
  const held = await holdComplaint(tx, number)
  const conflict = held && (await conflictOf(tx, held, memberId))
  if (!held || conflict === 'about') throw new Failure('not_found')
  if (conflict) throw new Failure('complaint_conflict')
  return held
}

/** The same for a step that is the owner's alone. */
export async function holdOwn(tx: Tx, number: string, memberId: string): Promise<ComplaintRow> {
  const held = await holdFor(tx, number, memberId)
  if (held.ownerId !== memberId) throw new Failure('complaint_not_mine')
  return held
}
