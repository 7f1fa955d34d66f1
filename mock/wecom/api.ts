import type { CallStrike } from './faults'
import type { Inside } from './inside'

/** One call on its way through an API. */
export interface Call {
  id: string
  path: string
  query: URLSearchParams
  body: Record<string, unknown>
  /** Whose token it carries; null only for `gettoken`. */
  secret: 'app' | 'contacts' | null
  fault: CallStrike
}

/** One endpoint below /cgi-bin/ (facts 1.2 for who may call it). */
export interface Api {
  method: 'GET' | 'POST'
  /** `customer contact`: the app, and only when it is ticked in 可调用接口的应用 (48002). */
  access: 'anyone' | 'app' | 'contacts' | 'any token' | 'customer contact'
  /** Payload keys that a refused call still carries. */
  empty?: Record<string, unknown>
  /** Reads stored data: too many at once are 45033. */
  stored?: true
  /** What two calls must not touch at the same time (45035). */
  alone?: (call: Call) => string
  answer(inside: Inside, call: Call): Record<string, unknown>
}

export type Family = Record<string, Api>

/** The code that the fault dial wants for one item. */
export function forced({ faults }: Inside, { fault }: Call, id: string): number | undefined {
  const { items, someItems } = fault
  return items?.[id] ?? (someItems && faults.random() < someItems.share ? someItems.errcode : undefined)
}
