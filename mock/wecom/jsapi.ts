import { createHash } from 'node:crypto'
import type { Inside } from './inside'
import { liveTickets } from './tokens'

interface JsapiQuestion {
  kind: 'config' | 'agentConfig'
  corpid: string
  agentid?: string | number
  timestamp: string | number
  nonceStr: string
  signature: string
  /** Where the page stands, without the hash. */
  url: string
}

type JsapiVerdict = { ok: true } | { ok: false; errcode: number; err_msg: string }

export interface JsapiVerifier {
  /** What the client asks before it lets a page use the bridge (facts 6.6). */
  verify(question: JsapiQuestion): JsapiVerdict
}

const names = { config: 'preVerifyJSAPI', agentConfig: 'agentConfig' }

/** Recomputes the signature with the tickets really issued; the two kinds are not interchangeable (facts 6.3). */
export function createJsapiVerifier(inside: Inside): JsapiVerifier {
  return {
    verify(question) {
      const errcode = faultOf(inside, question)
      if (errcode === 0) return { ok: true }
      const more = `more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`
      return { ok: false, errcode, err_msg: `${names[question.kind]}:fail_${words[errcode] ?? 'refused'} ${more}` }
    },
  }
}

const words: Record<number, string> = {
  40013: 'invalid corpid',
  40056: 'invalid agentid',
  40093: 'invalid signature',
  40094: 'invalid url',
  42012: 'invalid jsapi ticket type',
  50001: 'invalid url domain',
}

function faultOf({ cast, state, clock }: Inside, question: JsapiQuestion): number {
  const { kind, corpid, agentid, timestamp, nonceStr, signature, url } = question
  if (corpid !== cast.corp.id) return 40013
  if (kind === 'agentConfig' && String(agentid) !== String(cast.app.agentId)) return 40056
  if (!URL.canParse(url) || url.includes('#')) return 40094
  if (!trusted(cast.app.trustedHosts, new URL(url).host)) return 50001
  // Seconds: a timestamp in ms is the usual mistake (facts 1.4, 40093).
  if (!/^\d{10}$/.test(String(timestamp))) return 40093
  const signer = liveTickets(state, clock.now()).find(
    (t) => jsapiSignature({ ticket: t.value, nonceStr, timestamp, url }) === signature,
  )
  if (!signer) return 40093
  if (signer.kind === kind) return 0
  return kind === 'agentConfig' ? 42012 : 40093
}

/** JS-SDK pages may also stand below a trusted domain [D:90514]. */
const trusted = (hosts: string[], host: string): boolean => hosts.some((h) => host === h || host.endsWith(`.${h}`))

/** [D:90506] */
export function jsapiSignature(of: {
  ticket: string
  nonceStr: string
  timestamp: string | number
  url: string
}): string {
  const { ticket, nonceStr, timestamp, url } = of
  return createHash('sha1')
    .update(`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`)
    .digest('hex')
}
