import { sql, type Insertable, type Selectable } from 'kysely'
import type { Db, Tx } from '../db/open'
import type { Customer, Promise as PromiseTable, Relation } from '../db/tables'
import type { Seen } from './seen'

export type CustomerRow = Omit<Selectable<Customer>, 'firstSeenAt' | 'restrictedAt'>
export type RelationRow = Selectable<Relation>

export const membersByUserid = (db: Db, userids: readonly string[]) =>
  db.selectFrom('member').select(['id', 'userid', 'status']).where('userid', 'in', userids).execute()

/** One of the relations seen, by its place among them, with what is known of its two ends and of itself. */
export interface Differing {
  n: number
  /** Null: nobody we know, or somebody who has left. */
  memberId: string | null
  customer: CustomerRow | null
  relation: RelationRow | null
}

/**
 * Those of the relations seen that differ from what is stored. The database compares, so that a page without news costs one
 * statement and answers nothing; what exactly is new is for difference.ts to say. All rows are one parameter.
 */
export async function differingFrom(db: Db, seen: readonly Seen[]): Promise<Differing[]> {
  if (!seen.length) return []
  const { rows } = await sql<Record<string, unknown>>`
    select s.n, m.id as member_id, c.id as customer_id, c.name, c.kind, c.company, c.title, r.member_id as related,
      r.remark, r.description, r.company as noted, r.mobiles, r.tag_ids, r.add_way, r.since, r.ended_at, r.ended_by, r.personal_tags
    from json_to_recordset(${JSON.stringify(seen.map((s, n) => ({ n, ...s })))}::json)
      as s("n" int, "userid" text, "externalUserid" text, "name" text, "kind" text, "company" text, "title" text, "remark" text,
        "description" text, "noted" text, "mobiles" text[], "tagIds" text[], "personalTags" text[], "addWay" int, "since" timestamptz)
    left join member m on m.userid = s."userid" and m.status <> 'left'
    left join wecom_contact w on w.external_userid = s."externalUserid"
    left join customer c on c.id = w.customer_id
    left join relation r on r.member_id = m.id and r.customer_id = w.customer_id
    where c.id is null or c.name <> s."name" or c.kind <> s."kind"
      or c.company is distinct from s."company" or c.title is distinct from s."title"
      or (m.id is not null and (r.member_id is null or r.remark <> s."remark" or r.description <> s."description"
        or r.company is distinct from s."noted" or r.mobiles <> s."mobiles" or r.tag_ids <> s."tagIds" or r.add_way <> s."addWay"
        or s."since" > r.since or (s."personalTags" is not null and s."personalTags" is distinct from r.personal_tags)))`.execute(
    db,
  )
  return rows.map(differing)
}

function differing(row: Record<string, unknown>): Differing {
  const { n, memberId, customerId, name, kind, company, title, related, noted, ...relation } = row
  return {
    n: n as number,
    memberId: memberId as string | null,
    customer: customerId ? ({ id: customerId, name, kind, company, title } as CustomerRow) : null,
    relation: related ? ({ memberId, customerId, company: noted, ...relation } as RelationRow) : null,
  }
}

export const tagNames = (db: Db, ids: readonly string[]) =>
  db
    .selectFrom('tag')
    .select(['id', 'name'])
    .where(sql<boolean>`id = any(${ids})`)
    .execute()

/** Whoever is about to change what is known of these customers holds them until the end of the transaction. */
export const lockContacts = (tx: Tx, externalUserids: readonly string[]) =>
  sql`
    select 1 from customer where id in (select customer_id from wecom_contact where external_userid = any(${externalUserids}))
    order by id for no key update`.execute(tx)

export const saveCustomers = (tx: Tx, rows: readonly CustomerRow[]) =>
  sql`
    update customer set name = v."name", kind = v."kind", company = v."company", title = v."title"
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as v("id" text, "name" text, "kind" text, "company" text, "title" text)
    where customer.id = v."id"`.execute(tx)

/** Nothing is opened for a member who has left meanwhile. */
export const saveRelations = (tx: Tx, rows: readonly RelationRow[]) =>
  sql`
    insert into relation (member_id, customer_id, remark, description, company, mobiles, tag_ids, personal_tags, add_way, since,
      ended_at, ended_by)
    select v."memberId", v."customerId", v."remark", v."description", v."company", v."mobiles", v."tagIds", v."personalTags",
      v."addWay", v."since", v."endedAt", v."endedBy"
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as v("memberId" text, "customerId" text, "remark" text, "description" text, "company" text, "mobiles" text[],
        "tagIds" text[], "personalTags" text[], "addWay" int, "since" timestamptz, "endedAt" timestamptz, "endedBy" text)
    join member on member.id = v."memberId" and member.status <> 'left'
    on conflict (member_id, customer_id) do update set remark = excluded.remark, description = excluded.description,
      company = excluded.company, mobiles = excluded.mobiles, tag_ids = excluded.tag_ids, personal_tags = excluded.personal_tags,
      add_way = excluded.add_way, since = excluded.since, ended_at = excluded.ended_at, ended_by = excluded.ended_by`.execute(
    tx,
  )

/**
 * A promise that is there already is not made again, whoever made it: a description that was passed on to a successor, by
 * WeCom or by us, carries the predecessor's promises with it. Answers the new ones.
 */
export async function addPromises(tx: Tx, rows: Insertable<PromiseTable>[]) {
  const known = await tx
    .selectFrom('promise')
    .select(['customerId', 'text', 'writtenDue as due'])
    .where('customerId', 'in', [...new Set(rows.map((r) => r.customerId))])
    .where('source', '=', 'description')
    .execute()
  const key = (p: Pick<Insertable<PromiseTable>, 'customerId' | 'text' | 'due'>) =>
    JSON.stringify([p.customerId, p.text, p.due ?? null])
  const made = new Set(known.map(key))
  const fresh = rows.filter((row) => !made.has(key(row)))
  if (!fresh.length) return []
  return tx
    .insertInto('promise')
    .values(fresh)
    .onConflict((conflict) => conflict.doNothing())
    .returning(['customerId', 'madeBy', 'madeAt', 'text', 'due'])
    .execute()
}

export interface End {
  memberId: string
  customerIds: readonly string[] | 'all'
  by: EndedBy
  at: Date
}

export type EndedBy = 'member' | 'customer' | 'departure' | 'transfer' | 'unknown'

/** Of two ends in the same second: who says more precisely what happened. */
const PRECISE: readonly EndedBy[] = ['transfer', 'member', 'customer', 'departure', 'unknown']
const BY_PEOPLE: readonly EndedBy[] = ['transfer', 'member', 'customer']
const rank = (by: string | null) => {
  const at = PRECISE.indexOf(by as EndedBy)
  return at < 0 ? PRECISE.length : at
}

/** Whether this end tells the truth of a relation better than what is known: a known reason before none, then the earlier. */
export function saysMore(
  end: Pick<End, 'by' | 'at'>,
  known: Pick<RelationRow, 'since' | 'endedAt' | 'endedBy'>,
): boolean {
  // What somebody ended before this friendship began was another one.
  if (end.at < known.since && BY_PEOPLE.includes(end.by)) return false
  if (!known.endedAt) return true
  if (end.by === 'unknown') return false
  if (known.endedBy === 'unknown' || known.endedBy === null) return true
  const apart = end.at.getTime() - known.endedAt.getTime()
  return apart < 0 || (apart === 0 && rank(end.by) < rank(known.endedBy))
}

/** Of one member all relations that may end, or only those with these customers; held, customers first as everywhere. */
export async function holdRelations(
  tx: Tx,
  { memberId, customerIds, by }: End,
): Promise<Pick<RelationRow, 'customerId' | 'since' | 'endedAt' | 'endedBy'>[]> {
  // What has ended says nothing new unless WeCom says now why; of everybody at once, only who is still there.
  const open = customerIds === 'all' || by === 'unknown' ? sql`and ended_at is null` : sql``
  const these = customerIds === 'all' ? sql`` : sql`and customer_id = any(${customerIds})`
  const mine = sql`member_id = ${memberId} ${these} ${open}`
  await sql`
    select 1 from customer where id in (select customer_id from relation where ${mine}) order by id for no key update`.execute(
    tx,
  )
  const { rows } = await sql<Pick<RelationRow, 'customerId' | 'since' | 'endedAt' | 'endedBy'>>`
    select customer_id, since, ended_at, ended_by from relation where ${mine}`.execute(tx)
  return rows
}

export const closeRelations = (
  tx: Tx,
  memberId: string,
  customerIds: readonly string[],
  end: { at: Date; by: string },
) =>
  tx
    .updateTable('relation')
    .set({ endedAt: end.at, endedBy: end.by })
    .where('memberId', '=', memberId)
    .where(sql<boolean>`customer_id = any(${customerIds})`)
    .execute()

/** The customers a member still follows, with WeCom's id of each; after one customer, so many. */
export const openContacts = (db: Db, memberId: string, after = '', limit = 1_000_000) =>
  db
    .selectFrom('relation')
    .innerJoin('wecomContact', 'wecomContact.customerId', 'relation.customerId')
    .select(['relation.customerId', 'wecomContact.externalUserid'])
    .where('relation.memberId', '=', memberId)
    .where('relation.customerId', '>', after)
    .where('relation.endedAt', 'is', null)
    .orderBy('relation.customerId')
    .limit(limit)
    .execute()
