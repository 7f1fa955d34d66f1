import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'

export interface HolderRow {
  id: string
  name: string
  userid: string
  department: string | null
}

/** By name: whoever may do more than serve their own customers. `named`: userids in the settings. */
export const holdersAfter = (
  db: Db,
  named: readonly string[],
  after: readonly [string, string] | null,
  limit: number,
  now: Date,
) =>
  db
    .selectFrom('member')
    .leftJoin('department', (join) => join.on(sql<boolean>`department.id = member.department_ids[1]`))
    .select(['member.id', 'member.name', 'member.userid', 'department.name as department'])
    .where('member.status', '=', 'active')
    .where(sql<boolean>`(${hasMore(named, now)})`)
    .$if(after !== null, (q) => q.where(sql<boolean>`(member.name, member.id) > (${after?.[0]}, ${after?.[1]})`))
    .orderBy('member.name')
    .orderBy('member.id')
    .limit(limit)
    .execute()

const hasMore = (named: readonly string[], now: Date) => sql`
  member.userid = any(${sql.val([...named])}::text[])
  or exists (select 1 from department d where member.userid = any(d.leaders))
  or exists (select 1 from role_grant g
              where g.member_id = member.id and g.ended_at is null and (g.until is null or g.until > ${now}))`

export const countOthers = (db: Db, named: readonly string[], now: Date) =>
  db
    .selectFrom('member')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('status', '=', 'active')
    .where(sql<boolean>`not (${hasMore(named, now)})`)
    .executeTakeFirstOrThrow()

export const activeMember = (tx: Tx, id: string) =>
  tx
    .selectFrom('member')
    .leftJoin('department', (join) => join.on(sql<boolean>`department.id = member.department_ids[1]`))
    .select(['member.id', 'member.name', 'member.userid', 'department.name as department'])
    .where('member.id', '=', id)
    .where('member.status', '=', 'active')
    .forNoKeyUpdate('member')
    .executeTakeFirst()

export const ledBy = (db: Db, userids: readonly string[]) =>
  db
    .selectFrom('department')
    .select(['id', 'name', 'leaders'])
    .where(sql<boolean>`leaders && ${sql.val([...userids])}::text[]`)
    .orderBy('id')
    .execute()

export const departments = (db: Db) =>
  db.selectFrom('department').select(['id', 'name']).orderBy('parentId').orderBy('id').execute()

export const grantsOf = (db: Db, memberIds: readonly string[], now: Date) =>
  db
    .selectFrom('roleGrant')
    .innerJoin('member as giver', 'giver.id', 'roleGrant.grantedBy')
    .selectAll('roleGrant')
    .select('giver.name as by')
    .select(
      sql<string[]>`array(select name from department where id = any(role_grant.department_ids) order by id)`.as(
        'where',
      ),
    )
    .where('roleGrant.memberId', 'in', memberIds)
    .where('roleGrant.endedAt', 'is', null)
    .where((eb) => eb.or([eb('until', 'is', null), eb('until', '>', now)]))
    .orderBy('roleGrant.grantedAt')
    .execute()

/** The last word on each right. */
export const reviewsOf = (db: Db, memberIds: readonly string[]) =>
  db
    .selectFrom('rightReview')
    .innerJoin('member as reviewer', 'reviewer.id', 'rightReview.reviewedBy')
    .distinctOn(['memberId', 'role', 'source', 'place'])
    .select(['memberId', 'role', 'source', 'place', 'reviewedAt', 'reviewer.name as by'])
    .where('memberId', 'in', memberIds)
    .where('verdict', '=', 'confirmed')
    .orderBy('memberId')
    .orderBy('role')
    .orderBy('source')
    .orderBy('place')
    .orderBy('reviewedAt', 'desc')
    .execute()

export const membersNamed = (db: Db, name: string, but: string, limit: number) =>
  db
    .selectFrom('member')
    .leftJoin('department', (join) => join.on(sql<boolean>`department.id = member.department_ids[1]`))
    .select(['member.id', 'member.name', 'department.name as department'])
    .where('member.status', '=', 'active')
    .where('member.id', '!=', but)
    .where(sql<boolean>`position(lower(${name}) in lower(member.name)) > 0`)
    .orderBy('member.name')
    .orderBy('member.id')
    .limit(limit)
    .execute()

export interface NewGrant {
  id: string
  memberId: string
  role: string
  departmentIds: number[] | null
  reason: string
  grantedBy: string
  grantedAt: Date
  until: Date | null
}
export const addGrant = (tx: Tx, grant: NewGrant) => tx.insertInto('roleGrant').values(grant).execute()

export const openGrant = (tx: Tx, memberId: string, role: string) =>
  tx
    .selectFrom('roleGrant')
    .select(['id', 'until'])
    .where('memberId', '=', memberId)
    .where('role', '=', role)
    .where('endedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst()

export const expireGrant = (tx: Tx, id: string, at: Date) =>
  tx.updateTable('roleGrant').set({ endedAt: at, endedWhy: 'expired' }).where('id', '=', id).execute()

export const closeGrant = (tx: Tx, id: string, by: string, at: Date, reason: string) =>
  tx
    .updateTable('roleGrant')
    .set({ endedAt: at, endedBy: by, endedWhy: 'ended', endReason: reason })
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .returning(['memberId', 'role'])
    .executeTakeFirst()

export const grantKnown = (db: Db, id: string) =>
  db.selectFrom('roleGrant').select('id').where('id', '=', id).executeTakeFirst()

export interface NewReview {
  id: string
  memberId: string
  role: string
  source: 'leader' | 'setting' | 'grant'
  place: string
  reviewedBy: string
  reviewedAt: Date
  verdict: 'confirmed' | 'ended'
}
export const addReview = (tx: Tx, review: NewReview) => tx.insertInto('rightReview').values(review).execute()
