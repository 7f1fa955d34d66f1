import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'
import { leaverFor } from '../db/scope'
import { reachOf } from '../lib/reach'
import type { Caller } from '../lib/serve'

export interface LeavingRow {
  id: string
  memberId: string
  name: string
  leftAt: Date
  gone: boolean
  endedAt: Date | null
  handedOverAt: Date | null
  handedOverBy: string | null
  withoutLeaver: boolean | null
  archivedAt: Date | null
  archivedBy: string | null
  managed: boolean
}

/** The departure, if this member may know of it: never one's own. */
export const leavingOf = (db: Db, id: string, caller: Caller): Promise<LeavingRow | undefined> => one(db, id, caller)

/** The same, held until the end of the transaction. */
export async function holdLeaving(tx: Tx, id: string, caller: Caller): Promise<LeavingRow | undefined> {
  await tx.selectFrom('departure').select('id').where('id', '=', id).forUpdate().execute()
  return one(tx, id, caller)
}

/** `managed`: the caller manages the leaver, and does not only read of everybody. */
const one = (db: Db, id: string, caller: Caller) =>
  db
    .selectFrom('departure')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .leftJoin('member as finisher', 'finisher.id', 'departure.handedOverBy')
    .leftJoin('member as archiver', 'archiver.id', 'departure.archivedBy')
    .select(['departure.id', 'departure.memberId', 'leaver.name', 'departure.leftAt', 'departure.gone'])
    .select(['departure.endedAt', 'departure.handedOverAt', 'departure.withoutLeaver', 'departure.archivedAt'])
    .select(['finisher.name as handedOverBy', 'archiver.name as archivedBy'])
    .where('departure.id', '=', id)
    .select(leaverFor(caller).as('managed'))
    .where(leaverFor(reachOf(caller, 'hr', 'compliance')))
    .executeTakeFirst()

export interface Facts {
  listed: number
  planned: number
  customers: number
  told: number
  toTell: number
  opened: number
  plans: number
}

/** Customers as WeCom lists them, as plans hold them, and as they were told by the leaver. */
export async function factsOf(db: Db, { id, memberId }: LeavingRow): Promise<Facts> {
  const { rows } = await sql<Facts>`
    select count(*)::int as listed,
           count(*) filter (where t.state not in ('unassigned', 'cancelled'))::int as planned,
           count(*) filter (where t.state <> 'cancelled')::int as customers,
           count(*) filter (where n.sent_by = ${memberId})::int as told,
           count(*) filter (where n.sent_at is null and t.state in ('approved', 'submitted', 'waiting'))::int as to_tell,
           count(*) filter (where n.sent_by = ${memberId} and n.opened_at is not null)::int as opened,
           (select count(*)::int from plan p where p.departure_id = ${id}) as plans
      from handover h
      join transfer t on t.handover_id = h.id
      join notice n on n.handover_id = h.id
     where h.departure_id = ${id} and h.from_id is null`.execute(db)
  return rows[0]!
}

/** The newest memo of each customer of this departure, as the leaver wrote it. */
export const memosOf = async (db: Db, { id, memberId }: LeavingRow): Promise<string[]> => {
  const { rows } = await sql<{ text: string }>`
    select distinct on (note.customer_id) history.body->>'text' as text
      from note join history on history.id = note.id
     where note.author_id = ${memberId} and note.kind = 'memo' and note.withdrawn_at is null
       and note.customer_id in (select customer_id from handover where departure_id = ${id})
     order by note.customer_id, note.written_at desc`.execute(db)
  return rows.map((r) => r.text)
}

/** The last run of the probe for this departure that came to its end. */
export const lastProbe = (db: Db, { memberId, endedAt }: LeavingRow, since: Date) =>
  db
    .selectFrom('probe')
    .select(['doors', 'red', 'leftOver', 'revokedAt', 'endedAt'])
    .where('memberId', '=', memberId)
    .where('endedAt', 'is not', null)
    .where('revokedAt', '>=', since)
    .$if(endedAt !== null, (q) => q.where('revokedAt', '<=', endedAt!))
    .orderBy('endedAt', 'desc')
    .limit(1)
    .executeTakeFirst()

/** When this departure began to be known: a probe of an earlier one proves nothing here. */
export const noticedAt = async (db: Db, id: string): Promise<Date> =>
  (await db.selectFrom('departure').select('noticedAt').where('id', '=', id).executeTakeFirstOrThrow()).noticedAt

export const finish = (tx: Tx, id: string, set: { handedOverAt: Date; handedOverBy: string; withoutLeaver: boolean }) =>
  tx.updateTable('departure').set(set).where('id', '=', id).execute()

export const archive = (tx: Tx, id: string, set: { archivedAt: Date; archivedBy: string }) =>
  tx.updateTable('departure').set(set).where('id', '=', id).execute()
