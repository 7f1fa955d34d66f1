import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'

interface Noted {
  id: string
  by: string
  byId: string
}
export interface RecordRow {
  record: string
  customer: string
  purpose: string
  subject: string
  language: string
  at: Date
  until: Date
  /** Of the record's own last event. */
  state: string | null
  receipt: string | null
  doubt: (Noted & { reason: string }) | null
  spoken: (Noted & { channel: 'phone_call' | 'paper'; proof: string }) | null
}

/** Questions that reached their customer, the newest first. */
export const records = async (
  db: Db,
  { after, receipt, limit }: { after: string | undefined; receipt: string | undefined; limit: number },
): Promise<RecordRow[]> =>
  (
    await sql<RecordRow>`
      select r.id as record, c.name as customer, r.purpose, m.name as subject, r.language, last.at, r.until, last.state,
             answer.receipt,
             (select json_build_object('id', d.id, 'reason', d.reason, 'by', w.name, 'byId', w.id)
                from consent_doubt d join member w on w.id = d.asked_by
               where d.record_id = r.id and d.decided_by is null) as doubt,
             (select json_build_object('id', s.id, 'by', w.name, 'byId', w.id, 'channel', s.channel, 'proof', s.proof)
                from consent_spoken s join member w on w.id = s.written_by
               where s.record_id = r.id and s.answer = 'agree' and s.confirmed_by is null and s.proof is not null
                 and last.state in ('requested', 'unanswered')
               order by s.written_at desc limit 1) as spoken
        from consent_record r
        join customer c on c.id = r.customer_id
        join member m on m.id = r.subject_id
        join lateral (select e.at, e.state from consent_event e where e.record_id = r.id order by e.seq desc limit 1) last on true
        left join lateral (select e.receipt from consent_event e where e.record_id = r.id and e.receipt is not null
                            order by e.seq desc limit 1) answer on true
       where (${after ?? null}::text is null or r.id < ${after ?? null})
         and (${receipt ?? null}::text is null or exists (
           select 1 from consent_event e where e.record_id = r.id and e.receipt = ${receipt ?? null}))
       order by r.id desc limit ${limit + 1}`.execute(db)
  ).rows

/** The record is the one its customer's consent rests on now. */
export const isGiven = (db: Db, recordId: string) =>
  db
    .selectFrom('consent')
    .select('customerId')
    .where('recordId', '=', recordId)
    .where('state', '=', 'given')
    .executeTakeFirst()

/** undefined: there is an open one. */
export const addDoubt = (
  tx: Tx,
  doubt: {
    id: string
    customerId: string
    purpose: string
    recordId: string
    reason: string
    askedBy: string
    askedAt: Date
  },
) =>
  tx
    .insertInto('consentDoubt')
    .values(doubt)
    .onConflict((c) => c.column('recordId').where('decidedBy', 'is', null).doNothing())
    .returning('id')
    .executeTakeFirst()

export const holdDoubt = (tx: Tx, id: string) =>
  tx
    .selectFrom('consentDoubt')
    .selectAll()
    .where('id', '=', id)
    .where('decidedBy', 'is', null)
    .forUpdate()
    .executeTakeFirst()

export const decideDoubt = (tx: Tx, id: string, decision: { decidedBy: string; decidedAt: Date; upheld: boolean }) =>
  tx.updateTable('consentDoubt').set(decision).where('id', '=', id).execute()
