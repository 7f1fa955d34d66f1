import { getCookie } from 'hono/cookie'
import { askDebug } from '../../shared/debug'
import { stillHere } from '../../shared/member'
import type { Deps } from '../deps'
import { mayEnter } from '../db/revoke'
import type { Config } from '../lib/config'
import { hashToken } from '../lib/id'
import type { Caller, Ctx, Standing } from '../lib/serve'
import { cookieName } from './cookie'
import { managedDepartments, rolesOf } from './roles'
import { memberById, sessionMember, touchSession, type Granted } from './rows'

const HOUR_MS = 3600_000
const TOUCH_MS = 60_000
const SESSION_HEADER = 'x-session'
/** What an open page asks by itself. */
const WAITING: readonly string[] = [stillHere.path, askDebug.path]

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
  if (!found || !mayEnter(found)) return null
  const { idleMs, absoluteMs } = limitsOf(deps.config)
  const unused = now.getTime() - found.seenAt.getTime()
  if (now.getTime() - found.createdAt.getTime() > absoluteMs || unused > idleMs) {
    // Whoever was only away for long comes back to the same page; every other page forgets what it shows (client/lib/watch.ts).
    c.header(SESSION_HEADER, 'expired')
    return null
  }
  // A page that is only open is not somebody who works.
  const working = !WAITING.includes(c.req.path)
  if (working && unused > TOUCH_MS) await touchSession(deps.db, idHash, now)
  return { ...standingOf(deps, found), session: found.session, loggedInAt: found.createdAt }
}

/** A member as they would be let in now, without a session: for what is done in their name later. */
export async function memberNow(deps: Deps, id: string): Promise<Standing | null> {
  const found = await memberById(deps.db, id, deps.now())
  return found && mayEnter(found) ? standingOf(deps, found) : null
}

function standingOf({ config }: Deps, { id, userid, name, leaving, leads, granted }: Found): Standing {
  const led = leads ?? []
  return {
    id,
    userid,
    name,
    leaving,
    roles: rolesOf(config, userid, led, granted),
    manages: managedDepartments(config, userid, led, granted),
  }
}

type Found = Pick<Standing, 'id' | 'userid' | 'name' | 'leaving'> & {
  leads: readonly number[] | null
  granted: readonly Granted[]
}
