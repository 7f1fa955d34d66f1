import type { Device } from '../../shared/session'
import { act } from '../db/act'
import { mayEnter } from '../db/revoke'
import type { Deps } from '../deps'
import { hashToken, secretToken } from '../lib/id'
import * as rows from './rows'
import { limitsOf } from './session'

/** A session that grew old is known as such for a day, so that its page may come back to what was typed (`session.ts`). */
const KEPT_MS = 86_400_000

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
    if (!held || !mayEnter(held)) return null
    const { idleMs, absoluteMs, most } = limitsOf(deps.config)
    const ago = (ms: number) => new Date(now.getTime() - ms - KEPT_MS)
    await rows.dropExpired(tx, ago(absoluteMs), ago(idleMs))
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
