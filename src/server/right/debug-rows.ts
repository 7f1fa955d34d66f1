import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'

/** What a member has now. */
export const holding = (db: Db, memberId: string, now: Date) =>
  db
    .selectFrom('debugGrant')
    .select(['id', 'until'])
    .where('memberId', '=', memberId)
    .where('endedAt', 'is', null)
    .where('until', '>', now)
    .executeTakeFirst()

/** The same, and that it was used. */
export const open = (tx: Tx, memberId: string, now: Date) =>
  tx
    .updateTable('debugGrant')
    .set({ openedAt: sql<Date>`coalesce(opened_at, ${now})` })
    .where('memberId', '=', memberId)
    .where('endedAt', 'is', null)
    .where('until', '>', now)
    .returning(['id', 'until'])
    .executeTakeFirst()

export const listed = (db: Db, now: Date, after: string | null, limit: number) =>
  db
    .selectFrom('debugGrant as g')
    .innerJoin('member', 'member.id', 'g.memberId')
    .innerJoin('member as giver', 'giver.id', 'g.grantedBy')
    .leftJoin('department', (join) => join.on(sql<boolean>`department.id = member.department_ids[1]`))
    .select(['g.id', 'member.name', 'department.name as department', 'g.reason', 'giver.name as by'])
    .select(['g.grantedAt as at', 'g.until', 'g.openedAt as opened'])
    .where('g.endedAt', 'is', null)
    .where('g.until', '>', now)
    .$if(after !== null, (q) => q.where('g.id', '<', after ?? ''))
    .orderBy('g.id', 'desc')
    .limit(limit)
    .execute()

/** Nothing ran when it was over; it is closed when the next one is given. */
export const endOver = (tx: Tx, memberId: string, now: Date) =>
  tx
    .updateTable('debugGrant')
    .set((eb) => ({ endedAt: eb.ref('until') }))
    .where('memberId', '=', memberId)
    .where('endedAt', 'is', null)
    .where('until', '<=', now)
    .returning('id')
    .executeTakeFirst()

export interface NewDebugGrant {
  id: string
  memberId: string
  reason: string
  grantedBy: string
  grantedAt: Date
  until: Date
}
/** Nothing when the member has one. */
export const add = (tx: Tx, grant: NewDebugGrant) =>
  tx
    .insertInto('debugGrant')
    .values(grant)
    .onConflict((conflict) => conflict.column('memberId').where('endedAt', 'is', null).doNothing())
    .returning('id')
    .executeTakeFirst()

/** What is over is over, and was not ended by anybody. */
export const end = (tx: Tx, id: string, by: string, now: Date) =>
  tx
    .updateTable('debugGrant')
    .set({ endedAt: now, endedBy: by })
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .where('until', '>', now)
    .returning('memberId')
    .executeTakeFirst()

export const known = (db: Db, id: string) =>
  db.selectFrom('debugGrant').select('id').where('id', '=', id).executeTakeFirst()
