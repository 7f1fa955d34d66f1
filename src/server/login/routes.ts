import { deleteCookie, getCookie, getSignedCookie, setCookie, setSignedCookie } from 'hono/cookie'
import { getMe, logout, signPage, stillHere } from '../../shared/member'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { act } from '../db/act'
import { leavingOf } from '../db/limits'
import { mayEnter } from '../db/revoke'
import { hashToken, secretToken } from '../lib/id'
import { open, serve, type Ctx, type House } from '../lib/serve'
import { whoLoggedIn } from '../wecom/oauth'
import { signUrl } from '../wecom/jsapi'
import { addSession, endSession, memberByUserid } from './rows'
import { ABSOLUTE_MS, cookieName } from './session'

const STATE_SECONDS = 600

/** Login is WeCom's OAuth: the browser carries a random `state` in the URL and, signed, in a cookie (facts 7.1, Q25). */
export function login(house: House): void {
  const { deps } = house
  const { config } = deps
  const secure = config.PUBLIC_URL.startsWith('https:')
  const session = cookieName(config.PUBLIC_URL)
  const stateCookie = `${session}-login`
  const cookie = { httpOnly: true, secure, sameSite: 'Lax', path: '/' } as const

  open(house, 'GET', '/auth/login', 'anyone', async (c) => {
    const state = secretToken().replace(/[^A-Za-z0-9]/g, '0')
    await setSignedCookie(c, stateCookie, `${state} ${ownPath(c.req.query('to'))}`, config.SECRET, {
      ...cookie,
      maxAge: STATE_SECONDS,
    })
    const ask = new URL(config.WECOM_AUTHORIZE_URL)
    ask.search = new URLSearchParams({
      appid: config.WECOM_CORP_ID,
      redirect_uri: `${config.PUBLIC_URL}/auth/callback`,
      response_type: 'code',
      scope: 'snsapi_base',
      state,
      agentid: config.WECOM_AGENT_ID,
    }).toString()
    ask.hash = 'wechat_redirect'
    return c.redirect(ask.toString())
  })

  open(house, 'GET', '/auth/callback', 'anyone', async (c) => {
    const kept = await getSignedCookie(c, config.SECRET, stateCookie)
    deleteCookie(c, stateCookie, cookie)
    const [state, to] = typeof kept === 'string' ? kept.split(' ') : []
    const code = c.req.query('code')
    // A forged, replayed or forgotten state gets nothing; the page then says how to start again.
    if (!state || !to || !code || state !== c.req.query('state')) return refuse(c, 'state')
    const userid = await whoLoggedIn(deps.wecom, code)
    const member = userid ? await memberByUserid(deps.db, userid) : undefined
    if (!member || !mayEnter(member)) return refuse(c, 'member')
    const token = secretToken()
    const now = deps.now()
    await act(deps.db, now, member.id, async (tx, audit) => {
      await addSession(tx, {
        idHash: hashToken(token),
        memberId: member.id,
        epoch: member.authEpoch,
        createdAt: now,
        seenAt: now,
      })
      audit('session.began', member.id)
    })
    setCookie(c, session, token, { ...cookie, maxAge: ABSOLUTE_MS / 1000 })
    // The code and the state leave the address bar before anything is signed or shared.
    return c.redirect(to)
  })

  serve(house, getMe, async ({ caller }) => {
    const leaving = await leavingOf(deps.db, config, caller.id)
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
      if (token) await endSession(tx, hashToken(token))
      audit('session.ended', caller.id)
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
}

/** Only a path of our own may follow a login: `//evil`, `/\evil` and absolute addresses become the start page. */
export const ownPath = (to: string | undefined): string => (to && /^\/(?![/\\])[\w\-./?=&%#]*$/.test(to) ? to : '/')

const refuse = (c: Ctx, why: 'state' | 'member'): Response => c.redirect(`/?login=${why}`)
