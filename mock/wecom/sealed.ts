import { randomBytes } from 'node:crypto'
import { encrypt, getSignature } from '@wecom/crypto'
import type { CallbackSettings, Cast } from './cast'
import { writeXml, type Field } from './xml'

/** Requests of facts 5.1, sealed by WeCom's own library (5.2): the app's own implementation checks itself against it. */

interface Sealing {
  cast: Cast
  source: 'app' | 'contacts'
  seconds: number
}

const settingsOf = ({ cast, source }: Sealing): CallbackSettings =>
  source === 'app' ? cast.app.callback : cast.contactSync.callback

export function eventRequest(sealing: Sealing, xml: string, badSignature: boolean): Request {
  const { cast, source } = sealing
  const sealed = encrypt(settingsOf(sealing).encodingAesKey, xml, cast.corp.id)
  const agent: Field[] = source === 'app' ? [['AgentID', String(cast.app.agentId)]] : []
  const body = writeXml([['ToUserName', cast.corp.id], ...agent, ['Encrypt', sealed]])
  const url = signed(sealing, sealed)
  if (badSignature) url.searchParams.set('msg_signature', randomBytes(20).toString('hex'))
  return new Request(url, { method: 'POST', body, headers: { 'content-type': 'text/xml' } })
}

/** The GET with echostr, and the plaintext it must be answered with. */
export function echoRequest(sealing: Sealing): { request: Request; plain: string } {
  const plain = String(randomBytes(6).readUIntBE(0, 6))
  const echo = encrypt(settingsOf(sealing).encodingAesKey, plain, sealing.cast.corp.id)
  const url = signed(sealing, echo)
  url.searchParams.set('echostr', echo)
  return { request: new Request(url), plain }
}

function signed(sealing: Sealing, sealed: string): URL {
  const { url, token } = settingsOf(sealing)
  const nonce = String(randomBytes(4).readUInt32BE(0))
  const full = new URL(url)
  full.searchParams.set('msg_signature', getSignature(token, sealing.seconds, nonce, sealed))
  full.searchParams.set('timestamp', String(sealing.seconds))
  full.searchParams.set('nonce', nonce)
  return full
}
