import { createHash, randomBytes } from 'node:crypto'
import type { Call, Family } from './api'
import { Refusal } from './envelope'
import { followers, inRange, memberOf, type Inside } from './inside'
import type { OAuthCode } from './state'

type OAuthWho = { userid: string } | { externalUserid: string } | null

export interface OAuthPage {
  /** What the authorize page does for somebody who opens it: sends the browser on, or shows an error. */
  authorize(url: URL, who: OAuthWho): { redirect: string } | { error: string }
}

const CODE_LIFE = 5 * 60_000
const STATE = /^[a-zA-Z0-9]{0,128}$/

/** The page of [D:91022] and the login page of a browser [D:98152], which asks for neither scope nor response_type. */
export function createOAuthPage(inside: Inside): OAuthPage {
  return {
    authorize(url, who) {
      const ask = url.searchParams
      const login = url.pathname.endsWith('/wwlogin/sso/login')
      const error = login ? loginFault(inside, ask) : pageFault(inside, ask)
      if (error) return { error }
      const person = who && personOf(inside, who)
      if (!person) return { error: '请先登录企业微信' }
      const code = randomBytes(32).toString('base64url')
      const scope =
        ask.get('scope') === 'snsapi_privateinfo' && ask.has('agentid') ? 'snsapi_privateinfo' : 'snsapi_base'
      forgetOld(inside)
      inside.state.codes.set(code, { who: person, scope, expiresMs: inside.clock.now() + CODE_LIFE, used: false })
      const back = new URL(ask.get('redirect_uri') ?? '')
      back.searchParams.set('code', code)
      if (ask.has('state')) back.searchParams.set('state', ask.get('state') ?? '')
      return { redirect: back.href }
    },
  }
}

function pageFault(inside: Inside, ask: URLSearchParams): string | null {
  if (ask.get('appid') !== inside.cast.corp.id) return 'appid参数错误'
  if (ask.get('response_type') !== 'code') return 'response_type参数错误'
  const scope = ask.get('scope') ?? ''
  if (!['snsapi_base', 'snsapi_privateinfo'].includes(scope)) return 'scope参数错误'
  if (scope === 'snsapi_privateinfo' && !ask.has('agentid')) return 'agentid参数错误'
  return commonFault(inside, ask)
}

function loginFault(inside: Inside, ask: URLSearchParams): string | null {
  if (ask.get('login_type') !== 'CorpApp') return 'login_type参数错误 (-31040)'
  if (ask.get('appid') !== inside.cast.corp.id) return 'appid参数错误 (-31027)'
  if (!ask.has('agentid')) return 'agentid参数错误 (-31028)'
  return commonFault(inside, ask)
}

function commonFault({ cast }: Inside, ask: URLSearchParams): string | null {
  if (ask.has('agentid') && ask.get('agentid') !== String(cast.app.agentId)) return 'agentid参数错误'
  if (!trusted(cast.app.trustedHosts, ask.get('redirect_uri'))) return 'redirect_uri参数错误'
  return STATE.test(ask.get('state') ?? '') ? null : 'state参数错误'
}

/** Host and port exactly; scheme and path do not matter (facts 7.1). */
function trusted(hosts: string[], uri: string | null): boolean {
  if (!uri || !URL.canParse(uri)) return false
  const { protocol, host, username } = new URL(uri)
  return ['http:', 'https:'].includes(protocol) && username === '' && hosts.includes(host)
}

/** Somebody who can be logged in at all: disabled and departed members cannot (facts 2.3). */
function personOf(inside: Inside, who: Exclude<OAuthWho, null>): OAuthCode['who'] | null {
  if ('externalUserid' in who) return who
  const member = memberOf(inside, who.userid)
  return member && (member.status === 1 || member.status === 4) ? { userid: member.userid } : null
}

function forgetOld({ state, clock }: Inside): void {
  for (const [code, { expiresMs }] of state.codes)
    if (expiresMs < clock.now() - 24 * CODE_LIFE) state.codes.delete(code)
}

/** auth/getuserinfo [D:91023] */
export const oauth: Family = { 'auth/getuserinfo': { method: 'GET', access: 'app', answer: whoIs } }

function whoIs(inside: Inside, { query }: Call): Record<string, unknown> {
  const given = query.get('code')
  if (!given) throw new Refusal(41008)
  const code = inside.state.codes.get(given)
  if (!code || code.used) throw new Refusal(40029)
  if (code.expiresMs <= inside.clock.now()) throw new Refusal(42003)
  code.used = true
  return 'userid' in code.who
    ? memberAnswer(inside, code.who.userid, code.scope)
    : strangerAnswer(inside, code.who.externalUserid)
}

/** A member's userid comes even when he is outside the app's range (facts 7.1). */
function memberAnswer(inside: Inside, userid: string, scope: OAuthCode['scope']): Record<string, unknown> {
  // Deleted between authorize and now.
  if (!memberOf(inside, userid)) throw new Refusal(40029)
  const ticket = scope === 'snsapi_privateinfo' && inRange(inside, userid)
  return { userid, ...(ticket ? { user_ticket: randomBytes(32).toString('base64url') } : {}) }
}

function strangerAnswer(inside: Inside, externalUserid: string): Record<string, unknown> {
  const openid = createHash('sha1').update(`${inside.cast.corp.id} ${externalUserid}`).digest('base64url')
  const followed = followers(inside, externalUserid).some((f) => inRange(inside, f.member.userid))
  return { openid, ...(followed ? { external_userid: externalUserid } : {}) }
}
