import * as z from 'zod/mini'
import { day, done, endpoint, id, instant, words } from './endpoint'
import { as, personal } from './field'

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
