import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'

const OPEN = [
  'received',
  'acknowledged',
  'triaged',
  'handling',
  'pending_customer',
  'resolved',
  'reopened',
  'escalated_external',
]
const SOME = 200

export const withoutClocks = (db: Db) =>
  db.selectFrom('complaint').select('number').where('calendar', 'is', null).limit(SOME).execute()

export const unanswered = (db: Db, today: string) =>
  db
    .selectFrom('complaint')
    .select('number')
    .where('state', '=', 'pending_customer')
    .where('answerBy', '<', today)
    .limit(SOME)
    .execute()

export const accepted = (db: Db, before: Date) =>
  db
    .selectFrom('complaint')
    .select('number')
    .where('state', '=', 'result_informed')
    .where('informedAt', '<', before)
    .where(
      sql<boolean>`not (informed_by = 'mail' and exists (
        select 1 from complaint_mail m where m.number = complaint.number and m.kind = 'm7' and m.state = 'bounced'))`,
    )
    .limit(SOME)
    .execute()

/** Of whom nobody was told yet, or since the customer wrote. */
export const untold = (tx: Tx) =>
  tx
    .selectFrom('complaint')
    .select(['number', 'ownerId', 'aboutId', 'pastOwners', 'state'])
    .where('toldOfAt', 'is', null)
    .where('state', '!=', 'closed')
    .orderBy('number')
    .limit(SOME)
    .forUpdate()
    .execute()

export const markTold = (tx: Tx, numbers: readonly string[], at: Date) =>
  tx
    .updateTable('complaint')
    .set({ toldOfAt: at })
    .where('number', 'in', numbers.length ? [...numbers] : [''])
    .execute()

export const clocksRunning = (tx: Tx, soon: string, today: string) =>
  tx
    .selectFrom('complaint')
    .select(['number', 'ownerId', 'aboutId', 'nextBy', 'stopBy', 'state', 'round'])
    .where('state', 'in', OPEN)
    .where((eb) => eb.or([eb('nextBy', '<=', soon), eb('stopBy', '<', today)]))
    .orderBy('number')
    .limit(SOME)
    .execute()
