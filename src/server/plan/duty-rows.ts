import { sql } from 'kysely'
import { dutyStates } from '../../shared/duty'
import type { Db, Tx } from '../db/open'

interface DutyChoice {
  id: string
  name: string
  position: string
}

/**
 * Who could answer for a plan's customers, the nearest first: who leads the leaver's departments, who leads a successor's, who
 * is above them, then colleagues of the departments. Everybody is here, not stopped, and not leaving.
 */
export async function dutyChoices(db: Db, planId: string): Promise<DutyChoice[]> {
  const { rows } = await sql<DutyChoice>`
    with recursive leaver as (
      select m.id, m.department_ids from plan p join departure d on d.id = p.departure_id join member m on m.id = d.member_id
       where p.id = ${planId}),
    taking as (
      select distinct m.department_ids from member m where m.id in (
        select successor_id from plan_item where plan_id = ${planId}
        union select successor_id from plan_group where plan_id = ${planId})),
    above as (
      select d.id, d.parent_id, d.leaders, 0 as level from department d, leaver where d.id = any(leaver.department_ids)
      union all
      select d.id, d.parent_id, d.leaders, a.level + 1 from department d join above a on d.id = a.parent_id
       where a.level < 30),
    near as (
      select m.id, min(rank) as rank from member m join lateral (
        select above.level * 2 as rank from above where m.userid = any(above.leaders)
        union all
        select 1 from department d, taking where d.id = any(taking.department_ids) and m.userid = any(d.leaders)
        union all
        select 90 from leaver where m.department_ids && leaver.department_ids) found on true
       group by m.id)
    select m.id, m.name, m.position from near join member m on m.id = near.id
     where m.status = 'active' and m.blocked_at is null
       and not exists (select 1 from departure d where d.member_id = m.id and d.ended_at is null)
     order by near.rank, m.id limit 50`.execute(db)
  return rows
}

export const setDuty = (tx: Tx, planId: string, dutyId: string | null) =>
  tx.updateTable('plan').set({ dutyId }).where('id', '=', planId).execute()

/** Plans of which somebody should answer now and whoever was named cannot come in any more. */
export const plansWithoutDuty = (db: Db) =>
  db
    .selectFrom('plan')
    .innerJoin('member', 'member.id', 'plan.dutyId')
    .innerJoin('departure', 'departure.id', 'plan.departureId')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .select(['plan.id', 'plan.dutyId', 'plan.state', 'leaver.name as leaver'])
    .where('plan.state', 'in', ['pending', 'approved'])
    .where((eb) => eb.or([eb('member.status', '<>', 'active'), eb('member.blockedAt', 'is not', null)]))
    .where((eb) =>
      eb.or([
        eb('plan.state', '=', 'pending'),
        eb.exists(
          eb
            .selectFrom('transfer')
            .select('transfer.handoverId')
            .whereRef('transfer.planId', '=', 'plan.id')
            .where('transfer.state', 'in', dutyStates),
        ),
      ]),
    )
    .execute()

export const holdDuty = (tx: Tx, planId: string) =>
  tx.selectFrom('plan').select('dutyId').where('id', '=', planId).forNoKeyUpdate().executeTakeFirst()

/** How many customers wait with this plan, and how many of their promises are due by a day. */
export async function dutySize(db: Db, planId: string, by: string): Promise<{ customers: number; due: number }> {
  const { rows } = await sql<{ customers: number; due: number }>`
    select count(*) as customers, coalesce(sum((
             select count(*) from promise p where p.customer_id = h.customer_id and p.kept_at is null and p.due <= ${by}::date)),
             0)::int as due
      from transfer t join handover h on h.id = t.handover_id
     where t.plan_id = ${planId} and t.state in ('approved', 'submitted', 'waiting')`.execute(db)
  return rows[0] ?? { customers: 0, due: 0 }
}
