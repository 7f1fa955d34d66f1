import type { Context, Hono } from 'hono'
import * as z from 'zod/mini'
import { FRESH_MS, type Access, type Endpoint } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import type { Role } from '../../shared/member'
import { masked as en } from '../../shared/lang/en/masked'
import { masked as zh } from '../../shared/lang/zh-CN/masked'
import type { Deps } from '../deps'
import { answerFailure } from './answer'
import { cut } from './cut'
import type { Flood } from './flood'
import { InvalidInput } from './invalid'
import { isKey, once } from './once'

/** A member who is active and in range now, with what that gives them. */
export interface Standing {
  id: string
  userid: string
  name: string
  roles: readonly Role[]
  /** Departments a leader manages; null: all (from the configuration). */
  manages: readonly number[] | null
  /** Their leaving is announced: some things are narrower for them (db/limits.ts). */
  leaving: boolean
}

/** The member behind a request: of a live session. */
export interface Caller extends Standing {
  /** Their session's handle, not its secret. */
  session: string
  /** When WeCom last vouched for them, which is when the session began. */
  loggedInAt: Date
}

export type Env = {
  Variables: {
    requestId: string
    language: 'zh-CN' | 'en'
    /** Method and pattern of the door, once one was found; the member's id, once known. For the log and the counters. */
    door?: string
    member?: string
    /** The hash of the one style that a page brings along. */
    style?: string
  }
}
export type App = Hono<Env>
export type Ctx = Context<Env>

/** How the app finds who is calling; set once, by the login feature. */
export type FindCaller = (c: Ctx) => Promise<Caller | null>

/** Every door of the server, by method and path: the access tests, the leaver's probe and the fuzzer walk it. */
export interface Door {
  method: 'GET' | 'POST'
  path: string
  access: Access | 'anyone' | 'customer-link' | 'wecom'
  endpoint?: Endpoint
}

export interface House {
  app: App
  deps: Deps
  doors: Door[]
  findCaller: FindCaller
  flood: Flood
  /** Of the client that is served here; none where no page is. */
  release?: string
}

export interface Visit<I> {
  input: I
  caller: Caller
  deps: Deps
  c: Ctx
}

/**
 * Registers an endpoint: access first, then the input by its schema, then the story, then the answer, cut by the access
 * table and checked by its schema. What changes something happens once for an idempotency key (once.ts).
 */
export function serve<I extends z.core.$ZodType, O extends z.core.$ZodType>(
  house: House,
  endpoint: Endpoint<I, O>,
  story: (visit: Visit<z.output<I>>) => Promise<z.output<O>>,
): void {
  house.doors.push({ method: endpoint.method, path: endpoint.path, access: endpoint.access, endpoint })
  house.app.on(endpoint.method, endpoint.path, async (c) => {
    const { caller, input } = await visitOf(house, endpoint, c)
    const { deps } = house
    c.header('cache-control', 'no-store')
    const wish = {
      ...{ endpoint, input, caller },
      story: () => story({ input, caller, deps, c }),
      written: (answer: z.output<O>) =>
        z.parse(endpoint.output, cut(endpoint.output, answer, c.get('language') === 'en' ? en : zh)) as object,
      refused: (thrown: unknown) => answerFailure(deps, thrown, c),
    }
    const key = endpoint.method === 'POST' && !endpoint.shows ? c.req.header('idempotency-key') : undefined
    if (key === undefined) return c.json(wish.written(await wish.story()))
    if (!isKey(key)) throw new InvalidInput(['idempotency-key'])
    return once(deps, c, { ...wish, key })
  })
}

/** The same for an answer that is no JSON, such as a file: the story writes it. */
export function serveRaw<I extends z.core.$ZodType>(
  house: House,
  endpoint: Endpoint<I>,
  story: (visit: Visit<z.output<I>>) => Promise<Response>,
): void {
  house.doors.push({ method: endpoint.method, path: endpoint.path, access: endpoint.access, endpoint })
  house.app.on(endpoint.method, endpoint.path, async (c) => {
    const { caller, input } = await visitOf(house, endpoint, c)
    return story({ input, caller, deps: house.deps, c })
  })
}

async function visitOf<I extends z.core.$ZodType>(house: House, endpoint: Endpoint<I>, c: Ctx) {
  c.set('door', `${endpoint.method} ${endpoint.path}`)
  const caller = await admit(house, endpoint, c)
  return { caller, input: parseInput(endpoint, await readInput(c, endpoint.method)) }
}

/** A door that is not an endpoint: a page, a redirect, a callback. It is in the table all the same. */
export function open(
  house: House,
  method: 'GET' | 'POST',
  path: string,
  access: Door['access'],
  story: (c: Ctx) => Promise<Response> | Response,
): void {
  house.doors.push({ method, path, access })
  house.app.on(method, path, (c) => {
    c.set('door', `${method} ${path}`)
    if (access === 'anyone') house.flood.stranger(c)
    return story(c)
  })
}

/** What a path may be asked with; empty: there is nothing there. */
export function methodsAt(doors: readonly Door[], path: string): string {
  const asked = path.split('/')
  const here = doors.filter((door) => {
    const places = door.path.split('/')
    return places.length === asked.length && places.every((place, i) => place.startsWith(':') || place === asked[i])
  })
  return [...new Set(here.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].join(', ')
}

async function admit(house: House, endpoint: Endpoint, c: Ctx): Promise<Caller> {
  const { access, fresh } = endpoint
  const caller = await house.findCaller(c)
  if (!caller) {
    house.flood.stranger(c)
    throw new Failure('signed_out')
  }
  c.set('member', caller.id)
  house.flood.member(caller.id, endpoint)
  if (access !== 'signed-in' && !access.some((role) => caller.roles.includes(role))) throw new Failure('forbidden')
  if (fresh && house.deps.now().getTime() - caller.loggedInAt.getTime() > FRESH_MS)
    throw new Failure('login_again', { minutes: FRESH_MS / 60_000 })
  return caller
}

async function readInput(c: Ctx, method: 'GET' | 'POST'): Promise<unknown> {
  const places = c.req.param()
  if (method === 'GET') return { ...queryOf(c), ...places }
  const type = c.req.header('content-type') ?? ''
  if (!/^application\/json\b/i.test(type)) throw new InvalidInput(['content-type'])
  const body = readJson(await c.req.text())
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new InvalidInput(['body'])
  return { ...body, ...places }
}

/**
 * undefined: it is not JSON. Half of a pair (an emoji cut in two) can stand in JSON as an escape, and PostgreSQL refuses it: it becomes
 * U+FFFD, as in any text that is decoded. In a name it is nobody's field.
 */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text, /\\ud/i.test(text) ? wellFormed : undefined)
  } catch {
    return undefined
  }
}

function wellFormed(name: string, value: unknown): unknown {
  if (whole(name) !== name) throw new SyntaxError('half a character in a name')
  return typeof value === 'string' ? whole(value) : value
}
const whole = (text: string): string => Buffer.from(text, 'utf8').toString('utf8')

/** A name that comes twice means one thing to us and, perhaps, another to a proxy (ASVS 15.3.7). */
function queryOf(c: Ctx): Record<string, string> {
  const twice = Object.entries(c.req.queries()).flatMap(([name, values]) => (values.length > 1 ? [name] : []))
  if (twice.length) throw new InvalidInput(['query'])
  return c.req.query()
}

function parseInput<I extends z.core.$ZodType>(endpoint: Endpoint<I>, given: unknown): z.output<I> {
  const parsed = z.safeParse(endpoint.input, given)
  if (parsed.success) return parsed.data
  throw new InvalidInput([...new Set(parsed.error.issues.map((issue) => issue.path.join('.') || 'body'))])
}
