import {
  archiveDeparture,
  finishHandover,
  getChecklist,
  itemEvents,
  items,
  mayBeSaid,
  nextItemState,
  nextPhase,
  proofNeeds,
  saidBy,
  sayItem,
  withoutLeaver,
  type ChecklistItem,
  type Item,
  type ItemEvent,
} from '../../shared/checklist'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { act } from '../db/act'
import { addEntry } from '../db/checklist'
import { refuseSensitive } from '../db/sensitive'
import { InvalidInput } from '../lib/invalid'
import { serve, type Caller, type House } from '../lib/serve'
import { standOf, type Stand } from './found'
import * as rows from './rows'

/** The checklist of a leaving (compliance 5.6): for managers, HR and compliance, never for the leaver. */
export function checklist(house: House): void {
  const { deps } = house

  serve(house, getChecklist, ({ input, caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const d = await rows.leavingOf(tx, input.departure, caller)
      if (!d) throw new Failure('not_found')
      audit('look.checklist', d.id)
      const me = asTo(d, caller)
      const stand = await standOf(tx, d)
      const { handedOverAt, handedOverBy, archivedAt, archivedBy } = d
      return {
        ...{ phase: stand.phase, name: d.name, leftAt: d.leftAt.toISOString(), gone: d.gone },
        handedOver:
          handedOverAt && handedOverBy
            ? { by: handedOverBy, at: handedOverAt.toISOString(), withoutLeaver: d.withoutLeaver ?? false }
            : null,
        archived: archivedAt && archivedBy ? { by: archivedBy, at: archivedAt.toISOString() } : null,
        items: items.map((item) => shown(item, stand, me)),
        mayFinish: me.roles.includes('manager') && nextPhase(stand.phase, 'finish') !== null,
        mayArchive: mayArchive(me) && nextPhase(stand.phase, 'archive') !== null,
      }
    }),
  )

  serve(house, sayItem, ({ input, caller, c }) => {
    const now = deps.now()
    const { item, event, note, day, version, sha256, sure } = input
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const d = await rows.holdLeaving(tx, input.departure, caller)
      if (!d) throw new Failure('not_found')
      if (!maySay(item, event, asTo(d, caller))) throw new Failure('forbidden')
      const { states } = await standOf(tx, d)
      if (nextItemState(states[item], event) === null) throw new Failure('stale')
      const lacking = event === 'do' ? (proofNeeds[item] ?? []).filter((name) => !input[name]) : []
      if (lacking.length) throw new InvalidInput([...lacking])
      // What was asked and answered, not what somebody thinks of it: a judgement is asked about.
      refuseSensitive(note, sure, c.get('language'))
      const proof = { note, ...(day ? { day } : {}), ...(version ? { version } : {}), ...(sha256 ? { sha256 } : {}) }
      await addEntry(tx, { id: deps.id(), departureId: d.id, item, event, proof, byId: caller.id, at: now })
      audit('checklist.said', d.id, { item, event, ...(sha256 ? { sha256 } : {}) })
      return OK
    })
  })

  serve(house, finishHandover, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const d = await rows.holdLeaving(tx, input.departure, caller)
      if (!d?.managed) throw new Failure('not_found')
      const { phase, states } = await standOf(tx, d)
      const without = withoutLeaver(states)
      const next = nextPhase(phase, without ? 'finish_without' : 'finish')
      if (next === null) throw new Failure(d.handedOverAt ? 'stale' : 'access_open')
      await rows.finish(tx, d.id, { handedOverAt: now, handedOverBy: caller.id, withoutLeaver: without })
      audit('departure.handed_over', d.id, { without_leaver: without, items: { ...states } })
      return { phase: next }
    })
  })

  serve(house, archiveDeparture, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const d = await rows.holdLeaving(tx, input.departure, caller)
      if (!d || !mayArchive(asTo(d, caller))) throw new Failure('not_found')
      const next = nextPhase((await standOf(tx, d)).phase, 'archive')
      if (next === null) throw new Failure('stale')
      await rows.archive(tx, d.id, { archivedAt: now, archivedBy: caller.id })
      audit('departure.archived', d.id)
      return { phase: next }
    })
  })
}

/** Whoever leads another department is no manager here, whatever else they are. */
const asTo = ({ managed }: { managed: boolean }, { roles }: Caller): Pick<Caller, 'roles'> => ({
  roles: managed ? roles : roles.filter((role) => role !== 'manager'),
})

/** HR has who leaves and not even a number of customers (compliance 6.2). */
const seesNumbers = ({ roles }: Pick<Caller, 'roles'>): boolean =>
  roles.includes('manager') || roles.includes('compliance')

const mayArchive = ({ roles }: Pick<Caller, 'roles'>): boolean => roles.includes('manager') || roles.includes('hr')

/** That somebody does not write memos is theirs to say. */
const maySay = (item: Item, event: ItemEvent, { roles }: Pick<Caller, 'roles'>): boolean =>
  mayBeSaid(item, event) &&
  !(item === 'notes' && event === 'refuse') &&
  saidBy[item].some((role) => roles.includes(role))

const shown = (item: Item, { states, figures, entries }: Stand, caller: Pick<Caller, 'roles'>): ChecklistItem => ({
  ...{ item, state: states[item], figures: item === 'access' || seesNumbers(caller) ? (figures[item] ?? []) : [] },
  entries: entries
    .filter((e) => e.item === item)
    .map(({ event, by, at, proof }) => ({ event, by, at: at.toISOString(), proof })),
  may: itemEvents.filter((event) => nextItemState(states[item], event) !== null && maySay(item, event, caller)),
})
