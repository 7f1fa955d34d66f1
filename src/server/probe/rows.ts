import { sql } from 'kysely'
import type { Json } from '../../shared/canonical'
import type { Db, Tx } from '../db/open'
import { leaverFor, type Reader } from '../db/scope'

export const openProbes = (db: Db) =>
  db
    .selectFrom('probe')
    .select(['id', 'memberId', 'revokedAt', 'sealed', 'opened'])
    .where('endedAt', 'is', null)
    .orderBy('revokedAt')
    .limit(100)
    .execute()

export type OpenProbe = Awaited<ReturnType<typeof openProbes>>[number]

export const beginProbe = (db: Db, id: string, beganAt: Date) =>
  db
    .updateTable('probe')
    .set((eb) => ({ beganAt, tries: eb('tries', '+', 1) }))
    .where('id', '=', id)
    .execute()

/** The last session laid in for this member, if a session of then could still live. */
export const lastLaid = (db: Db, memberId: string, since: Date) =>
  db
    .selectFrom('probe')
    .select(['id', 'sealed', 'opened'])
    .where('memberId', '=', memberId)
    .where('sealed', 'is not', null)
    .where('laidAt', '>=', since)
    .orderBy('laidAt', 'desc')
    .limit(1)
    .executeTakeFirst()

interface Found {
  endedAt: Date
  opened: boolean
  doors: number
  red: number
  leftOver: number
  report: Json
  digest: string
}

export const saveProbe = async (tx: Tx, id: string, { report, ...found }: Found): Promise<boolean> =>
  (
    await tx
      .updateTable('probe')
      .set({ ...found, report: sql<string>`${JSON.stringify(report)}::jsonb` })
      .where('id', '=', id)
      .where('endedAt', 'is', null)
      .returning('id')
      .execute()
  ).length > 0

/** No session of then could live any more, so nothing is to be proven with these. */
export const forgetSealed = (db: Db, before: Date) =>
  db.updateTable('probe').set({ sealed: null }).where('sealed', 'is not', null).where('laidAt', '<', before).execute()

/** The leaver of a departure that has happened, if the reader may know of it. */
export const leaverOf = (db: Db, departure: string, reader: Reader | 'all') =>
  db
    .selectFrom('departure')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .select(['departure.id', 'departure.memberId', 'departure.endedAt', 'departure.gone'])
    .where('departure.id', '=', departure)
    .$if(reader !== 'all', (q) => q.where(leaverFor(reader as Reader)))
    .executeTakeFirst()

/** Those that belong to this departure: not after the member was hired again, not of an earlier one. */
export const probesOf = (db: Db, departure: string) =>
  db
    .selectFrom('probe')
    .innerJoin('departure', 'departure.memberId', 'probe.memberId')
    .leftJoin('member as asker', 'asker.id', 'probe.askedBy')
    .selectAll('probe')
    .select('asker.name as asker')
    .where('departure.id', '=', departure)
    .where(
      sql<boolean>`probe.revoked_at <= coalesce(departure.ended_at, 'infinity') and not exists (
      select 1 from departure earlier where earlier.member_id = departure.member_id and earlier.id < departure.id
         and earlier.ended_at >= probe.revoked_at)`,
    )
    .orderBy('probe.revokedAt', 'desc')
    .orderBy('probe.id', 'desc')
    .limit(20)
    .execute()
