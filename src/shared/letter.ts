import * as z from 'zod/mini'
import { LINK_MS } from './notice'
import { objectionKinds } from './objection'
import { requestKinds } from './request'
import { maySee, standpoints, type FieldClass, type Standpoint } from './access'

/** What the "not changed" line claims. It is printed only while every claim is true of the handover (compliance 3.4). */
type Claim = 'service' | 'price' | 'purpose' | 'method'

/**
 * A handover of this version passes a contact to a colleague and can do nothing else: no price, service, purpose or method
 * can be changed with it. Whoever adds such a change names it here, and the line moves by itself.
 */
export const changedClaims = (): Claim[] => []

/** A handover's customer is nobody's own customer, and the column is about others. */
const printed = standpoints.filter((who) => who !== 'serving' && who !== 'departing' && who !== 'customer')

/** Who, by the access table, sees a class of fields once the customer is told: the column of the full notice. */
export const whoSees = (fieldClass: FieldClass): Standpoint[] => printed.filter((who) => maySee(who, 'V2', fieldClass))

export type Link = 'live' | 'expired' | 'dead'

/**
 * A link that was replaced or whose sending was cancelled never reached anybody: dead. One that is only prepared may be
 * in the customer's hands before we hear of it. After 90 days the text stays readable, the buttons do not (3.5 P9).
 */
export function linkOf(attempt: { outcome: string; outcomeAt: Date | null; preparedAt: Date }, now: Date): Link {
  if (attempt.outcome === 'replaced' || attempt.outcome === 'cancelled') return 'dead'
  const from = attempt.outcome === 'sent' && attempt.outcomeAt ? attempt.outcomeAt : attempt.preparedAt
  return now.getTime() - from.getTime() > LINK_MS ? 'expired' : 'live'
}

/** What PostgreSQL cannot keep (U+0000) is dropped; the rest of a customer's words stays as written. */
const written = (max: number) =>
  z.pipe(
    z._default(z.string(), ''),
    z.pipe(
      z.transform((s: string) => s.replaceAll('\u0000', '').trim()),
      z.string().check(z.maxLength(max)),
    ),
  )

export const TEXT_MAX = 2000
export const CONTACT_MAX = 100

export const objectionForm = z.object({
  text: written(TEXT_MAX),
  share: z.optional(z.literal('yes')),
  about: z.optional(z.enum(objectionKinds)),
})
/** Text that is too long is said so and not lost: the form's reader measures it. */
export const requestForm = z.object({
  kind: z.enum(requestKinds),
  about: z.optional(z.string()),
  text: written(20_000),
  contact: z.pipe(
    written(2000),
    z.transform((s: string) => s.slice(0, CONTACT_MAX)),
  ),
})
export const complaintForm = z.object({
  text: written(TEXT_MAX).check(z.minLength(1)),
  contact: written(CONTACT_MAX),
})
