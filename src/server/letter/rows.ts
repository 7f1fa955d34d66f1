import { sql } from 'kysely'
import { passerId } from '../db/handover'
import type { Db, Tx } from '../db/open'

/** Everything the pages say about one link, by the hash of its token. */
export const letterByToken = (db: Db, tokenHash: string) =>
  db
    .selectFrom('noticeAttempt as attempt')
    .innerJoin('handover', 'handover.id', 'attempt.handoverId')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .innerJoin('member as leaver', (join) => join.on('leaver.id', '=', passerId))
    .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
    .innerJoin('member as successor', (join) =>
      join.on(sql<boolean>`successor.id = coalesce(transfer.successor_id, attempt.prepared_by)`),
    )
    .innerJoin('notice', 'notice.handoverId', 'handover.id')
    .leftJoin('department', (join) => join.on(sql<boolean>`department.id = successor.department_ids[1]`))
    .select(['attempt.outcome', 'attempt.outcomeAt', 'attempt.preparedAt', 'attempt.language', 'attempt.pageVersion'])
    .select('attempt.template')
    .select('attempt.preparedBy as successor')
    .select([
      'handover.id as handover',
      'handover.customerId as customer',
      sql<Date>`coalesce(transfer.settled_at, departure.left_at)`.as('effective'),
    ])
    .select(['leaver.name as old', 'successor.name as new', 'successor.position', 'department.name as department'])
    .select([
      'notice.pageVersion as toldWith',
      'notice.state as notice',
      'notice.sentAt',
      'notice.openedAt',
      'notice.answeredAt',
    ])
    .where('attempt.tokenHash', '=', tokenHash)
    .executeTakeFirst()

/** Newest first. */
export const objectionsTo = (db: Db, handoverId: string) =>
  db
    .selectFrom('objection')
    .select(['id', 'at', 'handledAt', 'dueAt', 'outcome', 'answer', 'toldAt'])
    .where('handoverId', '=', handoverId)
    .where('origin', '=', 'page')
    .orderBy('at', 'desc')
    .execute()

export const complaintsAbout = (db: Db, handoverId: string) =>
  db.selectFrom('complaint').select(['number', 'at']).where('handoverId', '=', handoverId).orderBy('at').execute()

/**
 * Who came after this successor for this customer, one after the other, the last one first: the successor leaves, too,
 * and the page must name the present contact (compliance 3.5 P10). Whose leaving is only announced is still here.
 */
export const comeAfter = async (db: Db, handoverId: string) =>
  (
    await sql<{ name: string; state: string; settledAt: Date | null }>`
      with recursive line as (
        select h.id, h.customer_id, h.created_at, t.successor_id, t.state, t.settled_at, 0 as step
          from handover h join transfer t on t.handover_id = h.id where h.id = ${handoverId}
        union all
        select h.id, h.customer_id, h.created_at, t.successor_id, t.state, t.settled_at, line.step + 1
          from line
          join handover h on h.customer_id = line.customer_id and (h.created_at, h.id) > (line.created_at, line.id)
          join departure d on d.id = h.departure_id and coalesce(h.from_id, d.member_id) = line.successor_id
          join transfer t on t.handover_id = h.id
         where line.state = 'taken_over' and line.step < 50
           and ((d.gone and h.from_id is null) or t.state in ('taken_over', 'elsewhere')))
      select coalesce(member.name, '') as name, line.state, line.settled_at
        from line left join member on member.id = line.successor_id
       where line.step > 0 order by line.step desc, line.created_at desc`.execute(db)
  ).rows

export const openObjection = (db: Db, handoverId: string) =>
  db
    .selectFrom('objection')
    .select('id')
    .where('handoverId', '=', handoverId)
    .where('handledAt', 'is', null)
    .executeTakeFirst()

/** That the customer has the outcome before their eyes: once. */
export const setHeard = (tx: Tx, id: string, at: Date) =>
  tx
    .updateTable('objection')
    .set({ toldAt: at })
    .where('id', '=', id)
    .where('toldAt', 'is', null)
    .returning('id')
    .executeTakeFirst()
