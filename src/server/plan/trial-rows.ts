import { sql } from 'kysely'
import type { Db } from '../db/open'
import { leaverFor, type Reader } from '../db/scope'

/** The last so many departures with customers that the reader may know of, the newest first. */
export const lastDepartures = (db: Db, reader: Reader, limit: number) =>
  db
    .selectFrom('departure')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .select(['departure.id', 'leaver.name as leaver'])
    .where(leaverFor(reader))
    .where(sql<boolean>`exists (select 1 from handover h where h.departure_id = departure.id and h.from_id is null)`)
    .orderBy('departure.leftAt', 'desc')
    .orderBy('departure.id')
    .limit(limit)
    .execute()

export const namesOf = (db: Db, ids: readonly string[]) =>
  db
    .selectFrom('member')
    .select(['id', 'name'])
    .where(sql<boolean>`id = any(${sql.val([...ids])}::text[])`)
    .orderBy('name')
    .orderBy('id')
    .execute()
