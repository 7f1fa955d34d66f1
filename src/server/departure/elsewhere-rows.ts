import { sql } from 'kysely'
import { nextTransferState, transferStates } from '../../shared/transfer'
import type { Db } from '../db/open'
import { ASSIGNED } from '../wecom/assigned'

const mayMove = transferStates.filter((state) => nextTransferState(state, 'moved_elsewhere'))
/** With these WeCom is asked by the transfers job itself. */
const atWeCom = ['approved', 'submitted', 'waiting']
const free = mayMove.filter((state) => !atWeCom.includes(state))

/**
 * Customers of leavers that nothing of ours is under way for, and of whom a relation says that an administrator has handed
 * them to somebody who is here, since the leaving. Not where another handover of the same customer may explain it: one that is
 * open, or that the same member took over.
 */
export const handedOver = (db: Db, noticedBefore: Date, limit: number) =>
  db
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .innerJoin('wecomContact', 'wecomContact.customerId', 'handover.customerId')
    .innerJoin('relation', 'relation.customerId', 'handover.customerId')
    .innerJoin('member as owner', 'owner.id', 'relation.memberId')
    .select(['transfer.handoverId', 'leaver.userid as leaver', 'wecomContact.externalUserid'])
    .select(['owner.id as ownerId', 'owner.userid as owner'])
    .select(sql<Date>`least(departure.left_at, departure.noticed_at)`.as('since'))
    .where('transfer.state', 'in', free)
    .where('departure.gone', '=', true)
    .where('handover.fromId', 'is', null)
    .where('departure.noticedAt', '<', noticedBefore)
    .where('owner.status', '!=', 'left')
    .whereRef('owner.id', '!=', 'leaver.id')
    .where('relation.endedAt', 'is', null)
    .where('relation.addWay', '=', ASSIGNED)
    .where(sql<boolean>`relation.since >= date_trunc('second', least(departure.left_at, departure.noticed_at))`)
    .where(
      sql<boolean>`not exists (
        select 1 from handover h join transfer t on t.handover_id = h.id
         where h.customer_id = handover.customer_id and h.id <> handover.id
           and (t.successor_id = relation.member_id or t.state = any(${sql.val([...free, ...atWeCom])}::text[])))`,
    )
    .orderBy('transfer.handoverId')
    .limit(limit)
    .execute()
