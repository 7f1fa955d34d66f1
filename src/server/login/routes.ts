import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { getMe, logout, signPage, stillHere } from '../../shared/member'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { act } from '../db/act'
import { leavingOf } from '../db/limits'
import { hashToken } from '../lib/id'
import { open, serve, type Ctx, type House } from '../lib/serve'
import { whoLoggedIn } from '../wecom/oauth'
import { signUrl } from '../wecom/jsapi'
import { beginSession } from './begin'
import { cookieName, cookieOptions } from './cookie'
import { deviceOf } from './device'
import { dropByHash } from './rows'
import { sessions } from './sessions'
import { bindState, takeState, type Begun } from './state'

/** Login is WeCom's OAuth: the browser carries a random `state` in the URL and, signed, in a cookie (facts 7.1, Q25). */
export function login(house: House): void {
  const { deps } = house
  const { config } = deps
  const cookie = cookieOptions(config.PUBLIC_URL)
  const session = cookieName(config.PUBLIC_URL)

  async function askWeCom(c: Ctx, begun: Begun): Promise<Response> {
    const ask = new URL(config.WECOM_AUTHORIZE_URL)
    ask.search = new URLSearchParams({
      appid: config.WECOM_CORP_ID,
      redirect_uri: `${config.PUBLIC_URL}/auth/callback`,
      response_type: 'code',
      scope: 'snsapi_base',
      state: await bindState(c, deps, begun),
      agentid: config.WECOM_AGENT_ID,
    }).toString()
    ask.hash = 'wechat_redirect'
    return c.redirect(ask.toString())
  }

  open(house, 'GET', '/auth/login', 'anyone', (c) => askWeCom(c, { to: ownPath(c.req.query('to')), again: false }))

  open(house, 'GET', '/auth/callback', 'anyone', async (c) => {
    const begun = await takeState(c, deps)
    const code = c.req.query('code')
    // A forged, replayed or forgotten state gets nothing; the page then says how to start again.
    if (!begun || !code) return refuse(c, 'state')
    const who = await whoLoggedIn(deps.wecom, code)
    // Old or used: asked once more without a word (facts 7.2), and never a third time.
    if (who === 'bad_code') return begun.again ? refuse(c, 'code') : askWeCom(c, { ...begun, again: true })
    const device = deviceOf(c.req.header('user-agent'))
    const token = who && (await beginSession(deps, who.userid, { before: getCookie(c, session), device }))
    if (!token) return refuse(c, 'member')
    setCookie(c, session, token, { ...cookie, maxAge: config.SESSION_HOURS * 3600 })
    // The code and the state leave the address bar before anything is signed or shared.
    return c.redirect(begun.to)
  })

  serve(house, getMe, async ({ caller }) => {
    const leaving = await leavingOf(deps.db, config, caller)
    return {
      id: caller.id,
      name: caller.name,
      tail: caller.userid.slice(-4),
      roles: [...caller.roles],
      corpId: config.WECOM_CORP_ID,
      agentId: config.WECOM_AGENT_ID,
      ...(leaving ? { leaving, watermark: 'strong' as const } : {}),
    }
  })

  serve(house, stillHere, () => Promise.resolve(OK))

  serve(house, logout, async ({ caller, c }) => {
    const token = getCookie(c, session)
    await act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      if (token) await dropByHash(tx, hashToken(token))
      audit('session.ended', caller.id, { session: caller.session, why: 'logout' })
    })
    deleteCookie(c, session, cookie)
    return OK
  })

  serve(house, signPage, ({ input }) => {
    const url = URL.canParse(input.url) ? new URL(input.url) : null
    if (!url || url.origin !== new URL(config.PUBLIC_URL).origin || url.hash)
      throw new Failure('invalid', { fields: 'url' })
    return signUrl(deps, input.kind, input.url)
  })

  sessions(house)
}

/** Only a page of our own may follow a login, with the place in it (`at`) that the client checks again: an allow-list. */
export const ownPath = (to: string | undefined): string =>
  to && /^\/(?:sidebar|workbench)?(?:\?at=[\w%-]*)?$/.test(to) ? to : '/'

const refuse = (c: Ctx, why: 'state' | 'code' | 'member'): Response => c.redirect(`/?login=${why}`)
