import { createHash } from 'node:crypto'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { sql } from 'kysely'
import type { Json } from '../../shared/canonical'
import type { Db, Tx } from '../db/open'
import { storable } from './answers'

export type EventSource = 'app' | 'contacts'

/** Nothing in the message is believed to be a number, an entity or an attribute: texts only. */
const parser = new XMLParser({ parseTagValue: false, processEntities: false, ignoreAttributes: true, trimValues: true })

/** The elements below `<xml>`, or null when it is not such a document. A declared entity or type is refused unread. */
export function readXml(given: string): Record<string, unknown> | null {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(given)) return null
  try {
    if (XMLValidator.validate(given) !== true) return null
    const root: unknown = (parser.parse(given) as Record<string, unknown>)['xml']
    return typeof root === 'object' && root !== null && !Array.isArray(root) ? (root as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** The flat elements only, as storable texts: what an event says about lists is read again from the API. */
export const textsOf = (xml: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(xml).flatMap(([key, value]) =>
      typeof value === 'string' ? [[storable(key), storable(value)]] : [],
    ),
  )

/** Kinds of events that may say that somebody has gone (facts 2.4). */
export const leavingEvents = ['change_contact', 'unsubscribe']
export const isLeaving = (event: string | undefined): boolean => leavingEvents.includes(event ?? '')

export const digestOf = (message: string): string => createHash('sha256').update(message).digest('hex')

export interface NewEvent {
  digest: string
  source: EventSource
  receivedAt: Date
  event: string
  change: string
  body: { [key: string]: Json }
}

/** WeCom sends an event up to three times (facts 5.1): the same message is kept once. */
export const keepEvent = (db: Db | Tx, { body, ...event }: NewEvent) =>
  db
    .insertInto('wecomEvent')
    .values({ ...event, body: sql<string>`${JSON.stringify(body)}::jsonb` })
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .execute()

/** Events that wait to be handled, and those of kinds we do not know, which WeCom may have added. */
export async function eventCounts(
  db: Db,
): Promise<{ open: number; unknown: { event: string; change: string; n: number }[] }> {
  const { open } = await db
    .selectFrom('wecomEvent')
    .select((eb) => eb.fn.countAll<number>().as('open'))
    .where('handledAt', 'is', null)
    .executeTakeFirstOrThrow()
  const unknown = await db
    .selectFrom('wecomEvent')
    .select(['event', 'change'])
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('outcome', '=', 'unknown')
    .groupBy(['event', 'change'])
    .orderBy('event')
    .orderBy('change')
    .execute()
  return { open, unknown }
}
