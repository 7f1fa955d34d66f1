import * as z from 'zod/mini'
import type { Endpoint } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import type { Deps } from '../deps'
import { addressOf } from './address'
import { createLimit, type Limit } from './limit'
import type { Ctx } from './serve'

/** Who asks too often is told for how long to wait (429, Retry-After). Counted per process; see `limit.ts`. */
export interface Flood {
  /** Somebody without a login, by address. Offices and phone networks share one, so it is for floods only. */
  stranger(c: Ctx): void
  /** A member: all endpoints together, and lists once more, because whoever copies customers pages through lists. */
  member(id: string, endpoint: Endpoint): void
}

export function createFlood({ config, now }: Deps): Flood {
  const strangers = createLimit(config.LIMIT_STRANGER, now)
  const members = createLimit(config.LIMIT_MEMBER, now)
  const lists = createLimit(config.LIMIT_LISTS, now)
  return {
    stranger: (c) => pass(strangers, addressOf(c, config.TRUSTED_PROXIES)),
    member(id, endpoint) {
      pass(members, id)
      if (isList(endpoint)) pass(lists, id)
    },
  }
}

function pass(limit: Limit, key: string): void {
  const seconds = limit(key)
  if (seconds) throw new Failure('limited', { seconds })
}

const isList = ({ input }: Endpoint): boolean => input instanceof z.ZodMiniObject && 'after' in input.shape
