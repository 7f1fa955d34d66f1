import { sql } from 'kysely'
import type { Db } from './open'

/** Beside whoever leads a department: who manages all of them, by the settings or by a grant. Above every department. */
const EVERYWHERE = 99

export interface Decider {
  id: string
  /** 0 leads (or was granted) one of these departments, 1 what is right above it, and so on. */
  level: number
}

/**
 * Who may decide about a member of these departments, the nearest first: only those who could come in now. The same people
 * as `login/roles.ts` lets manage them.
 */
export async function decidersOf(
  db: Db,
  departments: readonly number[],
  userids: readonly string[],
  now: Date,
): Promise<Decider[]> {
  const { rows } = await sql<Decider>`
    with recursive above as (
      select id, parent_id, leaders, 0 as level from department where id = any(${sql.val([...departments])}::integer[])
      union all
      select d.id, d.parent_id, d.leaders, a.level + 1 from department d join above a on d.id = a.parent_id
       where a.level < 30),
    granted as (
      select member_id, department_ids from role_grant
       where role = 'manager' and ended_at is null and (until is null or until > ${now}))
    select member.id, min(near.level) as level
      from member
      join lateral (
        select level from above where member.userid = any(above.leaders)
        union all
        select above.level from granted join above on above.id = any(granted.department_ids)
         where granted.member_id = member.id
        union all
        select ${sql.lit(EVERYWHERE)} where member.userid = any(${sql.val([...userids])}::text[])
        union all
        select ${sql.lit(EVERYWHERE)} from granted where granted.member_id = member.id and department_ids is null) near on true
     where member.status = 'active' and member.blocked_at is null
     group by member.id order by level, member.id`.execute(db)
  return rows
}
