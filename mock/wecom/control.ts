import type { Fault } from './faults'
import type { Simulator } from './simulator'

const PREFIX = '/__simulator/'

export const isControl = (request: Request): boolean => new URL(request.url).pathname.startsWith(PREFIX)

/**
 * The simulator's dial for another process, below a path that WeCom does not have. From this machine only, and not from a
 * page in a browser (a browser says its origin). README lists what can be asked.
 */
export function createControl(simulator: Simulator): (request: Request, env?: unknown) => Promise<Response> {
  const armed = new Map<string, { fault: Fault; remove: () => void }>()
  let serial = 0

  const faults = (method: string, id: string | undefined, body: Body): unknown => {
    if (method === 'POST') {
      const fault = body as unknown as Fault
      const name = `fault-${++serial}`
      armed.set(name, { fault, remove: simulator.faults.add(fault) })
      return { id: name }
    }
    if (method === 'DELETE') {
      if (id === undefined) simulator.faults.clear()
      else armed.get(id)?.remove()
    }
    const live = simulator.faults.list()
    for (const [name, { fault }] of armed) if (!live.includes(fault)) armed.delete(name)
    const names = new Map([...armed].map(([name, { fault }]) => [fault, name]))
    return { faults: live.map((fault) => ({ id: names.get(fault) ?? null, fault })) }
  }

  const clock = async (method: string, { advance, skew }: Body): Promise<unknown> => {
    if (method === 'POST' && typeof skew === 'number') simulator.clock.skew(skew)
    if (method === 'POST' && typeof advance === 'number') await simulator.clock.advance(advance)
    return { now: simulator.clock.now() }
  }

  const answers: Record<string, (asked: Asked) => unknown> = {
    faults: ({ method, rest, body }) => faults(method, rest, body),
    switches: ({ method, body }) => (method === 'POST' ? Object.assign(simulator.switches, body) : simulator.switches),
    limits: ({ method, body }) => (method === 'POST' ? Object.assign(simulator.limits, body) : simulator.limits),
    block: ({ body }) => simulator.block(String(body['path']), Number(body['ms'])),
    clock: ({ method, body }) => clock(method, body),
    world: ({ body }) => ({ result: actByName(simulator.world, String(body['do']), listOf(body['with'])) ?? null }),
    authorize: ({ body }) =>
      simulator.oauth.authorize(new URL(String(body['url'])), { userid: String(body['userid']) }),
    verify: ({ body }) => simulator.callbacks.verifyUrl(body['source'] === 'contacts' ? 'contacts' : 'app'),
    idle: async () => (await simulator.callbacks.idle(), {}),
    ledger: ({ query }) => listing(simulator.ledger, query),
    calls: ({ query }) => listing(simulator.calls, query),
    deliveries: ({ query }) => listing(simulator.callbacks.deliveries, query),
    unknown: ({ query }) => listing(simulator.unknown, query),
  }

  return async (request, env) => {
    const url = new URL(request.url)
    const [name = '', rest] = url.pathname.slice(PREFIX.length).split('/')
    const answer = answers[name]
    if (!answer || !near(env) || request.headers.has('origin')) return new Response(null, { status: 404 })
    try {
      const text = await request.text()
      const body = (text ? JSON.parse(text) : {}) as Body
      const said = await answer({ method: request.method, rest, query: url.searchParams, body })
      return Response.json(said ?? {})
    } catch (error) {
      return Response.json({ message: error instanceof Error ? error.message : String(error) }, { status: 400 })
    }
  }
}

type Body = Record<string, unknown>

interface Asked {
  method: string
  rest: string | undefined
  query: URLSearchParams
  body: Body
}

/** A deed or a sight of the world by its name. */
export function actByName(world: object, name: string, given: unknown[]): unknown {
  const deed: unknown = Object.hasOwn(world, name) ? (world as Record<string, unknown>)[name] : undefined
  if (typeof deed !== 'function') throw new Error(`Nobody can do ${name}.`)
  return (deed as (...given: unknown[]) => unknown)(...given)
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

/** From a position on, so that a reader may come back for the rest. */
const listing = (list: readonly unknown[], query: URLSearchParams): unknown => {
  const from = Number(query.get('from') ?? 0)
  return { from, total: list.length, rows: list.slice(from) }
}

/** In process there is no socket. */
function near(env: unknown): boolean {
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return true
  const { incoming } = env as { incoming?: { socket?: { remoteAddress?: string } } }
  const address = incoming?.socket?.remoteAddress ?? ''
  return address === '::1' || /^(::ffff:)?127\./.test(address)
}
