import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'

export const newestYears = (db: Db) =>
  db
    .selectFrom('workingCalendar')
    .leftJoin('member', 'member.id', 'workingCalendar.loadedBy')
    .distinctOn('year')
    .select(['year', 'version', 'holidays', 'workdays', 'source', 'member.name as by', 'loadedAt as at'])
    .orderBy('year', 'desc')
    .orderBy('version', 'desc')
    .execute()

/** Nothing comes back when somebody else has just loaded the same year. */
export const addVersion = (
  tx: Tx,
  loaded: { year: number; holidays: string[]; workdays: string[]; source: string; loadedAt: Date; loadedBy: string },
) =>
  tx
    .insertInto('workingCalendar')
    .values({
      ...loaded,
      version: sql<number>`(select coalesce(max(version), 0) + 1 from working_calendar where year = ${loaded.year})`,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('version')
    .executeTakeFirst()
