import { sql } from 'kysely'
import { firstState, nextItemState, type Item, type ItemEvent, type ItemState } from '../../shared/checklist'
import type { Db, Tx } from './open'

export interface Proof {
  note: string
  day?: string
  version?: string
  sha256?: string
}

export interface Entry {
  item: Item
  event: ItemEvent
  proof: Proof
  by: string
  at: Date
}

/** Oldest first. */
export async function entriesOf(db: Db, departureId: string): Promise<Entry[]> {
  const rows = await db
    .selectFrom('checklistEntry')
    .innerJoin('member', 'member.id', 'checklistEntry.byId')
    .select([
      'checklistEntry.item',
      'checklistEntry.event',
      'checklistEntry.proof',
      'member.name as by',
      'checklistEntry.at',
    ])
    .where('departureId', '=', departureId)
    .orderBy('checklistEntry.at')
    .orderBy('checklistEntry.id')
    .execute()
  return rows as unknown as Entry[]
}

/** What people have said of an item so far; null: nobody has, or it was begun anew. */
export function saidOf(item: Item, entries: readonly Entry[], gone: boolean): ItemState | null {
  let state: ItemState | null = null
  for (const { event } of entries.filter((e) => e.item === item)) {
    const next = nextItemState(state ?? firstState(item, gone), event)
    if (next !== null) state = event === 'reopen' ? null : next
  }
  return state
}

export const addEntry = (
  tx: Tx,
  entry: { id: string; departureId: string; item: Item; event: ItemEvent; proof: Proof; byId: string; at: Date },
) =>
  tx
    .insertInto('checklistEntry')
    .values({ ...entry, proof: sql<string>`${JSON.stringify(entry.proof)}::jsonb` })
    .execute()
