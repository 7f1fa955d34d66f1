import { getCookie } from 'hono/cookie'
import { stillHere } from '../../shared/member'
import type { Deps } from '../deps'
import { mayEnter } from '../db/revoke'
import { hashToken } from '../lib/id'
import type { Caller, Ctx, Standing } from '../lib/serve'
import { managedDepartments, rolesOf } from './roles'
import { memberById, sessionMember, touchSession } from './rows'

export const IDLE_MS = 8 * 3600_000
export const ABSOLUTE_MS = 24 * 3600_000
const TOUCH_MS = 60_000
const SESSION_HEADER = 'x-session'

/** `__Host-` needs https; only the simulator's http://localhost goes without. */
export const cookieName = (publicUrl: string): string => (publicUrl.startsWith('https:') ? '__Host-jiebang' : 'jiebang')

/** Looked up at every request, so that whoever leaves or is disabled has nothing from the next request on. */
export async function callerOf(deps: Deps, c: Ctx): Promise<Caller | null> {
  const token = getCookie(c, cookieName(deps.config.PUBLIC_URL))
  if (!token) return null
  const idHash = hashToken(token)
  const found = await sessionMember(deps.db, idHash)
  const now = deps.now()
  if (!found || !mayEnter(found)) return null
  if (now.getTime() - found.createdAt.getTime() > ABSOLUTE_MS || now.getTime() - found.seenAt.getTime() > IDLE_MS) {
    // Whoever was only away for long comes back to the same page; every other page forgets what it shows (client/lib/watch.ts).
    c.header(SESSION_HEADER, 'expired')
    return null
  }
  // A page that is only open is not somebody who works.
  const working = c.req.path !== stillHere.path
  if (working && now.getTime() - found.seenAt.getTime() > TOUCH_MS) await touchSession(deps.db, idHash, now)
  return { ...standingOf(deps, found), loggedInAt: found.createdAt }
}

/** A member as they would be let in now, without a session: for what is done in their name later. */
export async function memberNow(deps: Deps, id: string): Promise<Standing | null> {
  const found = await memberById(deps.db, id)
  return found && mayEnter(found) ? standingOf(deps, found) : null
}

function standingOf({ config }: Deps, { id, userid, name, leads }: Found): Standing {
  const led = leads ?? []
  return {
    id,
    userid,
    name,
    roles: rolesOf(config, userid, led),
    manages: managedDepartments(config, userid, led),
  }
}

type Found = Pick<Standing, 'id' | 'userid' | 'name'> & { leads: readonly number[] | null }
