import { createHash } from 'node:crypto'
import type { Deps } from '../deps'
import { secretToken } from '../lib/id'
import { appTicket, jsapiTicket } from './apis'
import type { WeCom } from './client'
import { failureOf } from './failure'

export type SignatureKind = 'config' | 'agentConfig'

interface Ticket {
  value: Promise<string>
  until: number
}

const EARLY_MS = 300_000

/** Tickets belong to a client and its token; each kind is fetched by one and awaited by all (facts 6.3: 100 an hour). */
const kept = new WeakMap<WeCom, Map<SignatureKind, Ticket>>()

function ticketOf({ wecom, now }: Pick<Deps, 'wecom' | 'now'>, kind: SignatureKind): Promise<string> {
  const tickets = kept.get(wecom) ?? new Map<SignatureKind, Ticket>()
  kept.set(wecom, tickets)
  const held = tickets.get(kind)
  if (held && now().getTime() < held.until) return held.value
  const asked = kind === 'config' ? wecom.ask(jsapiTicket, {}) : wecom.ask(appTicket, { type: 'agent_config' })
  const fresh: Ticket = { value: asked.then((t) => t.ticket), until: Infinity }
  tickets.set(kind, fresh)
  asked.then(
    (t) => (fresh.until = now().getTime() + t.expires_in * 1000 - EARLY_MS),
    () => tickets.delete(kind),
  )
  return fresh.value
}

/** Lower-case hex SHA-1 of the four values in exactly this order, raw (facts 6.3). */
export const signature = (ticket: string, nonceStr: string, timestamp: number, url: string): string =>
  createHash('sha1')
    .update(`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`)
    .digest('hex')

/** What `ww.register` wants for this page; `url` is what the SDK passed, and ours (the caller has checked). */
export async function signUrl(
  deps: Pick<Deps, 'wecom' | 'now'>,
  kind: SignatureKind,
  url: string,
): Promise<{ timestamp: number; nonceStr: string; signature: string }> {
  const ticket = await ticketOf(deps, kind).catch((error: unknown) => {
    throw failureOf(error)
  })
  const timestamp = Math.floor(deps.now().getTime() / 1000)
  const nonceStr = secretToken()
  return { timestamp, nonceStr, signature: signature(ticket, nonceStr, timestamp, url) }
}
