import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { declineMemos, getMemo, listLeavingCustomers, writeMemo, type LeavingCustomer } from '../../shared/leaving'
import { act } from '../db/act'
import { addEntry, entriesOf, saidOf } from '../db/checklist'
import { pageLimit } from '../db/limits'
import { look } from '../db/look'
import { undoUntil, writeNote } from '../db/note'
import type { Tx } from '../db/open'
import { unrestricted } from '../db/standing'
import { seenBy } from '../lib/cut'
import { pageOf, placeOf, readPlace, word } from '../lib/listing'
import { serve, type Caller, type House } from '../lib/serve'
import * as rows from './rows'

const sight = { who: 'departing', stage: 'V2' } as const

/** Before leaving: what the member may write down and say to their customers; for nobody else, and nobody is made to. */
export function leaving(house: House): void {
  const { deps } = house

  serve(house, listLeavingCustomers, ({ input, caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const { id: departureId } = await announced(tx, caller)
      const of = { departureId, memberId: caller.id }
      const limit = await pageLimit(tx, deps.config, caller, input.limit)
      const found = await rows.ownAfter(tx, of, readPlace(input.after, word, word), limit)
      audit('look.list', 'leaving', { count: Math.min(found.length, limit) })
      return {
        ...pageOf(
          found,
          limit,
          (r) => placeOf(r.memoAt ? '1' : '0', r.customer),
          (r) => seenBy(sight, shown(r)),
        ),
        counts: await rows.ownCounts(tx, of),
        declined: await hasDeclined(tx, departureId),
      }
    }),
  )

  serve(house, getMemo, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const { id: departureId } = await announced(tx, caller)
      const { id: customer, name, company } = await own(tx, caller, input.customer)
      look(audit, 'look.memo', customer, { sight, door: getMemo, only: ['F1', 'F2'] })
      const memos = await rows.ownMemos(tx, caller.id, customer)
      const promises = await rows.openPromises(tx, customer)
      return seenBy(sight, {
        ...{ name, company },
        declined: await hasDeclined(tx, departureId),
        memos: memos.map(({ id, writtenAt, withdrawnAt, text }) => ({
          ...{ id, at: writtenAt.toISOString(), text },
          undoUntil: !withdrawnAt && now < undoUntil(writtenAt) ? undoUntil(writtenAt).toISOString() : null,
        })),
        promises: promises.map((p) => ({
          ...{ id: p.id, text: p.text, due: p.due, madeBy: p.madeBy, takenBy: p.takenBy, keptAt: null },
          ...{ madeAt: p.madeAt.toISOString(), source: p.source as 'description' | 'member' },
        })),
      })
    })
  })

  serve(house, writeMemo, ({ input, caller, c }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const { id: departureId } = await announced(tx, caller)
      const { id: customer } = await own(tx, caller, input.customer)
      const { text, once, sure } = input
      const { id, writtenAt } = await writeNote(tx, audit, deps, {
        ...{ kind: 'memo', customer, by: caller.id, text, once, sure, language: c.get('language') },
        said: { departure: departureId },
      })
      return { id, undoUntil: undoUntil(writtenAt).toISOString() }
    })
  })

  serve(house, declineMemos, ({ input, caller, c }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const { id: departureId } = await announced(tx, caller)
      if ((await hasDeclined(tx, departureId)) === input.declined) return OK
      const event = input.declined ? 'refuse' : 'reopen'
      const note = neutral[event][c.get('language')]
      const entry = { id: deps.id(), departureId, item: 'notes' as const, event, byId: caller.id, at: now } as const
      await addEntry(tx, { ...entry, proof: { note } })
      audit('checklist.said', departureId, { item: 'notes', event })
      return OK
    })
  })
}

/** What stands in the list, in words that judge nobody. */
const neutral = {
  refuse: { 'zh-CN': '本人选择不写交接备忘。', en: 'Chose not to write memos.' },
  reopen: { 'zh-CN': '本人改为愿意写交接备忘。', en: 'Will write memos after all.' },
} as const

/** Whoever is not announced has no such list; it is not there. */
async function announced(tx: Tx, caller: Caller) {
  const found = caller.leaving && (await rows.holdAnnounced(tx, caller.id))
  if (!found) throw new Failure('not_found')
  return found
}

async function own(tx: Tx, caller: Caller, customer: string) {
  const found = unrestricted(await rows.ownCustomer(tx, caller.id, customer))
  if (!found) throw new Failure('not_found')
  return found
}

const hasDeclined = async (tx: Tx, departureId: string): Promise<boolean> =>
  saidOf('notes', await entriesOf(tx, departureId), false) === 'refused'

const shown = (r: rows.OwnRow): LeavingCustomer => ({
  ...{ customer: r.customer, shortName: r.name, company: r.company, promises: r.promises },
  memoAt: r.memoAt?.toISOString() ?? null,
  farewell: r.told ? 'sent' : r.to ? 'to_send' : 'later',
  to: r.to,
})
