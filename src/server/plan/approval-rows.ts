import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'

/** The rounds in which a plan is decided, and who was asked. */

interface NewRound {
  id: string
  planId: string
  digest: string
  askedBy: string
  askedAt: Date
  dueAt: Date
  needed: number
  why: string[]
}
export const addRound = (tx: Tx, round: NewRound) =>
  tx
    .insertInto('approval')
    .values({
      ...round,
      round: sql<number>`(select coalesce(max(round), 0) + 1 from approval where plan_id = ${round.planId})`,
    })
    .returningAll()
    .executeTakeFirstOrThrow()

export const openRound = (db: Db, planId: string) =>
  db.selectFrom('approval').selectAll().where('planId', '=', planId).where('outcome', 'is', null).executeTakeFirst()
export type RoundRow = NonNullable<Awaited<ReturnType<typeof openRound>>>

export const openRounds = (db: Db) =>
  db.selectFrom('approval').select(['id', 'planId']).where('outcome', 'is', null).orderBy('askedAt').execute()

export const addVote = (
  tx: Tx,
  vote: { approvalId: string; memberId: string; vote: 'approve' | 'reject'; reason: string | null; at: Date },
) => tx.insertInto('approvalVote').values(vote).execute()

/** Who has approved in this round and is still here: somebody who left or was stopped since does not count. */
export const approvalsIn = async (db: Db, approvalId: string): Promise<string[]> =>
  (
    await db
      .selectFrom('approvalVote')
      .innerJoin('member', 'member.id', 'approvalVote.memberId')
      .select('memberId')
      .where('approvalId', '=', approvalId)
      .where('vote', '=', 'approve')
      .where('member.status', '=', 'active')
      .where('member.blockedAt', 'is', null)
      .execute()
  ).map((v) => v.memberId)

export const setLevel = (tx: Tx, id: string, level: number, escalateAt: Date | null) =>
  tx.updateTable('approval').set({ level, escalateAt }).where('id', '=', id).execute()

interface NewCard {
  id: string
  approvalId: string
  memberId: string
  level: number
  writtenAt: Date
}
export const addCards = (tx: Tx, cards: readonly NewCard[]) =>
  tx
    .insertInto('planCard')
    .values(cards)
    .onConflict((conflict) => conflict.doNothing())
    .execute()

export const askedIn = (db: Db, approvalId: string) =>
  db.selectFrom('planCard').select(['memberId', 'passedAt']).where('approvalId', '=', approvalId).execute()

/** Every round of a plan with what was said in it, the newest first. */
export async function roundsOf(db: Db, planId: string): Promise<ShownRound[]> {
  const { rows } = await sql<ShownRound>`
    select a.round, asker.name as asked_by, a.asked_at, a.due_at, a.needed, a.why, a.outcome, a.ended_at,
           coalesce((select json_agg(json_build_object('name', m.name, 'vote', v.vote, 'reason', v.reason, 'at', v.at)
                                     order by v.at)
                       from approval_vote v join member m on m.id = v.member_id where v.approval_id = a.id), '[]') as votes,
           coalesce((select json_agg(json_build_object('name', m.name, 'at', c.written_at,
                                                       'passed', c.passed_at is not null) order by c.level, c.written_at, m.id)
                       from plan_card c join member m on m.id = c.member_id where c.approval_id = a.id), '[]') as asked
      from approval a join member asker on asker.id = a.asked_by
     where a.plan_id = ${planId} order by a.round desc`.execute(db)
  return rows
}
interface ShownRound {
  round: number
  askedBy: string
  askedAt: Date
  dueAt: Date
  needed: number
  why: string[]
  outcome: string | null
  endedAt: Date | null
  /** Times as the database writes them into JSON. */
  votes: { name: string; vote: string; reason: string | null; at: string }[]
  asked: { name: string; at: string; passed: boolean }[]
}
