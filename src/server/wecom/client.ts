import { randomInt } from 'node:crypto'
import * as z from 'zod/mini'
import type { Logger } from 'pino'
import { BLOCKED, BLOCK_MS, kindOf, type ErrorKind } from './errcodes'
import { exchange, type Fetch } from './http'
import { lanes } from './lanes'
import { tokenKeeper } from './token'

/** One WeCom API as data: what it is called, whose token it takes, what a good answer looks like (facts 2–8). */
export interface Api<A extends z.core.$ZodType = z.core.$ZodType> {
  method: 'GET' | 'POST'
  /** Below `/cgi-bin/`. */
  path: string
  /** Reads may be repeated after a lost answer; effects may not (DESIGN 4.2). */
  effect: boolean
  /** Shape of the answer without `errcode` and `errmsg`. */
  answer: A
}

export type AnswerOf<E> = E extends Api<infer A> ? z.output<A> : never

/** WeCom answered, and the answer is no. `errmsg` is for the log only: never parsed, never shown. */
export class WeComError extends Error {
  constructor(
    readonly errcode: number,
    readonly kind: ErrorKind,
    readonly path: string,
  ) {
    super(`${path}: errcode ${errcode}`)
    this.name = 'WeComError'
  }
}

/** No usable answer: refused connection, time-out, reset, HTML, wrong shape. After an effect it may have happened. */
export class AnswerLost extends Error {
  constructor(
    readonly path: string,
    readonly why: string,
    /** The request surely never left this machine (connection refused). */
    readonly notSent: boolean,
  ) {
    super(`${path}: ${why}`)
    this.name = 'AnswerLost'
  }
}

export interface WeCom {
  /** GET parameters go to the query, POST parameters to the body. Throws WeComError or AnswerLost. */
  ask<A extends z.core.$ZodType>(api: Api<A>, params: Record<string, unknown>): Promise<z.output<A>>
}

export interface WeComSettings {
  apiUrl: string
  corpId: string
  secret: string
  /** Milliseconds. */
  now: () => number
  log: Pick<Logger, 'debug' | 'info' | 'warn'>
  fetch?: Fetch
  sleep?: (ms: number) => Promise<void>
  /** From 0 to 1: keeps many who were refused together from coming back together. */
  jitter?: () => number
  timeoutMs?: number
}

const FLIGHTS = 5
const TRIES = 3
const WAIT_MS = 500

const gettoken = {
  method: 'GET',
  path: 'gettoken',
  effect: false,
  answer: z.object({
    access_token: z.string().check(z.minLength(1), z.maxLength(512)),
    expires_in: z.int().check(z.gte(1)),
  }),
} as const satisfies Api

const envelope = z.looseObject({ errcode: z.int(), errmsg: z.optional(z.string()) })

/** The client of WeCom's server API. The token lives in its memory and appears in no log, error or answer. */
export function createWeCom(settings: WeComSettings): WeCom {
  const { now, log } = settings
  const fetch = settings.fetch ?? ((request: Request) => globalThis.fetch(request))
  const sleep = settings.sleep ?? ((ms: number) => new Promise<void>((done) => setTimeout(done, ms)))
  const jitter = settings.jitter ?? (() => randomInt(1000) / 1000)
  const inLane = lanes(FLIGHTS)
  const blockedUntil = new Map<string, number>()

  async function call<A extends z.core.$ZodType>(api: Api<A>, query: Record<string, string>, body: unknown) {
    const url = new URL(`${settings.apiUrl}/cgi-bin/${api.path}`)
    url.search = new URLSearchParams(query).toString()
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const began = now()
    const wire = await exchange(fetch, new Request(url, api.method === 'POST' ? post : {}), settings.timeoutMs)
    if ('lost' in wire) throw new AnswerLost(api.path, wire.lost, wire.notSent)
    const head = z.safeParse(envelope, wire.body)
    if (!head.success) throw new AnswerLost(api.path, 'malformed', false)
    const { errcode, errmsg } = head.data
    log.debug({ api: api.path, errcode, ms: now() - began }, 'wecom')
    if (errcode !== 0) {
      if (errcode === BLOCKED) blockedUntil.set(api.path, now() + BLOCK_MS)
      const hint = (errmsg ?? '').slice(0, 300).replaceAll(query['access_token'] ?? '\0', '…')
      const kind = kindOf(errcode)
      // A final no is often the expected answer ("no such member"); the others are somebody's task.
      log[kind === 'final' ? 'info' : 'warn']({ api: api.path, errcode, hint }, 'wecom refused')
      throw new WeComError(errcode, kind, api.path)
    }
    const answer = z.safeParse(api.answer, wire.body)
    if (!answer.success) throw new AnswerLost(api.path, 'malformed', false)
    return answer.data
  }

  const token = tokenKeeper({
    fetchToken: () => call(gettoken, { corpid: settings.corpId, corpsecret: settings.secret }, undefined),
    isHopeless: (error) => error instanceof WeComError && error.kind === 'config',
    now,
  })

  /** With a token; once more with a new one when WeCom says that this one is no longer good: then nothing has happened. */
  async function withToken<A extends z.core.$ZodType>(api: Api<A>, params: Record<string, unknown>) {
    const once = (access_token: string) =>
      call(api, { access_token, ...(api.method === 'GET' ? textual(params) : {}) }, params)
    const current = await token.get().catch((error: unknown) => {
      throw error instanceof AnswerLost ? new AnswerLost(api.path, error.why, true) : error
    })
    try {
      return await once(current)
    } catch (error) {
      if (!(error instanceof WeComError) || error.kind !== 'refresh') throw error
      return once(await token.renew(current))
    }
  }

  return {
    async ask(api, params) {
      for (let tried = 0; ; tried++) {
        const blocked = (blockedUntil.get(api.path) ?? 0) - now()
        if (blocked > 0 && api.effect) throw new WeComError(BLOCKED, 'retry', api.path)
        if (blocked > 0) await sleep(blocked)
        try {
          return await inLane(api.path, () => withToken(api, params))
        } catch (error) {
          if (api.effect || tried >= triesFor(error)) throw error
          await sleep(WAIT_MS * 2 ** tried * (0.5 + jitter()))
        }
      }
    },
  }
}

const triesFor = (error: unknown): number => {
  if (error instanceof AnswerLost) return 1
  return error instanceof WeComError && error.kind === 'retry' ? TRIES : 0
}

/** A query has no other values than these. */
const textual = (params: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(params).flatMap(([k, v]) => (typeof v === 'string' || typeof v === 'number' ? [[k, `${v}`]] : [])),
  )
