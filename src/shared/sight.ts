import * as z from 'zod/mini'
import { matches } from './allocation'
import { fieldClasses, openers, rights, stages, type Shown } from './access'
import { endpoint, id, instant } from './endpoint'
import { personal } from './field'

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
      /** What made the rules choose the reader, in facts without figures; null: a person chose, or it was spread evenly. */
      chosen: z.nullable(z.array(z.enum(matches))),
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
