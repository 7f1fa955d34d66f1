import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'

/** What approvers were sent in WeCom, and what it shows there. */

/** Written and not sent, of rounds that still wait; whoever cannot read it now gets it when they are back. */
export const cardsToSend = (db: Db) =>
  cards(db)
    .select(['leaver.name as leaver', 'planner.name as planner', 'approval.needed'])
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
    .where('planCard.sentAt', 'is', null)
    .where('planCard.errcode', 'is', null)
    .where('approval.outcome', 'is', null)
    .where('member.status', '=', 'active')
    .orderBy('planCard.writtenAt')
    .limit(200)
    .execute()
export type CardToSend = Awaited<ReturnType<typeof cardsToSend>>[number]

const cards = (db: Db) =>
  db
    .selectFrom('planCard')
    .innerJoin('member', 'member.id', 'planCard.memberId')
    .innerJoin('approval', 'approval.id', 'planCard.approvalId')
    .innerJoin('plan', 'plan.id', 'approval.planId')
    .innerJoin('departure', 'departure.id', 'plan.departureId')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .innerJoin('member as planner', 'planner.id', 'approval.askedBy')
    .select(['planCard.id', 'planCard.memberId', 'planCard.approvalId', 'member.userid', 'plan.id as plan'])
    .select(['approval.digest', 'approval.dueAt'])

/** Nothing comes back when somebody else has taken it, or the round has ended since. */
export const takeCard = (tx: Tx, id: string, at: Date) =>
  tx
    .updateTable('planCard')
    .set({ sentAt: at })
    .where('id', '=', id)
    .where('sentAt', 'is', null)
    .where('errcode', 'is', null)
    .where('approvalId', 'in', (eb) => eb.selectFrom('approval').select('id').where('outcome', 'is', null))
    .returning('id')
    .executeTakeFirst()

interface CardFacts {
  sentAt?: Date | null
  errcode?: number | null
  sealedCode?: string | null
  sealedPress?: string | null
  face?: string
  tries?: number
  nextTryAt?: Date | null
}
export const setCard = (tx: Db, id: string, facts: CardFacts) =>
  tx.updateTable('planCard').set(facts).where('id', '=', id).execute()

/** As it should look now: by the round, and by what its reader has said. */
const wanted = sql<string>`coalesce(approval.outcome, case when plan_card.passed_at is null then 'open' else 'passed' end)`

/** Cards at WeCom that show something that is no longer so, and a code is left to change them with. */
export const cardsToUpdate = (db: Db, now: Date) =>
  cards(db)
    .leftJoin('member as decider', 'decider.id', 'plan.decidedBy')
    .select([wanted.as('want'), 'leaver.name as leaver', 'decider.name as decider', 'approval.endedAt'])
    .select(['planCard.sealedCode', 'planCard.sealedPress', 'planCard.sentAt', 'planCard.pressedAt', 'planCard.tries'])
    .where(sql<boolean>`plan_card.face <> ${wanted}`)
    .where((eb) => eb.or([eb('planCard.sealedCode', 'is not', null), eb('planCard.sealedPress', 'is not', null)]))
    .where((eb) => eb.or([eb('planCard.nextTryAt', 'is', null), eb('planCard.nextTryAt', '<=', now)]))
    .orderBy('planCard.writtenAt')
    .limit(200)
    .execute()
export type CardToUpdate = Awaited<ReturnType<typeof cardsToUpdate>>[number]
