import { sql } from 'kysely'
import { TELL_MS, type Coverage } from '../../shared/newcomer'
import { looksSince, untoldNewcomers } from '../db/newcomer'
import type { Db, Tx } from '../db/open'
import { inScope, type Reader } from '../db/scope'

/** Whoever has waited longest stands first. */
export const newcomersOf = (db: Db, memberId: string, after: { since: Date; id: string } | null, limit: number) =>
  untoldNewcomers(db)
    .select(['customer.id', 'customer.name', 'customer.company', 'relation.since'])
    .where('relation.memberId', '=', memberId)
    .$if(after !== null, (q) => q.where(sql<boolean>`(relation.since, customer.id) > (${after?.since}, ${after?.id})`))
    .orderBy('relation.since')
    .orderBy('customer.id')
    .limit(limit + 1)
    .execute()

export const totalsOf = (db: Db, memberId: string, lateBefore: Date) =>
  untoldNewcomers(db)
    .select((eb) => [
      eb.fn.countAll<number>().as('total'),
      eb.fn.countAll<number>().filterWhere('relation.since', '<', lateBefore).as('late'),
    ])
    .where('relation.memberId', '=', memberId)
    .executeTakeFirstOrThrow()

/** Whose newcomers have waited longer than that, for whoever can still tell them. */
export const lateBy = (db: Db, before: Date) =>
  untoldNewcomers(db)
    .innerJoin('member', 'member.id', 'relation.memberId')
    .select(['member.id as memberId', (eb) => eb.fn.countAll<number>().as('customers')])
    .where('relation.since', '<', before)
    .where('member.status', '=', 'active')
    .groupBy('member.id')
    .execute()

/** Held until the end of the transaction: of two who prepare at once, the second replaces the first's. */
export const holdRelation = (tx: Tx, memberId: string, customerId: string) =>
  tx
    .selectFrom('relation')
    .select('since')
    .where('memberId', '=', memberId)
    .where('customerId', '=', customerId)
    .where('endedAt', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst()

export const replacePrepared = (tx: Tx, customerId: string, preparedBy: string, at: Date) =>
  tx
    .updateTable('firstNotice')
    .set({ outcome: 'replaced', outcomeAt: at })
    .where('customerId', '=', customerId)
    .where('preparedBy', '=', preparedBy)
    .where('outcome', '=', 'prepared')
    .execute()

interface NewFirstNotice {
  id: string
  customerId: string
  preparedBy: string
  preparedAt: Date
  language: string
  template: string
  text: string
  textSha256: string
}
export const addFirstNotice = (tx: Tx, notice: NewFirstNotice) =>
  tx
    .insertInto('firstNotice')
    .values({ ...notice, outcome: 'prepared' })
    .execute()

/** Held until the end of the transaction; only for the member who prepared it. */
export const ownAttempt = (tx: Tx, id: string, preparedBy: string) =>
  tx
    .selectFrom('firstNotice')
    .select(['id', 'customerId', 'outcome', 'outcomeAt'])
    .where('id', '=', id)
    .where('preparedBy', '=', preparedBy)
    .forUpdate()
    .executeTakeFirst()

export const settleAttempt = (
  tx: Tx,
  id: string,
  settled: { outcome: string; outcomeAt: Date; detail: string | null },
) => tx.updateTable('firstNotice').set(settled).where('id', '=', id).execute()

interface CoverageRow {
  member: string
  name: string
  kind: string
  here: boolean
  how: keyof Coverage
  n: number
}

/** From when newcomers are counted: `since`, or WeCom's first reading where that is later. */
export async function countedSince(db: Db, since: Date): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`select greatest(${since}::timestamptz, ${looksSince}) as at`.execute(db)
  return rows[0]?.at ?? since
}

/**
 * Everybody who came since `since` and had nobody of ours before, by whoever has answered for them: the first who still follows
 * them, else the first who did. Who was passed on before was told of it then; who is passed on later is told by that notice.
 */
export async function coverageOf(
  db: Db,
  { manages }: Reader,
  { since, now }: { since: Date; now: Date },
): Promise<CoverageRow[]> {
  const { rows } = await sql<CoverageRow>`
    with came as (
      select r.customer_id, min(r.since) as since
        from relation r
       where r.since >= ${since}
         and not exists (select 1 from relation o where o.customer_id = r.customer_id and o.since < ${since})
         and not exists (select 1 from handover h where h.customer_id = r.customer_id and h.created_at <= r.since)
       group by r.customer_id),
    told as (
      select came.customer_id, came.since, came.since + ${TELL_MS} * interval '1 millisecond' as due,
             least((select min(n.outcome_at) from first_notice n
                     where n.customer_id = came.customer_id and n.outcome = 'sent'),
                   (select min(n.sent_at) from handover h join notice n on n.handover_id = h.id
                     where h.customer_id = came.customer_id)) as at
        from came)
    select m.id as member, m.name, c.kind, serves.ended_at is null as here, count(*) as n,
           case when told.at <= told.due then 'inTime'
                when told.at is not null then 'later'
                when serves.ended_at is not null then 'gone'
                when told.due < ${now} then 'late'
                else 'waiting' end as how
      from told
      join customer c on c.id = told.customer_id and c.restricted_at is null
      cross join lateral (
        select r.member_id, r.ended_at from relation r where r.customer_id = c.id
         order by r.ended_at is not null, r.since, r.member_id limit 1) serves
      join member m on m.id = serves.member_id
     where ${inScope(manages, sql`m.department_ids`)}
     group by m.id, m.name, c.kind, here, how
     order by m.name, m.id`.execute(db)
  return rows
}
