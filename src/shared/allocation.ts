import * as z from 'zod/mini'

/**
 * Who takes over whom: what is known of customers and colleagues, what the rules say, and what comes out with its reasons
 * (compliance 7). Pure: the server reads the facts from its rows, the workbench shows the same words. Years, not dates; ids, not
 * names, so that an explanation carries nothing of a person but their id.
 */

/** What a score is made of. Each is 0 to 1; nothing else may be a factor (7.3). */
export const factors = ['preference', 'depth', 'capacity', 'performance', 'contribution', 'tenure'] as const
export type Factor = (typeof factors)[number]

/** Why a colleague cannot take a customer: the hard filters (7.2), in the order in which the first that holds is named. */
export const hurdles = [
  'left',
  'leaving',
  'not_active',
  'real_name',
  'login',
  'out_of_range',
  'entity',
  'already_serves',
  'refused',
  'objected',
  'complaint',
  'relative',
  'training',
  'minors',
  'language',
  'region',
  'industry',
  'on_leave',
  'capacity',
] as const
export type Hurdle = (typeof hurdles)[number]

/** How far the search went for a customer: all filters, or those that are left out one after another, by name (S27, T-27). */
export const reaches = ['full', 'region_only', 'industry_only', 'duty', 'default'] as const
export type Reach = (typeof reaches)[number]

/** Value tiers of a customer; A and above need two approvers and count against a cap of their own (S46). */
export const tiers = ['S', 'A', 'B', 'C'] as const
export type Tier = (typeof tiers)[number]

/** A member as a possible successor, at the moment of the run. */
export interface Colleague {
  id: string
  hurdles: readonly Extract<
    Hurdle,
    'left' | 'leaving' | 'not_active' | 'real_name' | 'login' | 'out_of_range' | 'training' | 'on_leave'
  >[]
  /** Customers now, with what is on its way. */
  customers: number
  topTier: number
  /** Own limit or WeCom's, whichever is less; what is over it is never given. */
  capacity: number
  entity: string | null
  regions: readonly string[]
  industries: readonly string[]
  languages: readonly string[]
  /** May serve customers under 14. */
  minors: boolean
  tenureYears: number
  /** Already winsorised to 0–1; null: fewer than 30 cases, which counts as 0.5. */
  performance: number | null
  contribution: number | null
}

/** A customer to be passed on. */
export interface Passing {
  handover: string
  customer: string
  entity: string | null
  region: string | null
  industry: string | null
  language: string | null
  tier: Tier | null
  minor: boolean
  /** Whom the customer asked for by name: goes before all else. */
  wants: string | null
  /** Colleagues who serve this customer already, or share a group with them: continuity. */
  knows: readonly string[]
  /** Members this customer cannot be given to, and why. */
  not: Readonly<Record<string, Extract<Hurdle, 'refused' | 'objected' | 'complaint' | 'relative' | 'already_serves'>>>
  /** How well each colleague fits what the customer prefers (kind, language, time), 0–1; absent: 0.5. */
  fit: Readonly<Record<string, number>>
  /** The customer asked not to be allocated by scores: filters and even spread only (7.5). */
  unscored: boolean
}

/** A version of the rules as data; who wrote and approved it stands with its row. */
export interface Rules {
  version: string
  /** They add up to 1. */
  weights: Readonly<Record<Factor, number>>
  /** Which filters can be left out, in this order, when nobody is left; the duty pool and the default come after them. */
  fallbacks: readonly Extract<Reach, 'region_only' | 'industry_only'>[]
  duty: readonly string[]
  default: string | null
  /** Nobody gets more than this in one run; null: only their capacity counts. */
  cap: number | null
  topTierCap: number | null
  /** A colleague who knows the customer already goes first. */
  continuity: boolean
  /** Everybody gets the same number as far as the filters let them, and scores only decide who gets whom. */
  even: boolean
  /** Value tiers or performance of the customer's spending are used only while an impact assessment is in force (T-44). */
  useTier: boolean
}

/** Facts of the chosen colleague that can be told to anybody concerned: no figure, nothing of performance or value. */
export const matches = ['asked_for', 'knows', 'region', 'industry', 'language', 'preference', 'room'] as const
export type Match = (typeof matches)[number]

const reasons = ['wish', 'continuity', 'score', 'capacity', 'spread', 'only_one', 'duty', 'default'] as const

const share = z.number()
const scored = z.object({ id: z.string(), score: share })
export const removed = z.partialRecord(z.enum(hurdles), z.number())

/** Why this customer goes to this colleague: stored with the plan and never changed (7.4). */
export const explanation = z.object({
  rules: z.string(),
  inputsAt: z.string(),
  /** Who was considered at all; `removed` are those the filters took out, each by the first that did. */
  candidates: z.number(),
  removed,
  reach: z.enum(reaches),
  chosen: z.string(),
  /**
   * score: the best of those who have room. capacity, spread: somebody better is full, or has as many as the rules let them
   * have in this run, and those places went to customers for whom they mean more (`passedOver`).
   */
  because: z.enum(reasons),
  /** Weighted sum of the factors, to five places; `capacity` is the share of room left with this customer. */
  score: share,
  factors: z.object({
    preference: share,
    depth: share,
    capacity: share,
    performance: share,
    contribution: share,
    tenure: share,
  }),
  matched: z.array(z.enum(matches)),
  /** The best of the others who could still take this customer. */
  runnerUp: z.nullable(scored),
  /** Somebody better who has no room left. */
  passedOver: z.nullable(scored),
  /** What became of the customer's wish for a colleague: met, or what stood against it; null: none was named. */
  wish: z.nullable(z.enum(['met', 'not_considered', ...hurdles])),
  /** The customer asked not to be allocated by scores, and was not: filters and free room only. */
  unscored: z.boolean(),
})
export type Explanation = z.output<typeof explanation>

/** What a run says of one colleague: for their own eyes, and for those who look whether it was fair. */
export interface Tally {
  /** Customers this colleague could have taken with all filters; and how many each hurdle took away. */
  could: number
  removed: Readonly<Partial<Record<Hurdle, number>>>
  given: number
  runnerUp: number
}

export interface Allocation {
  /** Handover → who gets it and why. */
  given: ReadonlyMap<string, Explanation>
  /** Nobody may take these, and why: how many colleagues each hurdle removed. */
  nobody: ReadonlyMap<string, Readonly<Partial<Record<Hurdle, number>>>>
  colleagues: ReadonlyMap<string, Tally>
  /** What was made as large as it can be; of colleagues' room, each further customer counts what is left then. */
  total: number
}
