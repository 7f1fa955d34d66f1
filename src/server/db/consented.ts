import { sql } from 'kysely'
import { purposes, type Consents } from '../../shared/access'
import { isEffective, type ConsentState } from '../../shared/consent'
import type { Db } from './open'

/** One row of `consent` as the rules read it; what moves it is in consent.ts. */
export interface Held {
  purpose: string
  state: string
  subjectId: string | null
  until: Date | string | null
}

/** A child's guardian has agreed that this colleague serves. */
export const guardianAgreed = (rows: readonly Held[], subjectId: string, now: Date): boolean =>
  rows.some((row) => row.purpose === 'serve' && row.subjectId === subjectId && answerIn(row, now) === 'given')

/**
 * The customer's answers as the access table is asked with: those that name this colleague. A yes that is over is no yes;
 * whoever never answered has answered nothing.
 */
export function consentsIn(rows: readonly Held[], subjectId: string, now: Date): Consents {
  const mine = rows.filter((row) => row.subjectId === subjectId)
  return Object.fromEntries(
    purposes.flatMap((purpose) => {
      const row = mine.find((one) => one.purpose === purpose)
      const answer = row && answerIn(row, now)
      return answer ? [[purpose, answer]] : []
    }),
  )
}

function answerIn({ state, until }: Held, now: Date): 'given' | 'refused' | 'withdrawn' | null {
  if (state === 'refused' || state === 'withdrawn') return state
  return isEffective(state as ConsentState, until === null ? null : new Date(until), now) ? 'given' : null
}

/** For reading beside a handover: every purpose of its customer. */
export const consentRows = sql<Held[]>`(
  select coalesce(json_agg(json_build_object('purpose', c.purpose, 'state', c.state, 'subjectId', c.subject_id,
                                             'until', c.until)), '[]')
    from consent c where c.customer_id = handover.customer_id)`

export async function consentsOf(db: Db, customerId: string, subjectId: string, now: Date): Promise<Consents> {
  const rows = await db
    .selectFrom('consent')
    .select(['purpose', 'state', 'subjectId', 'until'])
    .where('customerId', '=', customerId)
    .execute()
  return consentsIn(rows, subjectId, now)
}

/**
 * Whether this customer agreed to offers (compliance L47): a purpose of its own, which closes at once when it is withdrawn. This
 * version never asks for it, so that until somebody does nothing may be offered.
 */
export async function offersAllowed(db: Db, customerId: string, now: Date): Promise<boolean> {
  const row = await db
    .selectFrom('consent')
    .select(['state', 'until'])
    .where('customerId', '=', customerId)
    .where('purpose', '=', 'marketing')
    .executeTakeFirst()
  return Boolean(row) && isEffective(row!.state as ConsentState, row!.until, now)
}
