import { sql, type Insertable } from 'kysely'
import type { mirrorSteps } from '../../shared/mirror'
import type { Progress } from '../db/freshness'
import type { Db, Tx } from '../db/open'
import type { Department, Member } from '../db/tables'
import type { Seen } from '../wecom/seen'
import type { Place } from './place'

export type Step = (typeof mirrorSteps)[number]

export const openRuns = (db: Db) => db.selectFrom('mirrorRun').selectAll().where('endedAt', 'is', null).execute()

export const lastRun = (db: Db) =>
  db.selectFrom('mirrorRun').selectAll().orderBy('startedAt', 'desc').orderBy('id', 'desc').limit(1).executeTakeFirst()

/** What stands in the row of a run. `seen`: how many rows of mirror_seen belong to it. */
export interface Standing {
  step: Step
  place: Place
  seen: number
  read: Progress
  changes: number
}

/** A relation that WeCom showed. */
export type Pair = Pick<Seen, 'userid' | 'externalUserid'>

const jsonb = (value: unknown) => sql<string>`${JSON.stringify(value)}::jsonb`

export const lockRuns = (tx: Tx) => sql`lock table mirror_run in share row exclusive mode`.execute(tx)

export const insertRun = (tx: Tx, startedAt: Date, { read, place, ...run }: Standing & { id: string }) =>
  tx
    .insertInto('mirrorRun')
    .values({ ...run, startedAt, read: jsonb(read), place: jsonb(place) })
    .execute()

/**
 * Where a run stands and what it has seen, in one statement: both or neither. Null when the run is no longer open, and then
 * nothing was written. Outside a transaction it does not wait for the disk: a lost line means only to read some pages again.
 */
export async function saveProgress(
  db: Db,
  id: string,
  { step, place, seen, read, changes }: Standing,
  pairs: readonly Pair[],
): Promise<{ fresh: number; seen: number } | null> {
  const { rows } = await sql<{ fresh: number; seen: number }>`
    with fresh as (
      insert into mirror_seen (member_id, customer_id)
      select m.id, w.customer_id
      from json_to_recordset(${JSON.stringify(pairs)}::json) as p("userid" text, "externalUserid" text)
      join member m on m.userid = p."userid"
      join wecom_contact w on w.external_userid = p."externalUserid"
      where exists (select from mirror_run where id = ${id} and ended_at is null)
      on conflict do nothing
      returning 1
    )
    update mirror_run set step = ${step}, place = ${jsonb(place)}, read = ${jsonb(read)}, changes = ${changes},
      seen = ${seen}::int + (select count(*) from fresh)
    where id = ${id} and ended_at is null
    returning (select count(*) from fresh) as fresh, seen
      ${db.isTransaction ? sql`` : sql`, set_config('synchronous_commit', 'off', true)`}`.execute(db)
  return rows[0] ?? null
}

/** Without keeping anybody out: a run that was taken over may be writing still. */
export const clearSeen = (tx: Tx) => sql`delete from mirror_seen`.execute(tx)
export const emptySeen = (tx: Tx) => sql`truncate mirror_seen`.execute(tx)

export async function seenRows(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from mirror_seen`.execute(db)
  return rows[0]?.n ?? 0
}

/** Open relations of these members that were not seen, in the order of their keys, so many after one of them. */
export async function vanished(db: Db, memberIds: readonly string[], after: Vanished | null, limit: number) {
  const { rows } = await sql<Vanished>`
    select r.member_id, r.customer_id, m.userid, w.external_userid
    from relation r
    join member m on m.id = r.member_id
    join wecom_contact w on w.customer_id = r.customer_id
    where r.member_id = any(${memberIds}) and r.ended_at is null
      and (r.member_id, r.customer_id) > (${after?.memberId ?? ''}, ${after?.customerId ?? ''})
      and not exists (select from mirror_seen s where s.member_id = r.member_id and s.customer_id = r.customer_id)
    order by r.member_id, r.customer_id
    limit ${limit}`.execute(db)
  return rows
}

export interface Vanished {
  memberId: string
  customerId: string
  userid: string
  externalUserid: string
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

/** In the order of their userids, byte by byte: the same everywhere and for ever. */
export const followersAfter = (db: Db, after: string, limit: number) =>
  db
    .selectFrom('member')
    .select(['id', 'userid'])
    .where('follows', '=', true)
    .where('status', '!=', 'left')
    .where(sql<boolean>`userid collate "C" > ${after}`)
    .orderBy(sql`userid collate "C"`)
    .limit(limit)
    .execute()

export const groupsOwnedBy = (db: Db, memberIds: readonly string[]) =>
  db.selectFrom('groupChat').select('chatId').where('ownerId', 'in', memberIds).execute()
