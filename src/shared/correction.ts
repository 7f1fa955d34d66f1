import * as z from 'zod/mini'
import { done, endpoint, id, instant, nothing, page, pageInput, words } from './endpoint'
import { memberFieldNames } from './fact'
import { memberFacts } from './factdoor'
import { house } from './field'

/** A member reads what allocations know of them and says what is wrong (PIPL 45, 46; compliance 7.5): nobody writes their own. */
const correction = {
  id,
  field: z.enum(memberFieldNames),
  said: z.string(),
  at: instant,
}
const answered = house({ by: z.string(), at: instant, changed: z.boolean(), text: z.string() })

/** The reader's own facts, and what they asked to have corrected, the newest first. */
export const getOwnFacts = endpoint({
  method: 'GET',
  path: '/api/me/facts',
  access: 'signed-in',
  input: nothing,
  output: house({
    fields: z.array(memberFacts),
    corrections: z.array(house({ ...correction, answer: z.nullable(answered) })),
  }),
})
export type OwnFacts = z.output<typeof getOwnFacts.output>

/** One at a time of each field. */
export const askCorrection = endpoint({
  method: 'POST',
  path: '/api/me/facts/corrections',
  access: 'signed-in',
  input: z.object({ field: z.enum(memberFieldNames), said: words(300) }),
  output: done,
})

const asked = house({ ...correction, member: id, name: z.string() })
export type Asked = z.output<typeof asked>
/** What waits for an answer from whoever keeps these members' facts, the oldest first. */
export const listCorrections = endpoint({
  method: 'GET',
  path: '/api/facts/corrections',
  access: ['manager', 'hr'],
  input: z.object({ ...pageInput, member: z.optional(id) }),
  output: page(asked),
})

/** The fact itself is written where facts are written; here the member is told what became of it. */
export const answerCorrection = endpoint({
  method: 'POST',
  path: '/api/facts/corrections/:correction',
  access: ['manager', 'hr'],
  input: z.object({ correction: id, changed: z.boolean(), answer: words(300) }),
  output: done,
})
