import { Failure } from '../../shared/failure'
import type { Audit } from '../db/act'
import type { Tx } from '../db/open'
import { moveTransfers, type Moment, type TransferMove } from '../db/transfer'

/** All or nothing: when one cannot move, the plan no longer fits what is so, and the whole transaction ends. */
export async function moveAll(tx: Tx, audit: Audit, moment: Moment, moves: readonly TransferMove[]) {
  const { moved, refused } = await moveTransfers(tx, audit, moment, moves)
  if (refused.length) throw new Failure('stale')
  return moved
}
