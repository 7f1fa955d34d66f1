import { sql } from 'kysely'
import type { Db } from './open'

/** Everybody who holds an office now, as the settings name them and as somebody gave it; who left or was stopped has none. */
export const holdersOfOffice = (db: Db, office: string, named: readonly string[], now: Date) =>
  db
    .selectFrom('member')
    .select(['id', 'userid'])
    .where('status', '=', 'active')
    .where('blockedAt', 'is', null)
    .where(
      sql<boolean>`(member.userid = any(${sql.val([...named])}::text[]) or exists (
        select 1 from role_grant g where g.member_id = member.id and g.role = ${office} and g.ended_at is null
          and (g.until is null or g.until > ${now})))`,
    )
    .orderBy('id')
    .execute()
