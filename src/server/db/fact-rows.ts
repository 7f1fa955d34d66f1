import { sql, type RawBuilder } from 'kysely'
import { factSources, type CustomerFacts, type CustomerField, type MemberFacts } from '../../shared/fact'
import type { Db } from './open'

/**
 * Facts as they count: of each field the one from the source that is believed first. What WeCom has is not copied into facts
 * but read where it stands, by what an administrator says departments and tags mean (fact_rule), so it is never older than
 * the mirror.
 */
const order = sql`array_position(${sql.val([...factSources])}::text[], source)`

/** A department's rules hold for all below it; of a field that is one value only, the first by name. */
const memberRows = (members: RawBuilder<unknown>) => sql`(
  select member_id, field, source, value, written_at, written_by from member_fact where member_id in (${members})
  union all
  select m.id, r.field, 'wecom',
         case r.field when 'entity' then to_jsonb(min(r.value)) else jsonb_agg(distinct r.value order by r.value) end,
         null, null
    from member m
    cross join unnest(m.department_ids) as own (id)
    join (
      with recursive up as (
        select id, id as above from department
        union select up.id, d.parent_id from up join department d on d.id = up.above)
      select * from up) as up on up.id = own.id
    join fact_rule r on r.kind = 'department' and r.key = up.above::text
   where m.id in (${members})
   group by m.id, r.field)`

/** Of several tags the one of whoever serves the customer now, the latest first. A tier is the letter its tag begins with. */
const customerRows = (customers: RawBuilder<unknown>, only: CustomerField | null = null) => sql`(
  select customer_id, field, source, value, written_at, written_by from customer_fact
   where customer_id in (${customers}) and (${only}::text is null or field = ${only})
  union all
  select * from (
    select distinct on (said.customer_id, said.field) said.customer_id, said.field, 'wecom', to_jsonb(said.value),
           null::timestamptz, null
      from (
        select r.customer_id, f.field, r.ended_at, r.since, f.kind,
               coalesce(f.value, case f.field when 'tier' then substring(upper(t.name) from '^([SABC])(?![A-Z])') else t.name end) as value
          from relation r
          cross join unnest(r.tag_ids) as own (id)
          join tag t on t.id = own.id and not t.deleted
          join fact_rule f on (f.kind = 'tag' and f.key = t.id) or (f.kind = 'tag_group' and f.key = t.group_name)
         where r.customer_id in (${customers}) and (${only}::text is null or f.field = ${only})) as said
     where said.value is not null
     order by said.customer_id, said.field, said.ended_at is not null, said.since desc, said.kind, said.value) as read)`

/** Every fact from every source, the one that counts first. */
export interface FactRow {
  id: string
  field: string
  source: 'hand' | 'csv' | 'wecom'
  value: unknown
  at: Date | null
  by: string | null
}
const storyOf = async (db: Db, rows: RawBuilder<unknown>, key: string): Promise<FactRow[]> =>
  (
    await sql<FactRow>`
      select f.${sql.ref(key)} as id, f.field, f.source, f.value, f.written_at as at, m.name as by
        from ${rows} f left join member m on m.id = f.written_by
       order by 1, f.field, ${order}`.execute(db)
  ).rows
export const memberFactRows = (db: Db, ids: readonly string[]) => storyOf(db, memberRows(list(ids)), 'member_id')
export const customerFactRows = (db: Db, ids: readonly string[]) => storyOf(db, customerRows(list(ids)), 'customer_id')
const list = (ids: readonly string[]) => sql`select unnest(${sql.val([...ids])}::text[])`

const counting = (rows: RawBuilder<unknown>, key: string) => sql`
  select id, jsonb_object_agg(field, value) as facts from (
    select distinct on (1, field) f.${sql.ref(key)} as id, field, value from ${rows} f order by 1, field, ${order}) as first
   group by id`

/** What counts of each of these members or customers; whoever nothing is known of is not in it. */
export async function memberFactsOf(db: Db, members: RawBuilder<unknown>): Promise<Map<string, MemberFacts>> {
  const { rows } = await sql<{ id: string; facts: MemberFacts }>`${counting(memberRows(members), 'member_id')}`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.id, row.facts]))
}
export async function customerFactsOf(db: Db, customers: RawBuilder<unknown>): Promise<Map<string, CustomerFacts>> {
  const { rows } = await sql<{
    id: string
    facts: CustomerFacts
  }>`${counting(customerRows(customers), 'customer_id')}`.execute(db)
  return new Map(rows.map((row) => [row.id, row.facts]))
}

/** What counts of each of these customers' regions, as far as one is known. */
export async function regionsOf(db: Db, customers: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; facts: Pick<CustomerFacts, 'region'> }>`${counting(
    customerRows(list(customers), 'region'),
    'customer_id',
  )}`.execute(db)
  return new Map(rows.flatMap(({ id, facts }) => (facts.region ? [[id, facts.region] as const] : [])))
}

/** How many customers of tier S and A each member serves now. */
export const topTiersOf = (db: Db): Promise<Map<string, number>> =>
  topTiersAmong(db, sql`select member_id, customer_id from relation where ended_at is null`)

/** The same of any pairs of `member_id` and `customer_id`. */
export async function topTiersAmong(db: Db, pairs: RawBuilder<unknown>): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; n: number }>`
    with pair as materialized (${pairs}),
         top as (${counting(customerRows(sql`select customer_id from pair`, 'tier'), 'customer_id')})
    select pair.member_id as id, count(*)::int as n
      from pair join top on top.id = pair.customer_id
     where top.facts->>'tier' in ('S', 'A')
     group by pair.member_id`.execute(db)
  return new Map(rows.map((row) => [row.id, row.n]))
}
