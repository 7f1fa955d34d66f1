import { getCookie } from 'hono/cookie'
import type { Deps } from '../deps'
import type { Config } from '../lib/config'
import { hashToken } from '../lib/id'
import type { Caller, Ctx } from '../lib/serve'
import { cookieName } from './cookie'
import { managedDepartments, rolesOf } from './roles'
import { sessionMember, touchSession } from './rows'

const HOUR_MS = 3600_000
const TOUCH_MS = 60_000

/** How long a session lives unused and in all, and how many somebody may have. */
export const limitsOf = (config: Config) => ({
  idleMs: config.SESSION_IDLE_HOURS * HOUR_MS,
  absoluteMs: config.SESSION_HOURS * HOUR_MS,
  most: config.SESSION_LIMIT,
})

/** Looked up at every request, so that whoever leaves or is disabled has nothing from the next request on. */
export async function callerOf(deps: Deps, c: Ctx): Promise<Caller | null> {
  const token = getCookie(c, cookieName(deps.config.PUBLIC_URL))
  if (!token) return null
  const idHash = hashToken(token)
  const now = deps.now()
  const found = await sessionMember(deps.db, idHash, now)
  if (!found || found.status !== 'active') return null
  const { idleMs, absoluteMs } = limitsOf(deps.config)
  const unused = now.getTime() - found.seenAt.getTime()
  if (now.getTime() - found.createdAt.getTime() > absoluteMs || unused > idleMs) return null
  if (unused > TOUCH_MS) await touchSession(deps.db, idHash, now)
  const leads = found.leads ?? []
  return {
    id: found.id,
    userid: found.userid,
    name: found.name,
    session: found.session,
    loggedInAt: found.createdAt,
    roles: rolesOf(deps.config, found.userid, leads, found.granted),
    manages: managedDepartments(deps.config, found.userid, leads, found.granted),
  }
}
