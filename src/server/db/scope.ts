import { sql } from 'kysely'
import type { Db } from './open'

/** Who reads: `manages` null is everybody, else the departments somebody leads and all below them. */
export interface Reader {
  id: string
  manages: readonly number[] | null
}

/**
 * Whether the member joined as `leaver` is somebody whose departure the reader may know of: in their scope, and never
 * themselves, because an announced leaver still signs in. A leaver without known departments belongs to those who manage
 * everybody.
 */
export const leaverFor = ({ id, manages }: Reader) => sql<boolean>`(leaver.id <> ${id} and ${inScope(manages)})`

/** Whether a member with these departments is among whom a reader manages. */
export const inScope = (manages: Reader['manages'], departments = sql`leaver.department_ids`) =>
  manages === null
    ? sql<boolean>`true`
    : sql<boolean>`${departments} && array(
        with recursive below as (
          select id from department where id = any(${sql.val([...manages])}::integer[])
          union select d.id from department d join below on d.parent_id = below.id)
        select id from below)`

/** The departure, if this reader may know of it; somebody else's and none are alike. */
export const departureInScope = (db: Db, id: string, reader: Reader) =>
  db
    .selectFrom('departure')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .select('departure.id')
    .where('departure.id', '=', id)
    .where(leaverFor(reader))
    .executeTakeFirst()
