import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'

/** What was prepared before and never sent: its link dies with it. */
export const replacePrepared = (tx: Tx, handoverId: string, at: Date) =>
  tx
    .updateTable('noticeAttempt')
    .set({ outcome: 'replaced', outcomeAt: at })
    .where('handoverId', '=', handoverId)
    .where('outcome', '=', 'prepared')
    .where('consentId', 'is', null)
    .where('script', 'is', null)
    .execute()

/** A script that was prepared before and never sent: nobody hands it over any more. */
export const replaceScripts = (tx: Tx, handoverId: string, at: Date) =>
  tx
    .updateTable('noticeAttempt')
    .set({ outcome: 'replaced', outcomeAt: at })
    .where('handoverId', '=', handoverId)
    .where('outcome', '=', 'prepared')
    .where('script', 'is not', null)
    .execute()

interface NewScript extends Omit<NewAttempt, 'pageVersion' | 'tokenHash'> {
  script: string
  edited: boolean
}
export const addScript = (tx: Tx, script: NewScript) =>
  tx
    .insertInto('noticeAttempt')
    .values({ ...script, outcome: 'prepared' })
    .execute()

export interface NewAttempt {
  id: string
  handoverId: string
  preparedBy: string
  preparedAt: Date
  language: string
  template: string
  pageVersion: number
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
    .select(['handover.customerId', 'noticeAttempt.consentId', 'noticeAttempt.pageVersion'])
    .select(['noticeAttempt.script', 'noticeAttempt.edited'])
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
    .where('state', 'in', ['sent', 'delivered'])
    .where('sentAt', '<', before)
    .orderBy('sentAt')
    .limit(limit)
    .execute()

/** A notice that is due anew (a waiver ended, the page changed) begins to wait then; that somebody opened the sidebar changes nothing. */
const waitingSince = (before: Date) =>
  sql<boolean>`(notice.state = 'prompted' or coalesce(notice.state_since < ${before}, true))`

/** Taken over long ago, and nobody has told the customer. */
export const unsentSince = (db: Db, before: Date, limit: number) =>
  db
    .selectFrom('notice')
    .innerJoin('transfer', 'transfer.handoverId', 'notice.handoverId')
    .select('notice.handoverId')
    .where('notice.state', 'in', ['due', 'prompted'])
    .where('transfer.state', '=', 'taken_over')
    .where('transfer.settledAt', '<', before)
    .where(waitingSince(before))
    .orderBy('transfer.settledAt')
    .limit(limit)
    .execute()

/** Whose customers have waited longer than that to be told, or to be told again. */
export const untoldBy = (db: Db, before: Date) =>
  db
    .selectFrom('notice')
    .innerJoin('transfer', 'transfer.handoverId', 'notice.handoverId')
    .innerJoin('member', 'member.id', 'transfer.successorId')
    .select(['member.id as memberId', (eb) => eb.fn.countAll<number>().as('customers')])
    .where('member.status', '=', 'active')
    .where('transfer.state', '=', 'taken_over')
    .where('transfer.settledAt', '<', before)
    .where('notice.state', 'in', ['due', 'prompted', 'changed'])
    .where(waitingSince(before))
    .groupBy('member.id')
    .execute()

/** Told with a page that has materially changed since; of the handovers that are the present ones of their customers. */
export const toldBefore = (db: Db, version: number, limit: number) =>
  db
    .selectFrom('notice')
    .innerJoin('transfer', 'transfer.handoverId', 'notice.handoverId')
    .innerJoin('handover', 'handover.id', 'notice.handoverId')
    .select('notice.handoverId')
    .where('notice.pageVersion', '<', version)
    .where('notice.state', 'in', ['sent', 'delivered', 'opened', 'acknowledged', 'objected', 'no_response'])
    .where('transfer.state', '=', 'taken_over')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('handover as later')
            .select('later.id')
            .whereRef('later.customerId', '=', 'handover.customerId')
            .whereRef('later.createdAt', '>', 'handover.createdAt'),
        ),
      ),
    )
    .orderBy('notice.handoverId')
    .limit(limit)
    .execute()

/** The newest version of the page that customers must be told of; 0: there is none. */
export const lastMaterial = async (db: Db): Promise<number> =>
  (
    await db
      .selectFrom('textVersion')
      .select((eb) => eb.fn.max('version').as('version'))
      .where('text', '=', 'page')
      .where('class', '!=', 'editorial')
      .executeTakeFirst()
  )?.version ?? 0

export const toldWith = async (tx: Tx, handoverId: string): Promise<number | null> =>
  (await tx.selectFrom('notice').select('pageVersion').where('handoverId', '=', handoverId).executeTakeFirstOrThrow())
    .pageVersion

/** What the leaver may tell before leaving (M1): an announced departure, a successor who was approved, not yet over. */
export const toldByLeaver = (tx: Tx, leaver: string, handoverId: string) =>
  tx
    .selectFrom('handover')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
    .innerJoin('member as successor', 'successor.id', 'transfer.successorId')
    .select(['handover.id as handover', 'departure.leftAt', 'successor.name as successor'])
    .where('handover.id', '=', handoverId)
    .where('departure.memberId', '=', leaver)
    .where('departure.gone', '=', false)
    .where('departure.endedAt', 'is', null)
    .where('transfer.state', 'in', ['approved', 'submitted', 'waiting'])
    .executeTakeFirst()
