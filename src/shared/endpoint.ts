import * as z from 'zod/mini'
import { house } from './field'
import type { Role } from './member'

/**
 * Who may call. `signed-in`: any member with a live session; a list: a member who holds at least one of the roles. An
 * endpoint without it does not compile; doors without login (customer links, callbacks) are not endpoints.
 */
export type Access = 'signed-in' | readonly Role[]

/** How old a login may be where an endpoint asks for a fresh one. */
export const FRESH_MS = 5 * 60_000

/** An endpoint is data: the server serves it, the client calls it, the access tests and the leaver's probe walk it. */
export interface Endpoint<I extends z.core.$ZodType = z.core.$ZodType, O extends z.core.$ZodType = z.core.$ZodType> {
  method: 'GET' | 'POST'
  /** With `:name` places; each is a field of the input. */
  path: `/api/${string}`
  access: Access
  /** Asks for a login of the last minutes (`FRESH_MS`): an effect that a borrowed phone must not have. */
  fresh?: true
  /**
   * A POST that changes nothing but what is asked (its question must not stand in an address): told anew each time, with the
   * eyes of that moment, and never kept under an idempotency key.
   */
  shows?: true
  input: I
  output: O
}

export type Input<E> = E extends Endpoint<infer I, z.core.$ZodType> ? z.input<I> : never
export type Output<E> = E extends Endpoint<z.core.$ZodType, infer O> ? z.output<O> : never

export const endpoint = <I extends z.core.$ZodType, O extends z.core.$ZodType>(e: Endpoint<I, O>): Endpoint<I, O> => e

/** The pieces that more than one noun's schema is made of. Instants are RFC 3339 strings in UTC. */
export const id = z.string().check(z.minLength(1), z.maxLength(64), z.regex(/^[^\u0000-\u001f]+$/))
export const instant = z.string().check(z.minLength(20), z.maxLength(32))
/** A day that exists: PostgreSQL has no 31 February and no year 0. */
export const day = z.string().check(
  z.regex(/^(?!0000)\d{4}-\d{2}-\d{2}$/),
  z.refine((d) => !Number.isNaN(Date.parse(d)) && new Date(d).toISOString().startsWith(d)),
)
/** Without U+0000, which PostgreSQL cannot keep. */
export const words = (max: number) =>
  z.string().check(z.trim(), z.minLength(1), z.maxLength(max), z.regex(/^[^\u0000]*$/))
/** SHA-256 in hex: what somebody saw, so that they decide on that and nothing else. */
export const digestField = z.string().check(z.regex(/^[0-9a-f]{64}$/))
export const nothing = z.object({})
export const done = house({ ok: z.literal(true) })
export const OK = { ok: true } as const

/** A page of a list read by key: `next` is what to pass as `after` for the following page, null at the end. */
export const page = <T extends z.core.$ZodType>(item: T) =>
  house({ items: z.array(item), next: z.nullable(z.string()) })
export const pageInput = {
  after: z.optional(z.string().check(z.maxLength(200), z.regex(/^[^\u0000]*$/))),
  limit: z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(100)), 50),
}
