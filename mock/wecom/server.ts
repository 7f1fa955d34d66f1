import { recordOf, type CallRecord } from './calls'
import { answer } from './answer'
import { apis } from './apis'
import type { Answer } from './envelope'
import type { CallStrike } from './faults'
import type { Inside } from './inside'
import { keepLatest } from './limits'
import { settle } from './outcomes'
import { breakConnection, pause, respond } from './wire'

const PREFIX = '/cgi-bin/'

export interface Server {
  fetch(request: Request, env?: unknown): Promise<Response>
  readonly calls: CallRecord[]
  readonly unknown: string[]
}

/** The qyapi host: settles what is due, lets the fault dial have its say, answers, writes the log. */
export function createServer(inside: Inside): Server {
  const calls: CallRecord[] = []
  const unknown: string[] = []

  function log(record: CallRecord): void {
    const { callsKept, answersKept } = inside.limits.numbers
    calls.push(record)
    // A page of a hundred customers is long: of older calls only the sentence and the code stay.
    const old = calls.at(-1 - answersKept)
    if (old) old.answer = 'forgotten'
    keepLatest(calls, callsKept)
    inside.changed()
  }

  return {
    calls,
    unknown,
    async fetch(request, env) {
      settle(inside)
      const url = new URL(request.url)
      const path = url.pathname.startsWith(PREFIX) ? url.pathname.slice(PREFIX.length) : url.pathname
      const sent = await request.text()
      const id = `call-${++inside.state.serial}`
      const happened = {
        id,
        at: inside.clock.now(),
        request,
        path,
        query: url.searchParams,
        body: bodyOf(sent) ?? sent,
      }
      if (!apis[path]) {
        // Loud on purpose: a path that WeCom does not have is a bug of the caller (facts 0).
        unknown.push(`${request.method} ${path}`)
        keepLatest(unknown, 1000)
        log(recordOf({ ...happened, status: 404, answer: null, fault: null }))
        return new Response(null, { status: 404 })
      }
      const fault = inside.faults.strikeCall(path)
      await pause(
        inside.limits.numbers.workMillis + (fault.latency ?? 0) + inside.faults.random() * (fault.jitter ?? 0),
      )
      const said = happens(fault)
        ? await answer(inside, { id, path, request, query: url.searchParams, body: bodyOf(sent), fault })
        : null
      const response = respond(fault, said, { env, now: happened.at })
      log(recordOf({ ...happened, status: response?.status ?? 0, answer: said, fault: wordFor(fault, said) }))
      return response ?? breakConnection(env)
    },
  }
}

/** Null for what is no JSON object. */
function bodyOf(sent: string): Record<string, unknown> | null {
  if (sent.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(sent)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** Whether WeCom gets to work at all before the fault shows. */
function happens({ drop, effect, status, html }: CallStrike): boolean {
  if (drop) return drop === 'after-effect'
  return effect ?? !(status || html)
}

const kinds = [
  'drop',
  'reset',
  'status',
  'html',
  'truncate',
  'slowBody',
  'bytesPerSecond',
  'body',
  'spoiled',
  'rows',
  'cursor',
  'errcode',
  'expireToken',
  'items',
  'someItems',
  'meanwhile',
  'latency',
] as const

function wordFor(fault: CallStrike, said: Answer | null): string | null {
  const kind = kinds.find((k) => fault[k] !== undefined)
  if (!kind) return null
  return kind === 'drop' ? `drop-${said ? 'after' : 'before'}-effect` : kind
}
