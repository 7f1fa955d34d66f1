import { randomBytes } from 'node:crypto'
import type { Call, Family } from './api'
import { Refusal } from './envelope'
import type { Inside } from './inside'
import type { State, Ticket, Token } from './state'

const TICKET_LIFE = 7200
const HOUR = 3_600_000

/** gettoken [D:91039], get_jsapi_ticket and ticket/get [D:90506], getcallbackip [D:90930]. */
export const tokens: Family = {
  gettoken: {
    method: 'GET',
    access: 'anyone',
    answer: (inside, { query }) => {
      const secret = secretOf(inside, query)
      const token = liveToken(inside, secret) ?? newToken(inside, secret)
      return { access_token: token.value, expires_in: left(inside, token.expiresMs) }
    },
  },
  get_jsapi_ticket: { method: 'GET', access: 'app', answer: (inside) => ticket(inside, 'config') },
  'ticket/get': {
    method: 'GET',
    access: 'app',
    answer: (inside, { query }) => {
      if (query.get('type') !== 'agent_config') throw new Refusal(40058, "invalid field 'type'")
      return ticket(inside, 'agentConfig')
    },
  },
  getcallbackip: {
    method: 'GET',
    access: 'any token',
    empty: { ip_list: [] },
    answer: () => ({ ip_list: ['127.0.0.1'] }),
  },
}

/** Without any parameter the missing secret is named first (facts 1.1). */
function secretOf({ cast, secrets, limits, clock }: Inside, query: URLSearchParams): Token['secret'] {
  const now = clock.now()
  if (limits.blocked(BAN, now)) throw new Refusal(45009, 'too many wrong secrets from this ip')
  const given = query.get('corpsecret')
  if (!given) throw new Refusal(41004)
  if (!query.get('corpid')) throw new Refusal(41002)
  if (query.get('corpid') !== cast.corp.id) throw new Refusal(40013)
  if (given === secrets.app) return 'app'
  if (given === secrets.contacts) return 'contacts'
  const most = { perMinute: Infinity, perHour: limits.numbers.wrongSecrets - 1 }
  if (!limits.fits('wrong secret', now, most)) limits.block(BAN, now + HOUR)
  throw new Refusal(40001)
}
const BAN = 'banned ip'

const left = ({ clock }: Inside, expiresMs: number) => Math.ceil((expiresMs - clock.now()) / 1000)

const liveToken = ({ state, clock }: Inside, secret: Token['secret']): Token | undefined =>
  state.tokens.find((t) => t.secret === secret && t.dead === 0 && t.expiresMs > clock.now())

function newToken({ state, clock, limits }: Inside, secret: Token['secret']): Token {
  const token: Token = {
    value: randomBytes(96).toString('base64url'),
    secret,
    expiresMs: clock.now() + limits.numbers.tokenSeconds * 1000,
    dead: 0,
  }
  // The last few stay known, so that an old one is 42001 and only a made-up one 40014.
  state.tokens = [...state.tokens.slice(-20), token]
  return token
}

/** Only the query counts (facts 0). */
export function readToken({ state, clock }: Inside, call: Pick<Call, 'query' | 'fault'>): Token['secret'] {
  const value = call.query.get('access_token')
  if (!value) throw new Refusal(41001)
  const token = state.tokens.find((t) => t.value === value)
  if (!token) throw new Refusal(40014)
  if (call.fault.expireToken) token.dead = call.fault.expireToken === 40014 ? 40014 : 42001
  if (token.dead) throw new Refusal(token.dead)
  if (token.expiresMs <= clock.now()) throw new Refusal(42001)
  return token.secret
}

function ticket(inside: Inside, kind: Ticket['kind']): Record<string, unknown> {
  const { state, clock, limits } = inside
  limits.count('jsapi ticket', clock.now(), { perHour: limits.numbers.ticketsPerHour })
  const live = liveTickets(state, clock.now()).find((t) => t.kind === kind)
  const given = live ?? {
    value: randomBytes(43).toString('base64url'),
    kind,
    expiresMs: clock.now() + TICKET_LIFE * 1000,
  }
  if (!live) state.tickets = [...liveTickets(state, clock.now()), given]
  return { ticket: given.value, expires_in: left(inside, given.expiresMs) }
}

export const liveTickets = (state: State, nowMs: number): Ticket[] => state.tickets.filter((t) => t.expiresMs > nowMs)
