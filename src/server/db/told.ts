import { sql } from 'kysely'
import type { Db, Tx } from './open'

/** What members are told by application message. No customer's name is in it: the message only says that there is work. */
export interface LetterParams {
  /** Customers have been taken over, or groups. `customer`: our id of the only one, without groups; null: several. */
  inherited: { customers: number; customer: string | null; groups?: number }
  /** A plan waits for a decision. */
  plan: { plan: string; leaver: string; planner: string; customers: number; groups?: number }
  /** A plan came back to its planner: nobody approved it in time, or somebody said no. */
  plan_back: { plan: string; leaver: string; how: 'expired' | 'rejected' }
  /** The system has drafted a plan; a person has to look at it and submit it. */
  plan_drafted: { plan: string; leaver: string; customers: number; groups?: number }
  /** Somebody answers for customers while WeCom waits. */
  duty: { leaver: string; customers: number; due: number }
  /** Promises that are due, to whoever answers for them. */
  duty_due: { promises: number }
  /** Too few people may decide a plan; administrators can give somebody the right. */
  plan_stuck: { leaver: string }
  /** Somebody opened a customer who is not theirs. */
  emergency: { by: string }
  /** Somebody asks for an export. */
  export: { export: string; by: string; rows: number }
  /** A customer wants somebody else, or must be served another way. */
  wish: { objection: string; step: 'new' | 'due' | 'late' }
  /** Customers wait to be told: after a day, then once a day. */
  untold: { customers: number }
  /** Customers who are new to the company wait to be told: after a day, then once a day. */
  newcomers: { customers: number }
  /** What the reader owes customers: due tomorrow, today, and overdue (told once). */
  promises: { tomorrow: number; today: number; overdue: number }
  /** The code that is needed to take an export, to its requester alone. */
  export_code: { export: string; code: string }
  /** Complaints that nobody has taken yet. */
  complaint_new: { count: number }
  /** The customer wrote, or a mail to them came back. */
  complaint_news: { number: string }
  /** A clock ends tomorrow, has ended, or the hard stop has passed. */
  complaint_due: { number: string; what: 'soon' | 'late' | 'stop'; day: string }
}
export type LetterKind = keyof LetterParams

interface Letter<K extends LetterKind> {
  id: string
  memberId: string
  kind: K
  /** With member and kind it is unique: the same thing is told once. */
  subject: string
  params: LetterParams[K]
  writtenAt: Date
}

const asJson = (params: LetterParams[LetterKind]) => sql<string>`${JSON.stringify(params)}::jsonb`

/** Written in the transaction of what it tells of; `lettersJob` sends it. */
export async function writeLetters<K extends LetterKind>(tx: Tx, letters: readonly Letter<K>[]): Promise<void> {
  if (!letters.length) return
  await tx
    .insertInto('letterToMember')
    .values(letters.map((l) => ({ ...l, params: asJson(l.params) })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/**
 * Tells a successor of customers that have just been taken over. While an earlier such letter has not left, the new ones
 * are counted into it: one message, not one per customer. A handover is taken over once, so its id makes the letter unique.
 */
export async function tellOfInherited(
  tx: Tx,
  to: { id: string; memberId: string; at: Date },
  handovers: readonly { handoverId: string; customerId: string }[],
): Promise<void> {
  const [first] = handovers
  if (!first) return
  const customer = handovers.length === 1 ? first.customerId : null
  await addToLetter(tx, to, first.handoverId, { customers: handovers.length, customer })
}

/** The same of groups, in the same letter. */
export async function tellOfGroups(
  tx: Tx,
  to: { id: string; memberId: string; at: Date },
  groups: readonly { departureId: string; chatId: string }[],
): Promise<void> {
  const [first] = groups
  if (!first) return
  const params = { customers: 0, customer: null, groups: groups.length }
  await addToLetter(tx, to, `${first.departureId} ${first.chatId}`, params)
}

async function addToLetter(
  tx: Tx,
  { id, memberId, at }: { id: string; memberId: string; at: Date },
  subject: string,
  params: LetterParams['inherited'],
): Promise<void> {
  const open = await openInherited(tx, memberId)
  if (!open) return writeLetters(tx, [{ id, memberId, kind: 'inherited', subject, params, writtenAt: at }])
  const before = open.params as unknown as LetterParams['inherited']
  const groups = (before.groups ?? 0) + (params.groups ?? 0)
  const sum = { customers: before.customers + params.customers, customer: null, ...(groups ? { groups } : {}) }
  await tx
    .updateTable('letterToMember')
    .set({ params: asJson(sum) })
    .where('id', '=', open.id)
    .execute()
}

const openInherited = (tx: Tx, memberId: string) =>
  tx
    .selectFrom('letterToMember')
    .select(['id', 'params'])
    .where('memberId', '=', memberId)
    .where('kind', '=', 'inherited' satisfies LetterKind)
    .where('sentAt', 'is', null)
    .where('errcode', 'is', null)
    .orderBy('writtenAt')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()

/** A second message of the same kind to the same member waits this long, and grows meanwhile. */
const QUIET_MS = 3600_000

export const lettersToSend = (db: Db, now: Date) =>
  db
    .selectFrom('letterToMember as letter')
    .innerJoin('member', 'member.id', 'letter.memberId')
    .select(['letter.id', 'letter.memberId', 'letter.kind', 'member.userid'])
    .where('letter.sentAt', 'is', null)
    .where('letter.errcode', 'is', null)
    .where('member.status', '=', 'active')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('letterToMember as before')
            .select('before.id')
            .whereRef('before.memberId', '=', 'letter.memberId')
            .where('before.kind', '=', 'inherited' satisfies LetterKind)
            .whereRef('before.kind', '=', 'letter.kind')
            .where('before.sentAt', '>', new Date(now.getTime() - QUIET_MS)),
        ),
      ),
    )
    .orderBy('letter.writtenAt')
    .limit(500)
    .execute()
