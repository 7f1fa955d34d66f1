import { createHash } from 'node:crypto'
import type { Deps } from '../deps'
import { secretToken } from '../lib/id'
import { appTicket, jsapiTicket } from './apis'
import { failureOf } from './failure'

export type SignatureKind = 'config' | 'agentConfig'

/** The client keeps it for all processes, like its token (facts 6.3: a hundred fetches an hour). */
const ticketOf = ({ wecom }: Pick<Deps, 'wecom'>, kind: SignatureKind) =>
  kind === 'config' ? wecom.ask(jsapiTicket, {}) : wecom.ask(appTicket, { type: 'agent_config' })

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
  const { ticket } = await ticketOf(deps, kind).catch((error: unknown) => {
    throw failureOf(error)
  })
  const timestamp = Math.floor(deps.now().getTime() / 1000)
  const nonceStr = secretToken()
  return { timestamp, nonceStr, signature: signature(ticket, nonceStr, timestamp, url) }
}
