import { sql } from 'kysely'
import type { RuleKind } from '../../shared/factdoor'
import type { Db, Tx } from '../db/open'

/** Each with the name WeCom has for it now, and whom it reaches: members below a department, customers with a tag. */
export async function rulesWithReach(db: Db) {
  const { rows } = await sql<{
    kind: string
    key: string
    field: string
    value: string | null
    name: string | null
    reach: number
    by: string
    at: Date
  }>`
    select r.kind, r.key, r.field, r.value, m.name as by, r.set_at as at,
      case r.kind
        when 'department' then (select d.name from department d where d.id::text = r.key)
        when 'tag' then (select t.group_name || ' · ' || t.name from tag t where t.id = r.key and not t.deleted)
        else (select min(t.group_name) from tag t where t.group_name = r.key and not t.deleted) end as name,
      case r.kind
        when 'department' then (
          with recursive below as (
            select d.id from department d where d.id::text = r.key
            union select d.id from department d join below on d.parent_id = below.id)
          select count(*) from member x where x.status <> 'left' and x.department_ids && array(select id from below))
        else (
          select count(distinct x.customer_id) from relation x
           where x.tag_ids && array(select t.id from tag t
                                     where not t.deleted and (t.id = r.key and r.kind = 'tag' or t.group_name = r.key and r.kind = 'tag_group')))
      end as reach
      from fact_rule r join member m on m.id = r.set_by
     order by r.kind, name, r.field`.execute(db)
  return rows
}

export const departments = async (db: Db) =>
  (await db.selectFrom('department').select(['id', 'name']).orderBy('id').execute()).map(({ id, name }) => ({
    id: String(id),
    name,
  }))

export const tags = (db: Db) =>
  db
    .selectFrom('tag')
    .select(['id', 'groupName as group', 'name'])
    .where('deleted', '=', false)
    .orderBy('groupName')
    .orderBy('name')
    .execute()

/** The names by which a department, a tag (with its group) or a group is known; empty: there is none. */
export async function namesOf(db: Db, kind: RuleKind, key: string): Promise<string[]> {
  if (kind === 'department') {
    const { rows } = await sql<{ name: string }>`select name from department where id::text = ${key}`.execute(db)
    return rows.map((row) => row.name)
  }
  const found = await db
    .selectFrom('tag')
    .select(['groupName', 'name'])
    .where('deleted', '=', false)
    .where(kind === 'tag' ? 'id' : 'groupName', '=', key)
    .execute()
  return kind === 'tag' ? found.flatMap((t) => [t.groupName, t.name]) : found.slice(0, 1).map((t) => t.groupName)
}

interface Rule {
  kind: string
  key: string
  field: string
  value: string | null
  setBy: string
  setAt: Date
}
export const putRule = (tx: Tx, rule: Rule) =>
  tx
    .insertInto('factRule')
    .values(rule)
    .onConflict((conflict) => conflict.columns(['kind', 'key', 'field']).doUpdateSet(rule))
    .execute()

export async function removeRule(tx: Tx, { kind, key, field }: Pick<Rule, 'kind' | 'key' | 'field'>): Promise<boolean> {
  const gone = await tx
    .deleteFrom('factRule')
    .where('kind', '=', kind)
    .where('key', '=', key)
    .where('field', '=', field)
    .returning('key')
    .executeTakeFirst()
  return gone !== undefined
}
