import { sql } from 'kysely'
import type { Device } from '../../shared/session'
import type { Db, Tx } from '../db/open'
import { prepared } from '../db/prepared'

export const memberByUserid = (db: Db, userid: string) =>
  db.selectFrom('member').select('id').where('userid', '=', userid.toLowerCase()).executeTakeFirst()

export const holdMember = (tx: Tx, id: string) =>
  tx
    .selectFrom('member')
    .select(['id', 'status', 'blockedAt', 'authEpoch'])
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()

interface NewSession {
  id: string
  idHash: string
  memberId: string
  epoch: number
  device: Device
  createdAt: Date
  seenAt: Date
}
export const addSession = (tx: Tx, session: NewSession) => tx.insertInto('session').values(session).execute()

const leads = sql<number[] | null>`(
  select coalesce(array_agg(department.id), '{}') from department where member.userid = any(department.leaders))`

const granted = (now: Date) => sql<Granted[]>`coalesce((
  select jsonb_agg(jsonb_build_object('role', role, 'departments', department_ids))
    from role_grant
   where member_id = member.id and ended_at is null and (until is null or until > ${now})), '[]')`

const leaving = sql<boolean>`exists (
  select 1 from departure where departure.member_id = member.id and departure.ended_at is null and not departure.gone)`

export const memberById = (db: Db, id: string, now: Date) =>
  db
    .selectFrom('member')
    .select(['id', 'userid', 'name', 'status', 'blockedAt'])
    .select([leads.as('leads'), granted(now).as('granted'), leaving.as('leaving')])
    .where('id', '=', id)
    .executeTakeFirst()

/** The session's member, only if the session's epoch is still the member's: raising the epoch ends them all. */
export const sessionMember = async (db: Db, idHash: string, now: Date) => (await memberOf(db, { idHash, now }))[0]

const memberOf = prepared((db, of: { idHash: string; now: Date }) =>
  db
    .selectFrom('session')
    .innerJoin('member', (join) =>
      join.onRef('member.id', '=', 'session.memberId').onRef('member.authEpoch', '=', 'session.epoch'),
    )
    .select(['member.id', 'member.userid', 'member.name', 'member.status', 'member.blockedAt'])
    .select(['session.id as session', 'session.createdAt', 'session.seenAt'])
    .select([leads.as('leads'), granted(of.now).as('granted'), leaving.as('leaving')])
    .where('session.idHash', '=', of.idHash)
    .compile(),
)

/** What a role grant that holds now gives. */
export interface Granted {
  role: string
  departments: number[] | null
}

export const touchSession = (db: Db, idHash: string, at: Date) =>
  db.updateTable('session').set({ seenAt: at }).where('idHash', '=', idHash).execute()

export const dropByHash = (tx: Tx, idHash: string) =>
  tx.deleteFrom('session').where('idHash', '=', idHash).returning(['id', 'memberId']).executeTakeFirst()

/** Whatever ended by itself; whoever comes in takes it out. */
export const dropExpired = (tx: Tx, createdBefore: Date, seenBefore: Date) =>
  tx
    .deleteFrom('session')
    .where((eb) => eb.or([eb('createdAt', '<', createdBefore), eb('seenAt', '<', seenBefore)]))
    .execute()

/** Those that are not among the newest so many; the one that just began always is. */
export const dropBeyond = (tx: Tx, memberId: string, newest: string, most: number) =>
  tx
    .deleteFrom('session')
    .where('memberId', '=', memberId)
    .where('id', '!=', newest)
    .where('id', 'not in', (eb) =>
      eb
        .selectFrom('session')
        .select('id')
        .where('memberId', '=', memberId)
        .where('id', '!=', newest)
        .orderBy('createdAt', 'desc')
        .orderBy('id', 'desc')
        .limit(most - 1),
    )
    .returning('id')
    .execute()

export const sessionsOf = (db: Db, memberId: string, createdAfter: Date, seenAfter: Date) =>
  db
    .selectFrom('session')
    .innerJoin('member', (join) =>
      join.onRef('member.id', '=', 'session.memberId').onRef('member.authEpoch', '=', 'session.epoch'),
    )
    .select(['session.id', 'session.device', 'session.createdAt', 'session.seenAt'])
    .where('session.memberId', '=', memberId)
    .where('session.createdAt', '>=', createdAfter)
    .where('session.seenAt', '>=', seenAfter)
    .orderBy('session.seenAt', 'desc')
    .orderBy('session.id', 'desc')
    .execute()

export const dropOwn = (tx: Tx, memberId: string, id: string) =>
  tx.deleteFrom('session').where('memberId', '=', memberId).where('id', '=', id).returning('id').executeTakeFirst()

export const dropOthers = (tx: Tx, memberId: string, but: string) =>
  tx.deleteFrom('session').where('memberId', '=', memberId).where('id', '!=', but).returning('id').execute()

/** Writes down that a state was used; false: it was before. */
export async function spendState(db: Db, hash: string, at: Date, forgetBefore: Date): Promise<boolean> {
  await db.deleteFrom('loginState').where('usedAt', '<', forgetBefore).execute()
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('loginState')
    .values({ hash, usedAt: at })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}
