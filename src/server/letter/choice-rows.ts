import { sql } from 'kysely'
import type { AskablePurpose, ConsentAnswer, ConsentState } from '../../shared/consent'
import type { Language } from '../../shared/lang/fill'
import type { Db, Tx } from '../db/open'

/** Where the customer stands with one purpose, with the question it rests on. */
export interface Choice {
  purpose: AskablePurpose
  state: ConsentState
  at: Date
  recordId: string
  language: Language
  until: Date
  subjectId: string
  subject: string
  /** Of the last answer to this question. */
  receipt: string | null
}

export const choicesOf = async (db: Db, customerId: string): Promise<Choice[]> =>
  (
    await sql<Choice>`
      select c.purpose, c.state, c.moved_at as at, r.id as record_id, r.language, r.until, r.subject_id, m.name as subject,
             (select e.receipt from consent_event e where e.record_id = r.id and e.receipt is not null
               order by e.seq desc limit 1) as receipt
        from consent c
        join consent_record r on r.id = c.record_id
        join member m on m.id = r.subject_id
       where c.customer_id = ${customerId}
       order by c.moved_at`.execute(db)
  ).rows

/** The question that came with this very link. */
export const questionByLink = async (
  db: Db,
  tokenHash: string,
): Promise<Omit<Choice, 'state' | 'receipt'> | undefined> =>
  (
    await sql<Omit<Choice, 'state' | 'receipt'>>`
      select r.purpose, r.created_at as at, r.id as record_id, r.language, r.until, r.subject_id, m.name as subject
        from notice_attempt a
        join consent_record r on r.id = a.consent_id
        join member m on m.id = r.subject_id
       where a.token_hash = ${tokenHash}`.execute(db)
  ).rows[0]

export interface Receipt {
  receipt: string
  recordId: string
  purpose: AskablePurpose
  at: Date
  type: string
  channel: string
  text: string
  until: Date
  subject: string
}

/** One of this customer's own; somebody else's number and none are alike. */
export const receiptOf = async (db: Db, customerId: string, receipt: string): Promise<Receipt | undefined> =>
  (
    await sql<Receipt>`
      select e.receipt, e.record_id, e.purpose, e.at, e.type, e.channel, r.text, r.until, m.name as subject
        from consent_event e
        join consent_record r on r.id = e.record_id
        join member m on m.id = r.subject_id
       where e.customer_id = ${customerId} and e.receipt = ${receipt}`.execute(db)
  ).rows[0]

/** Every answer of the customer's, the last first. */
export const receiptsOf = (db: Db, customerId: string) =>
  db
    .selectFrom('consentEvent')
    .select(['receipt', 'purpose', 'type', 'at'])
    .where('customerId', '=', customerId)
    .where('receipt', 'is not', null)
    .orderBy('seq', 'desc')
    .limit(100)
    .execute()

export const wasShown = (db: Db, recordId: string, identity: string) =>
  db
    .selectFrom('consentEvent')
    .select('seq')
    .where('recordId', '=', recordId)
    .where('type', '=', 'notice.shown')
    .where('ial', '=', identity)
    .executeTakeFirst()

/** The same question once more, because the customer takes it up: of today, for as long as it lasts from today. */
export const copyRecord = (
  tx: Tx,
  from: string,
  now: { id: string; at: Date; language: Language; text: string; sha256: string; until: Date },
) =>
  sql`
    insert into consent_record (id, customer_id, purpose, handover_id, subject_id, asked_by, created_at, language, template, text,
                                text_sha256, classes, separate, guardian, until)
    select ${now.id}, customer_id, purpose, handover_id, subject_id, subject_id, ${now.at}, ${now.language}, template, ${now.text},
           ${now.sha256}, classes, separate, guardian, ${now.until}
      from consent_record where id = ${from}`.execute(tx)

export const answerOf = (type: string): ConsentAnswer =>
  type === 'consent.given' ? 'agree' : type === 'consent.refused' ? 'refuse' : 'withdraw'
