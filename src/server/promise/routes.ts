import { maySee } from '../../shared/access'
import { chinaDay } from '../../shared/day'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { addPromise, keepPromise, listPromises, movePromise, takePromise, type Owed } from '../../shared/promise'
import { act } from '../db/act'
import { dutyCustomer } from '../db/duty'
import { addHistory } from '../db/history'
import { look } from '../db/look'
import type { Tx } from '../db/open'
import { keyedHash } from '../db/person'
import { refuseSensitive } from '../db/sensitive'
import { servingRow } from '../db/serving'
import { inheritedCustomer, inheritedHandover, sightOfRow, stageOfRow } from '../db/standing'
import { seenBy } from '../lib/cut'
import { pageOf, placeOf, readPlace, word } from '../lib/listing'
import { serve, type House } from '../lib/serve'
import * as rows from './rows'

const DAY_MS = 86_400_000

/** What the successor promises, and keeps: the predecessor's promises too. Both only once the customer is told. */
export function promise(house: House): void {
  const { deps } = house

  serve(house, addPromise, ({ input, caller, c }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const handover = servingRow(await inheritedHandover(tx, caller.id, input.handover), now)
      const { text, due } = input
      const kinds = refuseSensitive(text, input.sure, c.get('language'))
      const wish = { id: deps.id(), customerId: handover.customer, madeBy: caller.id, madeAt: now, text, due }
      const made = await rows.addPromise(tx, wish)
      if (made) {
        await addHistory(tx, [entry(deps.id(), wish.customerId, caller.id, now, 'promise.made', { text, due })])
        const bound = await keyedHash(tx, deps.config.SECRET, handover.customer, text)
        audit('promise.made', made.id, {
          handover: handover.handover,
          text: bound,
          ...(kinds.length ? { sure_of: kinds } : {}),
        })
      }
      const p = made ?? (await rows.samePromise(tx, wish))
      return seenBy(
        { who: 'successor', stage: stageOfRow(handover, now) },
        {
          ...{ id: p.id, text, due: p.due, madeBy: caller.name, madeAt: p.madeAt.toISOString() },
          source: p.source as 'description' | 'member',
          keptAt: p.keptAt?.toISOString() ?? null,
          takenBy: p.takenBy && caller.name,
        },
      )
    })
  })

  serve(house, keepPromise, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const found = await rows.holdPromise(tx, input.promise)
      if (!found) throw new Failure('not_found')
      const customer = await whoseToKeep(tx, caller.id, found.customerId, now)
      if (await rows.keepPromise(tx, found.id, caller.id, now)) {
        await addHistory(tx, [entry(deps.id(), customer, caller.id, now, 'promise.kept', { text: found.text })])
        audit('promise.kept', found.id)
      }
      return OK
    })
  })

  serve(house, movePromise, ({ input, caller, c }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const { found, customer } = await toChange(tx, caller.id, input.promise, now)
      const { due, reason, sure } = input
      // A second tap finds the day moved already.
      if (found.due === due) return OK
      if (found.due !== input.from) throw new Failure('stale')
      if (due !== null && due < chinaDay(now)) throw new Failure('due_past')
      const kinds = refuseSensitive(reason, sure, c.get('language'))
      await rows.movePromise(tx, found.id, due, caller.id, now)
      const body = { text: found.text, before: found.due, after: due, reason }
      await addHistory(tx, [entry(deps.id(), customer, caller.id, now, 'promise.moved', body)])
      const bound = await keyedHash(tx, deps.config.SECRET, customer, reason)
      const said = { before: found.due, after: due, reason: bound, ...(kinds.length ? { sure_of: kinds } : {}) }
      audit('promise.moved', found.id, said)
      return OK
    })
  })

  serve(house, takePromise, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const { found, customer } = await toChange(tx, caller.id, input.promise, now)
      if (found.takenBy === caller.id) return OK
      await rows.takePromise(tx, found.id, caller.id, now)
      await addHistory(tx, [entry(deps.id(), customer, caller.id, now, 'promise.taken', { text: found.text })])
      audit('promise.taken', found.id)
      return OK
    })
  })

  serve(house, listPromises, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const found = await rows.owedAfter(tx, caller.id, readPlace(input.after, word, word), input.limit)
      const shown = found.slice(0, input.limit)
      audit('look.list', 'promises', { count: shown.length })
      for (const row of shown.filter((r) => maySee('successor', stageOfRow(r, now), 'F2'))) {
        const [sight, { handover, customer }] = [sightOfRow(row, now), row]
        look(audit, 'look.promises', customer, { sight, door: listPromises, handover, only: ['F2'] })
      }
      return {
        ...pageOf(
          found,
          input.limit,
          (r) => placeOf(r.place, r.id),
          (r) => seenBy(sightOfRow(r, now), owed(r)),
        ),
        ...(await rows.owedTotals(tx, caller.id, chinaDay(new Date(now.getTime() + DAY_MS)))),
      }
    })
  })
}

type OwedRow = Awaited<ReturnType<typeof rows.owedAfter>>[number]

const owed = (r: OwedRow): Owed => ({
  ...{ id: r.id, handover: r.handover, customer: r.customer, shortName: r.name, from: r.from },
  promise: {
    ...{ id: r.id, text: r.text, due: r.due, madeBy: r.madeBy, madeAt: r.madeAt.toISOString(), keptAt: null },
    ...{ source: r.source as 'description' | 'member', takenBy: r.takenBy },
  },
})

/** An open promise of a customer whom the caller serves now. */
async function toChange(tx: Tx, memberId: string, id: string, now: Date) {
  const found = await rows.holdPromise(tx, id)
  if (!found) throw new Failure('not_found')
  const { customer } = servingRow(await inheritedCustomer(tx, memberId, found.customerId), now)
  if (found.keptAt) throw new Failure('stale')
  return { found, customer }
}

/** The successor's, once the customer is told; until the takeover also whoever answers meanwhile. */
async function whoseToKeep(tx: Tx, memberId: string, customerId: string, now: Date): Promise<string> {
  const onDuty = await dutyCustomer(tx, memberId, customerId)
  if (onDuty && maySee('duty', stageOfRow(onDuty, now), 'F2')) return onDuty.customer
  return servingRow(await inheritedCustomer(tx, memberId, customerId), now).customer
}

const entry = <K extends 'promise.made' | 'promise.kept' | 'promise.moved' | 'promise.taken', B>(
  id: string,
  customerId: string,
  authorId: string,
  at: Date,
  kind: K,
  body: B,
) => ({ id, customerId, at, authorId, source: 'member' as const, kind, body })
