import * as z from 'zod/mini'
import { day, done, endpoint, id, nothing } from './endpoint'
import { house } from './field'

/** Everybody in range is a rep, department leaders are managers; the rest is configured or granted. */
export const roles = ['rep', 'manager', 'compliance', 'hr', 'auditor', 'admin'] as const
export type Role = (typeof roles)[number]

/** What is narrower for a member whose leaving is announced, told to nobody but them (server/db/limits.ts). */
const leaving = house({ leavesOn: day, page: z.number(), opensADay: z.number() })
export type Leaving = z.output<typeof leaving>

export const me = house({
  id,
  name: z.string(),
  /** The last four of the staff id, for the watermark. */
  tail: z.string(),
  roles: z.array(z.enum(roles)),
  corpId: z.string(),
  agentId: z.string(),
  leaving: z.optional(leaving),
  /** How plainly name and time stand over customers' data. */
  watermark: z.optional(z.literal('strong')),
})
export type Me = z.output<typeof me>

export const getMe = endpoint({ method: 'GET', path: '/api/me', access: 'signed-in', input: nothing, output: me })

/** Whether the page may go on showing what it shows. Asking does not keep a session alive. */
export const stillHere = endpoint({
  method: 'GET',
  path: '/api/me/still-here',
  access: 'signed-in',
  input: nothing,
  output: done,
})

export const logout = endpoint({
  method: 'POST',
  path: '/api/logout',
  access: 'signed-in',
  input: nothing,
  output: done,
})

/** What `ww.register` asks for; the server refuses a URL outside our own host (facts 6.3). */
export const signPage = endpoint({
  method: 'GET',
  path: '/api/jssdk',
  access: 'signed-in',
  input: z.object({ url: z.string().check(z.maxLength(2048)), kind: z.enum(['config', 'agentConfig']) }),
  output: house({ timestamp: z.number(), nonceStr: z.string(), signature: z.string() }),
})
