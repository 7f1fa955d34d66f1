/** What came back from a call over the network, before anybody asks what it means. */
export type Wire =
  | { body: unknown }
  /** No usable answer. `notSent`: the request surely never reached the other side. */
  | { lost: string; notSent: boolean }

export type Fetch = (request: Request) => Promise<Response>

const TIMEOUT_MS = 10_000
const MAX_BYTES = 10 * 1024 * 1024

/** One request, one JSON answer: 10 seconds and 10 MB at most, redirects refused, nothing but status 200 believed. */
export async function exchange(fetch: Fetch, request: Request, timeoutMs = TIMEOUT_MS): Promise<Wire> {
  // Not AbortSignal.timeout: it would hold every answer until its time is over, and memory would grow with the pace.
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), timeoutMs)
  const { signal } = patience
  try {
    return await Promise.race([read(fetch, new Request(request, { signal, redirect: 'manual' })), ended(signal)])
  } catch (error) {
    return { lost: reason(error), notSent: neverLeft(error) }
  } finally {
    clearTimeout(timer)
  }
}

async function read(fetch: Fetch, request: Request): Promise<Wire> {
  const response = await fetch(request)
  if (response.status !== 200) {
    await response.body?.cancel().catch(() => undefined)
    return { lost: `status ${response.status}`, notSent: false }
  }
  const text = await textUpTo(response, MAX_BYTES)
  if (text === null) return { lost: 'too large', notSent: false }
  try {
    return { body: JSON.parse(text) as unknown }
  } catch {
    return { lost: 'not JSON', notSent: false }
  }
}

async function textUpTo(response: Response, max: number): Promise<string | null> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.byteLength
    if (size > max) return null
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

const ended = (signal: AbortSignal): Promise<Wire> =>
  new Promise((done) =>
    signal.addEventListener('abort', () => done({ lost: 'time-out', notSent: false }), { once: true }),
  )

const codeOf = (error: unknown): string => {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const inner = cause instanceof AggregateError ? (cause.errors[0] as unknown) : cause
  return inner instanceof Error && 'code' in inner ? String(inner.code) : ''
}

/** Only a code or a class name: a message may repeat the address, and the address carries the token. */
const reason = (error: unknown): string => codeOf(error) || (error instanceof Error ? error.name : 'failed')

/** No connection, or one whose certificate was refused before a byte of ours was sent. */
const neverLeft = (error: unknown): boolean =>
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_.*|UNABLE_TO_.*|.*SELF_SIGNED_CERT.*)$/.test(
    codeOf(error),
  )
