import { sql } from 'kysely'
import type { Json } from '../../shared/canonical'
import type { Audit } from './act'
import type { Tx } from './open'

/**
 * Whoever leaves, is switched off or falls out of range has nothing from now on, and for good: sessions end, and roles that
 * were granted to them, so that being hired again revives neither (DESIGN 4.5, compliance 6.5).
 */
export async function revokeSessions(tx: Tx, audit: Audit, memberIds: readonly string[]): Promise<void> {
  if (!memberIds.length) return
  await endSessions(tx, audit, memberIds)
  const ended = await tx
    .updateTable('roleGrant')
    .set({ endedAt: sql<Date>`greatest(now(), granted_at)`, endedWhy: 'revoked' })
    .where('memberId', 'in', memberIds)
    .where('endedAt', 'is', null)
    .returning(['id', 'memberId', 'role'])
    .execute()
  for (const { id, memberId, role } of ended) audit('role.ended', memberId, { grant: id, role, why: 'revoked' })
}

/**
 * Ends every session of these members: the epoch is part of a session, so that one which slipped in meanwhile, or an old
 * cookie after a new hire, is worth nothing. They may log in again if WeCom still vouches for them. Answers how many ended.
 */
export async function endSessions(
  tx: Tx,
  audit: Audit,
  memberIds: readonly string[],
  why: { [key: string]: Json } = {},
): Promise<number> {
  await tx
    .updateTable('member')
    .set((eb) => ({ authEpoch: eb('authEpoch', '+', 1) }))
    .where('id', 'in', memberIds)
    .execute()
  const ended = await tx.deleteFrom('session').where('memberId', 'in', memberIds).returning('memberId').execute()
  for (const id of memberIds)
    audit('sessions.revoked', id, { ...why, sessions: ended.filter((s) => s.memberId === id).length })
  return ended.length
}
