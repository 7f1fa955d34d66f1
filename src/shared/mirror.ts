import * as z from 'zod/mini'
import { done, endpoint, instant, nothing } from './endpoint'
import { house } from './field'

/** The copy of what WeCom knows: members, departments, tags, customers, relations, groups. */
export const mirrorSteps = ['departments', 'members', 'tags', 'relations', 'groups', 'departures', 'done'] as const

export const mirrorRun = z.object({
  startedAt: instant,
  endedAt: z.nullable(instant),
  step: z.enum(mirrorSteps),
  read: z.object({
    departments: z.number(),
    members: z.number(),
    tags: z.number(),
    relations: z.number(),
    groups: z.number(),
  }),
  changes: z.number(),
  /** A WeCom errcode, when the run stopped early. */
  errcode: z.nullable(z.number()),
})

export const getMirror = endpoint({
  method: 'GET',
  path: '/api/mirror',
  access: ['manager', 'compliance', 'admin'],
  input: nothing,
  output: house({ last: z.nullable(mirrorRun), customers: z.number(), relations: z.number(), members: z.number() }),
})

/** Starts a run, or joins the one that is running. */
export const runMirror = endpoint({
  method: 'POST',
  path: '/api/mirror/run',
  access: ['manager', 'admin'],
  input: nothing,
  output: done,
})
