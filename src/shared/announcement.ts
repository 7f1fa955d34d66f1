import * as z from 'zod/mini'
import { chinaDay, endOfChinaDay } from './day'
import { day, done, endpoint, id, page, pageInput } from './endpoint'
import { house } from './field'

/** Further ahead nobody announces anything; a year typed wrong would stand for a year. */
const FURTHEST_MS = 366 * 24 * 3600_000

/** What is wrong with a last day, or null. Today is possible: the day ends at midnight in Beijing. */
export function lastDayProblem(leavesOn: string, now: Date): 'day_past' | 'day_far' | null {
  if (leavesOn < chinaDay(now)) return 'day_past'
  return endOfChinaDay(leavesOn).getTime() - now.getTime() > FURTHEST_MS ? 'day_far' : null
}

const announceable = house({
  id,
  name: z.string(),
  department: z.nullable(z.string()),
  customers: z.number(),
  /** Somebody has announced it already. */
  announced: z.boolean(),
})
export type Announceable = z.output<typeof announceable>

/** Members in the reader's scope who are here, by name; never the reader. */
export const listAnnounceable = endpoint({
  method: 'GET',
  path: '/api/announcements/members',
  access: ['manager'],
  input: z.object({
    text: z.optional(z.string().check(z.trim(), z.maxLength(60), z.regex(/^[^\u0000]*$/))),
    ...pageInput,
  }),
  output: page(announceable),
})

/** `leavesOn` is the last day, of Beijing. Nothing changes for the member until WeCom says that they are gone. */
export const announceDeparture = endpoint({
  method: 'POST',
  path: '/api/announcements',
  access: ['manager'],
  input: z.object({ member: id, leavesOn: day }),
  output: house({ departure: id, customers: z.number() }),
})

export const changeLastDay = endpoint({
  method: 'POST',
  path: '/api/announcements/:departure/day',
  access: ['manager'],
  input: z.object({ departure: id, leavesOn: day }),
  output: done,
})

/** The member stays. What WeCom was already asked to do cannot be taken back, and is counted. */
export const withdrawAnnouncement = endpoint({
  method: 'POST',
  path: '/api/announcements/:departure/withdraw',
  access: ['manager'],
  input: z.object({ departure: id }),
  output: house({ calledOff: z.number(), underWay: z.number(), takenOver: z.number() }),
})
