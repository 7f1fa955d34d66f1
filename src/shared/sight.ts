import * as z from 'zod/mini'
import { fieldClasses, maySee, rights, shownTo, stages, type FieldClass, type Shown, type Stage } from './access'
import { endpoint, id, instant } from './endpoint'
import { personal } from './field'

/** What would open a closed class: the notice, a reason, a consent, the end of an objection; or nothing. */
export const openers = ['told', 'reason', 'consent', 'objection', 'never'] as const
export type Opener = (typeof openers)[number]

/** For the successor, from the table: at which later stage the class is shown, and what leads there. null: it is open. */
export function openerOf(stage: Stage, fieldClass: FieldClass): Opener | null {
  const shown = shownTo('successor', stage, fieldClass)
  if (shown === 'plain') return null
  if (shown === 'masked') return 'reason'
  if (maySee('successor', 'V2', fieldClass)) return stage === 'VO' ? 'objection' : 'told'
  return maySee('successor', 'V3', fieldClass, { history_raw: 'given', sensitive_use: 'given' }) ? 'consent' : 'never'
}

/** "Why may I see this customer": by which right, at which stage, since when, who gave it, and what is closed. */
export const getSight = endpoint({
  method: 'GET',
  path: '/api/customers/:customer/sight',
  access: ['rep'],
  input: z.object({ customer: id }),
  output: personal({
    F0: {
      right: z.enum(rights),
      stage: z.enum(stages),
      since: z.nullable(instant),
      classes: z.array(
        z.object({
          of: z.enum(fieldClasses),
          shown: z.enum(['plain', 'masked', 'flag', 'consented', 'closed'] satisfies Shown[]),
          opens: z.nullable(z.enum(openers)),
        }),
      ),
    },
  }),
})
