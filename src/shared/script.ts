import * as z from 'zod/mini'
import { endpoint, id, words } from './endpoint'
import { house, personal } from './field'
import { scripts } from './history'
import { languages } from './lang/fill'
import { draftRules } from './textlint'

/**
 * Talk scripts for a handover: versioned texts (text.ts), filled with names, which the member may change before sending. What
 * was changed is looked at like what compliance writes (textlint.ts), and the night is asked about (compliance S16, L42, L47).
 * `hello`: the first hello after the notice; `after_no`: after the customer refused something; `where_is`: "where did my colleague go".
 */
export type Script = (typeof scripts)[number]

export const SCRIPT_MAX = 500

/** Routing (F0): names of colleagues and what compliance wrote. */
const filled = personal({
  F0: {
    text: z.string(),
    /** `hello@1` */
    version: z.string(),
    /** What was filled in, in order of appearance. */
    filled: z.array(z.string()),
  },
})

export const getScript = endpoint({
  method: 'GET',
  path: '/api/handovers/:handover/scripts/:script',
  access: ['rep'],
  input: z.object({ handover: id, script: z.enum(scripts), language: z.enum(languages) }),
  output: filled,
})

/** What stands against sending these words now, and how they stand there. */
const finding = house({ rule: z.enum(draftRules), weight: z.enum(['refuse', 'warn']), words: z.string() })
export type ScriptFinding = z.output<typeof finding>

/**
 * Looks at the words and, if nothing stands against them, writes down the attempt before anything is handed to WeCom. What is
 * only warned of goes with `sure`. What came of it is told like a notice's outcome (notice.ts).
 */
export const sendScript = endpoint({
  method: 'POST',
  path: '/api/handovers/:handover/scripts',
  access: ['rep'],
  input: z.object({
    handover: id,
    script: z.enum(scripts),
    language: z.enum(languages),
    text: words(SCRIPT_MAX),
    sure: z._default(z.boolean(), false),
  }),
  output: personal({
    F0: {
      findings: z.array(finding),
      attempt: z.nullable(z.object({ id, text: z.string() })),
    },
  }),
})
