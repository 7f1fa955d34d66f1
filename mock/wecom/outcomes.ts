import { events } from './events'
import { atLimit, departedOf, memberOf, soon, type Inside } from './inside'
import type { EffectKind } from './ledger'
import { finishInheriting } from './groupmoves'
import { DAY } from './successor'
import type { Member, Transfer } from './state'
import { moveRelation } from './takeover'

/** Facts 4.9: what becomes of a transfer, by time, by the customer, by the successor's limit. */

interface Beginning {
  flow: Transfer['flow']
  handover: Member
  takeover: Member
  externalUserid: string
  successMsg: string
  requestId: string
  api: string
}

export function beginTransfer(inside: Inside, from: Beginning): void {
  const { state, clock } = inside
  const { flow, externalUserid, successMsg, requestId } = from
  const names = { handover: from.handover.userid, takeover: from.takeover.userid }
  const startedAt = clock.seconds()
  const will = state.wills.get(externalUserid)
  state.wills.delete(externalUserid)
  const decided = will && (will === 'refuse' || inside.switches.earlyAccept) ? { will, at: startedAt } : null
  const transfer: Transfer = {
    flow,
    ...names,
    externalUserid,
    startedAt,
    takeoverTime: startedAt + DAY,
    status: 2,
    decided,
    successMsg,
    requestId,
  }
  state.transfers.set(externalUserid, [...(state.transfers.get(externalUserid) ?? []), transfer])
  state.waiting.add(transfer)
  inside.pairs.add(transfer)
  soon(inside, dueOf(transfer))
  inside.record({ api: from.api, kind: 'transfer_started', requestId, externalUserid, ...names })
  inside.changed()
  // The customer has made up his mind before: he answers after the call, not inside it.
  if (decided) setTimeout(() => settle(inside), 0)
}

/** When the next thing happens by itself, in virtual ms. */
export function nextDue({ state, callbacks }: Inside): number | null {
  let next = callbacks.nextDue() ?? Infinity
  for (const transfer of state.waiting) next = Math.min(next, dueOf(transfer) * 1000)
  for (const { inheriting } of state.groups.values()) if (inheriting) next = Math.min(next, inheriting.due * 1000)
  return next === Infinity ? null : next
}

const dueOf = (t: Transfer): number => t.decided?.at ?? t.takeoverTime

/** Everything that is due by now, oldest first. */
export function settle(inside: Inside): void {
  const now = inside.clock.seconds()
  inside.callbacks.release()
  // Every request comes by here: most find that nothing is due, without looking through everybody who waits.
  if (inside.agenda.at > now) return
  const due = [...inside.state.waiting].filter((t) => dueOf(t) <= now).sort((a, b) => dueOf(a) - dueOf(b))
  for (const transfer of due) finish(inside, transfer, dueOf(transfer))
  for (const group of inside.state.groups.values())
    if (group.inheriting && group.inheriting.due <= now) finishInheriting(inside, group)
  inside.callbacks.release()
  inside.agenda.at = Infinity
  for (const transfer of inside.state.waiting) soon(inside, dueOf(transfer))
  for (const { inheriting } of inside.state.groups.values()) if (inheriting) soon(inside, inheriting.due)
}

function finish(inside: Inside, transfer: Transfer, at: number): void {
  const takeover = memberOf(inside, transfer.takeover)
  const handover = holder(inside, transfer)
  const pair = { userid: transfer.takeover, externalUserid: transfer.externalUserid }
  const outcome = inside.faults.strikeOutcome(transfer.externalUserid)
  const refuses = outcome === null ? transfer.decided?.will === 'refuse' : outcome === 'refuse'
  if (refuses) {
    end(inside, transfer, 3, 0, 'refused', at)
    if (inside.switches.failEvent) events.transferFailed(inside, pair, 'customer_refused', at)
  } else if (!takeover || takeover.status !== 1 || !handover) end(inside, transfer, 'void', 0, 'transfer_void', at)
  else if (outcome === 'limit' || (!takeover.relations.has(transfer.externalUserid) && atLimit(takeover))) {
    end(inside, transfer, 4, 0, 'full', at)
    if (inside.switches.failEvent) events.transferFailed(inside, pair, 'customer_limit_exceed', at)
  } else {
    end(inside, transfer, 1, at, 'taken_over', at)
    moveRelation(inside, transfer, handover, takeover, at)
  }
}

/** Who still holds the relation: the leaver among the departed, even when a namesake came since. */
function holder(inside: Inside, { flow, handover, externalUserid }: Transfer): Member | undefined {
  const both =
    flow === 'resigned'
      ? [departedOf(inside, handover), memberOf(inside, handover)]
      : [memberOf(inside, handover), departedOf(inside, handover)]
  return both.find((m) => m?.relations.has(externalUserid))
}

function end(
  inside: Inside,
  transfer: Transfer,
  status: Transfer['status'],
  time: number,
  kind: EffectKind,
  at: number,
): void {
  transfer.status = status
  transfer.takeoverTime = time
  inside.state.waiting.delete(transfer)
  const { handover, takeover, externalUserid } = transfer
  // The refusal or the 24 hours did it, but this call began it.
  inside.record({
    at: at * 1000,
    api: transfer.decided ? 'people' : 'clock',
    kind,
    requestId: transfer.requestId,
    handover,
    takeover,
    externalUserid,
  })
  inside.changed()
}
