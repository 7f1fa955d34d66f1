import { sql } from 'kysely'
import { BEING_INHERITED, plannableGroups } from '../../shared/group'
import type { Db, Tx } from '../db/open'

/** The leaver's groups that nothing is under way for. */
export const freeGroups = (tx: Tx, departure: { id: string; leaverId: string }, only: string | null = null) =>
  tx
    .selectFrom('groupChat')
    .leftJoin('groupTransfer', (join) =>
      join.onRef('groupTransfer.chatId', '=', 'groupChat.chatId').on('groupTransfer.departureId', '=', departure.id),
    )
    .select(['groupChat.chatId', 'groupChat.name', 'groupChat.staff'])
    .where('groupChat.ownerId', '=', departure.leaverId)
    .where('groupChat.status', '!=', BEING_INHERITED)
    .where((eb) => eb.or([eb('groupTransfer.state', 'is', null), eb('groupTransfer.state', 'in', plannableGroups)]))
    .$if(only !== null, (q) => q.where('groupChat.chatId', '=', only ?? ''))
    .orderBy('groupChat.chatId')
    .execute()

/** A group's own story begins when a plan first takes it up. */
export async function beginGroups(
  tx: Tx,
  departureId: string,
  groups: readonly { chatId: string; name: string }[],
): Promise<void> {
  for (let i = 0; i < groups.length; i += 1000)
    await tx
      .insertInto('groupTransfer')
      .values(groups.slice(i, i + 1000).map(({ chatId, name }) => ({ departureId, chatId, name, state: 'free' })))
      .onConflict((conflict) =>
        conflict.columns(['departureId', 'chatId']).doUpdateSet((eb) => ({ name: eb.ref('excluded.name') })),
      )
      .execute()
}

export async function putGroups(
  tx: Tx,
  planId: string,
  groups: readonly { chatId: string; successorId: string }[],
): Promise<void> {
  for (let i = 0; i < groups.length; i += 1000)
    await tx
      .insertInto('planGroup')
      .values(groups.slice(i, i + 1000).map((g) => ({ ...g, planId })))
      .onConflict((conflict) =>
        conflict.columns(['planId', 'chatId']).doUpdateSet((eb) => ({ successorId: eb.ref('excluded.successorId') })),
      )
      .execute()
}

export const removeGroup = (tx: Tx, planId: string, chatId: string) =>
  tx
    .deleteFrom('planGroup')
    .where('planId', '=', planId)
    .where('chatId', '=', chatId)
    .returning('chatId')
    .executeTakeFirst()

/** What a plan holds back from others. */
export const groupsHeldBy = (tx: Tx, planId: string) =>
  tx
    .selectFrom('groupTransfer')
    .select(['departureId', 'chatId'])
    .where('planId', '=', planId)
    .where('state', 'in', ['planned', 'pending_approval'])
    .execute()

export const groupsOf = (db: Db, planId: string) =>
  db
    .selectFrom('planGroup')
    .innerJoin('plan', 'plan.id', 'planGroup.planId')
    .innerJoin('groupTransfer', (join) =>
      join
        .onRef('groupTransfer.departureId', '=', 'plan.departureId')
        .onRef('groupTransfer.chatId', '=', 'planGroup.chatId'),
    )
    .leftJoin('groupChat', 'groupChat.chatId', 'planGroup.chatId')
    .innerJoin('member as successor', 'successor.id', 'planGroup.successorId')
    .select(['planGroup.chatId as chat', 'planGroup.checks as kept', 'groupTransfer.departureId'])
    .select(['successor.id as successor', 'successor.name as successorName', 'successor.status as successorStatus'])
    .select(['successor.follows as successorFollows', 'groupTransfer.state', 'groupTransfer.planId as transferPlan'])
    .select(['groupChat.ownerId', 'groupChat.status', 'groupChat.members'])
    .select(sql<string>`coalesce(group_chat.name, group_transfer.name)`.as('name'))
    .where('planGroup.planId', '=', planId)
    .orderBy('planGroup.chatId')
    .execute()

export type GroupRow = Awaited<ReturnType<typeof groupsOf>>[number]

/** What the checks said when it was decided stays with the plan. */
export const keepGroupChecks = (
  tx: Tx,
  planId: string,
  groups: readonly { chat: string; checks: readonly string[] }[],
) =>
  sql`
    update plan_group set checks = v.checks
      from jsonb_to_recordset(${JSON.stringify(groups)}::jsonb) as v (chat text, checks text[])
     where plan_group.plan_id = ${planId} and plan_group.chat_id = v.chat and plan_group.checks <> v.checks`.execute(tx)
