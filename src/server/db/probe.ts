import { sql } from 'kysely'
import type { Deps } from '../deps'
import { hashToken, secretToken } from '../lib/id'
import { sealer } from '../lib/seal'
import type { Audit } from './act'
import type { Tx } from './open'
import { mayEnter, revokeSessions } from './revoke'

export const placeOfProbe = (id: string): string => `probe ${id}`

/**
 * The access of these members ends. Beside each one's own sessions, which we cannot play again because we know only their
 * hashes, one more is laid in, as their next login would have been; the statement that ends theirs ends it, too. The probe
 * knocks with it at every door (probe/README.md). To be called before the status changes: whether it opened is written down.
 */
export async function endAccess(
  tx: Tx,
  audit: Audit,
  deps: Pick<Deps, 'config' | 'id' | 'now'>,
  memberIds: readonly string[],
  why: 'left' | 'stopped' | 'blocked',
): Promise<void> {
  if (!memberIds.length) return
  const now = deps.now()
  const { seal } = sealer(deps.config.SECRET)
  const members = await tx
    .selectFrom('member')
    .select(['id', 'authEpoch', 'status', 'blockedAt'])
    .where('id', 'in', memberIds)
    .execute()
  for (const member of members) {
    const [id, token] = [deps.id(), secretToken()]
    await tx
      .insertInto('session')
      .values({
        idHash: hashToken(token),
        memberId: member.id,
        epoch: member.authEpoch,
        createdAt: now,
        seenAt: now,
      })
      .execute()
    const sealed = seal(token, placeOfProbe(id))
    await tx
      .insertInto('probe')
      .values({ id, memberId: member.id, why, revokedAt: now, sealed, laidAt: now, opened: mayEnter(member) })
      .execute()
  }
  await revokeSessions(tx, audit, memberIds, 1)
}

/** Somebody wants to know now. What is known of the last laid-in session is used again, while a session could live. */
export const askProbe = async (
  tx: Tx,
  deps: Pick<Deps, 'id' | 'now'>,
  { memberId, askedBy }: { memberId: string; askedBy: string },
): Promise<string> => {
  const id = deps.id()
  await tx
    .insertInto('probe')
    .values({
      id,
      memberId,
      why: 'asked',
      askedBy,
      revokedAt: sql<Date>`coalesce((
      select max(p.revoked_at) from probe p where p.member_id = ${memberId} and p.why <> 'asked'), ${deps.now()})`,
    })
    .execute()
  return id
}
