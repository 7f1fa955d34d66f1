import { sql } from 'kysely'
import type { Allocation, Explanation, Tally } from '../../shared/allocation'
import type { Db, Tx } from '../db/open'

/** What a run said, and what people changed of it. Written once; the database refuses to change it (0029). */

export const addRun = (tx: Tx, run: { planId: string; rules: string; inputsAt: Date; total: number }) =>
  tx.insertInto('planRun').values(run).execute()

export async function addReasons(tx: Tx, planId: string, { given, nobody }: Allocation): Promise<void> {
  const rows = [
    ...[...given].map(([handoverId, why]) => ({ planId, handoverId, chosen: why.chosen, why: JSON.stringify(why) })),
    ...[...nobody].map(([handoverId, removed]) => ({
      ...{ planId, handoverId, chosen: null },
      why: JSON.stringify(removed),
    })),
  ]
  for (let i = 0; i < rows.length; i += 1000)
    await tx
      .insertInto('planReason')
      .values(rows.slice(i, i + 1000))
      .execute()
}

export async function addTallies(tx: Tx, planId: string, tallies: Allocation['colleagues']): Promise<void> {
  const rows = [...tallies].map(([memberId, tally]) => ({ planId, memberId, tally: JSON.stringify(tally) }))
  for (let i = 0; i < rows.length; i += 1000)
    await tx
      .insertInto('planTally')
      .values(rows.slice(i, i + 1000))
      .execute()
}

interface Override {
  id: string
  planId: string
  handoverId: string
  at: Date
  byId: string
  fromId: string | null
  toId: string | null
  reason: string
}
export const addOverride = (tx: Tx, override: Override) => tx.insertInto('planOverride').values(override).execute()

export const runOf = (db: Db, planId: string) =>
  db.selectFrom('planRun').selectAll().where('planId', '=', planId).executeTakeFirst()

/** With the customer's name, for those whom nobody may take: they are no item of the plan. */
export const reasonsOf = (db: Db, planId: string) =>
  db
    .selectFrom('planReason')
    .innerJoin('handover', 'handover.id', 'planReason.handoverId')
    .innerJoin('customer', 'customer.id', 'handover.customerId')
    .select(['planReason.handoverId as handover', 'planReason.chosen', 'planReason.why', 'customer.name'])
    .where('planReason.planId', '=', planId)
    .orderBy('planReason.handoverId')
    .execute()
type ReasonRow = Awaited<ReturnType<typeof reasonsOf>>[number]
export const explanationOf = (row: ReasonRow | undefined): Explanation | null =>
  row?.chosen ? (row.why as unknown as Explanation) : null

export const talliesOf = async (db: Db, planId: string) => {
  const rows = await db
    .selectFrom('planTally')
    .innerJoin('member', 'member.id', 'planTally.memberId')
    .select(['member.id', 'member.name', 'planTally.tally'])
    .where('planTally.planId', '=', planId)
    .orderBy('member.name')
    .orderBy('member.id')
    .execute()
  return rows.map(({ id, name, tally }) => ({ id, name, ...(tally as unknown as Tally) }))
}

/** The last change of each customer. */
export const overridesOf = (db: Db, planId: string) =>
  db
    .selectFrom('planOverride')
    .innerJoin('member as by', 'by.id', 'planOverride.byId')
    .leftJoin('member as from', 'from.id', 'planOverride.fromId')
    .distinctOn('planOverride.handoverId')
    .select([
      'planOverride.handoverId as handover',
      'planOverride.at',
      'planOverride.reason',
      'planOverride.toId as to',
    ])
    .select(['by.name as by', 'from.name as from'])
    .where('planOverride.planId', '=', planId)
    .orderBy('planOverride.handoverId')
    .orderBy('planOverride.at', 'desc')
    .orderBy('planOverride.id', 'desc')
    .execute()

/** Whom the departure's plan before this one gave its customers to. */
export const itemsBefore = (db: Db, plan: { id: string; departureId: string }) =>
  db
    .selectFrom('planItem')
    .innerJoin('member', 'member.id', 'planItem.successorId')
    .select(['planItem.handoverId as handover', 'member.id as successor', 'member.name'])
    .where('planItem.planId', '=', (eb) =>
      eb
        .selectFrom('plan')
        .select('plan.id')
        .where('plan.departureId', '=', plan.departureId)
        .where('plan.id', '<', plan.id)
        .orderBy('plan.id', 'desc')
        .limit(1),
    )
    .execute()

export const successorOf = (tx: Tx, planId: string, handoverId: string) =>
  tx
    .selectFrom('planItem')
    .select('successorId')
    .where('planId', '=', planId)
    .where('handoverId', '=', handoverId)
    .executeTakeFirst()

/** How many of a plan's customers count already among what is on its way to somebody. */
export const heldFor = async (db: Db, planId: string): Promise<Map<string, number>> => {
  const { rows } = await sql<{ id: string; n: number }>`
    select successor_id as id, count(*) as n from transfer
     where plan_id = ${planId} and state in ('planned', 'pending_approval', 'approved', 'submitted', 'waiting')
     group by successor_id`.execute(db)
  return new Map(rows.map(({ id, n }) => [id, n]))
}
