import { sql } from 'kysely'
import type { GroupFacts } from '../db/group'
import type { Db, Tx } from '../db/open'

const transfers = (db: Db) =>
  db
    .selectFrom('groupTransfer')
    .innerJoin('departure', 'departure.id', 'groupTransfer.departureId')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')

/** Approved, and nothing speaks against calling now. */
const toSend = (db: Db, now: Date) =>
  transfers(db)
    .where('groupTransfer.state', '=', 'approved')
    .where('groupTransfer.successorId', 'is not', null)
    .where('departure.endedAt', 'is', null)
    .where((eb) => eb.or([eb('groupTransfer.nextTryAt', 'is', null), eb('groupTransfer.nextTryAt', '<=', now)]))

export const successorsToServe = (db: Db, now: Date) =>
  toSend(db, now)
    .select('groupTransfer.successorId')
    .distinct()
    .orderBy('groupTransfer.successorId')
    .$narrowType<{ successorId: string }>()
    .execute()

/** Whose groups are next for this successor. */
export const nextLeaver = (tx: Tx, successorId: string, now: Date) =>
  toSend(tx, now)
    .innerJoin('member as successor', 'successor.id', 'groupTransfer.successorId')
    .select(['departure.id as departureId', 'departure.gone', 'leaver.id as leaverId'])
    .select('successor.userid as successor')
    .where('groupTransfer.successorId', '=', successorId)
    .orderBy('departure.id')
    .limit(1)
    .executeTakeFirst()

/** Held until the end of the transaction: of two who count a leaver's groups of today, the second sees the first's. */
export const holdLeaver = (tx: Tx, leaverId: string) =>
  tx.selectFrom('departure').select('id').where('memberId', '=', leaverId).orderBy('id').forNoKeyUpdate().execute()

/** Those that WeCom has moved today, or may have. */
export async function sentSince(tx: Tx, leaverId: string, since: Date): Promise<number> {
  const { n } = await transfers(tx)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('leaver.id', '=', leaverId)
    .where('groupTransfer.sentAt', '>=', since)
    .where('groupTransfer.state', 'in', ['sent', 'inheriting', 'moved', 'elsewhere'])
    .executeTakeFirstOrThrow()
  return n
}

export const chatsToSend = async (tx: Tx, departureId: string, successorId: string, now: Date, limit: number) =>
  (
    await toSend(tx, now)
      .select('groupTransfer.chatId')
      .where('departure.id', '=', departureId)
      .where('groupTransfer.successorId', '=', successorId)
      .orderBy('groupTransfer.chatId')
      .limit(limit)
      .forNoKeyUpdate('groupTransfer')
      .execute()
  ).map((g) => g.chatId)

/** The leaver's groups that are still to be sent wait until then. Answers how many. */
export async function putOff(tx: Tx, leaverId: string, until: Date): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('groupTransfer')
    .set({ nextTryAt: until, wait: 'day' })
    .where('state', '=', 'approved')
    .where('departureId', 'in', (eb) => eb.selectFrom('departure').select('id').where('memberId', '=', leaverId))
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/**
 * Whose owner is to be read. Not at once: after a lost answer WeCom may still be at work, after a good one its details lag
 * behind by seconds (facts 3.6). Then every minute within ten minutes of the call, every five within an hour, every hour,
 * after three days once a day. An event sets `asked_at` to null: now.
 */
const due = (now: Date) => sql<boolean>`
  group_transfer.sent_at <= ${now}::timestamptz
    - case group_transfer.state when 'sent' then interval '30 seconds' else interval '2 seconds' end
  and (group_transfer.asked_at is null or group_transfer.asked_at <= ${now}::timestamptz + interval '10 seconds' - case
    when ${now}::timestamptz - group_transfer.sent_at <= interval '10 minutes' then interval '1 minute'
    when ${now}::timestamptz - group_transfer.sent_at <= interval '1 hour' then interval '5 minutes'
    when ${now}::timestamptz - group_transfer.sent_at <= interval '3 days' then interval '1 hour'
    else interval '1 day' end)`

const toAsk = (db: Db, now: Date) =>
  transfers(db)
    .innerJoin('member as successor', 'successor.id', 'groupTransfer.successorId')
    .where('groupTransfer.state', 'in', ['sent', 'inheriting'])
    .where((eb) => eb.parens(due(now)))

export const pairsToAsk = (db: Db, now: Date) =>
  toAsk(db, now)
    .select(['departure.id as departureId', 'leaver.id as leaverId', 'leaver.userid as leaver'])
    .select(['successor.id as successorId', 'successor.userid as successor'])
    .distinct()
    .orderBy('departure.id')
    .orderBy('successor.id')
    .execute()

export const openGroups = (db: Db, departureId: string, successorId: string, now: Date) =>
  toAsk(db, now)
    .select(['groupTransfer.chatId', 'groupTransfer.state', 'groupTransfer.sentAt'])
    .where('departure.id', '=', departureId)
    .where('successor.id', '=', successorId)
    .orderBy('groupTransfer.chatId')
    .execute()

export const memberIdOf = async (db: Db, userid: string): Promise<string | null> =>
  (await db.selectFrom('member').select('id').where('userid', '=', userid).executeTakeFirst())?.id ?? null

export const markAsked = (tx: Tx, departureId: string, chatIds: readonly string[], at: Date) =>
  tx
    .updateTable('groupTransfer')
    .set({ askedAt: at } satisfies Partial<GroupFacts>)
    .where('departureId', '=', departureId)
    .where('chatId', '=', sql<string>`any(${sql.val(chatIds)}::text[])`)
    .execute()

/** Not at WeCom's through us, and the mirror shows another owner than the leaver. */
export const ownedElsewhere = (tx: Tx) =>
  transfers(tx)
    .innerJoin('groupChat', 'groupChat.chatId', 'groupTransfer.chatId')
    .select(['groupTransfer.departureId', 'groupTransfer.chatId', 'groupTransfer.successorId', 'groupChat.ownerId'])
    .where('groupTransfer.state', 'in', ['approved', 'failed'])
    .where('groupChat.ownerId', 'is not', null)
    .whereRef('groupChat.ownerId', '!=', 'leaver.id')
    .execute()

export const approvedOfEnded = (tx: Tx) =>
  transfers(tx)
    .select(['groupTransfer.departureId', 'groupTransfer.chatId'])
    .where('groupTransfer.state', '=', 'approved')
    .where('departure.endedAt', 'is not', null)
    .execute()
