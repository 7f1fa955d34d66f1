import * as z from 'zod/mini'
import type { Endpoint } from '../../src/shared/endpoint'
import { failures, type FailureCode } from '../../src/shared/failure'
import { getLink } from '../../src/shared/link'
import { wire, type Answer, type Sent } from '../../src/client/lib/http'

type Answering = (input: Record<string, unknown>) => unknown

export class Refusal {
  constructor(
    readonly code: FailureCode,
    readonly message = '没有成功。',
    readonly requestId = 'req-1',
  ) {}
}

export interface Asked {
  path: string
  input: Record<string, unknown>
  headers: Record<string, unknown>
}

/**
 * A server for one page: what carries requests is replaced, all above it is the product. An answer goes through the
 * endpoint's schema first, so that a page is never tested against something the server could not say.
 */
export class Door {
  readonly asked: Asked[] = []
  /** What every answer carries besides. */
  headers: Record<string, string> = {}
  private readonly answers = new Map<Endpoint, Answering>()

  constructor() {
    wire.carry = (sent) => this.request(sent)
    // Every page asks how the line to WeCom stands; unless a test says otherwise, well.
    const well = { state: 'well' as const, errcode: null, goodAt: null, blockedUntil: null, mirrorAt: null }
    this.on(getLink).says(() => well)
  }

  on<I extends z.core.$ZodType, O extends z.core.$ZodType>(endpoint: Endpoint<I, O>) {
    type Said = z.output<O> | Refusal
    return {
      says: (answer: (input: z.output<I>) => Said | Promise<Said>): this => {
        this.answers.set(endpoint, (input) => answer(input as z.output<I>))
        return this
      },
    }
  }

  inputs(endpoint: Endpoint): Record<string, unknown>[] {
    const path = pattern(endpoint)
    return this.asked.filter((asked) => path.test(asked.path)).map((asked) => asked.input)
  }

  private async request({ method, url: path, data: sent, params, headers }: Sent): Promise<Answer> {
    const body: unknown = sent === undefined ? params : JSON.parse(sent)
    const found = [...this.answers].find(([e]) => e.method === method && pattern(e).test(path))
    if (!found) throw new Error(`the page asked ${method} ${path}, which this test did not expect`)
    const [endpoint, answer] = found
    const input = { ...(body as object), ...pattern(endpoint).exec(path)?.groups }
    this.asked.push({ path, input, headers: { ...headers } })
    const said = await answer(input)
    const refused = said instanceof Refusal
    const data = refused
      ? { code: said.code, message: said.message, requestId: said.requestId }
      : z.parse(endpoint.output, said)
    return {
      status: refused ? failures[said.code] : 200,
      data,
      headers: { 'x-request-id': refused ? said.requestId : 'req-ok', ...this.headers },
    }
  }
}

const pattern = ({ path }: Endpoint): RegExp => new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`)

export const cutOff = (code: 'ERR_NETWORK' | 'ECONNABORTED'): Promise<never> =>
  Promise.reject(Object.assign(new Error('cut off'), { code }))
