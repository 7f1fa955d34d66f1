import type { Answer } from './envelope'
import type { CallStrike } from './faults'
import { spoil } from './tamper'

/** The answer as the fault dial lets it out; null when the connection breaks. */
export function respond(fault: CallStrike, said: Answer | null, at: { env: unknown; now: number }): Response | null {
  const response = fault.drop ? null : answered(fault, said, at.env)
  // As on any host: a careful app compares it with its own clock.
  response?.headers.set('date', new Date(at.now).toUTCString())
  return response
}

function answered(fault: CallStrike, said: Answer | null, env: unknown): Response {
  if (fault.html) return page(fault.status ?? 502)
  const text = textOf(fault, said)
  if (fault.status) return new Response(text, { status: fault.status })
  const half = text.slice(0, Math.floor(text.length / 2))
  if (fault.reset) return json(broken(half, env))
  if (fault.truncate) return json(half)
  if (fault.slowBody) return json(slow([half, text.slice(half.length)], fault.slowBody))
  if (fault.bytesPerSecond) return json(trickling(text, fault.bytesPerSecond))
  return json(text)
}

function textOf(fault: CallStrike, said: Answer | null): string {
  if (fault.body !== undefined) return fault.body
  if (!said) return ''
  return fault.spoiled ? spoil(fault.spoiled, said) : JSON.stringify(said)
}

const json = (body: BodyInit): Response =>
  new Response(body, { headers: { 'content-type': 'application/json; charset=UTF-8' } })

const page = (status: number): Response =>
  new Response(`<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center></body></html>`, {
    status,
    headers: { 'content-type': 'text/html' },
  })

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Half of it, then the end of the connection: a torn socket behind a real port, a broken stream in process. */
const broken = (first: string, env: unknown): ReadableStream =>
  new ReadableStream({
    start: (to) => to.enqueue(bytes(first)),
    async pull(to) {
      await pause(5)
      if (!isNode(env)) return to.error(new Error('connection reset'))
      env.outgoing.destroy()
      to.close()
    },
  })

const slow = (parts: string[], ms: number): ReadableStream =>
  new ReadableStream({
    async pull(to) {
      const part = parts.shift()
      if (part === undefined) return to.close()
      to.enqueue(bytes(part))
      if (parts.length) await pause(ms)
    },
  })

/** Ten times a second a tenth of what the line carries, or a byte at a time when it carries less. */
function trickling(text: string, perSecond: number): ReadableStream {
  const all = bytes(text)
  const step = Math.max(1, Math.floor(perSecond / 10))
  let sent = 0
  return new ReadableStream({
    async pull(to) {
      if (sent > 0) await pause((1000 * step) / perSecond)
      to.enqueue(all.slice(sent, sent + step))
      sent += step
      if (sent >= all.length) to.close()
    },
  })
}

/** Behind a real port the socket is torn down; in process it looks like what `fetch` throws. */
export function breakConnection(env: unknown): never {
  if (isNode(env)) env.outgoing.destroy()
  throw new TypeError('fetch failed', { cause: new Error('the simulated connection broke') })
}

const isNode = (env: unknown): env is { outgoing: { destroy(): void } } =>
  typeof env === 'object' &&
  env !== null &&
  'outgoing' in env &&
  typeof env.outgoing === 'object' &&
  env.outgoing !== null &&
  'destroy' in env.outgoing

/** With 0 ms the next turn of the event loop. */
export const pause = (ms: number) =>
  new Promise<void>((done) => void (ms > 0 ? setTimeout(done, ms) : setImmediate(done)))
