import { nextTransferState, transferStates, YEAR_MS } from '../../shared/transfer'
import { act, type Audit } from '../db/act'
import type { Tx } from '../db/open'
import { endAccess } from '../db/probe'
import { holdUnsent, moveTransfers, reopenRefusedOnJob } from '../db/transfer'
import type { Deps } from '../deps'
import { ensureCustomers } from '../wecom/contacts'
import { openContacts } from '../wecom/relation-rows'
import { endRelations } from '../wecom/relations'
import { addMissing, tellCustomers, type Story } from './handovers'
import {
  addDeparture,
  comeTrue,
  correctDeparture,
  holdMember,
  latestDeparture,
  openHandovers,
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
 * handover per customer. Said again, or said better, it adds what was missing and corrects the day; it never doubles. What
 * was announced comes true by it and keeps its handovers; who refused somebody on the job is to be planned anew.
 */
export async function recordDeparture(deps: Deps, leaver: Leaver): Promise<void> {
  const now = deps.now()
  await act(deps.db, now, 'wecom', async (tx, audit) => {
    const member = await holdMember(tx, { id: deps.id(), userid: leaver.userid, firstSeenAt: now })
    const { departure, news } = await findOrAdd(tx, audit, deps, member.id, leaver)
    if (!leaver.isBack && member.status !== 'left') {
      await endAccess(tx, audit, deps, [member.id], 'left')
      await setStatus(tx, member.id, 'left')
    }
    const customers = new Set((await ensureCustomers(tx, leaver.waiting, deps)).values())
    if (news === 'came_true' || (news === 'new' && leaver.knownBy !== 'unassigned_list'))
      for (const { customerId } of await openContacts(tx, member.id)) customers.add(customerId)
    const story = storyOf(member.name)
    if (news === 'came_true') await tellCustomers(tx, deps, await openHandovers(tx, departure.id), story)
    await addMissing(tx, audit, deps, departure, customers, story)
    if (leaver.isBack) return
    await reopenRefusedOnJob(tx, audit, { at: now, id: deps.id }, departure.id)
    const end = { memberId: member.id, customerIds: 'all', by: 'departure', at: departure.leftAt } as const
    const ended = await endRelations(tx, deps, end)
    if (ended.length) audit('mirror.changed', 'relation', { member: member.id, ended })
  })
  deps.wake('probe')
}

const storyOf = (leaver: string): Story => ({
  kind: 'departure.noticed',
  authorId: null,
  source: 'system',
  body: { leaver },
})

async function findOrAdd(tx: Tx, audit: Audit, deps: Deps, memberId: string, leaver: Leaver) {
  const now = deps.now()
  const found = await latestDeparture(tx, memberId, leaver.isBack ? 'gone' : 'any')
  if (found && !found.endedAt && !found.gone) {
    // What was announced has happened; from here on the date is WeCom's.
    const { leftAt, knownBy } = leaver
    const departure = await comeTrue(tx, found.id, { leftAt: leftAt ?? now, knownBy, noticedAt: now })
    audit('departure.noticed', found.id, { member: memberId, knownBy, announced: true })
    return { departure, news: 'came_true' as const }
  }
  if (found && (leaver.isBack || !found.endedAt)) {
    const { leftAt } = leaver
    // WeCom's own date beats an event's and ours; of two of WeCom's, the later is the one that counts now.
    const better = leftAt && leaver.knownBy === 'unassigned_list' && !leaver.isBack
    if (!better || (found.knownBy === 'unassigned_list' && leftAt <= found.leftAt))
      return { departure: found, news: null }
    await correctDeparture(tx, found.id, leftAt)
    audit('departure.noticed', found.id, { member: memberId, knownBy: leaver.knownBy, corrected: true })
    return { departure: { ...found, leftAt }, news: null }
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
  return { departure, news: 'new' as const }
}

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
