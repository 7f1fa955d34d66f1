import * as z from 'zod/mini'
import type { FieldClass } from './access'

/**
 * What kind of field stands where in an answer, said beside its schema and read by whoever cuts answers (server/lib/cut.ts)
 * or prints docs/access.md. A leaf of an answer that is in neither a `personal` nor a `house` object fails a test.
 */
type Shape = z.core.$ZodShape
type Groups = { readonly [K in FieldClass]?: Shape }
type Together<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void ? I : never
type Flat<G extends Groups> =
  Together<G[keyof G]> extends infer I extends Shape ? { -readonly [K in keyof I]: I[K] } : never

/** How a value is shown, beside its class: a short name always, free text always scanned, numbers while they are masked. */
export type Look = 'name' | 'text' | 'number'

const classes = new WeakMap<object, ReadonlyMap<string, FieldClass> | 'house'>()
const looks = new WeakMap<object, Look>()

/** An object about one customer: every field stands in its class. A field that may be closed is nullable, optional or a list. */
// @__NO_SIDE_EFFECTS__
export function personal<const G extends Groups>(groups: G): z.ZodMiniObject<Flat<G>, z.core.$strip> {
  const all = Object.entries(groups) as [FieldClass, Shape][]
  const schema = z.object(Object.assign({}, ...all.map(([, shape]) => shape)) as Flat<G>)
  classes.set(schema, new Map(all.flatMap(([one, shape]) => Object.keys(shape).map((name) => [name, one] as const))))
  return schema as unknown as z.ZodMiniObject<Flat<G>, z.core.$strip>
}

/** An object about no customer, or about so many that it says nothing of one: members, plans, counts. */
// @__NO_SIDE_EFFECTS__
export function house<S extends Shape>(shape: S): z.ZodMiniObject<S, z.core.$strip> {
  const schema = z.object(shape)
  classes.set(schema, 'house')
  return schema
}

// @__NO_SIDE_EFFECTS__
export function as<S extends z.core.$ZodType>(look: Look, schema: S): S {
  looks.set(schema, look)
  return schema
}

export const classesIn = (schema: object): ReadonlyMap<string, FieldClass> | 'house' | undefined => classes.get(schema)
export const lookOf = (schema: object): Look | undefined => looks.get(schema)
