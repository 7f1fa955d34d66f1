import type { Db, Tx } from '../db/open'

/** What was prepared before and never sent: its link dies with it. */
export const replacePrepared = (tx: Tx, handoverId: string, at: Date) =>
  tx
    .updateTable('noticeAttempt')
    .set({ outcome: 'replaced', outcomeAt: at })
    .where('handoverId', '=', handoverId)
    .where('outcome', '=', 'prepared')
    .where('consentId', 'is', null)
    .execute()

export interface NewAttempt {
  id: string
  handoverId: string
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

/** Held until the end of the transaction; only for the member who prepared it. */
export const ownAttempt = (tx: Tx, id: string, preparedBy: string) =>
  tx
    .selectFrom('noticeAttempt')
    .innerJoin('handover', 'handover.id', 'noticeAttempt.handoverId')
    .select(['noticeAttempt.id', 'noticeAttempt.handoverId', 'noticeAttempt.outcome', 'noticeAttempt.outcomeAt'])
    .select(['handover.customerId', 'noticeAttempt.consentId'])
    .where('noticeAttempt.id', '=', id)
    .where('noticeAttempt.preparedBy', '=', preparedBy)
    .forUpdate('noticeAttempt')
    .executeTakeFirst()

export const settleAttempt = (
  tx: Tx,
  id: string,
  settled: { outcome: string; form: string; outcomeAt: Date; detail: string | null },
) => tx.updateTable('noticeAttempt').set(settled).where('id', '=', id).execute()

/** Told, and nothing heard since. */
export const silentSince = (db: Db, before: Date, limit: number) =>
  db
    .selectFrom('notice')
    .select('handoverId')
    .where('state', '=', 'sent')
    .where('sentAt', '<', before)
    .orderBy('sentAt')
    .limit(limit)
    .execute()
