import { APPROVAL_MS, approversNeeded } from '../../shared/approval'
import { Failure } from '../../shared/failure'
import type { Audit } from '../db/act'
import { endRounds, readPlanning } from '../db/approval'
import { decidersOf, type Decider } from '../db/managers'
import type { Db, Tx } from '../db/open'
import { hasTopTier } from '../db/tier'
import { writeLetters } from '../db/told'
import type { Deps } from '../deps'
import type { Caller } from '../lib/serve'
import * as rounds from './approval-rows'
import * as rows from './rows'

/** What a round needs to know of its plan. */
type Decided = Pick<rows.PlanRow, 'id' | 'draftedBy' | 'leaverId' | 'leaver' | 'departments' | 'digest'>

const HOUR_MS = 3600_000

/** A submitted plan is asked for: by one other person or two, until a time, the nearest managers first. */
export async function askForApproval(
  tx: Tx,
  audit: Audit,
  deps: Deps,
  { plan, handovers, caller, at }: { plan: Decided; handovers: readonly string[]; caller: Caller; at: Date },
): Promise<void> {
  const size = { customers: handovers.length, topTier: await hasTopTier(tx, handovers) }
  const { needed, why } = approversNeeded(size, await readPlanning(tx))
  const round = await rounds.addRound(tx, {
    ...{ id: deps.id(), planId: plan.id, digest: plan.digest, askedBy: caller.id, askedAt: at },
    ...{ dueAt: new Date(at.getTime() + APPROVAL_MS), needed, why: [...why] },
  })
  audit('plan.asked', plan.id, { round: round.round, digest: plan.digest, needed, why })
  await askMore(tx, audit, deps, plan, round, at)
}

/** Everybody who could decide this plan now, the nearest first; those who have approved already are not asked again. */
export async function ableToDecide(db: Db, deps: Deps, plan: Decided, round: rounds.RoundRow, at: Date) {
  const not = new Set([
    ...[plan.draftedBy, plan.leaverId, round.askedBy],
    ...(await rows.successorsOf(db, plan.id)),
    ...(await rounds.approvalsIn(db, round.id)),
  ])
  return (await decidersOf(db, plan.departments, deps.config.MANAGERS, at)).filter((m) => !not.has(m.id))
}

/**
 * Asks the nearest who have not been asked, and as far up as it takes until there are as many as are needed. When
 * there is nobody left, administrators are told: they can give somebody the right.
 */
export async function askMore(
  tx: Tx,
  audit: Audit,
  deps: Deps,
  plan: Decided,
  round: rounds.RoundRow,
  at: Date,
): Promise<void> {
  const able = await ableToDecide(tx, deps, plan, round, at)
  const before = new Map((await rounds.askedIn(tx, round.id)).map((a) => [a.memberId, a.passedAt]))
  const waiting = able.filter((m) => before.get(m.id) === null).length
  const missing = round.needed - (await rounds.approvalsIn(tx, round.id)).length - waiting
  const fresh = able.filter((m) => !before.has(m.id))
  const next = nearest(fresh, missing)
  const level = next.at(-1)?.level ?? round.level
  const { escalateHours } = await readPlanning(tx)
  const above = fresh.length > next.length
  await rounds.setLevel(tx, round.id, level, above ? new Date(at.getTime() + escalateHours * HOUR_MS) : null)
  if (next.length) {
    const card = { approvalId: round.id, writtenAt: at }
    await rounds.addCards(
      tx,
      next.map((m) => ({ ...card, id: deps.id(), memberId: m.id, level: m.level })),
    )
    if (before.size) audit('plan.escalated', plan.id, { round: round.round, level, asked: next.length })
  }
  if (next.length < missing) await tellAdmins(tx, deps, plan, round, at)
}

/** Whole levels from the nearest on, until there are as many as are missing, or one at least. */
function nearest(fresh: readonly Decider[], missing: number): Decider[] {
  const last = fresh[Math.max(missing, 1) - 1] ?? fresh.at(-1)
  return last ? fresh.filter((m) => m.level <= last.level) : []
}

async function tellAdmins(tx: Tx, deps: Deps, plan: Decided, round: rounds.RoundRow, at: Date): Promise<void> {
  const admins = await rows.membersCalled(tx, deps.config.ADMINS)
  const letter = { kind: 'plan_stuck' as const, subject: round.id, params: { leaver: plan.leaver }, writtenAt: at }
  await writeLetters(
    tx,
    admins.map((m) => ({ ...letter, id: deps.id(), memberId: m.id })),
  )
}

/** One person's yes. True: that makes enough of them. */
export async function approveOnce(
  tx: Tx,
  audit: Audit,
  { planId, round, caller, at }: { planId: string; round: rounds.RoundRow; caller: Caller; at: Date },
): Promise<boolean> {
  await rounds.addVote(tx, { approvalId: round.id, memberId: caller.id, vote: 'approve', reason: null, at })
  const given = (await rounds.approvalsIn(tx, round.id)).length
  audit('plan.voted', planId, { round: round.round, digest: round.digest, given, needed: round.needed })
  return given >= round.needed
}

/** One no is enough, and its reason stays with the plan. */
export async function rejectRound(
  tx: Tx,
  { planId, round, caller, at }: { planId: string; round: rounds.RoundRow; caller: Caller; at: Date },
  reason: string,
): Promise<void> {
  await rounds.addVote(tx, { approvalId: round.id, memberId: caller.id, vote: 'reject', reason, at })
  await endRounds(tx, [planId], 'rejected', at)
}

/** A pending plan has an open round; in time, and not approved by this reader already. */
export async function roundToDecide(tx: Tx, planId: string, caller: Caller, at: Date): Promise<rounds.RoundRow> {
  const round = await rounds.openRound(tx, planId)
  if (!round) throw new Failure('stale')
  if (at >= round.dueAt) throw new Failure('plan_expired')
  if ((await rounds.approvalsIn(tx, round.id)).includes(caller.id)) throw new Failure('approved_already')
  return round
}

/** Where the decision stands: every round, and how many people could still make it. */
export async function standingOf(db: Db, deps: Deps, plan: Decided & { state: string }, at: Date) {
  const open = plan.state === 'pending' ? await rounds.openRound(db, plan.id) : undefined
  return {
    open: open ?? null,
    approvedBy: open ? await rounds.approvalsIn(db, open.id) : [],
    able: open ? (await ableToDecide(db, deps, plan, open, at)).length : 0,
    rounds: await rounds.roundsOf(db, plan.id),
  }
}
export type StandingOfPlan = Awaited<ReturnType<typeof standingOf>>
