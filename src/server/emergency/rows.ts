import { sql, type Insertable, type Updateable } from 'kysely'
import type { Db, Tx } from '../db/open'
import { leaverFor, type Reader } from '../db/scope'
import type { Emergency } from '../db/tables'

interface Coverable {
  handover: string
  leaver: string
  successor: string | null
  departments: number[]
}

/**
 * The customer's newest handover, if this member works in a department of the leaver or of the successor. Not while it is only
 * planned behind an announced leaving, which nobody is told of, nor when it has ended.
 */
export async function coverable(db: Db, memberId: string, customerId: string): Promise<Coverable | undefined> {
  const { rows } = await sql<Coverable>`
    select handover.id as handover, leaver.id as leaver, successor.id as successor,
           leaver.department_ids || coalesce(successor.department_ids, '{}') as departments
      from handover
      join departure on departure.id = handover.departure_id
      join member leaver on leaver.id = departure.member_id
      join member me on me.id = ${memberId}
      join transfer on transfer.handover_id = handover.id
      left join member successor on successor.id = transfer.successor_id
     where handover.customer_id = ${customerId} and leaver.id <> me.id
       and transfer.state not in ('expired', 'cancelled', 'elsewhere')
       and (departure.gone or transfer.state in ('approved', 'submitted', 'waiting', 'taken_over', 'refused'))
       and me.department_ids && (leaver.department_ids || coalesce(successor.department_ids, '{}'))
     order by handover.created_at desc, handover.id desc limit 1`.execute(db)
  return rows[0]
}

/** An hour that is over has ended then. */
export const closeExpired = (tx: Tx, memberId: string, now: Date) =>
  tx
    .updateTable('emergency')
    .set((eb) => ({ endedAt: eb.ref('until') }))
    .where('memberId', '=', memberId)
    .where('endedAt', 'is', null)
    .where('until', '<=', now)
    .execute()

/** False: another is open; of two at once one comes second. */
export const addEmergency = async (tx: Tx, row: Insertable<Emergency>): Promise<boolean> =>
  (
    await tx
      .insertInto('emergency')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .execute()
  ).length > 0

export const holdOwn = (tx: Tx, id: string, memberId: string) =>
  tx
    .selectFrom('emergency')
    .select(['id', 'endedAt', 'until'])
    .where('id', '=', id)
    .where('memberId', '=', memberId)
    .forUpdate()
    .executeTakeFirst()

export const setEmergency = (tx: Tx, id: string, set: Updateable<Emergency>) =>
  tx.updateTable('emergency').set(set).where('id', '=', id).execute()

/** Those this reader may know of; `all`: of every department. */
const known = (db: Db, reader: Reader, all: boolean) =>
  db
    .selectFrom('emergency as e')
    .innerJoin('handover', 'handover.id', 'e.handoverId')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .innerJoin('customer', 'customer.id', 'handover.customerId')
    .innerJoin('member as opener', 'opener.id', 'e.memberId')
    .leftJoin('member as lead', 'lead.id', 'e.leadBy')
    .leftJoin('member as office', 'office.id', 'e.officeBy')
    .where(all ? sql<boolean>`leaver.id <> ${reader.id}` : leaverFor(reader))

export const listed = (db: Db, reader: Reader, all: boolean, after: string | null, limit: number) =>
  known(db, reader, all)
    .selectAll('e')
    .select(['customer.name as customer', 'opener.name as member', 'lead.name as lead', 'office.name as office'])
    .select(
      sql<number>`(select count(*) from audit a where a.actor = e.member_id and a.action = 'look.brief' and a.subject = customer.id
        and a.at between e.opened_at and coalesce(e.ended_at, e.until))`.as('looks'),
    )
    .$if(after !== null, (q) => q.where('e.id', '<', after ?? ''))
    .orderBy('e.id', 'desc')
    .limit(limit)
    .execute()
export type EmergencyRow = Awaited<ReturnType<typeof listed>>[number]

/** What waits for a word, and how many there were since. */
export const counts = (db: Db, reader: Reader, all: boolean, since: Date) =>
  known(db, reader, all)
    .select((eb) => [
      eb.fn
        .countAll<number>()
        .filterWhere(sql<boolean>`e.lead_by is null or e.office_by is null`)
        .as('waiting'),
      eb.fn.countAll<number>().filterWhere('e.openedAt', '>=', since).as('year'),
    ])
    .executeTakeFirstOrThrow()

export const holdKnown = async (tx: Tx, id: string, reader: Reader, all: boolean) => {
  const found = await known(tx, reader, all).select('e.id').where('e.id', '=', id).executeTakeFirst()
  return found && tx.selectFrom('emergency').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}
export type Held = NonNullable<Awaited<ReturnType<typeof holdKnown>>>
