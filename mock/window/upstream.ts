import { request as open, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'

export interface Passed {
  status: number
  headers: Headers
  body: ReadableStream<Uint8Array> | null
}

/**
 * One request to the app. Not `fetch`: Node's sets Host and Sec-Fetch-Mode itself, and the app judges by both.
 */
export async function pass(
  address: string,
  asked: { method: string; headers: Headers; body: ArrayBuffer | undefined; signal: AbortSignal },
): Promise<Passed> {
  const answer = await new Promise<IncomingMessage>((done, failed) => {
    const { method, headers, signal } = asked
    const sent = open(address, { method, headers: Object.fromEntries(headers), signal }, done)
    sent.on('error', failed)
    sent.end(asked.body ? Buffer.from(asked.body) : undefined)
  })
  const headers = new Headers()
  const raw = answer.rawHeaders
  for (let i = 0; i < raw.length; i += 2) headers.append(raw[i] ?? '', raw[i + 1] ?? '')
  const status = answer.statusCode ?? 502
  const empty = status === 204 || status === 304 || asked.method === 'HEAD'
  if (empty) answer.resume()
  return { status, headers, body: empty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>) }
}
