import { randomInt } from 'node:crypto'
import * as z from 'zod/mini'
import type { Logger } from 'pino'
import { call, limited, type Api, type Counted } from './call'
import { isRefusedSecret, kindOf } from './errcodes'
import { AnswerLost, WeComError } from './errors'
import { healthKeeper } from './health'
import type { Fetch } from './http'
import { lanes } from './lanes'
import { pacer } from './pace'
import { sharedHere, type Shared } from './shared-rows'
import { credentialKey, keeper } from './token'

export type { Api } from './call'
export { AnswerLost, WeComError } from './errors'

export type AnswerOf<E> = E extends Api<infer A> ? z.output<A> : never

export interface Asking {
  /**
   * How long a read may wait for WeCom's permission before it ends as WeComError `retry` with `until` (ms). Jobs outlast the
   * block of a minute; somebody who looks at a page does not. Effects never wait: whoever wanted them decides.
   */
  patience?: number
}

export interface WeCom {
  /** GET parameters go to the query, POST parameters to the body. Throws WeComError or AnswerLost. */
  ask<A extends z.core.$ZodType>(api: Api<A>, params: Record<string, unknown>, how?: Asking): Promise<z.output<A>>
}

export interface WeComSettings {
  apiUrl: string
  corpId: string
  secret: string
  /** Milliseconds. */
  now: () => number
  log: Pick<Logger, 'debug' | 'info' | 'warn'>
  counted?: Counted
  /** What all processes know together; without it, what this one knows. */
  shared?: Shared
  fetch?: Fetch
  sleep?: (ms: number) => Promise<void>
  /** From 0 to 1: keeps many who were refused together from coming back together. */
  jitter?: () => number
  timeoutMs?: number
}

const FLIGHTS = 5
const TRIES = 3
const WAIT_MS = 500
const PATIENCE_MS = 70_000
/** For what somebody at a page waits for. */
const PERSON_MS = 4000
/** A wrong secret is not tried more than three times an hour: WeCom bans the address otherwise (quality C12, Q15). */
const QUIET_MS = 1_200_000

const gettoken = {
  method: 'GET',
  path: 'gettoken',
  effect: false,
  answer: z.object({
    access_token: z.string().check(z.minLength(1), z.maxLength(512)),
    expires_in: z.int().check(z.gte(1)),
  }),
} as const satisfies Api

const ticket = z.object({ ticket: z.string().check(z.minLength(1), z.maxLength(512)), expires_in: z.int() })

/** The client of WeCom's server API. Its token appears in no log, error or answer, and in the database only sealed. */
export function createWeCom(settings: WeComSettings): WeCom {
  const { now, log, corpId, secret } = settings
  const fetch = settings.fetch ?? ((request: Request) => globalThis.fetch(request))
  const sleep = settings.sleep ?? ((ms: number) => new Promise<void>((done) => setTimeout(done, ms)))
  const jitter = settings.jitter ?? (() => randomInt(1000) / 1000)
  const shared = settings.shared ?? sharedHere()
  const inLane = lanes(FLIGHTS)
  const pace = pacer(shared.paces, now, sleep)
  const health = healthKeeper(shared.health, now)
  const line = {
    apiUrl: settings.apiUrl,
    fetch,
    timeoutMs: settings.timeoutMs,
    now,
    log,
    pacer: pace,
    counted: settings.counted,
    health,
  }

  const credential = (kind: string, quietMs: number, fetchOne: () => Promise<{ value: string; seconds: number }>) =>
    keeper({
      store: shared.credentials,
      key: credentialKey(corpId, secret, kind),
      fetch: fetchOne,
      quietAfter: (error) =>
        quietMs && error instanceof WeComError && isRefusedSecret(error.errcode)
          ? { errcode: error.errcode, ms: quietMs }
          : null,
      refusal: (errcode) => new WeComError(errcode, kindOf(errcode), kind),
      now,
    })

  const token = credential(gettoken.path, QUIET_MS, async () => {
    const { access_token, expires_in } = await call(line, gettoken, { corpid: corpId, corpsecret: secret }, undefined)
    return { value: access_token, seconds: expires_in }
  })

  /** With a token; once more with a new one when WeCom says that this one is no longer good: then nothing has happened. */
  async function withToken<A extends z.core.$ZodType>(api: Api<A>, params: Record<string, unknown>) {
    const once = (access_token: string) =>
      call(line, api, { access_token, ...(api.method === 'GET' ? textual(params) : {}) }, params)
    const current = await tokenFor(api, token.get())
    try {
      return await once(current)
    } catch (error) {
      if (!(error instanceof WeComError) || error.kind !== 'refresh') throw error
      return once(await tokenFor(api, token.renew(current)))
    }
  }

  /** Waits as long as the patience lasts, and so does everybody else: with one timer per API. */
  async function untilOpen(path: string, deadline: number): Promise<void> {
    const until = pace.closedUntil(path)
    if (until > deadline) throw limited(path, until, now())
    await pace.opens(path)
  }

  async function paced<A extends z.core.$ZodType>(
    api: Api<A>,
    params: Record<string, unknown>,
    { patience = PATIENCE_MS }: Asking,
  ): Promise<z.output<A>> {
    const deadline = now() + (api.effect ? 0 : patience)
    for (let tried = 0; ;) {
      await untilOpen(api.path, deadline)
      try {
        // Who was let into the lane only to find the API closed leaves it at once: nobody sleeps in a lane.
        const got = await inLane(api.path, async () =>
          pace.closedUntil(api.path) ? null : { answer: await withToken(api, params) },
        )
        if (got) return got.answer
      } catch (error) {
        if (api.effect) throw error
        if (error instanceof WeComError && error.until !== null) await untilOpen(error.path, deadline)
        else {
          const wait = WAIT_MS * 2 ** tried * (0.5 + jitter())
          if (tried++ >= triesFor(error) || now() + wait > deadline) throw error
          await sleep(wait)
        }
      }
    }
  }

  const tickets = new Map<string, ReturnType<typeof keeper>>()
  async function kept<A extends z.core.$ZodType>(api: Api<A>, params: Record<string, unknown>) {
    const kind = `${api.path} ${JSON.stringify(params)}`
    // The row is held meanwhile, in all processes: nobody may wait long for it.
    const fetchOne = async () => {
      const fetched = z.parse(ticket, await paced(api, params, { patience: PERSON_MS }))
      return { value: fetched.ticket, seconds: fetched.expires_in }
    }
    const one = tickets.get(kind) ?? credential(kind, 0, fetchOne)
    tickets.set(kind, one)
    return z.parse(api.answer, { ticket: await one.get(), expires_in: one.left() })
  }

  return { ask: (api, params, how = {}) => (api.kept ? kept(api, params) : paced(api, params, how)) }
}

/** Without a token the call itself was surely not made. */
const tokenFor = (api: Api, asked: Promise<string>): Promise<string> =>
  asked.catch((error: unknown) => {
    if (error instanceof WeComError) throw error
    throw new AnswerLost(api.path, error instanceof AnswerLost ? error.why : 'no token', true)
  })

const triesFor = (error: unknown): number => {
  if (error instanceof AnswerLost) return 1
  return error instanceof WeComError && error.kind === 'retry' ? TRIES : 0
}

/** A query has no other values than these. */
const textual = (params: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(params).flatMap(([k, v]) => (typeof v === 'string' || typeof v === 'number' ? [[k, `${v}`]] : [])),
  )
