import { sql } from 'kysely'
import { livingPlans } from '../../shared/plan'
import { plannable } from '../../shared/transfer'
import type { Db, Tx } from '../db/open'
import { leaverFor, type Reader } from '../db/scope'

/** By name; the last row's id is the place where the next page begins. */
export const membersHere = (db: Db, reader: Reader, text: string, after: string | null, limit: number) =>
  db
    .selectFrom('member as leaver')
    .leftJoin('department', (join) => join.on(sql<boolean>`department.id = leaver.department_ids[1]`))
    .select(['leaver.id', 'leaver.name', 'department.name as department'])
    .select(
      sql<number>`(select count(*) from relation r where r.member_id = leaver.id and r.ended_at is null)`.as(
        'customers',
      ),
    )
    .select(
      sql<boolean>`exists (select 1 from departure d where d.member_id = leaver.id and d.ended_at is null)`.as(
        'announced',
      ),
    )
    .where('leaver.status', '!=', 'left')
    .where(leaverFor(reader))
    .$if(text !== '', (q) => q.where(sql<boolean>`position(lower(${text}) in lower(leaver.name)) > 0`))
    .$if(after !== null, (q) =>
      q.where(sql<boolean>`(leaver.name, leaver.id) > (select m.name, m.id from member m where m.id = ${after})`),
    )
    .orderBy('leaver.name')
    .orderBy('leaver.id')
    .limit(limit)
    .execute()

/** Somebody in scope who is here, held, so that a departure found elsewhere meanwhile waits its turn. */
export const holdMemberHere = (tx: Tx, reader: Reader, id: string) =>
  tx
    .selectFrom('member as leaver')
    .select(['leaver.id', 'leaver.name'])
    .where('leaver.id', '=', id)
    .where('leaver.status', '!=', 'left')
    .where(leaverFor(reader))
    .forNoKeyUpdate()
    .executeTakeFirst()

/** A departure in scope, held. */
export const holdDeparture = (tx: Tx, reader: Reader, id: string) =>
  tx
    .selectFrom('departure')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .select([
      'departure.id',
      'departure.memberId',
      'leaver.name',
      'departure.gone',
      'departure.endedAt',
      'departure.leftAt',
    ])
    .where('departure.id', '=', id)
    .where(leaverFor(reader))
    .forNoKeyUpdate('departure')
    .executeTakeFirst()

export const setLastDay = (tx: Tx, id: string, leftAt: Date) =>
  tx.updateTable('departure').set({ leftAt }).where('id', '=', id).execute()

export const endAnnouncement = (tx: Tx, id: string, at: Date) =>
  tx.updateTable('departure').set({ endedAt: at }).where('id', '=', id).execute()

export const discardPlans = (tx: Tx, departureId: string) =>
  tx
    .updateTable('plan')
    .set({ state: 'discarded' })
    .where('departureId', '=', departureId)
    .where('state', 'in', livingPlans)
    .returning('id')
    .execute()

/** Every handover of a departure with its transfer, held. */
export const holdTransfers = (tx: Tx, departureId: string) =>
  tx
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .select(['transfer.handoverId', 'handover.customerId', 'transfer.state', 'transfer.batchId'])
    .where('handover.departureId', '=', departureId)
    .orderBy('transfer.handoverId')
    .forNoKeyUpdate('transfer')
    .execute()

/** Calls that were written down and never made are not made any more. Answers those it was in time for. */
export const giveUpBatches = (tx: Tx, ids: readonly string[]) =>
  tx
    .updateTable('transferBatch')
    .set({ state: 'settled' })
    .where('id', '=', sql<string>`any(${sql.val(ids)}::text[])`)
    .where('state', '=', 'written')
    .returning('id')
    .execute()

/** Transfers of withdrawn announcements that nothing is under way for. */
export const freeOfWithdrawn = (tx: Tx, memberId: string | 'all') =>
  tx
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .select('transfer.handoverId')
    .where('departure.gone', '=', false)
    .where('departure.endedAt', 'is not', null)
    .where('handover.fromId', 'is', null)
    .$if(memberId !== 'all', (q) => q.where('departure.memberId', '=', memberId))
    .where((eb) =>
      eb.or([
        eb('transfer.state', 'in', plannable),
        eb.and([eb('transfer.state', '=', 'approved'), eb('transfer.batchId', 'is', null)]),
      ]),
    )
    .orderBy('transfer.handoverId')
    .forNoKeyUpdate('transfer')
    .execute()

/** Announced departures whose leaver has a customer with no handover yet. */
export const incomplete = (db: Db, settled: readonly string[]) =>
  db
    .selectFrom('departure')
    .innerJoin('relation', 'relation.memberId', 'departure.memberId')
    .select('departure.id')
    .distinct()
    .where('departure.gone', '=', false)
    .where('departure.endedAt', 'is', null)
    .where('relation.endedAt', 'is', null)
    .where(
      sql<boolean>`not exists (
        select 1 from handover h
          join departure d on d.id = h.departure_id
          join transfer t on t.handover_id = h.id
         where d.member_id = departure.member_id and h.customer_id = relation.customer_id
           and (d.id = departure.id or t.state <> all(${sql.val([...settled])}::text[])))`,
    )
    .execute()

export const holdAnnounced = (tx: Tx, id: string) =>
  tx
    .selectFrom('departure')
    .innerJoin('member', 'member.id', 'departure.memberId')
    .selectAll('departure')
    .select('member.name')
    .where('departure.id', '=', id)
    .where('departure.gone', '=', false)
    .where('departure.endedAt', 'is', null)
    .forNoKeyUpdate('departure')
    .executeTakeFirst()

/** Announced customers whom the leaver had lost before leaving: nobody plans for them unless WeCom's list still names them. */
export const lostBefore = (db: Db, noticedBefore: Date) =>
  db
    .selectFrom('departure')
    .innerJoin('member', 'member.id', 'departure.memberId')
    .innerJoin('handover', 'handover.departureId', 'departure.id')
    .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
    .innerJoin('relation', (join) =>
      join.onRef('relation.memberId', '=', 'member.id').onRef('relation.customerId', '=', 'handover.customerId'),
    )
    .innerJoin('wecomContact', 'wecomContact.customerId', 'handover.customerId')
    .select(['transfer.handoverId', 'member.userid', 'wecomContact.externalUserid'])
    .where('departure.gone', '=', true)
    .where('departure.endedAt', 'is', null)
    .where('departure.announcedAt', 'is not', null)
    .where('departure.noticedAt', '<', noticedBefore)
    .where('transfer.state', 'in', plannable)
    .where('handover.fromId', 'is', null)
    .where('relation.endedAt', 'is not', null)
    .where('relation.endedBy', 'in', ['member', 'customer', 'unknown'])
    .execute()
