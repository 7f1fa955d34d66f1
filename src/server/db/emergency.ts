import type { Db } from './open'

/** The one emergency access that a member has open now. */
export const openEmergencyOf = (db: Db, memberId: string, now: Date) =>
  db
    .selectFrom('emergency')
    .select(['id', 'handoverId', 'until'])
    .where('memberId', '=', memberId)
    .where('endedAt', 'is', null)
    .where('until', '>', now)
    .executeTakeFirst()
