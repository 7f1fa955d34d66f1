import * as z from 'zod/mini'
import { day, done, endpoint, id, instant, page, pageInput, words } from './endpoint'
import { as, house, personal } from './field'

/** Something a member told a customer they would do. */
export const promise = personal({
  F2: {
    id,
    text: as('text', z.string()),
    due: z.nullable(day),
    madeBy: z.string(),
    madeAt: instant,
    source: z.enum(['description', 'member']),
    keptAt: z.nullable(instant),
    /** Who serves the customer now and said that it is theirs to keep; who made it stays who made it. */
    takenBy: z.nullable(z.string()),
  },
})
export type CustomerPromise = z.output<typeof promise>

export interface WrittenPromise {
  text: string
  due: string | null
}

const line =
  /^\s*(?:[-·•*]\s*)?(?:承诺|promise(?![a-z]))\s*[:：]?\s*(?:(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)日?\s*[:：,，]?\s*)?(.+?)\s*$/i

/**
 * Promises as reps write them in WeCom's description field, the only place WeCom has for them: one a line, `承诺` first,
 * a date if there is one. `承诺 2026-11-28 补发报价单`. An impossible date stays part of the text: nothing is dropped.
 */
export function promisesIn(description: string): WrittenPromise[] {
  const found = new Map<string, WrittenPromise>()
  for (const written of description.split(/\r?\n|[;；]/)) {
    const match = line.exec(written.slice(0, 400))
    if (!match) continue
    const [, y, m, d, rest] = match
    const due = y && m && d ? realDay(+y, +m, +d) : null
    const text = (y && !due ? `${y}-${m}-${d} ${rest}` : (rest ?? '')).trim()
    if (text) found.set(`${due ?? ''} ${text}`, { text, due })
  }
  return [...found.values()]
}

function realDay(y: number, m: number, d: number): string | null {
  const date = new Date(Date.UTC(y, m - 1, d))
  return date.getUTCMonth() === m - 1 && date.getUTCDate() === d ? date.toISOString().slice(0, 10) : null
}

/** `sure`: the member was told that the words hold something sensitive, and means them. */
export const addPromise = endpoint({
  method: 'POST',
  path: '/api/handovers/:handover/promises',
  access: ['rep'],
  input: z.object({ handover: id, text: words(120), due: z.nullable(day), sure: z._default(z.boolean(), false) }),
  output: promise,
})

export const keepPromise = endpoint({
  method: 'POST',
  path: '/api/promises/:promise/kept',
  access: ['rep'],
  input: z.object({ promise: id }),
  output: done,
})

/** The day is moved, and why stands in the history. `from`: the day that the page showed, so that two do not move it apart. */
export const movePromise = endpoint({
  method: 'POST',
  path: '/api/promises/:promise/day',
  access: ['rep'],
  input: z.object({
    promise: id,
    from: z.nullable(day),
    due: z.nullable(day),
    reason: words(120),
    sure: z._default(z.boolean(), false),
  }),
  output: done,
})

/** Whoever serves the customer now says: mine to keep. */
export const takePromise = endpoint({
  method: 'POST',
  path: '/api/promises/:promise/take',
  access: ['rep'],
  input: z.object({ promise: id }),
  output: done,
})

const owed = personal({
  F0: { id, handover: id, customer: id, shortName: as('name', z.string()), from: z.string() },
  /** Closed until the customer is told. */
  F2: { promise: z.optional(promise) },
})
export type Owed = z.output<typeof owed>

/** What the reader owes the customers they inherited: the first due first, without a day last. */
export const listPromises = endpoint({
  method: 'GET',
  path: '/api/promises',
  access: ['rep'],
  input: z.object({ ...pageInput }),
  /** `soon`: due by tomorrow, or overdue. */
  output: house({ ...page(owed).shape, total: z.number(), soon: z.number() }),
})

/** From nine in the morning of Beijing whoever owes something is told, at most once a day; never in the evening. */
export const REMIND_FROM = 9
export const REMIND_UNTIL = 21
export const reminders = ['tomorrow', 'today', 'overdue'] as const
