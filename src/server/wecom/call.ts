import { isIP } from 'node:net'
import * as z from 'zod/mini'
import type { Logger } from 'pino'
import { trimTail } from '../lib/trim'
import { BLOCKED, kindOf, NOT_TRUSTED } from './errcodes'
import { AnswerLost, WeComError } from './errors'
import type { Ended } from './health'
import { exchange, type Fetch } from './http'
import type { Pacer } from './pace'

/** One WeCom API as data: what it is called, whose token it takes, what a good answer looks like (facts 2–8). */
export interface Api<A extends z.core.$ZodType = z.core.$ZodType> {
  method: 'GET' | 'POST'
  /** Below `/cgi-bin/`. */
  path: string
  /** Reads may be repeated after a lost answer; effects may not (DESIGN 4.2). */
  effect: boolean
  /** A ticket: kept for all processes until shortly before its end, and so rarely asked for. */
  kept?: true
  /** Shape of the answer without `errcode` and `errmsg`. */
  answer: A
}

/** For who counts calls: the API, how it ended, how long it took. */
export type Counted = (api: string, outcome: 'ok' | 'refused' | 'lost', ms: number) => void

export interface Line {
  apiUrl: string
  fetch: Fetch
  timeoutMs: number | undefined
  now: () => number
  log: Pick<Logger, 'debug' | 'info' | 'warn'>
  pacer: Pacer
  counted?: Counted | undefined
  health: (api: string, ended: Ended) => void
}

const envelope = z.looseObject({ errcode: z.int(), errmsg: z.optional(z.string()) })

/** One call over the wire, with a permit: the parsed answer, or WeComError, or AnswerLost. */
export async function call<A extends z.core.$ZodType>(
  line: Line,
  api: Api<A>,
  query: Record<string, string>,
  body: unknown,
): Promise<z.output<A>> {
  const { pacer, now } = line
  const until = await pacer.permit(api.path).catch(() => {
    // Without the shared pace nobody knows whether a call is allowed.
    throw new AnswerLost(api.path, 'no permit', true)
  })
  if (until !== null) throw limited(api.path, until, now())
  const began = now()
  const wire = await exchange(line.fetch, requestFor(line, api, query, body), line.timeoutMs)
  const head = 'body' in wire ? z.safeParse(envelope, wire.body) : null
  const errcode = head?.success ? head.data.errcode : null
  line.log.debug({ api: api.path, errcode, ms: now() - began }, 'wecom')
  line.counted?.(api.path, errcode === null ? 'lost' : errcode === 0 ? 'ok' : 'refused', now() - began)
  if (errcode === null) {
    await pacer.ended(api.path, false).catch(() => undefined)
    throw lose(line, api.path, 'lost' in wire ? wire.lost : 'malformed', 'lost' in wire && wire.notSent)
  }
  if (errcode !== 0) throw await refused(line, api.path, errcode, head?.data?.errmsg)
  await pacer.ended(api.path, true).catch(() => undefined)
  const answer = z.safeParse(api.answer, 'body' in wire ? wire.body : null)
  if (!answer.success) throw lose(line, api.path, 'malformed', false)
  line.health(api.path, { errcode: 0, why: null })
  return answer.data
}

function requestFor({ apiUrl }: Line, { path, method }: Api, query: Record<string, string>, body: unknown): Request {
  const url = new URL(`${apiUrl}/cgi-bin/${path}`)
  url.search = new URLSearchParams(query).toString()
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return new Request(url, method === 'POST' ? post : {})
}

function lose({ health }: Line, path: string, why: string, notSent: boolean): AnswerLost {
  health(path, { errcode: null, why })
  return new AnswerLost(path, why, notSent)
}

async function refused(
  { log, health, pacer, now }: Line,
  path: string,
  errcode: number,
  errmsg = '',
): Promise<WeComError> {
  const kind = kindOf(errcode)
  // What WeCom's support asks for; the rest of its sentence may name a person or repeat the token.
  const hint = /hint: \[(\w{1,80})\]/.exec(errmsg)?.[1] ?? null
  const ip = errcode === NOT_TRUSTED ? addressIn(errmsg) : null
  // A final no is often the expected answer ("no such member"); the others are somebody's task.
  log[kind === 'final' ? 'info' : 'warn']({ api: path, errcode, hint, ...(ip ? { ip } : {}) }, 'wecom refused')
  health(path, { errcode, why: ip })
  if (errcode === BLOCKED) {
    const until = await pacer.blocked(path).catch(() => now() + 60_000)
    return limited(path, until, now())
  }
  await pacer.ended(path, true).catch(() => undefined)
  return new WeComError(errcode, kind, path)
}

export const limited = (path: string, until: number, now: number): WeComError =>
  new WeComError(BLOCKED, 'retry', path, { until, ms: until - now })

/** The address that WeCom saw, for the administrator who must enter it. Nothing is decided by it. */
function addressIn(errmsg: string): string | null {
  const found = trimTail(/from ip: ([0-9a-fA-F.:]{3,45})/.exec(errmsg)?.[1] ?? '', /[.:]/)
  return isIP(found) ? found : null
}
