import { sql, type Insertable, type Selectable } from 'kysely'
import type { Db, Tx } from '../db/open'
import type { Departure, WecomEvent } from '../db/tables'

export const memberByUserid = (db: Db, userid: string) =>
  db.selectFrom('member').selectAll().where('userid', '=', userid).executeTakeFirst()

/** The member, held until the end of the transaction; somebody we never saw is added as one who has left. */
export async function holdMember(tx: Tx, stranger: { id: string; userid: string; firstSeenAt: Date }) {
  await tx
    .insertInto('member')
    .values({ ...stranger, name: stranger.userid, status: 'left' })
    .onConflict((conflict) => conflict.column('userid').doNothing())
    .execute()
  return tx
    .selectFrom('member')
    .selectAll()
    .where('userid', '=', stranger.userid)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
}

export const setStatus = (tx: Tx, memberId: string, status: string) =>
  tx.updateTable('member').set({ status, follows: false }).where('id', '=', memberId).execute()

/** The open departure, or else the latest; `gone`: only of those that have happened. */
export const latestDeparture = (tx: Tx, memberId: string, only: 'gone' | 'any') =>
  tx
    .selectFrom('departure')
    .selectAll()
    .where('memberId', '=', memberId)
    .$if(only === 'gone', (q) => q.where('gone', '=', true))
    .orderBy('endedAt', (order) => order.desc().nullsFirst())
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

export const addDeparture = (tx: Tx, row: Insertable<Departure>) =>
  tx.insertInto('departure').values(row).returningAll().executeTakeFirstOrThrow()

/** What the departure ended has ended on the same day. */
export async function correctDeparture(tx: Tx, id: string, leftAt: Date): Promise<void> {
  await sql`
    update relation set ended_at = ${leftAt} from departure d
    where d.id = ${id} and relation.member_id = d.member_id and relation.ended_by = 'departure'
      and relation.ended_at = d.left_at`.execute(tx)
  await tx.updateTable('departure').set({ leftAt, knownBy: 'unassigned_list' }).where('id', '=', id).execute()
}

/** What was announced has happened. */
export const comeTrue = (tx: Tx, id: string, how: { leftAt: Date; knownBy: string; noticedAt: Date }) =>
  tx
    .updateTable('departure')
    .set({ ...how, gone: true })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()

/** Handovers of a departure that were not called off. */
export const openHandovers = (tx: Tx, departureId: string) =>
  tx
    .selectFrom('handover')
    .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
    .select('handover.customerId')
    .where('handover.departureId', '=', departureId)
    .where('transfer.state', '!=', 'cancelled')
    .execute()

/** Whoever has a handover in this departure, or one from an earlier departure of this member that is still open. */
export const handoverCustomers = (db: Db, departure: { id: string; memberId: string }, settled: readonly string[]) =>
  db
    .selectFrom('handover')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
    .select('handover.customerId')
    .where('departure.memberId', '=', departure.memberId)
    .where('handover.fromId', 'is', null)
    .where((eb) => eb.or([eb('departure.id', '=', departure.id), eb('transfer.state', 'not in', settled)]))
    .execute()

/** Transfers of those who left before a day, in these states. */
export const transfersOfOldLeavers = (tx: Tx, states: readonly string[], leftBefore: Date) =>
  tx
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .select(['transfer.handoverId', 'transfer.state'])
    .where('transfer.state', 'in', states)
    .where('departure.gone', '=', true)
    .where('departure.leftAt', '<', leftBefore)
    .where('handover.fromId', 'is', null)
    .execute()

/** Members who may have left: no longer in 客户联系, switched off, or signed in without being in 客户联系. */
export const suspects = (db: Db, inContacts: readonly string[]) =>
  db
    .selectFrom('member')
    .select(['id', 'userid', 'status'])
    .where('status', '!=', 'left')
    .$if(inContacts.length > 0, (q) =>
      q.where((eb) => eb.or([eb('userid', 'not in', inContacts), eb('status', '=', 'disabled')])),
    )
    .where((eb) =>
      eb.or([
        eb('follows', '=', true),
        eb('status', '=', 'disabled'),
        eb.exists(eb.selectFrom('session').select('idHash').whereRef('session.memberId', '=', 'member.id')),
      ]),
    )
    .execute()

export const leaversWithGroups = (db: Db) =>
  db
    .selectFrom('member')
    .select('userid')
    .where('status', '=', 'left')
    .where((eb) =>
      eb.exists(eb.selectFrom('groupChat').select('chatId').whereRef('groupChat.ownerId', '=', 'member.id')),
    )
    .execute()

/** Groups whose owner has left, as far as we know. */
export const ownerlessGroups = (db: Db) =>
  db
    .selectFrom('groupChat')
    .leftJoin('member', 'member.id', 'groupChat.ownerId')
    .select(['groupChat.chatId', 'groupChat.status'])
    .where((eb) => eb.or([eb('groupChat.status', 'in', [1, 2]), eb('member.status', '=', 'left')]))
    .execute()

export type EventRow = Selectable<WecomEvent>

/** Group details lag behind their events (facts 5.4): asked at once, WeCom would still tell the old. */
const GROUP_LAG_MS = 2000

/** The next event after another one that may be handled now, held until the end of the transaction; not somebody else's. */
export const holdEvent = (tx: Tx, now: Date, after: EventRow | null): Promise<EventRow | undefined> =>
  tx
    .selectFrom('wecomEvent')
    .selectAll()
    .where('handledAt', 'is', null)
    .where((eb) => eb.or([eb('nextTryAt', 'is', null), eb('nextTryAt', '<=', now)]))
    .where((eb) =>
      eb.or([
        eb('event', '!=', 'change_external_chat'),
        eb('receivedAt', '<=', new Date(now.getTime() - GROUP_LAG_MS)),
      ]),
    )
    .$if(after !== null, (q) =>
      q.where((eb) =>
        eb(eb.refTuple('receivedAt', 'digest'), '>', eb.tuple(after?.receivedAt ?? now, after?.digest ?? '')),
      ),
    )
    .orderBy('receivedAt')
    .orderBy('digest')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()

export const markHandled = (tx: Tx, digest: string, at: Date, outcome: string) =>
  tx.updateTable('wecomEvent').set({ handledAt: at, outcome }).where('digest', '=', digest).execute()

export const tryLater = (tx: Tx, { digest, tries }: EventRow, at: Date) =>
  tx
    .updateTable('wecomEvent')
    .set({ tries: tries + 1, nextTryAt: at })
    .where('digest', '=', digest)
    .execute()

export const renameMember = (tx: Tx, userid: string, to: string) =>
  tx.updateTable('member').set({ userid: to }).where('userid', '=', userid).returning('id').execute()
