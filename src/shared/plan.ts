import * as z from 'zod/mini'
import { explanation, factors, removed, type Hurdle } from './allocation'
import { approvalRound } from './approval'
import { shortName } from './customer'
import { digestField, done, endpoint, id, instant, page, pageInput, words } from './endpoint'
import { as, house, personal } from './field'

/** Proposed successors for a set of handovers of one departure. Only a submitted plan can be approved, by its digest. */
export const planStates = ['draft', 'pending', 'approved', 'rejected', 'expired', 'discarded'] as const
export type PlanState = (typeof planStates)[number]
/** Its planner may change and submit it: new, sent back with a reason, or not decided in time. */
export const openPlans = ['draft', 'rejected', 'expired'] as const satisfies readonly PlanState[]
/** Of a departure there is one of these at most. */
export const livingPlans = [...openPlans, 'pending'] as const satisfies readonly PlanState[]

/** What would fail; `stop` must be mended before submitting, `warn` is shown to planner and approver. */
export const checks = {
  not_plannable: 'stop',
  leaver_too_long_gone: 'stop',
  leaver_inactive: 'stop',
  moved_twice: 'stop',
  successor_is_leaver: 'stop',
  successor_left: 'stop',
  successor_inactive: 'stop',
  successor_out_of_range: 'stop',
  successor_without_contacts: 'stop',
  successor_leaving: 'stop',
  successor_unverified: 'stop',
  successor_login: 'stop',
  successor_untrained: 'stop',
  successor_on_leave: 'warn',
  successor_full: 'stop',
  other_entity: 'stop',
  no_basis: 'stop',
  minor_not_permitted: 'stop',
  complained_about: 'stop',
  relative: 'stop',
  already_follows: 'warn',
  refused_before: 'stop',
  objected_to: 'stop',
  year_ends_soon: 'warn',
} as const
export type Check = keyof typeof checks
export const isStop = (check: string): boolean => (checks as Record<string, string>)[check] !== 'warn'

/** What speaks against a member as successor of any customer. Who is out of the app's range counts as inactive (mirror). */
export function successorChecks({ status, follows }: { status: string; follows: boolean }): Check[] {
  if (status === 'left') return ['successor_left']
  const inactive: Check[] = status === 'active' ? [] : ['successor_inactive']
  return follows ? inactive : [...inactive, 'successor_without_contacts']
}

/** Our own conditions (7.2), as a plan names them; the others have a check that is older than they. */
export const hurdleChecks: Readonly<Partial<Record<Hurdle, Check>>> = {
  leaving: 'successor_leaving',
  real_name: 'successor_unverified',
  login: 'successor_login',
  training: 'successor_untrained',
  on_leave: 'successor_on_leave',
  entity: 'other_entity',
  minors: 'minor_not_permitted',
  complaint: 'complained_about',
  relative: 'relative',
}

const found = z.array(z.enum(Object.keys(checks) as [Check, ...Check[]]))

/** What a person changed about a proposal, and why. */
const override = z.object({ by: z.string(), at: instant, from: z.nullable(z.string()), reason: z.string() })

export const planItem = personal({
  F0: {
    handover: id,
    shortName,
    successor: id,
    successorName: z.string(),
    checks: found,
    /** As the run said it, for whom it chose; null: the plan was not made by rules, or they were put in by hand. */
    why: z.nullable(explanation),
    override: z.nullable(override),
    /** Whom the departure's plan before this one gave them to, if to somebody else. */
    was: z.nullable(z.string()),
  },
  F1: { company: z.nullable(as('text', z.string())) },
})
export type PlanItem = z.output<typeof planItem>

/** A customer group of the leaver, and who is to own it. */
export const planGroup = z.object({
  chat: id,
  name: z.string(),
  members: z.nullable(z.number()),
  successor: id,
  successorName: z.string(),
  checks: found,
})
export type PlanGroup = z.output<typeof planGroup>

/** Whom nobody may take: how many colleagues each hurdle took away. */
const planNobody = personal({ F0: { handover: id, shortName, removed } })

/** What the run says of a colleague who was considered. */
const planCandidate = z.object({
  id,
  name: z.string(),
  could: z.number(),
  given: z.number(),
  runnerUp: z.number(),
  removed,
})

export const plan = house({
  id,
  departure: id,
  leaver: z.string(),
  state: z.enum(planStates),
  /** SHA-256 of what would be sent; an approval names it and holds for nothing else. */
  digest: z.string(),
  items: z.array(planItem),
  groups: z.array(planGroup),
  split: z.array(
    z.object({ successor: id, name: z.string(), before: z.number(), added: z.number(), groups: z.number() }),
  ),
  /** The version of the rules that made it; null: spread evenly. */
  rules: z.nullable(z.string()),
  weights: z.nullable(z.record(z.enum(factors), z.number())),
  nobody: z.array(planNobody),
  candidates: z.array(planCandidate),
  /** null: by the system, and nobody has taken it up yet. */
  draftedBy: z.nullable(z.string()),
  draftedAt: instant,
  automatic: z.boolean(),
  /** The reader may change and submit it. */
  mine: z.boolean(),
  submittedAt: z.nullable(instant),
  decidedBy: z.nullable(z.string()),
  decidedAt: z.nullable(instant),
  reason: z.nullable(z.string()),
  /** Of an approved plan: how many have not been sent to WeCom, so that they could be withdrawn. */
  unsent: z.optional(z.number()),
  /** Who answers the customers while WeCom waits (duty.ts). */
  duty: z.nullable(z.object({ id, name: z.string() })),
  /** Every time it was submitted, the newest first. */
  rounds: z.array(approvalRound),
  /** While it waits: how many people could still decide it. */
  able: z.number(),
  /** Whether the reader may decide it, and if not why. */
  decision: z.enum(['may_decide', 'own_plan', 'is_successor', 'has_approved', 'too_late', 'not_pending']),
})
export type Plan = z.output<typeof plan>

/** So many leavers at once. */
export const TOGETHER_MOST = 20

/**
 * By the rules in use, or evenly over the successors, fewest customers first; same input, same plan. By rules the successors may
 * be everybody: the filters say who cannot. `groups`: the leaver's customer groups go with them, each to a successor who is in it
 * already, where there is one.
 */
export const draftPlan = endpoint({
  method: 'POST',
  path: '/api/departures/:departure/plans',
  access: ['manager'],
  input: z.object({
    departure: id,
    handovers: z.union([z.literal('all'), z.array(id).check(z.maxLength(5000))]),
    groups: z._default(z.boolean(), true),
    successors: z.union([z.literal('all'), z.array(id).check(z.minLength(1), z.maxLength(50))]),
    by: z._default(z.enum(['even', 'rules']), 'even'),
  }),
  output: plan,
})

/**
 * Several leavers' customers as one assignment: nobody gets more than there is room for over all of them. A plan for each, because each
 * is approved by those who manage that leaver.
 */
export const draftTogether = endpoint({
  method: 'POST',
  path: '/api/plans/together',
  access: ['manager'],
  input: z.object({
    departures: z.array(id).check(z.minLength(2), z.maxLength(TOGETHER_MOST)),
    groups: z._default(z.boolean(), true),
    successors: z.union([z.literal('all'), z.array(id).check(z.minLength(1), z.maxLength(50))]),
    by: z._default(z.enum(['even', 'rules']), 'rules'),
  }),
  output: house({
    plans: z.array(house({ id, leaver: z.string(), customers: z.number(), nobody: z.number() })),
  }),
})

export const changePlanItem = endpoint({
  method: 'POST',
  path: '/api/plans/:plan/items/:handover',
  access: ['manager'],
  /** A plan that rules have made is changed with a reason, which stays with it. */
  input: z.object({ plan: id, handover: id, successor: z.nullable(id), reason: z.optional(words(300)) }),
  output: plan,
})

/** What other weights would do to a draft. Nothing is stored; whom a person has decided stays where they are. */
export const tryPlan = endpoint({
  method: 'POST',
  path: '/api/plans/:plan/try',
  access: ['manager'],
  shows: true,
  input: z.object({ plan: id, weights: z.record(z.enum(factors), z.number().check(z.gte(0), z.lte(1))) }),
  output: house({
    changed: z.number(),
    nobody: z.number(),
    split: z.array(z.object({ successor: id, name: z.string(), now: z.number(), then: z.number() })),
    /** The first of them. */
    moves: z.array(
      personal({
        F0: { handover: id, shortName, from: z.nullable(z.string()), to: z.nullable(z.string()) },
      }),
    ),
  }),
})

export const changePlanGroup = endpoint({
  method: 'POST',
  path: '/api/plans/:plan/groups/:chat',
  access: ['manager'],
  input: z.object({ plan: id, chat: id, successor: z.nullable(id) }),
  output: plan,
})

export const getPlan = endpoint({
  method: 'GET',
  path: '/api/plans/:plan',
  access: ['manager', 'compliance'],
  input: z.object({ plan: id }),
  output: plan,
})

export const listPlans = endpoint({
  method: 'GET',
  path: '/api/plans',
  access: ['manager', 'compliance'],
  input: z.object({ state: z.optional(z.enum(planStates)), ...pageInput }),
  output: page(
    house({
      id,
      leaver: z.string(),
      state: z.enum(planStates),
      customers: z.number(),
      groups: z.number(),
      successors: z.number(),
      draftedBy: z.nullable(z.string()),
      submittedAt: z.nullable(instant),
      /** Of one that waits: until when it can be approved, and how many approvals it has of how many. */
      due: z.nullable(instant),
      given: z.number(),
      needed: z.number(),
      mine: z.boolean(),
      /** The reader has approved it already; another must. */
      approved: z.boolean(),
    }),
  ),
})

const withDigest = z.object({ plan: id, digest: digestField })
/** `duty`: who answers meanwhile; without one, the nearest leader. */
export const submitPlan = endpoint({
  method: 'POST',
  path: '/api/plans/:plan/submit',
  access: ['manager'],
  input: z.object({ ...withDigest.shape, duty: z.optional(id) }),
  output: plan,
})
export const approvePlan = endpoint({
  method: 'POST',
  path: '/api/plans/:plan/approve',
  access: ['manager'],
  fresh: true,
  input: withDigest,
  output: plan,
})
export const rejectPlan = endpoint({
  method: 'POST',
  path: '/api/plans/:plan/reject',
  access: ['manager'],
  input: z.object({ ...withDigest.shape, reason: words(300) }),
  output: plan,
})
export const discardPlan = endpoint({
  method: 'POST',
  path: '/api/plans/:plan/discard',
  access: ['manager'],
  input: z.object({ plan: id }),
  output: done,
})

/** Takes back what WeCom has not been asked for yet; `gone` were sent and cannot be withdrawn here. */
export const withdrawPlan = endpoint({
  method: 'POST',
  path: '/api/plans/:plan/withdraw',
  access: ['manager'],
  input: z.object({ plan: id }),
  output: house({ withdrawn: z.number(), gone: z.number() }),
})
