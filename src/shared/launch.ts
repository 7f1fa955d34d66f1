import * as z from 'zod/mini'
import { digestField, endpoint, instant, nothing } from './endpoint'
import { house } from './field'

/**
 * The review before the first customer is passed on (compliance S22, T-22; 5.7's instance 0). What the system can count it counts;
 * the rest people answer, with where the proof is. Signed by a second person, once.
 */

/** What the system finds out by itself, each time anew until it is signed. */
export const launchFindings = ['basis', 'mirror', 'managers', 'compliance', 'staff_rules'] as const
export type LaunchFinding = (typeof launchFindings)[number]

/** What only people know. `one_controller`: nobody else decides with us what is done with customers' data. */
export const launchItems = [
  'one_controller',
  'documents',
  'inheritance_rules',
  'clauses',
  'training',
  'impact',
  'texts',
  'revocation',
] as const
export type LaunchItem = (typeof launchItems)[number]

const answer = house({ met: z.boolean(), proof: z.string().check(z.maxLength(300), z.regex(/^[^\u0000]*$/)) })
/** An item that is missing was not answered. */
export const launchAnswers = z.partialRecord(z.enum(launchItems), answer)
export type LaunchAnswers = z.output<typeof launchAnswers>

/** What stands between the answers and a signature: not answered, not met, or without saying where the proof is. */
export const launchOpen = (answers: LaunchAnswers): LaunchItem[] =>
  launchItems.filter((item) => !answers[item]?.met || !answers[item].proof.trim())

export const launchShown = house({
  answers: launchAnswers,
  /** null: nobody has answered anything. */
  digest: z.nullable(z.string()),
  by: z.nullable(z.string()),
  at: z.nullable(instant),
  /** The reader wrote in it: somebody else must sign. */
  mine: z.boolean(),
  signed: z.nullable(house({ by: z.string(), at: instant })),
  /** As they are now; of a signed one, as they were on that day. */
  findings: z.array(house({ name: z.enum(launchFindings), met: z.boolean() })),
})
export type LaunchShown = z.output<typeof launchShown>

export const getLaunch = endpoint({
  method: 'GET',
  path: '/api/launch',
  access: ['compliance', 'admin', 'manager', 'auditor'],
  input: nothing,
  output: launchShown,
})

/** `on`: what it was begun from, so that two do not write over each other; null: nothing. */
export const saveLaunch = endpoint({
  method: 'POST',
  path: '/api/launch',
  access: ['compliance', 'admin'],
  input: z.object({ answers: launchAnswers, on: z.nullable(digestField) }),
  output: launchShown,
})

/** By a second person, over exactly what they read: from then on customers can be passed on. */
export const signLaunch = endpoint({
  method: 'POST',
  path: '/api/launch/sign',
  access: ['compliance', 'admin'],
  fresh: true,
  input: z.object({ digest: digestField }),
  output: launchShown,
})
