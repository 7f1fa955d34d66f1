import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'

export const memberByUserid = (db: Db, userid: string) =>
  db.selectFrom('member').selectAll().where('userid', '=', userid.toLowerCase()).executeTakeFirst()

export const addSession = (
  tx: Tx,
  session: { idHash: string; memberId: string; epoch: number; createdAt: Date; seenAt: Date },
) => tx.insertInto('session').values(session).execute()

const leads = sql<number[] | null>`(
  select coalesce(array_agg(department.id), '{}') from department where member.userid = any(department.leaders))`

export const memberById = (db: Db, id: string) =>
  db
    .selectFrom('member')
    .select(['id', 'userid', 'name', 'status', 'blockedAt', leads.as('leads')])
    .where('id', '=', id)
    .executeTakeFirst()

/** The session's member, only if the session's epoch is still the member's: raising the epoch ends them all. */
export const sessionMember = (db: Db, idHash: string) =>
  db
    .selectFrom('session')
    .innerJoin('member', (join) =>
      join.onRef('member.id', '=', 'session.memberId').onRef('member.authEpoch', '=', 'session.epoch'),
    )
    .select([
      'member.id',
      'member.userid',
      'member.name',
      'member.status',
      'member.blockedAt',
      'session.createdAt',
      'session.seenAt',
    ])
    .select((eb) =>
      eb
        .selectFrom('department')
        .select(sql<number[]>`coalesce(array_agg(department.id), '{}')`.as('ids'))
        .where(sql<boolean>`member.userid = any(department.leaders)`)
        .as('leads'),
    )
    .where('session.idHash', '=', idHash)
    .executeTakeFirst()

export const touchSession = (db: Db, idHash: string, at: Date) =>
  db.updateTable('session').set({ seenAt: at }).where('idHash', '=', idHash).execute()

export const endSession = (tx: Tx, idHash: string) => tx.deleteFrom('session').where('idHash', '=', idHash).execute()
