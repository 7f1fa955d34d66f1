import { items, firstState, phaseOf, type Figure, type Item, type ItemState, type Phase } from '../../shared/checklist'
import { sensitiveIn } from '../../shared/mask'
import { entriesOf, saidOf, type Entry } from '../db/checklist'
import type { Db } from '../db/open'
import * as rows from './rows'

export interface Stand {
  states: Record<Item, ItemState>
  figures: Partial<Record<Item, Figure[]>>
  entries: Entry[]
  phase: Phase
}

/** How a leaving stands: what people said, and what is found, which nobody can say otherwise. */
export async function standOf(db: Db, d: rows.LeavingRow): Promise<Stand> {
  const entries = await entriesOf(db, d.id)
  const facts = await rows.factsOf(db, d)
  const memos = await rows.memosOf(db, d)
  const probe = d.gone ? await rows.lastProbe(db, d, await rows.noticedAt(db, d.id)) : undefined
  const shut = probe?.red === 0 && probe.leftOver === 0
  const found: Partial<Record<Item, ItemState>> = {
    customers: facts.listed === 0 ? 'na' : facts.planned >= facts.customers ? 'done' : 'due',
    notes: facts.customers === 0 ? 'na' : memos.length >= facts.customers ? 'done' : d.gone ? 'na' : 'due',
    farewells: farewellState(facts, d.gone),
    access: shut ? 'done' : d.gone ? 'due' : 'not_due',
  }
  const stateOf = (item: Item): ItemState => {
    const there = found[item]
    // What is done is done, whatever was said before; of the access nobody says anything.
    if (there === 'done' || item === 'access') return there ?? 'not_due'
    return saidOf(item, entries, d.gone) ?? there ?? firstState(item, d.gone)
  }
  const states = Object.fromEntries(items.map((item) => [item, stateOf(item)])) as Record<Item, ItemState>
  const begun = entries.length > 0 || memos.length > 0 || facts.plans > 0 || d.gone
  const { archivedAt, handedOverAt, withoutLeaver } = d
  return {
    ...{ states, entries, figures: figuresOf(facts, memos, probe) },
    phase: phaseOf({
      ...{ archived: archivedAt !== null, handedOver: handedOverAt !== null, withoutLeaver: withoutLeaver ?? false },
      ...{ accessShut: states.access === 'done', begun },
    }),
  }
}

/** Nobody to tell yet is not due; what was not told before the last day is the successor's to tell (M2). */
function farewellState({ told, toTell }: rows.Facts, gone: boolean): ItemState {
  if (told > 0 && (gone || toTell === 0)) return 'done'
  if (gone) return 'na'
  return toTell > 0 ? 'due' : 'not_due'
}

type Probe = Awaited<ReturnType<typeof rows.lastProbe>>

function figuresOf(facts: rows.Facts, memos: readonly string[], probe: Probe): Stand['figures'] {
  const sensitive = memos.filter((text) => sensitiveIn(text).length).length
  const seconds = probe?.endedAt ? Math.round((probe.endedAt.getTime() - probe.revokedAt.getTime()) / 1000) : 0
  const of = (...list: [Figure['name'], number][]): Figure[] => list.map(([name, n]) => ({ name, n }))
  return {
    customers: of(['listed', facts.listed], ['planned', facts.planned], ['missing', facts.customers - facts.planned]),
    notes: of(['customers', facts.customers], ['memos', memos.length], ['sensitive', sensitive]),
    farewells: of(['told', facts.told], ['to_tell', facts.toTell], ['opened', facts.opened]),
    ...(probe ? { access: of(['doors', probe.doors ?? 0], ['red', probe.red ?? 0], ['seconds', seconds]) } : {}),
  }
}
