import * as z from 'zod/mini'
import { done, endpoint, instant, nothing } from './endpoint'
import { house } from './field'
import { meaningOf } from './wecom'

/**
 * How the line to WeCom stands. `refused`: an administrator must act. `down`: nothing answers. `blocked`: we asked too
 * often and wait. `unsteady`: some calls fail, others work; it heals by itself. `well`.
 */
export const linkStates = ['refused', 'down', 'blocked', 'unsteady', 'well'] as const
export type LinkState = (typeof linkStates)[number]

/** What was last heard of one API. Instants are ISO; `errcode` null with a `failedAt`: no usable answer. */
export interface Heard {
  api: string
  answeredAt: string | null
  failedAt: string | null
  errcode: number | null
  blockedUntil: string | null
}

const newest = (times: readonly (string | null)[]): string | null =>
  times.reduce((a, b) => ((b ?? '') > (a ?? '') ? b : a), null)

const fails = (h: Heard): boolean => (h.failedAt ?? '') > (h.answeredAt ?? '')

/** An API that is asked once a night must not be held against a line that works: what failed long ago is forgotten. */
const FORGOTTEN_MS = 6 * 3600_000

/** One state of all that was heard: what a person must do first, else what explains why nothing moves. */
export function linkOf(heard: readonly Heard[], now: Date): { state: LinkState; errcode: number | null } {
  const since = new Date(now.getTime() - FORGOTTEN_MS).toISOString()
  const failing = heard.filter((h) => fails(h) && (h.failedAt ?? '') > since)
  const mended = failing.find((h) => h.errcode !== null && ['config', 'permission'].includes(meaningOf(h.errcode).kind))
  if (mended) return { state: 'refused', errcode: mended.errcode }
  const lost = newest(failing.filter((h) => h.errcode === null).map((h) => h.failedAt))
  if (lost && lost > (newest(heard.map((h) => h.answeredAt)) ?? '')) return { state: 'down', errcode: null }
  if (heard.some((h) => h.blockedUntil !== null && h.blockedUntil > now.toISOString()))
    return { state: 'blocked', errcode: null }
  return { state: failing.length ? 'unsteady' : 'well', errcode: null }
}

const link = house({
  state: z.enum(linkStates),
  errcode: z.nullable(z.number()),
  /** When WeCom last answered anything well. */
  goodAt: z.nullable(instant),
  blockedUntil: z.nullable(instant),
  /** When the last whole copy of WeCom's data was made. */
  mirrorAt: z.nullable(instant),
})

/** Asked again and again by open pages: a few numbers, nobody's data. */
export const getLink = endpoint({
  method: 'GET',
  path: '/api/link',
  access: 'signed-in',
  input: nothing,
  output: link,
})

/** What stands behind the state, for whoever must find out why nothing moves. */
export const getLinkDetail = endpoint({
  method: 'GET',
  path: '/api/link/detail',
  access: ['manager', 'compliance', 'admin'],
  input: nothing,
  output: house({
    ...link.shape,
    /** APIs that do not work or wait, by WeCom's name for them. */
    troubles: z.array(
      z.object({
        api: z.string(),
        failedAt: z.nullable(instant),
        errcode: z.nullable(z.number()),
        blockedUntil: z.nullable(instant),
      }),
    ),
    events: z.object({
      /** Kept and not worked off yet. */
      open: z.number(),
      /** Of kinds that this version does not know. */
      unknown: z.array(z.object({ event: z.string(), change: z.string(), count: z.number() })),
    }),
  }),
})

/** Does at once what would be tried again later: events, transfers, groups. */
export const tryAgain = endpoint({
  method: 'POST',
  path: '/api/link/try',
  access: ['manager', 'admin'],
  input: nothing,
  output: done,
})
