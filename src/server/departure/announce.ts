import type { Input } from '../../shared/endpoint'
import { lastDayProblem, type announceDeparture } from '../../shared/announcement'
import { chinaDay, endOfChinaDay } from '../../shared/day'
import { Failure } from '../../shared/failure'
import { nextTransferState, type TransferState } from '../../shared/transfer'
import type { Audit } from '../db/act'
import { endRounds } from '../db/approval'
import type { Tx } from '../db/open'
import { moveTransfers } from '../db/transfer'
import type { Deps } from '../deps'
import type { Caller } from '../lib/serve'
import { openContacts } from '../wecom/relation-rows'
import * as rows from './announce-rows'
import { addMissing, tellCustomers } from './handovers'
import { addDeparture, latestDeparture } from './rows'

/** The end of a day that can be a last day. */
function endOf(leavesOn: string, now: Date): Date {
  const problem = lastDayProblem(leavesOn, now)
  if (problem) throw new Failure(problem)
  return endOfChinaDay(leavesOn)
}

/** Writes down that a member will leave: their customers can be handed over from now on; nothing changes for the member. */
export async function announce(
  tx: Tx,
  audit: Audit,
  deps: Deps,
  caller: Caller,
  { member: id, leavesOn }: Input<typeof announceDeparture>,
): Promise<{ departure: string; customers: number }> {
  const now = deps.now()
  const member = await rows.holdMemberHere(tx, caller, id)
  if (!member) throw new Failure('not_found')
  const leftAt = endOf(leavesOn, now)
  const open = await latestDeparture(tx, member.id, 'any')
  if (open && !open.endedAt) throw new Failure('already_announced')
  const departure = await addDeparture(tx, {
    id: deps.id(),
    memberId: member.id,
    leftAt,
    knownBy: 'announced',
    noticedAt: now,
    gone: false,
    announcedBy: caller.id,
    announcedAt: now,
  })
  audit('departure.announced', departure.id, { member: member.id, leavesOn })
  const followed = new Set((await openContacts(tx, member.id)).map((r) => r.customerId))
  const story = storyOf({ ...departure, name: member.name })
  return { departure: departure.id, customers: await addMissing(tx, audit, deps, departure, followed, story) }
}

export const storyOf = (d: { memberId: string; name: string; leftAt: Date; announcedBy: string | null }) =>
  ({
    kind: 'departure.announced',
    authorId: d.announcedBy,
    source: 'member',
    body: { leaver: d.name, member: d.memberId, leavesOn: chinaDay(d.leftAt) },
  }) as const

export async function reschedule(tx: Tx, audit: Audit, caller: Caller, id: string, leavesOn: string, now: Date) {
  const found = await openAnnouncement(tx, caller, id)
  const leftAt = endOf(leavesOn, now)
  await rows.setLastDay(tx, id, leftAt)
  audit('departure.changed', id, { before: chinaDay(found.leftAt), leavesOn })
}

/** An announcement that is neither true nor taken back. */
async function openAnnouncement(tx: Tx, caller: Caller, id: string) {
  const found = await rows.holdDeparture(tx, caller, id)
  if (!found) throw new Failure('not_found')
  if (found.gone || found.endedAt) throw new Failure('stale')
  return found
}

/**
 * The member stays. What has not reached WeCom is called off; what has, stays what it is, because WeCom knows no way back
 * (compliance 5.1).
 */
export async function withdraw(tx: Tx, audit: Audit, deps: Deps, caller: Caller, id: string) {
  const now = deps.now()
  const found = await openAnnouncement(tx, caller, id)
  const plans = await rows.discardPlans(tx, id)
  await endRounds(
    tx,
    plans.map((p) => p.id),
    'discarded',
    now,
  )
  const transfers = await rows.holdTransfers(tx, id)
  const free = await notUnderWay(tx, audit, transfers)
  const { moved } = await moveTransfers(
    tx,
    audit,
    { at: now, id: deps.id },
    free.map(({ handoverId }) => ({ handoverId, event: 'call_off', set: { settledAt: now } })),
  )
  for (const plan of plans) audit('plan.discarded', plan.id, { withdrawn: true })
  await rows.endAnnouncement(tx, id, now)
  audit('departure.withdrawn', id, { member: found.memberId, calledOff: moved.length })
  await tellCustomers(tx, deps, transfers, {
    kind: 'departure.withdrawn',
    authorId: caller.id,
    source: 'member',
    body: { leaver: found.name, member: found.memberId },
  })
  const left = new Set(moved.map((m) => m.handoverId))
  const count = (...states: TransferState[]) =>
    transfers.filter((t) => !left.has(t.handoverId) && states.includes(t.state as TransferState)).length
  return {
    calledOff: moved.length,
    underWay: count('approved', 'submitted', 'waiting'),
    takenOver: count('taken_over'),
  }
}

type Held = Awaited<ReturnType<typeof rows.holdTransfers>>[number]

/** An approved one is under way as soon as its call may have been made; a call that is only written is given up with it. */
async function notUnderWay(tx: Tx, audit: Audit, transfers: readonly Held[]): Promise<Held[]> {
  const batches = new Set(transfers.flatMap((t) => (t.state === 'approved' && t.batchId ? [t.batchId] : [])))
  const given = new Set((await rows.giveUpBatches(tx, [...batches])).map((b) => b.id))
  for (const id of given) audit('transfer.answered', id, { givenUp: true })
  return transfers.filter(
    (t) =>
      nextTransferState(t.state as TransferState, 'call_off') !== null &&
      (t.state !== 'approved' || t.batchId === null || given.has(t.batchId)),
  )
}
