import * as z from 'zod/mini'
import { endpoint, instant, nothing, words } from './endpoint'
import { house } from './field'

/** How a submitted plan comes to its decision: in rounds, each over one digest (compliance T-25, 7.3). */

/** So long an approval can be given; afterwards it is asked for anew (T-25). */
export const APPROVAL_MS = 48 * 3600_000

/** Why one other person is not enough. */
export const secondReasons = ['customers', 'tier'] as const
type SecondReason = (typeof secondReasons)[number]

export const roundOutcomes = ['approved', 'rejected', 'expired', 'discarded'] as const
export type RoundOutcome = (typeof roundOutcomes)[number]

/** What an administrator sets for the house. That customers of tier A and above need two approvers is not among it (7.3). */
export const planningRules = z.object({
  /** More customers than this in one plan need a second approver. */
  twoAbove: z.number().check(z.int(), z.gte(1), z.lte(5000)),
  /** Whoever was asked first has so long; then those above them are asked, too. */
  escalateHours: z.number().check(z.int(), z.gte(1), z.lte(47)),
  /** A departure is drafted by the system, for a person to look at, change and submit. */
  automatic: z.boolean(),
})
type PlanningRules = z.output<typeof planningRules>
export const planningDefaults: PlanningRules = { twoAbove: 200, escalateHours: 4, automatic: false }

export function approversNeeded(
  plan: { customers: number; topTier: boolean },
  rules: Pick<PlanningRules, 'twoAbove'>,
): { needed: 1 | 2; why: SecondReason[] } {
  const found: [SecondReason, boolean][] = [
    ['customers', plan.customers > rules.twoAbove],
    ['tier', plan.topTier],
  ]
  const why = found.flatMap(([reason, is]) => (is ? [reason] : []))
  return { needed: why.length ? 2 : 1, why }
}

/** One round, with everything that was said in it; a rejected one keeps its reason whatever follows. */
export const approvalRound = z.object({
  round: z.number(),
  askedBy: z.string(),
  askedAt: instant,
  /** Nobody can approve from then on. */
  due: instant,
  needed: z.number(),
  why: z.array(z.enum(secondReasons)),
  /** null: it still waits. */
  outcome: z.nullable(z.enum(roundOutcomes)),
  endedAt: z.nullable(instant),
  votes: z.array(
    z.object({ name: z.string(), vote: z.enum(['approve', 'reject']), reason: z.nullable(z.string()), at: instant }),
  ),
  /** Who was asked to decide, nearest first; `passed`: said that somebody else should. */
  asked: z.array(z.object({ name: z.string(), at: instant, passed: z.boolean() })),
})
export type ApprovalRound = z.output<typeof approvalRound>

const planning = house({
  ...planningRules.shape,
  changed: z.nullable(z.object({ by: z.string(), at: instant, reason: z.string() })),
})
export type Planning = z.output<typeof planning>

export const getPlanning = endpoint({
  method: 'GET',
  path: '/api/planning',
  access: ['admin', 'manager', 'compliance'],
  input: nothing,
  output: planning,
})

export const setPlanning = endpoint({
  method: 'POST',
  path: '/api/planning/set',
  access: ['admin'],
  fresh: true,
  input: z.object({ ...planningRules.shape, reason: words(200) }),
  output: planning,
})
