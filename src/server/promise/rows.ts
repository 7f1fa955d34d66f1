import { sql } from 'kysely'
import { allInherited, inheritedBy } from '../db/standing'
import type { Db, Tx } from '../db/open'

export interface NewPromise {
  id: string
  customerId: string
  madeBy: string
  madeAt: Date
  text: string
  due: string | null
}

/** Nothing comes back when the same member has already promised the same for the same day. */
export const addPromise = (tx: Tx, promise: NewPromise) =>
  tx
    .insertInto('promise')
    .values({ ...promise, source: 'member' })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()

export const samePromise = (db: Db, { customerId, madeBy, text, due }: NewPromise) =>
  db
    .selectFrom('promise')
    .selectAll()
    .where('customerId', '=', customerId)
    .where('madeBy', '=', madeBy)
    .where('text', '=', text)
    .where('writtenDue', due === null ? 'is' : '=', due)
    .executeTakeFirstOrThrow()

/** Held until the end of the transaction. */
export const holdPromise = (tx: Tx, id: string) =>
  tx
    .selectFrom('promise')
    .select(['id', 'customerId', 'text', 'due', 'keptAt', 'takenBy'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()

/** Nothing comes back when it was kept before. */
export const keepPromise = (tx: Tx, id: string, by: string, at: Date) =>
  tx
    .updateTable('promise')
    .set({ keptAt: at, keptBy: by })
    .where('id', '=', id)
    .where('keptAt', 'is', null)
    .returning('id')
    .executeTakeFirst()

/** Who moves a day has looked at the promise and stands for it. */
export const movePromise = (tx: Tx, id: string, due: string | null, by: string, at: Date) =>
  tx.updateTable('promise').set({ due, takenBy: by, takenAt: at }).where('id', '=', id).execute()

export const takePromise = (tx: Tx, id: string, by: string, at: Date) =>
  tx.updateTable('promise').set({ takenBy: by, takenAt: at }).where('id', '=', id).execute()

const NEVER = '9999-12-31'
const dueDay = sql<string>`coalesce(promise.due, ${sql.lit(NEVER)}::date)::text`

const owedBy = (db: Db, memberId: string) =>
  inheritedBy(db, memberId)
    .innerJoin('promise', 'promise.customerId', 'handover.customerId')
    .where('promise.keptAt', 'is', null)
    .where('transfer.state', '=', 'taken_over')
    .where('customer.restrictedAt', 'is', null)

export const owedAfter = (db: Db, memberId: string, after: readonly [string, string] | null, limit: number) =>
  owedBy(db, memberId)
    .innerJoin('member as maker', 'maker.id', 'promise.madeBy')
    .leftJoin('member as taker', 'taker.id', 'promise.takenBy')
    .select(['promise.id', 'promise.text', 'promise.due', 'promise.madeAt', 'promise.source', 'customer.name'])
    .select(['maker.name as madeBy', 'taker.name as takenBy', dueDay.as('place')])
    .$if(after !== null, (q) =>
      q.where(sql<boolean>`(${dueDay}, promise.id) > (${after?.[0] ?? ''}, ${after?.[1] ?? ''})`),
    )
    .orderBy(dueDay)
    .orderBy('promise.id')
    .limit(limit + 1)
    .execute()

export const owedTotals = (db: Db, memberId: string, tomorrow: string) =>
  db
    .selectFrom(owedBy(db, memberId).select('promise.due').as('mine'))
    .select((eb) => [
      eb.fn.countAll<number>().as('total'),
      eb.fn.countAll<number>().filterWhere('mine.due', '<=', tomorrow).as('soon'),
    ])
    .executeTakeFirstOrThrow()

/**
 * What successors who are here have not been told of, up to what is due tomorrow, with how each handover stands. Whoever had
 * today's message waits for the next: one a day.
 */
export const toRemind = (db: Db, { today, tomorrow }: { today: string; tomorrow: string }, limit: number) => {
  const what = sql<'tomorrow' | 'today' | 'overdue'>`case when promise.due < ${today}::date then 'overdue'
    when promise.due = ${today}::date then 'today' else 'tomorrow' end`
  return allInherited(db)
    .innerJoin('promise', 'promise.customerId', 'handover.customerId')
    .innerJoin('member as serving', 'serving.id', 'transfer.successorId')
    .select(['promise.id as promise', sql<string>`promise.due::text`.as('due'), 'serving.id as memberId'])
    .select(what.as('what'))
    .where('promise.keptAt', 'is', null)
    .where('promise.due', '<=', tomorrow)
    .where('transfer.state', '=', 'taken_over')
    .where('customer.restrictedAt', 'is', null)
    .where('serving.status', '=', 'active')
    .where('serving.blockedAt', 'is', null)
    .where(
      sql<boolean>`not exists (select 1 from promise_reminder r
      where r.promise_id = promise.id and r.member_id = serving.id and r.due = promise.due and r.what = ${what})`,
    )
    .where(
      sql<boolean>`not exists (select 1 from letter_to_member l
      where l.member_id = serving.id and l.kind = 'promises' and l.subject = ${today})`,
    )
    .orderBy('serving.id')
    .orderBy('promise.id')
    .limit(limit)
    .execute()
}

export interface Reminder {
  promiseId: string
  memberId: string
  due: string
  what: string
  toldAt: Date
}
/** Two runs at once write each once. */
export const addReminders = (tx: Tx, reminders: readonly Reminder[]) =>
  tx
    .insertInto('promiseReminder')
    .values([...reminders])
    .onConflict((conflict) => conflict.doNothing())
    .execute()
