import { deleteCookie, getCookie, getSignedCookie, setSignedCookie } from 'hono/cookie'
import type { Deps } from '../deps'
import { hashToken, secretHex } from '../lib/id'
import type { Ctx } from '../lib/serve'
import { cookieName, cookieOptions } from './cookie'
import { spendState } from './rows'

/** As long as WeCom's code could live twice over (facts 7.1); a person may stop at WeCom's own page. */
export const STATE_MS = 10 * 60_000
/** Tabs that are logging in at once; more is a page that begins logins nobody asked for. */
const MOST = 8

/** A login under way: where it leads, and whether WeCom has refused its code before. */
export interface Begun {
  to: string
  again: boolean
}

/**
 * The state goes to WeCom in the address and stays here, signed, in a cookie of its own: two tabs may log in at once, and
 * only the browser that began can end it (Q25).
 */
export async function bindState(c: Ctx, { config, now }: Deps, { to, again }: Begun): Promise<string> {
  const state = secretHex()
  const under = Object.keys(getCookie(c)).filter((name) => name.startsWith(nameOf(config.PUBLIC_URL, '')))
  if (under.length >= MOST) for (const name of under) deleteCookie(c, name, cookieOptions(config.PUBLIC_URL))
  const value = [state, now().getTime(), again ? 'again' : 'first', to].join(' ')
  await setSignedCookie(c, nameOf(config.PUBLIC_URL, state), value, config.SECRET, {
    ...cookieOptions(config.PUBLIC_URL),
    maxAge: STATE_MS / 1000,
  })
  return state
}

/** The login that this answer of WeCom's belongs to; null for a forged, foreign, old, used or forgotten state. */
export async function takeState(c: Ctx, { config, db, now }: Deps): Promise<Begun | null> {
  const state = c.req.query('state') ?? ''
  if (!/^[0-9a-f]{32}$/.test(state)) return null
  const name = nameOf(config.PUBLIC_URL, state)
  const kept = await getSignedCookie(c, config.SECRET, name)
  if (typeof kept !== 'string') return null
  deleteCookie(c, name, cookieOptions(config.PUBLIC_URL))
  const [was, at, tries, to] = kept.split(' ')
  const age = now().getTime() - Number(at)
  if (was !== state || !to || !(age >= 0 && age <= STATE_MS)) return null
  // A cookie can be kept and sent again; the database remembers for as long as the state would live.
  const first = await spendState(db, hashToken(state), now(), new Date(now().getTime() - STATE_MS))
  return first ? { to, again: tries === 'again' } : null
}

const nameOf = (publicUrl: string, state: string): string => `${cookieName(publicUrl)}-login-${state.slice(0, 8)}`
