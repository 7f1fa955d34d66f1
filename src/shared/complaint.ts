import * as z from 'zod/mini'
import { endpoint, instant, page, pageInput } from './endpoint'

/** What compliance sees of what customers wrote. Managers see only that there is one (departure.ts). */
export const listComplaints = endpoint({
  method: 'GET',
  path: '/api/complaints',
  access: ['compliance'],
  input: z.object({ ...pageInput }),
  output: page(
    z.object({
      number: z.string(),
      at: instant,
      text: z.string(),
      contact: z.nullable(z.string()),
      /** The successor it may be about; null when the link was not known. */
      about: z.nullable(z.string()),
    }),
  ),
})
