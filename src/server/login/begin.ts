import type { Device } from '../../shared/session'
import { act } from '../db/act'
import type { Deps } from '../deps'
import { hashToken, secretToken } from '../lib/id'
import * as rows from './rows'
import { limitsOf } from './session'

/**
 * Somebody whom WeCom vouched for comes in: always with a new session, so that no cookie that was there before becomes one.
 * What this browser had until now ends, and the oldest ones beyond the limit do. Null: not an active member.
 */
export async function beginSession(
  deps: Deps,
  userid: string,
  { before, device }: { before: string | undefined; device: Device },
): Promise<string | null> {
  const member = await rows.memberByUserid(deps.db, userid)
  if (!member) return null
  const token = secretToken()
  const now = deps.now()
  return act(deps.db, now, member.id, async (tx, audit) => {
    // Held, so that of two logins at once each sees the other, and none slips in beside a revocation.
    const held = await rows.holdMember(tx, member.id)
    if (held?.status !== 'active') return null
    const { idleMs, absoluteMs, most } = limitsOf(deps.config)
    await rows.dropExpired(tx, new Date(now.getTime() - absoluteMs), new Date(now.getTime() - idleMs))
    const old = before === undefined ? undefined : await rows.dropByHash(tx, hashToken(before))
    if (old) audit('session.ended', old.memberId, { session: old.id, why: 'rotated' })
    const id = deps.id()
    const session = { id, idHash: hashToken(token), memberId: held.id, epoch: held.authEpoch, device }
    await rows.addSession(tx, { ...session, createdAt: now, seenAt: now })
    audit('session.began', held.id, { session: id, device })
    for (const beyond of await rows.dropBeyond(tx, held.id, id, most))
      audit('session.ended', held.id, { session: beyond.id, why: 'limit' })
    return token
  })
}
