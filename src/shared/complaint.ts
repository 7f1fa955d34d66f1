import * as z from 'zod/mini'
import { endpoint, instant, page, pageInput } from './endpoint'
import { personal } from './field'

/** What compliance sees of what customers wrote. Managers see only that there is one (departure.ts). */
export const listComplaints = endpoint({
  method: 'GET',
  path: '/api/complaints',
  access: ['compliance'],
  input: z.object({ ...pageInput }),
  output: page(
    personal({
      F0: {
        number: z.string(),
        at: instant,
        /** The successor it may be about; null when the link was not known. */
        about: z.nullable(z.string()),
      },
      F6: { text: z.string(), contact: z.nullable(z.string()) },
    }),
  ),
})
