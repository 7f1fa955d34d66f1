import { sql } from 'kysely'
import { livingPlans, type PlanState } from '../../shared/plan'
import { plannable } from '../../shared/transfer'
import type { Db, Tx } from '../db/open'
import { leaverFor, type Reader } from '../db/scope'
import { objectionOpen } from '../db/standing'

/** Held until the end of the transaction, so that a departure has one living plan. */
export const holdDeparture = (tx: Tx, id: string, reader: Reader) =>
  tx
    .selectFrom('departure')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .select(['departure.id', 'departure.memberId as leaverId', 'departure.endedAt'])
    .where('departure.id', '=', id)
    .where(leaverFor(reader))
    .forNoKeyUpdate('departure')
    .executeTakeFirst()

export const livePlan = (tx: Tx, departureId: string) =>
  tx
    .selectFrom('plan')
    .select(['id', 'state'])
    .where('departureId', '=', departureId)
    .where('state', 'in', livingPlans)
    .forNoKeyUpdate()
    .executeTakeFirst()

export const handoversOf = (tx: Tx, departureId: string, only: readonly string[] | null) =>
  tx
    .selectFrom('handover')
    .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
    .select(['handover.id', 'handover.customerId as customer'])
    .select((eb) => eb('transfer.state', 'in', plannable).as('plannable'))
    .where('handover.departureId', '=', departureId)
    // Who is passed on at their own wish is planned by name.
    .$if(only === null, (q) => q.where('handover.fromId', 'is', null))
    .$if(only !== null, (q) => q.where(sql<boolean>`handover.id = any(${sql.val(only ?? [])}::text[])`))
    .orderBy('handover.id')
    .execute()

/** What members have now, and what is on its way to them beside this plan. */
export const loadsOf = (db: Db, memberIds: readonly string[], besidePlan: string) =>
  db
    .selectFrom('member')
    .select(['member.id', 'member.name', 'member.userid'])
    .select(
      sql<number>`(select count(*) from relation r where r.member_id = member.id and r.ended_at is null)
        + (select count(*) from transfer t where t.successor_id = member.id and t.plan_id <> ${besidePlan}
             and t.state in ('planned', 'pending_approval', 'approved', 'submitted', 'waiting'))`.as('customers'),
    )
    .where('member.id', '=', sql<string>`any(${sql.val(memberIds)}::text[])`)
    .orderBy('member.id')
    .execute()

/** Also when it was planned anew since: a refusal on the job ends with the leaver, but not the customer's no. */
const refusedBy = sql<boolean>`exists (
  select 1 from transfer t join handover h on h.id = t.handover_id
   where h.customer_id = handover.customer_id
     and (t.refused_before = successor.id or (t.successor_id = successor.id and t.state = 'refused')))`
/** Also when it was handled: that somebody else was found does not mean that the customer wants this one back. A no in WeCom is `refusedBy`'s. */
const objectedTo = sql<boolean>`exists (
  select 1 from objection o join handover h on h.id = o.handover_id join transfer t on t.handover_id = h.id
   where h.customer_id = handover.customer_id and t.successor_id = successor.id and o.origin = 'page')`

/** Customers who have said no to one of these successors. */
export const unwelcome = (tx: Tx, departureId: string, successorIds: readonly string[]) =>
  tx
    .selectFrom('handover')
    .innerJoin('member as successor', (join) => join.on('successor.id', 'in', successorIds))
    .select(['handover.customerId as customer', 'successor.id as successor'])
    .where('handover.departureId', '=', departureId)
    .where((eb) => eb.or([refusedBy, objectedTo]))
    .execute()

/** What a plan holds back from others. */
export const heldBy = (tx: Tx, planId: string) =>
  tx
    .selectFrom('transfer')
    .select('handoverId')
    .where('planId', '=', planId)
    .where('state', 'in', ['planned', 'pending_approval'])
    .execute()

interface NewPlan {
  id: string
  departureId: string
  /** null: by the system. */
  draftedBy: string | null
  draftedAt: Date
  automatic: boolean
}
export const addPlan = (tx: Tx, plan: NewPlan) =>
  tx
    .insertInto('plan')
    .values({ ...plan, state: 'draft', digest: '' })
    .execute()

interface NewItem {
  handoverId: string
  successorId: string
}
export async function putItems(tx: Tx, planId: string, items: readonly NewItem[]): Promise<void> {
  for (let i = 0; i < items.length; i += 1000)
    await tx
      .insertInto('planItem')
      .values(items.slice(i, i + 1000).map((item) => ({ ...item, planId })))
      .onConflict((conflict) =>
        conflict
          .columns(['planId', 'handoverId'])
          .doUpdateSet((eb) => ({ successorId: eb.ref('excluded.successorId') })),
      )
      .execute()
}

export const removeItem = (tx: Tx, planId: string, handoverId: string) =>
  tx
    .deleteFrom('planItem')
    .where('planId', '=', planId)
    .where('handoverId', '=', handoverId)
    .returning('handoverId')
    .executeTakeFirst()

export const setDigest = (tx: Tx, planId: string, digest: string) =>
  tx.updateTable('plan').set({ digest }).where('id', '=', planId).execute()

/** What the checks said when it was decided stays with the plan. */
export const keepChecks = (tx: Tx, planId: string, items: readonly { handover: string; checks: readonly string[] }[]) =>
  sql`
    update plan_item set checks = v.checks
      from jsonb_to_recordset(${JSON.stringify(items)}::jsonb) as v (handover text, checks text[])
     where plan_item.plan_id = ${planId} and plan_item.handover_id = v.handover and plan_item.checks <> v.checks`.execute(
    tx,
  )

interface Decision {
  state: PlanState
  submittedAt?: Date
  decidedBy?: string | null
  decidedAt?: Date | null
  reason?: string | null
}
export const setPlan = (tx: Tx, planId: string, decision: Decision) =>
  tx.updateTable('plan').set(decision).where('id', '=', planId).execute()

const plans = (db: Db, reader: Reader) =>
  db
    .selectFrom('plan')
    .innerJoin('departure', 'departure.id', 'plan.departureId')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .leftJoin('member as drafter', 'drafter.id', 'plan.draftedBy')
    .leftJoin('member as decider', 'decider.id', 'plan.decidedBy')
    .leftJoin('member as duty', 'duty.id', 'plan.dutyId')
    .selectAll('plan')
    .select(['leaver.id as leaverId', 'leaver.name as leaver', 'leaver.departmentIds as departments'])
    .select(['departure.leftAt', 'departure.endedAt', 'departure.gone', 'leaver.status as leaverStatus'])
    .select(['drafter.name as drafter', 'decider.name as decider', 'duty.name as duty'])
    .where(leaverFor(reader))

export const planById = (db: Db, id: string, reader: Reader) =>
  plans(db, reader).where('plan.id', '=', id).executeTakeFirst()

/** Held until the end of the transaction: of two who decide, the second sees what the first has done. */
export const holdPlan = (tx: Tx, id: string, reader: Reader) =>
  plans(tx, reader).where('plan.id', '=', id).forNoKeyUpdate('plan').executeTakeFirst()

/** For what is done with a plan without a reader. */
export const planToSettle = (tx: Tx, id: string) =>
  tx
    .selectFrom('plan')
    .innerJoin('departure', 'departure.id', 'plan.departureId')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .select(['plan.id', 'plan.departureId', 'plan.state', 'plan.digest', 'plan.draftedBy'])
    .select(['leaver.id as leaverId', 'leaver.name as leaver', 'leaver.departmentIds as departments'])
    .where('plan.id', '=', id)
    .forNoKeyUpdate('plan')
    .executeTakeFirst()

export const successorsOf = async (db: Db, planId: string): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select successor_id as id from plan_item where plan_id = ${planId}
    union select successor_id from plan_group where plan_id = ${planId}`.execute(db)
  return rows.map((r) => r.id)
}

/** Who first changes or submits what the system has drafted becomes its planner. */
export const takeUp = (tx: Tx, planId: string, by: string) =>
  tx.updateTable('plan').set({ draftedBy: by }).where('id', '=', planId).where('draftedBy', 'is', null).execute()

export const membersCalled = (db: Db, userids: readonly string[]) =>
  db
    .selectFrom('member')
    .select('id')
    .where('userid', '=', sql<string>`any(${sql.val([...userids])}::text[])`)
    .where('status', '=', 'active')
    .orderBy('id')
    .execute()

export type PlanRow = NonNullable<Awaited<ReturnType<typeof planById>>>

/** `movedSince`: from when on earlier transfers on the job count. */
export const itemsOf = (db: Db, planId: string, movedSince: Date) =>
  db
    .selectFrom('planItem')
    .innerJoin('handover', 'handover.id', 'planItem.handoverId')
    .innerJoin('customer', 'customer.id', 'handover.customerId')
    .innerJoin('member as successor', 'successor.id', 'planItem.successorId')
    .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
    .leftJoin('notice', 'notice.handoverId', 'handover.id')
    .leftJoin('transferBatch', 'transferBatch.id', 'transfer.batchId')
    .leftJoin('member as passer', 'passer.id', 'handover.fromId')
    .select(['handover.fromId as passer', 'passer.status as passerStatus'])
    .select(
      sql<boolean>`coalesce(transfer.plan_id = plan_item.plan_id and transfer.state = 'approved'
      and coalesce(transfer_batch.state, 'written') = 'written', false)`.as('unsent'),
    )
    .select(['handover.id as handover', 'customer.id as customer', 'customer.name', 'customer.company'])
    .select('customer.kind')
    .select(['successor.id as successor', 'successor.name as successorName', 'successor.status as successorStatus'])
    .select(['successor.follows as successorFollows', 'transfer.state as transfer', 'transfer.planId as transferPlan'])
    .select(['planItem.checks as kept', sql<string>`coalesce(notice.state, 'due')`.as('notice')])
    .select([refusedBy.as('refusedBefore'), objectedTo.as('objectedTo'), objectionOpen.as('objectionOpen')])
    .select(
      sql<boolean>`exists (select 1 from relation r where r.member_id = successor.id
        and r.customer_id = handover.customer_id and r.ended_at is null)`.as('alreadyFollows'),
    )
    .select(
      sql<number>`(select count(*) from history where history.customer_id = handover.customer_id
        and history.at >= ${movedSince} and history.kind = 'transfer.started' and history.body->>'flow' = 'onjob')`.as(
        'movedOnJob',
      ),
    )
    .where('planItem.planId', '=', planId)
    .orderBy('planItem.handoverId')
    .execute()

/** Of a plan that waits: until when, and how far it is. */
const waiting = (reader: string) => sql<{ due: string; needed: number; given: number; mine: boolean } | null>`(
  select json_build_object('due', a.due_at, 'needed', a.needed, 'mine', exists (
           select 1 from approval_vote v where v.approval_id = a.id and v.vote = 'approve' and v.member_id = ${reader}), 'given', (
           select count(*) from approval_vote v join member m on m.id = v.member_id
            where v.approval_id = a.id and v.vote = 'approve' and m.status = 'active' and m.blocked_at is null))
    from approval a where a.plan_id = plan.id and a.outcome is null)`

export const listPlans = (db: Db, reader: Reader, state: PlanState | undefined, after: string | null, limit: number) =>
  plans(db, reader)
    .select(
      sql<{ customers: number; groups: number; successors: number }>`(
        select json_build_object('customers', count(handover_id), 'groups', count(chat_id),
                                 'successors', count(distinct successor_id))
          from (select handover_id, null as chat_id, successor_id from plan_item where plan_item.plan_id = plan.id
                union all
                select null, chat_id, successor_id from plan_group where plan_group.plan_id = plan.id) held)`.as(
        'size',
      ),
    )
    .select(waiting(reader.id).as('waiting'))
    .$if(state !== undefined, (q) => q.where('plan.state', '=', state ?? ''))
    .$if(after !== null, (q) => q.where('plan.id', '<', after ?? ''))
    .orderBy('plan.id', 'desc')
    .limit(limit + 1)
    .execute()
