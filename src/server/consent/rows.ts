import { sql } from 'kysely'
import type { AskablePurpose } from '../../shared/consent'
import type { Db, Tx } from '../db/open'

/** What may be sensitive about a customer: all that people wrote, for the question whether there is anything to ask for. */
export const textsOf = async (db: Db, customerId: string): Promise<string[]> =>
  (
    await sql<{ text: string }>`
      select remark as text from relation where customer_id = ${customerId}
      union all select description from relation where customer_id = ${customerId}
      union all select text from promise where customer_id = ${customerId}
      union all select v #>> '{}' from history, jsonb_path_query(body, 'strict $.** ? (@.type() == "string")') v
        where customer_id = ${customerId} and kind in ('remark.changed', 'description.changed')`.execute(db)
  ).rows.map((row) => row.text)

export const rawCount = async (db: Db, customerId: string): Promise<number> =>
  (
    await db
      .selectFrom('rawRecord')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('customerId', '=', customerId)
      .executeTakeFirstOrThrow()
  ).n

export const childOf = (db: Db, customerId: string) =>
  db.selectFrom('child').select(['callName', 'markedAt']).where('customerId', '=', customerId).executeTakeFirst()

/** Where a customer stands with every purpose that was ever needed. */
export const consentsAt = (db: Db, customerId: string) =>
  db
    .selectFrom('consent')
    .select(['purpose', 'state', 'recordId', 'subjectId', 'until', 'askedAt', 'remindedAt', 'movedAt'])
    .where('customerId', '=', customerId)
    .execute()
export type ConsentAt = Awaited<ReturnType<typeof consentsAt>>[number]

export interface NewRecord {
  id: string
  customerId: string
  purpose: AskablePurpose
  handoverId: string
  subjectId: string
  askedBy: string
  createdAt: Date
  language: string
  template: string
  text: string
  textSha256: string
  classes: string[]
  separate: boolean
  guardian: boolean
  until: Date
}
export const addRecord = (tx: Tx, record: NewRecord) => tx.insertInto('consentRecord').values(record).execute()

/** What was prepared before for this purpose and never sent: its link dies with it. */
export const replacePrepared = (tx: Tx, handoverId: string, purpose: string, at: Date) =>
  tx
    .updateTable('noticeAttempt')
    .set({ outcome: 'replaced', outcomeAt: at })
    .where('handoverId', '=', handoverId)
    .where('outcome', '=', 'prepared')
    .where('consentId', 'in', (eb) => eb.selectFrom('consentRecord').select('id').where('purpose', '=', purpose))
    .execute()

export interface NewAttempt {
  id: string
  handoverId: string
  consentId: string
  preparedBy: string
  preparedAt: Date
  language: string
  template: string
  text: string
  textSha256: string
  tokenHash: string
}
export const addAttempt = (tx: Tx, attempt: NewAttempt) =>
  tx
    .insertInto('noticeAttempt')
    .values({ ...attempt, outcome: 'prepared' })
    .execute()

/** Asked so long ago, and nothing heard. */
export const silentSince = (db: Db, before: Date, limit: number) =>
  db
    .selectFrom('consent')
    .select(['customerId', 'purpose', 'recordId'])
    .where('state', '=', 'requested')
    .where((eb) => eb(eb.fn.coalesce('remindedAt', 'askedAt'), '<', before))
    .orderBy('askedAt')
    .limit(limit)
    .execute()

export const overSince = (db: Db, now: Date, limit: number) =>
  db
    .selectFrom('consent')
    .select(['customerId', 'purpose', 'recordId'])
    .where('state', '=', 'given')
    .where('until', '<=', now)
    .orderBy('until')
    .limit(limit)
    .execute()

/** Kept only to be shown with a consent that is not there any more. */
export const dropRaw = async (tx: Tx, endedBefore: Date): Promise<string[]> =>
  (
    await sql<{ customerId: string }>`
      delete from raw_record r using consent c
       where c.customer_id = r.customer_id and c.purpose = 'history_raw'
         and c.state in ('refused', 'withdrawn', 'expired', 'invalidated') and c.moved_at < ${endedBefore}
         and r.at < c.moved_at and not customer_held(r.customer_id)
      returning r.customer_id`.execute(tx)
  ).rows.map((row) => row.customerId)

export const openSpoken = (db: Db, customerId: string) =>
  db
    .selectFrom('consentSpoken')
    .innerJoin('consentRecord', 'consentRecord.id', 'consentSpoken.recordId')
    .innerJoin('consent', (join) => join.onRef('consent.recordId', '=', 'consentRecord.id'))
    .select(['consentSpoken.id', 'consentSpoken.answer', 'consentSpoken.writtenBy', 'consentRecord.purpose'])
    .where('consentSpoken.customerId', '=', customerId)
    .where('consentSpoken.answer', '=', 'agree')
    .where('consentSpoken.confirmedBy', 'is', null)
    .where('consent.state', 'in', ['requested', 'unanswered'])
    .orderBy('consentSpoken.writtenAt')
    .execute()

export interface NewSpoken {
  id: string
  recordId: string
  customerId: string
  answer: string
  channel: string
  proof: string | null
  textSha256: string
  guardianRelation: string | null
  writtenBy: string
  writtenAt: Date
}
export const addSpoken = (tx: Tx, spoken: NewSpoken) => tx.insertInto('consentSpoken').values(spoken).execute()

/** Held until the end of the transaction. */
export const holdSpoken = (tx: Tx, id: string) =>
  tx.selectFrom('consentSpoken').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const confirmSpoken = (tx: Tx, id: string, by: string, at: Date) =>
  tx.updateTable('consentSpoken').set({ confirmedBy: by, confirmedAt: at }).where('id', '=', id).execute()
