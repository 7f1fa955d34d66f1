import { sql } from 'kysely'
import { plannable } from '../../shared/transfer'
import type { Db, Tx } from '../db/open'

/** Known since the switch was turned and for long enough, with customers to pass on, and never drafted by the system. */
export const departuresToDraft = (db: Db, since: Date, settled: Date) =>
  db
    .selectFrom('departure')
    .select('id')
    .where('gone', '=', true)
    .where('endedAt', 'is', null)
    .where('noticedAt', '>=', since)
    .where('noticedAt', '<=', settled)
    .where(
      sql<boolean>`not exists (select 1 from plan where plan.departure_id = departure.id
        and (plan.automatic or plan.state in ('draft', 'pending', 'rejected', 'expired')))`,
    )
    .where(
      sql<boolean>`exists (select 1 from handover h join transfer t on t.handover_id = h.id
        where h.departure_id = departure.id and h.from_id is null and t.state = any(${sql.val([...plannable])}::text[]))`,
    )
    .orderBy('noticedAt')
    .limit(20)
    .execute()

/** Who could take over without being chosen by anybody: active colleagues of the leaver's own departments who have customers' contacts. */
export const colleaguesOf = (tx: Tx, departureId: string) =>
  tx
    .selectFrom('departure')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .innerJoin('member', (join) => join.on(sql<boolean>`member.department_ids && leaver.department_ids`))
    .select('member.id')
    .where('departure.id', '=', departureId)
    .whereRef('member.id', '<>', 'leaver.id')
    .where('member.status', '=', 'active')
    .where('member.blockedAt', 'is', null)
    .where('member.follows', '=', true)
    .where(sql<boolean>`not exists (select 1 from departure d where d.member_id = member.id and d.ended_at is null)`)
    .orderBy('member.id')
    .limit(50)
    .execute()
