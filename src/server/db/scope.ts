import { sql } from 'kysely'

/**
 * Whether the member joined as `leaver` is within a manager's scope: null is everybody, else the departments somebody
 * leads and all below them. A leaver without known departments belongs to those who manage everybody.
 */
export const leaverInScope = (manages: readonly number[] | null) =>
  manages === null
    ? sql<boolean>`true`
    : sql<boolean>`leaver.department_ids && array(
        with recursive below as (
          select id from department where id = any(${sql.val([...manages])}::integer[])
          union select d.id from department d join below on d.parent_id = below.id)
        select id from below)`
