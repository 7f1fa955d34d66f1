import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie'
import type { Identity } from '../../shared/consent'
import { act } from '../db/act'
import { keyedHash } from '../db/person'
import { hashToken, secretHex } from '../lib/id'
import { open, type Ctx, type House } from '../lib/serve'
import { customerIdOf } from '../wecom/contacts'
import { whoReads } from '../wecom/oauth'
import type { Door, Visit } from './doors'
import { readLetter } from './letter'

/** How sure we are of who holds the link (compliance 3.6), and their openid under the customer's own key. */
export interface Reader {
  identity: Identity
  openidHash: string | null
}

const NOBODY: Reader = { identity: 'IAL0', openidHash: null }
/** Long enough to read and decide; whoever comes later is asked again, without a tap in WeChat. */
const KNOWN_MS = 30 * 60_000
const STATE_MS = 10 * 60_000
const TOKEN = /^[\w-]{22}$/
/** Only a page of the same letter may follow. */
const PAGE = /^(?:[a-z]+(?:\/[a-z_]+)?)?$/

const names = (publicUrl: string) => {
  const prefix = publicUrl.startsWith('https:') ? '__Host-' : ''
  return { reader: `${prefix}jiebang-reader`, state: `${prefix}jiebang-reader-state` }
}
/** `Lax`: WeChat's page sends the reader back from another site; a foreign form comes without it. */
const optionsFor = (publicUrl: string) =>
  ({ httpOnly: true, secure: publicUrl.startsWith('https:'), sameSite: 'Lax', path: '/' }) as const

/** What the reader's cookie says of this very link; of another one it says nothing. */
export async function identityOf({ c, secret, at, sheet }: Visit): Promise<Reader> {
  const kept = await getSignedCookie(c, secret, names(sheet.config.PUBLIC_URL).reader)
  if (typeof kept !== 'string') return NOBODY
  const [link, identity, until, openidHash] = kept.split(' ')
  if (link !== hashToken(c.req.param('token') ?? '') || at.getTime() > Number(until)) return NOBODY
  return identity === 'IAL1' || identity === 'IAL2' ? { identity, openidHash: openidHash ?? null } : NOBODY
}

/** WeChat's browser can say who reads; every other one would only show an error. */
export const inWeChat = (c: Ctx): boolean => /MicroMessenger/i.test(c.req.header('user-agent') ?? '')

export const identifyPath = (base: string, to: string): string => `${base}/identify?to=${encodeURIComponent(to)}`

/** Through WeChat and back: openid, and whether it is the customer of this letter (facts 7.1). It asks for nothing else. */
export function identityDoors(house: House, door: Door): void {
  const { deps } = house
  const { config, db } = deps
  const cookie = optionsFor(config.PUBLIC_URL)
  const { reader, state: stateName } = names(config.PUBLIC_URL)

  door('GET', '/identify', async ({ c, at, secret }) => {
    const to = c.req.query('to') ?? ''
    const state = secretHex()
    const value = [state, at.getTime() + STATE_MS, c.req.param('token'), PAGE.test(to) ? to : ''].join(' ')
    await setSignedCookie(c, stateName, value, secret, { ...cookie, maxAge: STATE_MS / 1000 })
    const ask = new URL(config.WECOM_AUTHORIZE_URL)
    ask.search = new URLSearchParams({
      appid: config.WECOM_CORP_ID,
      redirect_uri: `${config.PUBLIC_URL}/n/known`,
      response_type: 'code',
      scope: 'snsapi_base',
      state,
      agentid: config.WECOM_AGENT_ID,
    }).toString()
    ask.hash = 'wechat_redirect'
    c.header('cache-control', 'no-store')
    return c.redirect(ask.toString())
  })

  // Before `/n/:token`, which would take it for a link.
  open(house, 'GET', '/n/known', 'anyone', async (c) => {
    c.header('cache-control', 'no-store')
    const begun = await getSignedCookie(c, config.SECRET, stateName)
    deleteCookie(c, stateName, cookie)
    const [state, until, token = '', to = ''] = typeof begun === 'string' ? begun.split(' ') : []
    const own = state !== undefined && c.req.query('state') === state && deps.now().getTime() <= Number(until)
    // A forged or forgotten answer leads to the page that says how to reach us.
    if (!own || !TOKEN.test(token)) return c.redirect('/n/complaint', 302)
    const back = `/n/${token}${to && `/${to}`}`
    const who = await whoReads(deps.wecom, c.req.query('code') ?? '')
    if (!who) return c.redirect(`${back}?known=no`, 302)
    const at = deps.now()
    const known = await act(db, at, 'customer', async (tx, audit) => {
      const letter = await readLetter(tx, token, at)
      if (!letter) return null
      const is = who.externalUserid ? await customerIdOf(tx, who.externalUserid) : undefined
      const identity: Identity = is === letter.customer ? 'IAL2' : 'IAL1'
      audit('customer.identified', letter.handover, { identity })
      return { identity, openid: await keyedHash(tx, config.SECRET, letter.customer, who.openid) }
    })
    if (!known) return c.redirect(back, 302)
    const value = [hashToken(token), known.identity, at.getTime() + KNOWN_MS, known.openid].join(' ')
    await setSignedCookie(c, reader, value, config.SECRET, { ...cookie, maxAge: KNOWN_MS / 1000 })
    return c.redirect(`${back}?known=${known.identity === 'IAL2' ? 'yes' : 'no'}`, 302)
  })
}
