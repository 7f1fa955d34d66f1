import { nextTransferState, transferStates, YEAR_MS, type TransferState } from '../../shared/transfer'
import { act, type Audit } from '../db/act'
import { addHistory } from '../db/history'
import type { Tx } from '../db/open'
import { revokeSessions } from '../db/revoke'
import { holdUnsent, moveTransfers } from '../db/transfer'
import type { Deps } from '../deps'
import { ensureCustomers } from '../wecom/contacts'
import { chunksOf } from '../wecom/pages'
import { openContacts } from '../wecom/relation-rows'
import { endRelations } from '../wecom/relations'
import {
  addDeparture,
  addHandovers,
  correctDeparture,
  handoverCustomers,
  holdMember,
  latestDeparture,
  setStatus,
  transfersOfOldLeavers,
} from './rows'

export interface Leaver {
  userid: string
  /** As WeCom says it; null: only that they are gone is known. */
  leftAt: Date | null
  knownBy: 'unassigned_list' | 'event' | 'member_list'
  /** WeCom's ids of customers who wait to be assigned, if it was WeCom's list that told. */
  waiting: readonly string[]
  /** Hired again since: only what waits from before is written down. */
  isBack?: boolean
}

/**
 * Writes down that somebody has left, with everything that follows at once: no session lives, no relation stays open, one
 * handover per customer. Said again, or said better, it adds what was missing and corrects the day; it never doubles.
 */
export function recordDeparture(deps: Deps, leaver: Leaver): Promise<void> {
  const now = deps.now()
  return act(deps.db, now, 'wecom', async (tx, audit) => {
    const member = await holdMember(tx, { id: deps.id(), userid: leaver.userid, firstSeenAt: now })
    const { departure, isNew } = await findOrAdd(tx, audit, deps, member.id, leaver)
    if (!leaver.isBack && member.status !== 'left') {
      await setStatus(tx, member.id, 'left')
      await revokeSessions(tx, audit, [member.id])
    }
    const customers = new Set((await ensureCustomers(tx, leaver.waiting, deps)).values())
    if (isNew && leaver.knownBy !== 'unassigned_list')
      for (const { customerId } of await openContacts(tx, member.id)) customers.add(customerId)
    await addMissing(tx, audit, deps, departure, member.name, customers)
    if (leaver.isBack) return
    const end = { memberId: member.id, customerIds: 'all', by: 'departure', at: departure.leftAt } as const
    const ended = await endRelations(tx, deps, end)
    if (ended.length) audit('mirror.changed', 'relation', { member: member.id, ended })
  })
}

async function findOrAdd(tx: Tx, audit: Audit, deps: Deps, memberId: string, leaver: Leaver) {
  const now = deps.now()
  const found = await latestDeparture(tx, memberId)
  if (found && (leaver.isBack || !found.endedAt)) {
    const { leftAt } = leaver
    // WeCom's own date beats an event's and ours; of two of WeCom's, the later is the one that counts now.
    const better = leftAt && leaver.knownBy === 'unassigned_list' && !leaver.isBack
    if (!better || (found.knownBy === 'unassigned_list' && leftAt <= found.leftAt))
      return { departure: found, isNew: false }
    await correctDeparture(tx, found.id, leftAt)
    audit('departure.noticed', found.id, { member: memberId, knownBy: leaver.knownBy, corrected: true })
    return { departure: { ...found, leftAt }, isNew: false }
  }
  const departure = await addDeparture(tx, {
    id: deps.id(),
    memberId,
    leftAt: leaver.leftAt ?? now,
    knownBy: leaver.knownBy,
    noticedAt: now,
    endedAt: leaver.isBack ? now : null,
  })
  audit('departure.noticed', departure.id, { member: memberId, knownBy: leaver.knownBy })
  return { departure, isNew: true }
}

async function addMissing(
  tx: Tx,
  audit: Audit,
  deps: Deps,
  departure: { id: string; memberId: string; leftAt: Date },
  leaver: string,
  customers: Set<string>,
): Promise<void> {
  const now = deps.now()
  for (const { customerId } of await handoverCustomers(tx, departure, settled)) customers.delete(customerId)
  const tooLate = now.getTime() - departure.leftAt.getTime() > YEAR_MS
  const begin = { state: tooLate ? 'expired' : 'unassigned', settledAt: tooLate ? now : null }
  for (const part of chunksOf([...customers], 1000)) {
    const rows = part.map((customerId) => ({ id: deps.id(), departureId: departure.id, customerId, createdAt: now }))
    const added = await addHandovers(tx, rows, begin)
    await addHistory(
      tx,
      added.map(({ customerId }) => ({
        id: deps.id(),
        customerId,
        at: now,
        authorId: null,
        source: 'system',
        kind: 'departure.noticed',
        body: { leaver },
      })),
    )
    for (const h of added)
      audit('handover.created', h.id, { departure: departure.id, customer: h.customerId, state: begin.state })
  }
}

/** Nothing more happens to these; a customer who came back since may be handed over anew. */
const settled: readonly TransferState[] = ['taken_over', 'refused', 'expired', 'cancelled', 'elsewhere']

const mayExpire = transferStates.filter((state) => nextTransferState(state, 'too_old'))

/** WeCom transfers nothing of somebody who left more than a year ago (facts 4.3). What was sent before is WeCom's. */
export function expireOld(deps: Deps): Promise<void> {
  const now = deps.now()
  return act(deps.db, now, 'system', async (tx, audit) => {
    const old = await transfersOfOldLeavers(tx, mayExpire, new Date(now.getTime() - YEAR_MS))
    const approved = old.filter((t) => t.state === 'approved').map((t) => t.handoverId)
    const unsent = new Set(await holdUnsent(tx, approved))
    const ends = old.filter((t) => t.state !== 'approved' || unsent.has(t.handoverId))
    const moves = ends.map(({ handoverId }) => ({ handoverId, event: 'too_old' as const, set: { settledAt: now } }))
    if (moves.length) await moveTransfers(tx, audit, { at: now, id: deps.id }, moves)
  })
}
