import * as z from 'zod/mini'
import { factors, type Factor, type Rules } from './allocation'
import { digestField, done, endpoint, id, instant, day, nothing, words } from './endpoint'
import { house } from './field'

/**
 * The allocation rules as data (compliance 7.3): written by one, approved by another, never changed once in use. Weights are
 * hundredths, because people set them and they must add up without rounding.
 */
export const WHOLE = 100
export const fallbackNames = ['region_only', 'industry_only'] as const
const percent = z.int().check(z.gte(0), z.lte(WHOLE))
const many = z.nullable(z.int().check(z.gte(1), z.lte(20_000)))

/** What an editor may set, and nothing else: a factor or a filter that is not here cannot be entered. */
export const ruleBody = house({
  weights: house({
    preference: percent,
    depth: percent,
    capacity: percent,
    performance: percent,
    contribution: percent,
    tenure: percent,
  }),
  fallbacks: z.array(z.enum(fallbackNames)).check(z.maxLength(2)),
  duty: z.array(id).check(z.maxLength(50)),
  default: z.nullable(id),
  cap: many,
  topTierCap: many,
  continuity: z.boolean(),
  even: z.boolean(),
  useTier: z.boolean(),
  /** The company's own rule this rests on: how it is called, and what it says. */
  policy: house({
    name: z.string().check(z.maxLength(60), z.regex(/^[^\u0000]*$/)),
    text: z.string().check(z.maxLength(4000), z.regex(/^[^\u0000]*$/)),
  }),
})
export type RuleBody = z.output<typeof ruleBody>

/** What counts while the company has approved nothing of its own: the weights of compliance 7.3, both fallbacks, no caps. */
export const builtInBody: RuleBody = {
  weights: { preference: 30, depth: 20, capacity: 20, performance: 15, contribution: 10, tenure: 5 },
  fallbacks: ['region_only', 'industry_only'],
  duty: [],
  default: null,
  cap: null,
  topTierCap: null,
  continuity: true,
  even: false,
  useTier: false,
  policy: { name: '', text: '' },
}

/** `assessed`: an impact assessment is in force now; without one nobody is allocated by their value (T-44). */
export function rulesOf(version: number, body: RuleBody, assessed: boolean): Rules {
  const { weights, policy: _policy, useTier, ...rest } = body
  return { ...rest, version: versionName(version), weights: sharesOf(weights), useTier: useTier && assessed }
}
/** Hundredths as the engine reads them, and back: what stands in a plan came from whole ones. */
export const sharesOf = (weights: RuleBody['weights']): Record<Factor, number> =>
  Object.fromEntries(factors.map((f) => [f, weights[f] / WHOLE])) as Record<Factor, number>
export const percents = (shares: Readonly<Record<Factor, number>>): RuleBody['weights'] =>
  Object.fromEntries(factors.map((f) => [f, Math.round(shares[f] * WHOLE)])) as RuleBody['weights']
export const versionName = (version: number): string => `R-${version}`

export const builtInRules: Rules = rulesOf(0, builtInBody, false)

/** Moves one weight and takes the difference from the others, in proportion: they always add up to the whole. */
export function withWeight(weights: RuleBody['weights'], factor: Factor, wished: number): RuleBody['weights'] {
  const value = Math.min(WHOLE, Math.max(0, Math.round(wished)))
  const others = factors.filter((f) => f !== factor)
  const before = others.reduce((sum, f) => sum + weights[f], 0)
  const left = WHOLE - value
  // Largest remainders: whole hundredths that add up, the same for the same wish.
  const exact = others.map((f) => ({ f, share: before ? (weights[f] / before) * left : left / others.length }))
  const next = { ...weights, [factor]: value }
  for (const { f, share } of exact) next[f] = Math.floor(share)
  let rest = left - others.reduce((sum, f) => sum + next[f], 0)
  for (const { f } of [...exact].sort((a, b) => (b.share % 1) - (a.share % 1))) {
    if (rest <= 0) break
    next[f]++
    rest--
  }
  return next
}

/** What the house knows that a body alone does not say. */
export interface RuleGround {
  /** Members who may take customers now. */
  here: ReadonlySet<string>
  assessed: boolean
  /** Factors and filters of which something is known of anybody. */
  known: ReadonlySet<Factor | 'region' | 'industry'>
  /** How many customers the largest departure of late had. */
  largest: number
}

export const ruleProblems = [
  'sum',
  'policy',
  'fallback_twice',
  'duty_twice',
  'duty_gone',
  'default_gone',
  'tier_unassessed',
  'top_cap_off',
  'top_cap_over',
  'default_on_duty',
  'no_end',
  'caps_small',
  'no_need',
  'one_factor',
  'factor_unknown',
  'fallback_unknown',
] as const
export type RuleProblemName = (typeof ruleProblems)[number]

/** invalid: cannot be used; contradictory: says two things at once; unreachable: says something that never happens. */
export const ruleProblemKinds: Record<RuleProblemName, 'invalid' | 'contradictory' | 'unreachable' | 'note'> = {
  sum: 'invalid',
  policy: 'invalid',
  fallback_twice: 'contradictory',
  duty_twice: 'contradictory',
  duty_gone: 'invalid',
  default_gone: 'invalid',
  tier_unassessed: 'contradictory',
  top_cap_off: 'unreachable',
  top_cap_over: 'unreachable',
  default_on_duty: 'unreachable',
  no_end: 'note',
  caps_small: 'note',
  no_need: 'note',
  one_factor: 'note',
  factor_unknown: 'unreachable',
  fallback_unknown: 'unreachable',
}
/** These must be mended before anybody can be asked to approve. */
export const refuses = (name: RuleProblemName): boolean => ['invalid', 'contradictory'].includes(ruleProblemKinds[name])

const problem = house({ name: z.enum(ruleProblems), of: z.string() })
export type RuleProblem = z.output<typeof problem>

const MOST_OF_ONE = 80

/** Everything that is wrong with rules, or is not what whoever wrote it may think; in the order of the list. */
export function ruleProblemsOf(body: RuleBody, ground: RuleGround): RuleProblem[] {
  const sum = factors.reduce((total, f) => total + body.weights[f], 0)
  const gone = body.duty.filter((member) => !ground.here.has(member))
  const onDuty = body.default !== null && body.duty.includes(body.default)
  const most = factors.find((f) => body.weights[f] >= MOST_OF_ONE)
  const unknown = factors.filter((f) => body.weights[f] > 0 && f !== 'capacity' && !ground.known.has(f))
  const blind = body.fallbacks.filter((f) => !ground.known.has(f === 'region_only' ? 'region' : 'industry'))
  const room = body.cap === null ? Infinity : body.cap * ground.here.size
  const found: [RuleProblemName, boolean, string?][] = [
    ['sum', sum !== WHOLE, String(sum)],
    ['policy', !body.policy.name.trim() || !body.policy.text.trim()],
    ['fallback_twice', new Set(body.fallbacks).size !== body.fallbacks.length],
    ['duty_twice', new Set(body.duty).size !== body.duty.length],
    ['duty_gone', gone.length > 0, gone.join(' ')],
    ['default_gone', body.default !== null && !ground.here.has(body.default), body.default ?? ''],
    ['tier_unassessed', body.useTier && !ground.assessed],
    ['top_cap_off', body.topTierCap !== null && !body.useTier, String(body.topTierCap)],
    [
      'top_cap_over',
      body.topTierCap !== null && body.cap !== null && body.useTier && body.topTierCap > body.cap,
      `${body.topTierCap} > ${body.cap}`,
    ],
    ['default_on_duty', onDuty, body.default ?? ''],
    ['no_end', !body.duty.length && body.default === null],
    ['caps_small', room < ground.largest, String(ground.largest)],
    ['no_need', body.weights.preference === 0],
    ['one_factor', most !== undefined, most],
    ...unknown.map((f): [RuleProblemName, boolean, string] => ['factor_unknown', true, f]),
    ...blind.map((f): [RuleProblemName, boolean, string] => ['fallback_unknown', true, f]),
  ]
  return found.flatMap(([name, is, of = '']) => (is ? [{ name, of }] : []))
}

const person = house({ id, name: z.string() })
const version = house({
  /** `R-0` is what came with the product. */
  version: z.int(),
  body: ruleBody,
  digest: z.string(),
  since: z.nullable(instant),
  reason: z.nullable(z.string()),
  by: z.nullable(z.string()),
  approvedBy: z.nullable(z.string()),
})
export type RuleVersion = z.output<typeof version>

const draft = house({
  state: z.enum(['draft', 'proposed']),
  body: ruleBody,
  digest: z.string(),
  reason: z.nullable(z.string()),
  by: z.string(),
  at: instant,
  /** The reader wrote in it: somebody else must approve it. */
  mine: z.boolean(),
  rejected: z.nullable(house({ by: z.string(), reason: z.string() })),
})
export type RuleDraft = z.output<typeof draft>

const assessment = house({
  id,
  title: z.string(),
  reference: z.string(),
  until: z.string(),
  by: z.string(),
  at: instant,
  /** null: it waits for a second person, and counts for nothing. */
  confirmedBy: z.nullable(z.string()),
  /** The reader recorded it. */
  mine: z.boolean(),
})
export type Assessment = z.output<typeof assessment>

/** Who sees how rules come about. */
export const ruleReaders = ['manager', 'compliance', 'admin', 'auditor'] as const

/** The rules in use and why: whoever works here may know how customers are allocated (L58). */
export const getRulesInUse = endpoint({
  method: 'GET',
  path: '/api/rules/use',
  access: 'signed-in',
  input: nothing,
  output: house({ used: version, people: z.array(person) }),
})

export const getRules = endpoint({
  method: 'GET',
  path: '/api/rules',
  access: ruleReaders,
  input: nothing,
  output: house({
    used: version,
    /** The newest first. */
    versions: z.array(version),
    draft: z.nullable(draft),
    /** Of the draft, else of the version in use. */
    problems: z.array(problem),
    assessment: z.nullable(assessment),
    /** Those that nobody has confirmed yet. */
    assessmentsWaiting: z.array(assessment),
    /** Everybody a version names. */
    people: z.array(person),
  }),
})
export type RulesShown = z.output<typeof getRules.output>

/** One version, word for word, with the company's rule it rests on (T-09). */
export const getRuleVersion = endpoint({
  method: 'GET',
  path: '/api/rules/versions/:version',
  access: ruleReaders,
  input: z.object({ version: z.coerce.number().check(z.int(), z.gte(0), z.lte(100_000)) }),
  output: house({ version, people: z.array(person) }),
})

const body = z.object({ body: ruleBody })
export const checkRules = endpoint({
  method: 'POST',
  path: '/api/rules/check',
  access: ['manager'],
  shows: true,
  input: body,
  output: house({ problems: z.array(problem) }),
})

/** `on`: what it was begun from, so that two do not write over each other. */
export const saveRules = endpoint({
  method: 'POST',
  path: '/api/rules/draft',
  access: ['manager'],
  input: z.object({ ...body.shape, on: digestField }),
  output: house({ digest: z.string(), problems: z.array(problem) }),
})

const seen = z.object({ digest: digestField })
const because = z.object({ digest: digestField, reason: words(300) })
export const proposeRules = endpoint({
  method: 'POST',
  path: '/api/rules/propose',
  access: ['manager'],
  input: because,
  output: done,
})
/** By a second person: in use from then on. */
export const approveRules = endpoint({
  method: 'POST',
  path: '/api/rules/approve',
  access: ['manager', 'compliance'],
  fresh: true,
  input: seen,
  output: house({ version: z.int() }),
})
export const rejectRules = endpoint({
  method: 'POST',
  path: '/api/rules/reject',
  access: ['manager', 'compliance'],
  input: because,
  output: done,
})
export const discardRules = endpoint({
  method: 'POST',
  path: '/api/rules/discard',
  access: ['manager'],
  input: seen,
  output: done,
})

/** What a departure of late would have come to, with the rules in use and with these. */
const outcome = house({ given: z.number(), nobody: z.number(), colleagues: z.number(), most: z.number() })
const tried = house({
  departure: id,
  leaver: z.string(),
  customers: z.number(),
  before: outcome,
  after: outcome,
  /** Who would go to somebody else than by the rules in use. */
  elsewhere: z.number(),
})
export type Tried = z.output<typeof tried>
/** Nothing of it is kept: as the facts are today, over the customers of the last departures. */
export const tryRules = endpoint({
  method: 'POST',
  path: '/api/rules/try',
  access: ['manager'],
  shows: true,
  input: body,
  output: house({
    departures: z.array(tried),
    /** By colleague over all of them, where it changes anything. */
    colleagues: z.array(house({ id, name: z.string(), before: z.number(), after: z.number() })),
  }),
})
export type Trial = z.output<typeof tryRules.output>

/** Compliance writes down that an impact assessment of allocating by value was made, and until when it holds. */
export const recordAssessment = endpoint({
  method: 'POST',
  path: '/api/assessments',
  access: ['compliance'],
  fresh: true,
  input: z.object({ title: words(100), reference: words(60), until: day }),
  output: done,
})
export const confirmAssessment = endpoint({
  method: 'POST',
  path: '/api/assessments/:assessment/confirm',
  access: ['compliance', 'manager'],
  fresh: true,
  input: z.object({ assessment: id }),
  output: done,
})
export const endAssessment = endpoint({
  method: 'POST',
  path: '/api/assessments/:assessment/end',
  access: ['compliance'],
  fresh: true,
  input: z.object({ assessment: id }),
  output: done,
})
