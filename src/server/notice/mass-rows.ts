import { sql, type Updateable } from 'kysely'
import type { NoticeState } from '../../shared/notice'
import type { Db, Tx } from '../db/open'
import type { MassNotice } from '../db/tables'

/** In which states of the notice a mass message tells something. */
export const mayAsk: readonly NoticeState[] = ['due', 'prompted', 'unreachable', 'changed']

/** False: one is open for this handover already. */
export const addMass = async (
  tx: Tx,
  row: { id: string; handoverId: string; memberId: string; language: string; askedAt: Date },
): Promise<boolean> =>
  (
    await tx
      .insertInto('massNotice')
      .values({ ...row, state: 'asked' })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .execute()
  ).length > 0

const open = (db: Db) =>
  db
    .selectFrom('massNotice as mass')
    .innerJoin('handover', 'handover.id', 'mass.handoverId')
    .innerJoin('member', 'member.id', 'mass.memberId')
    .leftJoin('noticeAttempt as attempt', 'attempt.id', 'mass.attemptId')
    .leftJoin('wecomContact', 'wecomContact.customerId', 'handover.customerId')
    .select(['mass.id', 'mass.handoverId', 'mass.memberId', 'mass.language', 'mass.msgid', 'mass.calledAt'])
    .select(['mass.attemptId', 'member.userid', 'handover.customerId', 'wecomContact.externalUserid'])
    .select(['attempt.textSha256', 'attempt.pageVersion'])

export type Mass = Awaited<ReturnType<typeof asked>>[number]

export const asked = (db: Db, limit: number) =>
  open(db).where('mass.state', '=', 'asked').orderBy('mass.askedAt').orderBy('mass.id').limit(limit).execute()

/** Called, and what came of the call is not known. */
export const unanswered = (db: Db, before: Date) =>
  open(db)
    .where('mass.state', '=', 'calling')
    .where('mass.calledAt', '<', before)
    .orderBy('mass.calledAt')
    .limit(50)
    .execute()

/** Waiting for the member to confirm; not asked for since. */
export const toPoll = (db: Db, before: Date) =>
  open(db)
    .where('mass.state', '=', 'waiting')
    .where(sql<boolean>`coalesce(mass.polled_at, mass.called_at) < ${before}`)
    .orderBy('mass.polledAt', (order) => order.asc().nullsFirst())
    .limit(200)
    .execute()

export const holdMass = (tx: Tx, id: string, state: string) =>
  tx
    .selectFrom('massNotice')
    .select('id')
    .where('id', '=', id)
    .where('state', '=', state)
    .forUpdate()
    .executeTakeFirst()

export const setMass = (tx: Tx, id: string, set: Updateable<MassNotice>) =>
  tx.updateTable('massNotice').set(set).where('id', '=', id).execute()
