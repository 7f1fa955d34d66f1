import { sql } from 'kysely'
import type { GroupState } from '../../shared/group'
import { inheritedBy } from '../db/standing'
import type { Db, Tx } from '../db/open'

/** From the approval on, the successor knows of a group. */
const known: readonly GroupState[] = ['approved', 'sent', 'inheriting', 'moved', 'failed']

/** The group, for whoever is in it as a colleague, owns it or gets it; for everybody else there is none. */
export async function groupBeside(db: Db, chatId: string, reader: { id: string; userid: string }) {
  return db
    .selectFrom('groupChat')
    .leftJoin('member as owner', 'owner.id', 'groupChat.ownerId')
    .select(['groupChat.name', 'groupChat.members', 'groupChat.status', 'owner.name as owner'])
    .select(sql<boolean>`group_chat.owner_id is not distinct from ${reader.id}`.as('mine'))
    .where('groupChat.chatId', '=', chatId)
    .where(
      sql<boolean>`(group_chat.owner_id = ${reader.id} or ${reader.userid} = any(group_chat.staff) or exists (
        select 1 from group_transfer t
         where t.chat_id = group_chat.chat_id and t.successor_id = ${reader.id} and t.state = any(${sql.val(known)}::text[])))`,
    )
    .executeTakeFirst()
}

const passing = (db: Db, chatId: string) =>
  db
    .selectFrom('groupTransfer')
    .innerJoin('departure', 'departure.id', 'groupTransfer.departureId')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .innerJoin('member as successor', 'successor.id', 'groupTransfer.successorId')
    .select(['groupTransfer.departureId', 'groupTransfer.settledAt', 'groupTransfer.errcode'])
    .select(['leaver.name as from', 'departure.gone', 'successor.name as successor'])
    .select((eb) => eb.ref('groupTransfer.state').$castTo<GroupState>().as('state'))
    .where('groupTransfer.chatId', '=', chatId)
    .orderBy('groupTransfer.departureId', 'desc')
    .limit(1)

/** How it was last passed on: what comes to the reader from the approval on, what went to others once it is done. */
export async function passedOn(db: Db, chatId: string, readerId: string) {
  const found = await passing(db, chatId)
    .select(sql<boolean>`group_transfer.successor_id = ${readerId}`.as('toMe'))
    .select(sql<'day' | 'wecom' | null>`group_transfer.wait`.as('wait'))
    .where((eb) =>
      eb.or([
        eb('groupTransfer.state', '=', 'moved'),
        eb('groupTransfer.successorId', '=', readerId).and('groupTransfer.state', 'in', known),
      ]),
    )
    .executeTakeFirst()
  return found ?? null
}

/** Held until the end of the transaction: of two who prepare at once, the second replaces the first's. */
export const holdPassed = (tx: Tx, chatId: string, successorId: string) =>
  passing(tx, chatId)
    .where('groupTransfer.successorId', '=', successorId)
    .where('groupTransfer.state', 'in', known)
    .forUpdate('groupTransfer')
    .executeTakeFirst()

/** The reader's inherited customers in it; a group holds at most 500. Who asked for restriction is in no list. */
export const inheritedIn = (db: Db, chatId: string, successorId: string) =>
  inheritedBy(db, successorId)
    .select(['customer.name', 'customer.company'])
    .where('customer.restrictedAt', 'is', null)
    .where(
      sql<boolean>`exists (select 1 from group_customer g where g.chat_id = ${chatId} and g.customer_id = handover.customer_id)`,
    )
    .orderBy('handover.id')
    .limit(500)
    .execute()

export const customersIn = async (db: Db, chatId: string): Promise<number> =>
  (
    await db
      .selectFrom('groupCustomer')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('chatId', '=', chatId)
      .executeTakeFirstOrThrow()
  ).n

export const lastSaid = (db: Db, departureId: string, chatId: string) =>
  db
    .selectFrom('groupNotice')
    .innerJoin('member', 'member.id', 'groupNotice.preparedBy')
    .select(['groupNotice.outcomeAt as at', 'member.name as by'])
    .where('departureId', '=', departureId)
    .where('chatId', '=', chatId)
    .where('outcome', '=', 'sent')
    .orderBy('outcomeAt', 'desc')
    .limit(1)
    .executeTakeFirst()

export const replacePrepared = (tx: Tx, departureId: string, chatId: string, at: Date) =>
  tx
    .updateTable('groupNotice')
    .set({ outcome: 'replaced', outcomeAt: at })
    .where('departureId', '=', departureId)
    .where('chatId', '=', chatId)
    .where('outcome', '=', 'prepared')
    .execute()

interface NewGroupNotice {
  id: string
  departureId: string
  chatId: string
  preparedBy: string
  preparedAt: Date
  language: string
  template: string
  text: string
  textSha256: string
}
export const addGroupNotice = (tx: Tx, notice: NewGroupNotice) =>
  tx
    .insertInto('groupNotice')
    .values({ ...notice, outcome: 'prepared' })
    .execute()

/** Held until the end of the transaction; only for the member who prepared it. */
export const ownAttempt = (tx: Tx, id: string, preparedBy: string) =>
  tx
    .selectFrom('groupNotice')
    .select(['id', 'chatId', 'outcome', 'outcomeAt'])
    .where('id', '=', id)
    .where('preparedBy', '=', preparedBy)
    .forUpdate()
    .executeTakeFirst()

export const settleAttempt = (
  tx: Tx,
  id: string,
  settled: { outcome: string; outcomeAt: Date; detail: string | null },
) => tx.updateTable('groupNotice').set(settled).where('id', '=', id).execute()
