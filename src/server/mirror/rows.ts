import { sql, type Insertable } from 'kysely'
import type { mirrorSteps } from '../../shared/mirror'
import type { Progress } from '../db/freshness'
import type { Db, Tx } from '../db/open'
import type { Department, Member, Tag } from '../db/tables'

export type Step = (typeof mirrorSteps)[number]

export const openRuns = (db: Db) => db.selectFrom('mirrorRun').selectAll().where('endedAt', 'is', null).execute()

export const lastRun = (db: Db) =>
  db.selectFrom('mirrorRun').selectAll().orderBy('startedAt', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst()

export const insertRun = (tx: Tx, id: string, startedAt: Date) =>
  tx
    .insertInto('mirrorRun')
    .values({ id, startedAt, step: 'departments', read: sql<string>`'{}'::jsonb` })
    .execute()

/** False when the run is no longer open. */
export async function saveProgress(db: Db, id: string, step: Step, read: Progress, changes: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('mirrorRun')
    .set({ step, read: sql<string>`${JSON.stringify(read)}::jsonb`, changes })
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export const closeRun = (tx: Tx, id: string, end: { at: Date; errcode: number | null }) =>
  tx.updateTable('mirrorRun').set({ endedAt: end.at, errcode: end.errcode }).where('id', '=', id).execute()

const count = (from: string) => sql<number>`(select count(*) from ${sql.raw(from)})`

export const countAll = (db: Db) =>
  db
    .selectNoFrom([
      count('customer').as('customers'),
      count('relation where ended_at is null').as('relations'),
      count("member where status <> 'left'").as('members'),
    ])
    .executeTakeFirstOrThrow()

export const allDepartments = (db: Db) => db.selectFrom('department').selectAll().execute()
export const allMembers = (db: Db) => db.selectFrom('member').selectAll().execute()
export const allTags = (db: Db) => db.selectFrom('tag').selectAll().execute()

export const saveDepartments = (tx: Tx, rows: Insertable<Department>[]) =>
  tx
    .insertInto('department')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        name: eb.ref('excluded.name'),
        parentId: eb.ref('excluded.parentId'),
        leaders: eb.ref('excluded.leaders'),
      })),
    )
    .execute()

export const removeDepartments = (tx: Tx, ids: readonly number[]) =>
  tx.deleteFrom('department').where('id', 'in', ids).execute()

/** A member who left stays so here: only a new hire changes that, and that is not said by a list (`rehire`). */
export const saveMembers = (tx: Tx, rows: Insertable<Member>[]) =>
  tx
    .insertInto('member')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .column('userid')
        .doUpdateSet((eb) => ({
          name: eb.ref('excluded.name'),
          position: eb.ref('excluded.position'),
          departmentIds: eb.ref('excluded.departmentIds'),
          status: eb.ref('excluded.status'),
          follows: eb.ref('excluded.follows'),
        }))
        .where('member.status', '!=', 'left'),
    )
    .execute()

/** Members whom no list shows any more: they may do nothing until it is known why. They keep their departments. */
export const hideMembers = (tx: Tx, ids: readonly string[]) =>
  tx
    .updateTable('member')
    .set({ status: 'disabled', follows: false })
    .where('id', 'in', ids)
    .where('status', '!=', 'left')
    .execute()

export const rehire = (tx: Tx, id: string, status: string) =>
  tx.updateTable('member').set({ status }).where('id', '=', id).where('status', '=', 'left').execute()

export const endDepartures = (tx: Tx, memberId: string, at: Date) =>
  tx
    .updateTable('departure')
    .set({ endedAt: at })
    .where('memberId', '=', memberId)
    .where('endedAt', 'is', null)
    .returning('id')
    .execute()

export const saveTags = (tx: Tx, rows: Insertable<Tag>[]) =>
  tx
    .insertInto('tag')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        groupName: eb.ref('excluded.groupName'),
        name: eb.ref('excluded.name'),
        deleted: eb.ref('excluded.deleted'),
      })),
    )
    .execute()

export const followers = (db: Db) =>
  db
    .selectFrom('member')
    .select(['id', 'userid'])
    .where('follows', '=', true)
    .where('status', '!=', 'left')
    .orderBy('userid')
    .execute()

export const groupsOwnedBy = (db: Db, memberIds: readonly string[]) =>
  db.selectFrom('groupChat').select('chatId').where('ownerId', 'in', memberIds).execute()
