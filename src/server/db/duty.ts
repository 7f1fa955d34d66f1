import { sql } from 'kysely'
import { dutyStates } from '../../shared/duty'
import type { Db } from './open'
import { handoversIn, unrestricted } from './standing'

/** Handovers between their approval and WeCom's takeover, with the colleague who answers meanwhile. */
const onDuty = (db: Db, memberId: string) =>
  handoversIn(db)
    .innerJoin('plan', 'plan.id', 'transfer.planId')
    .innerJoin('member as successor', 'successor.id', 'transfer.successorId')
    .select('successor.name as successorName')
    .where('plan.dutyId', '=', memberId)
    .where('transfer.state', 'in', dutyStates)

export interface DuePromise {
  id: string
  text: string
  due: string | null
  made_by: string
  made_at: string
  source: string
}

const open = sql`promise.customer_id = customer.id and promise.kept_at is null`
const due = (by: string) => sql<DuePromise[]>`coalesce((
  select json_agg(json_build_object('id', promise.id, 'text', promise.text, 'due', promise.due, 'made_by', m.name,
                                    'made_at', promise.made_at, 'source', promise.source) order by promise.due, promise.id)
    from promise join member m on m.id = promise.made_by where ${open} and promise.due <= ${by}::date), '[]')`
const laterThan = (by: string) =>
  sql<number>`(select count(*) from promise where ${open} and (promise.due is null or promise.due > ${by}::date))`
const first = (by: string) =>
  sql<string>`coalesce((select min(promise.due) from promise where ${open} and promise.due <= ${by}::date)::text, '9999-12-31')`

/** `by`: the last day whose promises are shown. What is due first stands first. */
export const dutyOf = (db: Db, memberId: string, by: string, after: readonly [string, string] | null, limit: number) =>
  onDuty(db, memberId)
    .select(['customer.name', 'customer.company'])
    .select([due(by).as('promises'), laterThan(by).as('later'), first(by).as('first')])
    .where('customer.restrictedAt', 'is', null)
    .$if(after !== null, (q) =>
      q.where(sql<boolean>`(${first(by)}, handover.id) > (${after?.[0] ?? ''}, ${after?.[1] ?? ''})`),
    )
    .orderBy(first(by))
    .orderBy('handover.id')
    .limit(limit + 1)
    .execute()

export const dutyTotals = (db: Db, memberId: string, by: string) =>
  db
    .selectFrom(onDuty(db, memberId).where('customer.restrictedAt', 'is', null).as('mine'))
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .select(
      sql<number>`coalesce(sum((select count(*) from promise p where p.customer_id = mine.customer and p.kept_at is null
        and p.due <= ${by}::date)), 0)::int`.as('due'),
    )
    .executeTakeFirstOrThrow()

/** The customer, if this member answers for them now. */
export const dutyCustomer = async (db: Db, memberId: string, customerId: string) =>
  unrestricted(await onDuty(db, memberId).where('handover.customerId', '=', customerId).executeTakeFirst())

/** Who answers and has promises that are due, for the message of the day. */
export const dutyDue = (db: Db, by: string) =>
  db
    .selectFrom('plan')
    .innerJoin('transfer', 'transfer.planId', 'plan.id')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .innerJoin('customer', 'customer.id', 'handover.customerId')
    .innerJoin('promise', 'promise.customerId', 'handover.customerId')
    .innerJoin('member', 'member.id', 'plan.dutyId')
    .select('member.id')
    .select((eb) => eb.fn.countAll<number>().as('promises'))
    .where('transfer.state', 'in', dutyStates)
    .where('customer.restrictedAt', 'is', null)
    .where('member.status', '=', 'active')
    .where('promise.keptAt', 'is', null)
    .where('promise.due', '<=', by)
    .groupBy('member.id')
    .execute()
