import { sql } from 'kysely'
import type { Json } from '../../shared/canonical'
import type { Audit } from './act'
import { countOpenExports, stopExportsOf } from './export'
import type { Db, Tx } from './open'

/** Whom a session lets in: here at WeCom, and not stopped here by two administrators. */
export const mayEnter = (member: { status: string; blockedAt: Date | null }): boolean =>
  member.status === 'active' && member.blockedAt === null

/** Something that opens a door for a member. */
interface Holding {
  table: string
  /** Ends all of it; answers whose each was. */
  end(tx: Tx, audit: Audit, memberIds: readonly string[]): Promise<{ memberId: string }[]>
  /** How much of it still opens a door. */
  left(db: Db, memberId: string): Promise<number>
}

/**
 * Everything a member can hold that opens a door: what is not here lives on after they have left. A test compares it with the
 * tables that know a member and a secret, link or right (tests/server/revoke.test.ts), so that nothing is forgotten.
 */
export const holdings: readonly Holding[] = [
  {
    table: 'session',
    end: (tx, _, ids) => tx.deleteFrom('session').where('memberId', 'in', ids).returning('memberId').execute(),
    left: async (db, id) => {
      const counted = await sql<{ n: number }>`
        select count(*) as n from session s join member m on m.id = s.member_id and m.auth_epoch = s.epoch
         where s.member_id = ${id}`.execute(db)
      return counted.rows[0]?.n ?? 0
    },
  },
  { table: 'export_request', end: stopExportsOf, left: countOpenExports },
  {
    table: 'role_grant',
    async end(tx, audit, ids) {
      const ended = await tx
        .updateTable('roleGrant')
        .set({ endedAt: sql<Date>`greatest(now(), granted_at)`, endedWhy: 'revoked' })
        .where('memberId', 'in', ids)
        .where('endedAt', 'is', null)
        .returning(['id', 'memberId', 'role'])
        .execute()
      for (const { id, memberId, role } of ended) audit('role.ended', memberId, { grant: id, role, why: 'revoked' })
      return ended
    },
    left: async (db, id) =>
      (await db.selectFrom('roleGrant').select('id').where('memberId', '=', id).where('endedAt', 'is', null).execute())
        .length,
  },
  {
    table: 'emergency',
    end: (tx, _, ids) =>
      tx
        .updateTable('emergency')
        .set({ endedAt: sql<Date>`least(until, greatest(now(), opened_at))` })
        .where('memberId', 'in', ids)
        .where('endedAt', 'is', null)
        .returning('memberId')
        .execute(),
    left: async (db, id) =>
      (await db.selectFrom('emergency').select('id').where('memberId', '=', id).where('endedAt', 'is', null).execute())
        .length,
  },
  {
    table: 'debug_grant',
    end: (tx, _, ids) =>
      tx
        .updateTable('debugGrant')
        .set({ endedAt: sql<Date>`least(until, greatest(now(), granted_at))` })
        .where('memberId', 'in', ids)
        .where('endedAt', 'is', null)
        .returning('memberId')
        .execute(),
    left: async (db, id) =>
      (await db.selectFrom('debugGrant').select('id').where('memberId', '=', id).where('endedAt', 'is', null).execute())
        .length,
  },
  {
    // Fetches a pack within a minute of having asked.
    table: 'evidence_pack',
    async end(tx, _, ids) {
      const held = await tx
        .selectFrom('evidencePack')
        .select(['id', 'ticketFor'])
        .where('ticketFor', 'in', ids)
        .forUpdate()
        .execute()
      const packs = held.map((pack) => pack.id)
      if (packs.length)
        await tx
          .updateTable('evidencePack')
          .set({ ticketHash: null, ticketFor: null })
          .where('id', 'in', packs)
          .execute()
      return held.flatMap(({ ticketFor }) => (ticketFor ? [{ memberId: ticketFor }] : []))
    },
    left: async (db, id) =>
      (await db.selectFrom('evidencePack').select('id').where('ticketFor', '=', id).execute()).length,
  },
]

/** What knows a member and looks like a key, and is no right of theirs. */
export const notHeld: Readonly<Record<string, string>> = {
  complaint: 'The link that its key makes is the customer’s, and opens no door of a member.',
  consent_event: 'The hash in it is of the customer’s openid, under the customer’s own key.',
  kept_answer: 'Only who is let in now is answered again, and not of a customer who is no longer theirs (lib/once.ts).',
  notice_attempt: 'The link is the customer’s: it stays when the member who sent it leaves (compliance 6.5).',
  plan_card: 'The codes in it change what a card shows, and only our server uses them.',
  probe: 'The session in it was ended before it was kept (probe/README.md).',
  rights_request: 'The link it came by is the customer’s, and says to them alone what became of it.',
}

/** What the log calls them. */
const COUNTED: Readonly<Record<string, string>> = {
  session: 'sessions',
  export_request: 'exports',
  role_grant: 'grants',
  evidence_pack: 'tickets',
  emergency: 'emergencies',
  debug_grant: 'debugs',
}

/**
 * Ends all these members hold, now and for good: the epoch is part of a session, so that one which slipped in meanwhile, or an
 * old cookie after a new hire, is worth nothing (DESIGN 4.5, compliance 6.5). `laid`: sessions of ours among each one's.
 */
export async function revokeSessions(tx: Tx, audit: Audit, memberIds: readonly string[], laid = 0): Promise<void> {
  if (!memberIds.length) return
  await raiseEpoch(tx, memberIds)
  const ended = new Map<string, { memberId: string }[]>()
  for (const { table, end } of holdings) ended.set(table, await end(tx, audit, memberIds))
  const countsOf = (id: string) =>
    Object.fromEntries(
      [...ended].map(([table, rows]) => [
        COUNTED[table] ?? `${table}s`,
        rows.filter((r) => r.memberId === id).length - (table === 'session' ? laid : 0),
      ]),
    )
  for (const id of memberIds) audit('sessions.revoked', id, countsOf(id))
}

/**
 * Only the sessions of these members, and nothing else of theirs: they may log in again if WeCom still vouches for them.
 * Answers how many ended.
 */
export async function endSessions(
  tx: Tx,
  audit: Audit,
  memberIds: readonly string[],
  why: { [key: string]: Json } = {},
): Promise<number> {
  await raiseEpoch(tx, memberIds)
  const ended = await tx.deleteFrom('session').where('memberId', 'in', memberIds).returning('memberId').execute()
  for (const id of memberIds)
    audit('sessions.revoked', id, { ...why, sessions: ended.filter((s) => s.memberId === id).length })
  return ended.length
}

const raiseEpoch = (tx: Tx, memberIds: readonly string[]) =>
  tx
    .updateTable('member')
    .set((eb) => ({ authEpoch: eb('authEpoch', '+', 1) }))
    .where('id', 'in', memberIds)
    .execute()

/** How many rows still open a door for this member. */
export async function leftOver(db: Db, memberId: string): Promise<number> {
  let rows = 0
  for (const { left } of holdings) rows += await left(db, memberId)
  return rows
}
