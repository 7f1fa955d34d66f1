import * as z from 'zod/mini'
import { done, endpoint, id, instant, nothing, words } from './endpoint'

/** All that is kept of the device somebody logs in with. */
export const devices = ['ios', 'android', 'windows', 'mac', 'other'] as const
export type Device = (typeof devices)[number]

const session = z.object({
  id,
  device: z.enum(devices),
  since: instant,
  /** To the minute. */
  usedAt: instant,
  current: z.boolean(),
})
export type Session = z.output<typeof session>

/** One's own logins, the one that asks first. */
export const listSessions = endpoint({
  method: 'GET',
  path: '/api/sessions',
  access: 'signed-in',
  input: nothing,
  output: z.object({ items: z.array(session), idleHours: z.number(), hours: z.number() }),
})

export const endOtherSessions = endpoint({
  method: 'POST',
  path: '/api/sessions/end-others',
  access: 'signed-in',
  input: nothing,
  output: z.object({ ended: z.number() }),
})

/** Somebody else's session and none are alike. */
export const endSession = endpoint({
  method: 'POST',
  path: '/api/sessions/:session/end',
  access: 'signed-in',
  input: z.object({ session: id }),
  output: done,
})

/** Everything a member is logged in with, everywhere: a lost phone. They may log in again. */
export const endMemberSessions = endpoint({
  method: 'POST',
  path: '/api/members/:member/end-sessions',
  access: ['admin'],
  fresh: true,
  input: z.object({ member: id, reason: words(200) }),
  output: z.object({ ended: z.number() }),
})
