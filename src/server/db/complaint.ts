import { sql } from 'kysely'
import type { channels } from '../../shared/complaint'
import { nextDue } from '../../shared/complaint'
import { chinaDay } from '../../shared/day'
import type { Language } from '../../shared/lang/fill'
import type { Actor, Audit } from './act'
import { calendarOf } from './calendar'
import { duesFrom, holdComplaint, moveComplaint, tellEvent } from './complaint-move'
import type { Tx } from './open'
import { keyedHash } from './person'

/** The same words again so soon are one complaint sent twice: a double tap, a reload. */
const TWICE_MS = 10 * 60_000

export interface NewComplaint {
  /** null: the link was not known. */
  handoverId: string | null
  text: string
  contact: string | null
  channel?: (typeof channels)[number]
  language?: Language
  /** The closed one that the customer writes about again. */
  follows?: string
  /** Who wrote it down, when it came by phone or on paper. */
  recordedBy?: string
}

/**
 * Files a complaint and answers its number, `TS-20261201-0001`: the day in Beijing and a count that leaves no gap. The
 * day's counter is held first, so that two taps meet here and become one record. `by`: whose words they are; the log binds
 * them by a hash under that customer's key. On the page the number and the date are the answer to pressing the button: that
 * is the acknowledgement (M6); whoever came another way is still to be told.
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
  const { recordedBy, channel = 'page', ...said } = complaint
  const dues = duesFrom(at, await calendarOf(tx))
  const due = nextDue({ state: 'received', respondedAt: null, answerBy: null, informBy: null, ...dues })
  const about = complaint.handoverId && (await successorOf(tx, complaint.handoverId))
  await tx
    .insertInto('complaint')
    .values({ ...said, ...dues, channel, number, at, aboutId: about || null, nextBy: due?.by ?? null })
    .execute()
  const actor: Actor = recordedBy ?? 'customer'
  await tellEvent(tx, number, { at, actor, what: 'received', to: 'received' })
  const text = by && (await keyedHash(tx, by.secret, by.customer, complaint.text))
  audit('complaint.received', number, { handover: complaint.handoverId, channel, ...(text && { text }) })
  if (channel === 'page') await acknowledge(tx, audit, number, at)
  return number
}

async function acknowledge(tx: Tx, audit: Audit, number: string, at: Date): Promise<void> {
  const held = await holdComplaint(tx, number)
  if (!held) return
  const set = { acknowledgedAt: at }
  await moveComplaint(tx, audit, held, 'acknowledge', { at, actor: 'system', set, detail: { how: 'page' } })
}

/** Whom it is about until somebody looked: the colleague the letter speaks of. */
const successorOf = async (tx: Tx, handoverId: string): Promise<string | null> =>
  (await tx.selectFrom('transfer').select('successorId').where('handoverId', '=', handoverId).executeTakeFirst())
    ?.successorId ?? null

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
