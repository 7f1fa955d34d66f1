import * as z from 'zod/mini'
import { chinaDay, endOfChinaDay } from './day'
import { day, done, endpoint, id, instant, nothing, page, pageInput, words } from './endpoint'
import { roles } from './member'

/** Roles that a person can give to another. That of a rep comes with being in range. */
export const grantable = ['manager', 'compliance', 'hr', 'auditor', 'admin'] as const
export type Grantable = (typeof grantable)[number]

/** Where a right comes from. Only a grant can be ended here; the others end where they were given. */
export const rightSources = ['range', 'leader', 'setting', 'grant'] as const

/** An auditor comes for an audit; anybody else is looked at again within a year. */
const MOST_DAYS: Record<Grantable, number> = { manager: 365, compliance: 365, hr: 365, auditor: 90, admin: 365 }
const DAY_MS = 86_400_000

/** The last day that can be given from today. */
export const lastGrantDay = (role: Grantable, now: Date): string =>
  chinaDay(new Date(now.getTime() + (MOST_DAYS[role] - 1) * DAY_MS))

/** What is wrong with the last day of a grant; null: nothing. */
export function untilProblem(
  role: Grantable,
  until: string | null,
  now: Date,
): 'until_needed' | 'until_past' | 'until_far' | null {
  if (until === null) return role === 'auditor' ? 'until_needed' : null
  if (endOfChinaDay(until) <= now) return 'until_past'
  return until > lastGrantDay(role, now) ? 'until_far' : null
}

const right = z.object({
  role: z.enum(roles),
  source: z.enum(rightSources),
  /** What gives it: the grant's id, the setting's name, the department's number; empty for `range`. */
  place: z.string(),
  /** Where it holds, by name; null: everywhere. */
  departments: z.nullable(z.array(z.string())),
  /** As it was written down with a grant. */
  reason: z.nullable(z.string()),
  granted: z.nullable(z.object({ by: z.string(), at: instant })),
  until: z.nullable(instant),
  confirmed: z.nullable(z.object({ by: z.string(), at: instant })),
})
export type Right = z.output<typeof right>

const holder = z.object({
  id,
  name: z.string(),
  department: z.nullable(z.string()),
  /** The reader: nobody decides about their own rights. */
  own: z.boolean(),
  rights: z.array(right),
})
export type RightHolder = z.output<typeof holder>

/** Everybody who may do more than serve their own customers, with every right, where it comes from and why (T-39). */
export const listRights = endpoint({
  method: 'GET',
  path: '/api/rights',
  access: ['admin', 'auditor'],
  input: z.object({ ...pageInput }),
  /** `others`: members with nothing but their own customers. */
  output: z.object({ ...page(holder).shape, others: z.number() }),
})

/** Members who may be given a role, by a part of their name. */
export const findMembers = endpoint({
  method: 'GET',
  path: '/api/rights/members',
  access: ['admin'],
  input: z.object({ name: words(40) }),
  output: z.object({ items: z.array(z.object({ id, name: z.string(), department: z.nullable(z.string()) })) }),
})

export const listDepartments = endpoint({
  method: 'GET',
  path: '/api/rights/departments',
  access: ['admin'],
  input: nothing,
  output: z.object({ items: z.array(z.object({ id: z.number(), name: z.string() })) }),
})

export const grantRole = endpoint({
  method: 'POST',
  path: '/api/rights/grants',
  access: ['admin'],
  fresh: true,
  input: z.object({
    member: id,
    role: z.enum(grantable),
    /** What a manager manages; null: everything. */
    departments: z.nullable(z.array(z.int()).check(z.minLength(1), z.maxLength(100))),
    reason: words(200),
    until: z.nullable(day),
  }),
  output: z.object({ grant: id }),
})

export const endGrant = endpoint({
  method: 'POST',
  path: '/api/rights/grants/:grant/end',
  access: ['admin'],
  fresh: true,
  input: z.object({ grant: id, reason: words(200) }),
  output: done,
})

/** The review: somebody looked at this right and it stays. Not of one's own. */
export const confirmRight = endpoint({
  method: 'POST',
  path: '/api/rights/confirm',
  access: ['admin'],
  input: z.object({
    member: id,
    role: z.enum(roles),
    source: z.enum(rightSources),
    place: z.string().check(z.maxLength(64)),
  }),
  output: done,
})
