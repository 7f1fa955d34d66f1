import * as z from 'zod/mini'
import type { Endpoint, Input, Output } from '../../shared/endpoint'
import { isFailureCode, type FailureCode } from '../../shared/failure'
import { earlyAnswer } from './early'
import { holdFields } from './held'
import { wire, type Answer } from './http'
import { goToLogin } from './login'
import { hearRelease, newer, offline } from './line'
import { hearTime } from './now'
import { heard, keyFor } from './once'
import { trace } from './trace'
import { language, t, type WordKey } from './words'

// zod's compiled parsers need eval, which our content security policy refuses.
z.config({ jitless: true })

/** What only the client can know went wrong. */
export type CallCode = FailureCode | 'offline' | 'timeout' | 'unreadable'

/** A failed call, told in the reader's language, with the number to quote. `retryable`: the same again may succeed. */
export class CallFailure extends Error {
  constructor(
    readonly code: CallCode,
    message: string,
    readonly requestId: string | null = null,
    readonly fields: readonly string[] = [],
  ) {
    super(message)
    this.name = 'CallFailure'
  }
  get retryable(): boolean {
    return retryable.includes(this.code)
  }
}
const retryable: readonly CallCode[] = [
  'offline',
  'timeout',
  'internal',
  'running',
  'busy',
  'limited',
  'wecom_limited',
  'wecom_unreachable',
]

/** After these it may have been done, or be done by the same key. */
const unknown: readonly CallCode[] = [...retryable.filter((code) => code !== 'internal'), 'unreadable']

/** Whatever was thrown, as something a page can show. */
export const asFailure = (thrown: unknown): CallFailure =>
  thrown instanceof CallFailure ? thrown : new CallFailure('unreadable', t('app.failure.unreadable'))

/** What becomes of a page whose session was ended, not only grown old (lib/watch.ts). */
let ending: (() => void) | null = null
export const whenEnded = (end: () => void): void => void (ending = end)
/** A page that has heard nothing yet shows nothing that could have ended: it has only to log in. */
let served = false
let over = false
const never = () => new Promise<never>(() => undefined)

/** The numbers of the last answers, by endpoint: for a fault that only the client tells of, and whose cause stands in our log. */
const numbers = new WeakMap<Endpoint, string>()
export const requestIdOf = (endpoint: Endpoint): string | null => numbers.get(endpoint) ?? null

/** What is being done this moment: a second press is the same action, and hears the same. */
const underWay = new Map<string, Promise<unknown>>()
const RUNNING_MS = 500
/** Whether something is being changed this moment. */
export const acting = (): boolean => underWay.size > 0

/**
 * Calls an endpoint: fills the places of its path, sends the rest, reads the answer by its schema. What changes something
 * carries the key of its action (once.ts), or `key`, if it waited with one of its own (waiting.ts).
 */
export function call<E extends Endpoint>(endpoint: E, input: Input<E>, key?: string): Promise<Output<E>> {
  const asked = fillPlaces(endpoint.path, input as Record<string, unknown>)
  if (endpoint.method === 'GET' || endpoint.shows) return ask(endpoint, asked)
  const action = nameOf(asked)
  const same = underWay.get(action)
  if (same) return same as Promise<Output<E>>
  const answer = askOnce(endpoint, asked, action, key ?? keyFor(action)).finally(() => underWay.delete(action))
  underWay.set(action, answer)
  return answer
}

const nameOf = ({ path, rest }: ReturnType<typeof fillPlaces>) => `${path} ${JSON.stringify(rest)}`
/** The key under which it was tried, or will be. */
export const keyOf = <E extends Endpoint>(endpoint: E, input: Input<E>): string =>
  keyFor(nameOf(fillPlaces(endpoint.path, input as Record<string, unknown>)))

/** The key is given up once the action's end is known. */
async function askOnce<E extends Endpoint>(
  endpoint: E,
  asked: ReturnType<typeof fillPlaces>,
  action: string,
  key: string,
): Promise<Output<E>> {
  for (let again = 6; ; again--)
    try {
      const answer = await ask(endpoint, asked, { 'idempotency-key': key })
      heard(action)
      return answer
    } catch (thrown) {
      const { code } = asFailure(thrown)
      if (!unknown.includes(code)) heard(action)
      if (code !== 'running' || !again) throw thrown
      await new Promise((wait) => setTimeout(wait, RUNNING_MS))
    }
}

async function ask<E extends Endpoint>(
  endpoint: E,
  { path, rest }: ReturnType<typeof fillPlaces>,
  headers: Record<string, string> = {},
): Promise<Output<E>> {
  const since = Date.now()
  const name = `${endpoint.method} ${endpoint.path}`
  const early = endpoint.method === 'GET' ? await earlyAnswer(nameOf({ path, rest })) : null
  const answer =
    early ??
    (await send(endpoint.method, path, rest, {
      headers,
      shows: endpoint.method === 'GET' || endpoint.shows === true,
    }).catch((thrown: unknown) => {
      trace(name, asFailure(thrown).code, since)
      throw thrown
    }))
  // What was still under way when the page was wiped is nobody's any more.
  if (over) return never()
  const requestId = header(answer, 'x-request-id')
  if (requestId) numbers.set(endpoint, requestId)
  trace(name, answer.status, since, requestId ?? '')
  hearTime(header(answer, 'date'))
  hearRelease(header(answer, 'x-release'))
  if (answer.status >= 200 && answer.status < 300) {
    served = true
    const read = z.safeParse(endpoint.output, answer.data)
    if (read.success) return read.data as Output<E>
    throw unreadable(requestId)
  }
  if (answer.status === 401 && served && ending && isEnded(answer)) {
    over = true
    ending()
    return never()
  }
  // The page is about to be left for the login; nothing more should happen on it. Nothing is repeated afterwards, either:
  // what was to happen is pressed again, by somebody who sees it.
  if (answer.status === 401 && goToLogin(() => holdFields(endpoint.method === 'POST'))) {
    // Should somebody come back to this page as it was, a press is a new one.
    underWay.clear()
    return never()
  }
  throw readFailure(answer.data, requestId)
}

/** Signed out, and not because the session grew old, nor because this step wants a fresh login. */
const isEnded = (answer: Answer): boolean =>
  readFailure(answer.data, null).code === 'signed_out' && header(answer, 'x-session') !== 'expired'

export async function send(
  method: 'GET' | 'POST',
  url: string,
  rest: Record<string, unknown>,
  { bytes = false, shows = method === 'GET', headers = {} }: SendOptions = {},
): Promise<Answer> {
  const asked = method === 'GET' ? { params: rest } : { params: {}, data: JSON.stringify(rest) }
  try {
    const answer = await wire.carry({
      ...{ method, url, bytes, shows, ...asked },
      headers: {
        'x-jiebang': '1',
        'accept-language': language(),
        ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
    })
    offline.value = false
    return answer
  } catch (thrown) {
    if (over) return never()
    const code = navigator.onLine && isTimeout(thrown) ? 'timeout' : 'offline'
    offline.value = code === 'offline'
    throw new CallFailure(code, t(`app.failure.${code}` satisfies WordKey))
  }
}

interface SendOptions {
  bytes?: boolean
  shows?: boolean
  headers?: Record<string, string>
}

const isTimeout = (thrown: unknown): boolean =>
  typeof thrown === 'object' &&
  thrown !== null &&
  ['ECONNABORTED', 'ETIMEDOUT'].includes(String(Reflect.get(thrown, 'code')))

export function fillPlaces(
  path: string,
  input: Record<string, unknown>,
): { path: string; rest: Record<string, unknown> } {
  const rest = { ...input }
  const filled = path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  return { path: filled, rest }
}

export const header = ({ headers }: Answer, name: string): string | null => {
  const value: unknown = typeof headers === 'object' && headers !== null ? Reflect.get(headers, name) : null
  return typeof value === 'string' ? value : null
}

const failureAnswer = z.object({
  code: z.string(),
  message: z.string(),
  requestId: z.string(),
  fields: z.optional(z.array(z.string())),
})

/** A proxy in between may answer with a page of its own; then we have only the status and, perhaps, the number. */
export function readFailure(body: unknown, requestId: string | null): CallFailure {
  const read = z.safeParse(failureAnswer, body)
  if (!read.success || !isFailureCode(read.data.code)) return unreadable(requestId)
  const { code, message, fields } = read.data
  // What this page asks is not what the server of another release wants to hear.
  const outdated = newer.value && code === 'invalid'
  return new CallFailure(code, outdated ? t('app.new_version') : message, read.data.requestId, fields)
}

const unreadable = (requestId: string | null) =>
  new CallFailure('unreadable', t(newer.value ? 'app.new_version' : 'app.failure.unreadable'), requestId)
