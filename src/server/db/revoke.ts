import type { Audit } from './act'
import { stopExportsOf } from './export'
import type { Tx } from './open'

/**
 * Ends every session of these members, now and for good: the epoch is part of a session, so that one which slipped in
 * meanwhile, or an old cookie after a new hire, is worth nothing (DESIGN 4.5, compliance 6.5).
 */
export async function revokeSessions(tx: Tx, audit: Audit, memberIds: readonly string[]): Promise<void> {
  if (!memberIds.length) return
  await tx
    .updateTable('member')
    .set((eb) => ({ authEpoch: eb('authEpoch', '+', 1) }))
    .where('id', 'in', memberIds)
    .execute()
  const ended = await tx.deleteFrom('session').where('memberId', 'in', memberIds).returning('memberId').execute()
  await stopExportsOf(tx, audit, memberIds)
  for (const id of memberIds) audit('sessions.revoked', id, { sessions: ended.filter((s) => s.memberId === id).length })
}
