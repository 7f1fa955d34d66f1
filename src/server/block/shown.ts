import { blockState, type Block, type BlockReason } from '../../shared/block'
import type { BlockRow } from './rows'

const mark = (by: string | null, at: Date | null) => (by && at ? { by, at: at.toISOString() } : null)

export function shownBlock(row: BlockRow, reader: string, now: Date): Block {
  const state = blockState(row, now)
  const liftAsked = mark(row.liftAsker, row.liftAskedAt)
  return {
    id: row.id,
    name: row.name,
    department: row.department,
    reason: row.reason as BlockReason,
    words: row.words,
    state,
    asked: { by: row.asker, at: row.askedAt.toISOString() },
    confirmed: mark(row.confirmer, row.confirmedAt),
    liftAsked: liftAsked && { ...liftAsked, words: row.liftWords ?? '' },
    lifted: mark(row.lifter, row.liftedAt),
    mine: (state === 'lift_asked' ? row.liftAskedBy : row.askedBy) === reader,
    probe:
      row.doors !== null && row.red !== null && row.probedAt
        ? { doors: row.doors, red: row.red, at: row.probedAt.toISOString() }
        : null,
  }
}
