import * as z from 'zod/mini'
import { addWorkingDays, workingDaysBetween, type Calendar } from './calendar'
import { chinaDay, endOfChinaDay } from './day'
import { day, endpoint, id, instant } from './endpoint'
import { personal } from './field'

/**
 * The first week with an inherited customer (compliance S45, T-45): at most three things, each found from what has happened and
 * never ticked off by hand. All of it is routing (F0).
 */
export const tasks = ['tell', 'hello', 'promises'] as const
export type Task = (typeof tasks)[number]

/** So many working days after the takeover somebody should have told the customer; later it stands on the manager's list. */
export const FIRST_CONTACT_DAYS = 5

export interface Clock {
  /** The last working day for it. */
  due: string
  /** Working days until then; negative once it is over. */
  left: number
  late: boolean
  /** A year it was counted over has no calendar: Monday to Friday. */
  unsure: boolean
}

/** The first-contact clock of a customer who was taken over at that moment. */
export function clockOf(takenAt: Date, now: Date, calendar: Calendar): Clock {
  const due = addWorkingDays(takenAt, FIRST_CONTACT_DAYS, calendar)
  const left = workingDaysBetween(now, due.at, calendar)
  return { due: due.day, left, late: now > due.at, unsure: due.unsure.length > 0 }
}

const DAY_MS = 86_400_000

/** Whoever was taken over until then is late now: the latest day whose clock has run out, for a query. */
export function lateBefore(now: Date, calendar: Calendar): Date {
  for (let at = now; ; at = new Date(at.getTime() - DAY_MS)) {
    if (!clockOf(at, now, calendar).late) continue
    return endOfChinaDay(chinaDay(at))
  }
}

export const firstWeek = personal({
  F0: {
    takenAt: instant,
    /** The first week is over. */
    over: z.boolean(),
    tasks: z.array(
      z.object({
        task: z.enum(tasks),
        done: z.boolean(),
        at: z.nullable(instant),
        /** Of promises: how many nobody has looked at since the takeover. */
        open: z.number(),
      }),
    ),
    /** null: the customer is told, or lawfully waits. */
    clock: z.nullable(z.object({ due: day, left: z.number(), late: z.boolean(), unsure: z.boolean() })),
  },
})
export type FirstWeek = z.output<typeof firstWeek>

export const getFirstWeek = endpoint({
  method: 'GET',
  path: '/api/customers/:customer/first-week',
  access: ['rep'],
  input: z.object({ customer: id }),
  output: firstWeek,
})
