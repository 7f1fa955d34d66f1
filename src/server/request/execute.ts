import { Failure } from '../../shared/failure'
import { isCorrection, isErasure, type RequestKind } from '../../shared/request'
import type { Audit } from '../db/act'
import { noteRestricted } from '../db/consent'
import { blockersOf, purgeHistoryOf, removeCustomers } from '../db/erase'
import { addHistory } from '../db/history'
import type { Tx } from '../db/open'
import { forget } from '../db/person'
import type { Caller } from '../lib/serve'
import * as rows from './rows'

interface Desk {
  tx: Tx
  audit: Audit
  at: Date
  id(): string
  caller: Caller
}

/** What the kind asks for is really done, in the transaction that says so. The others are done by people, and only said. */
export async function carryOut(desk: Desk, found: rows.FoundRow, unscored: boolean): Promise<void> {
  const kind = found.kind as RequestKind
  if (isCorrection(kind)) return correct(desk, found)
  if (kind === 'restrict') return restrict(desk, found)
  if (isErasure(kind)) return erase(desk, found)
  if (unscored) return unscore(desk, found)
}

/** The opt-out of PIPL 24: whoever allocates reads it with the other facts, and the explanation says that it counted (T-44). */
async function unscore({ tx, audit, at, caller }: Desk, { customerId, number, kind }: rows.FoundRow) {
  if (!customerId || kind !== 'object') throw new Failure('stale')
  await rows.setUnscored(tx, customerId, { by: caller.id, at })
  audit('fact.written', customerId, { fields: ['unscored'], source: 'hand', request: number })
}

async function correct(
  { tx, at, id, caller }: Desk,
  { id: requestId, customerId, about, text, kind, number }: rows.FoundRow,
) {
  if (!customerId) throw new Failure('stale')
  const before = kind === 'correct' ? await rows.presentValue(tx, customerId, about) : ''
  await rows.addCorrection(tx, { id: id(), customerId, requestId, at, field: about, before, value: text })
  const body = { field: about, before, after: text, request: number }
  const entry = {
    id: id(),
    customerId,
    at,
    authorId: caller.id,
    source: 'customer',
    kind: 'customer.corrected',
  } as const
  await addHistory(tx, [{ ...entry, body }])
}

async function restrict({ tx, audit, at, id, caller }: Desk, { customerId, number }: rows.FoundRow) {
  if (!customerId) throw new Failure('stale')
  await rows.setRestricted(tx, customerId, at)
  await noteRestricted(tx, audit, customerId, { at, id, by: caller.id, number })
  audit('customer.restricted', customerId, { request: number })
}

/** Somebody else than who accepted it, and never against a case, a complaint or a contact that WeCom shows us daily. */
async function erase({ tx, audit, caller }: Desk, { id, customerId, number, decidedBy }: rows.FoundRow) {
  if (!customerId) throw new Failure('stale')
  if (decidedBy === caller.id) throw new Failure('second_person')
  if ((await blockersOf(tx, customerId)).length) throw new Failure('not_deletable')
  await purgeHistoryOf(tx, customerId, id)
  await removeCustomers(tx, [customerId])
  await forget(tx, audit, customerId)
  audit('customer.erased', customerId, { request: number })
}
