import { sql } from 'kysely'
import { chinaDay } from '../../shared/day'
import type { Audit } from './act'
import type { Tx } from './open'
import { keyedHash } from './person'

/** The same words again so soon are one complaint sent twice: a double tap, a reload. */
const TWICE_MS = 10 * 60_000

export interface NewComplaint {
  /** null: the link was not known. */
  handoverId: string | null
  text: string
  contact: string | null
}

/**
 * Files a complaint and answers its number, `TS-20261201-0001`: the day in Beijing and a count that leaves no gap. The
 * day's counter is held first, so that two taps meet here and become one record. `by`: whose words they are; the log binds
 * them by a hash under that customer's key.
 */
export async function fileComplaint(
  tx: Tx,
  audit: Audit,
  at: Date,
  complaint: NewComplaint,
  by: { customer: string; secret: string } | null,
): Promise<string> {
  const day = chinaDay(at)
  await holdDay(tx, day)
  const earlier = await sameComplaint(tx, complaint, new Date(at.getTime() - TWICE_MS))
  if (earlier) return earlier.number
  const { last } = await countOne(tx, day)
  const number = `TS-${day.replaceAll('-', '')}-${String(last).padStart(4, '0')}`
  await tx
    .insertInto('complaint')
    .values({ ...complaint, number, at })
    .execute()
  const text = by && (await keyedHash(tx, by.secret, by.customer, complaint.text))
  audit('complaint.received', number, { handover: complaint.handoverId, ...(text && { text }) })
  return number
}

const holdDay = (tx: Tx, day: string) =>
  tx
    .insertInto('dayCounter')
    .values({ day, last: 0 })
    .onConflict((conflict) => conflict.column('day').doUpdateSet({ last: (eb) => eb.ref('dayCounter.last') }))
    .execute()

const countOne = (tx: Tx, day: string) =>
  tx
    .updateTable('dayCounter')
    .set((eb) => ({ last: eb('last', '+', 1) }))
    .where('day', '=', day)
    .returning('last')
    .executeTakeFirstOrThrow()

const sameComplaint = (tx: Tx, { handoverId, text, contact }: NewComplaint, since: Date) =>
  tx
    .selectFrom('complaint')
    .select('number')
    .where('at', '>', since)
    .where('text', '=', text)
    .where(sql<boolean>`handover_id is not distinct from ${handoverId}`)
    .where(sql<boolean>`contact is not distinct from ${contact}`)
    .executeTakeFirst()
