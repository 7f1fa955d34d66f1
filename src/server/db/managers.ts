import { sql } from 'kysely'
import type { Tx } from './open'

/** Managers of these departments, from above too, and those of the configuration. */
export const managersOf = (tx: Tx, departments: readonly number[], userids: readonly string[]) =>
  tx
    .selectFrom('member')
    .select('id')
    .where('status', '=', 'active')
    .where(
      sql<boolean>`(member.userid = any(${sql.val([...userids])}::text[]) or member.userid in (
        with recursive above as (
          select id, parent_id, leaders from department where id = any(${sql.val([...departments])}::integer[])
          union select d.id, d.parent_id, d.leaders from department d join above a on d.id = a.parent_id)
        select unnest(leaders) from above))`,
    )
    .orderBy('id')
    .execute()
