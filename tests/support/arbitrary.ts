import fc, { type Arbitrary } from 'fast-check'
import type * as z from 'zod/mini'

/** What the walk needs of a schema's inside; zod publishes it for exactly this. */
interface Inside {
  type: string
  shape?: Record<string, Schema>
  element?: Schema
  innerType?: Schema
  in?: Schema
  options?: Schema[]
  entries?: Record<string, string | number>
  values?: (string | number | boolean)[]
  checks?: { _zod: { def: { check: string; minimum?: number; maximum?: number; value?: number; pattern?: RegExp } } }[]
}
type Schema = z.core.$ZodType

export interface Sources {
  /** Strings for fields named like an id. */
  ids: Arbitrary<string>
  /** Any other text. */
  texts: Arbitrary<string>
}

/**
 * Inputs for an endpoint, made from its schema: mostly right in shape, with values at and over the edges the checks name.
 * The schema may still refuse; that is the point.
 */
export function inputsOf(schema: Schema, from: Sources, name = ''): Arbitrary<unknown> {
  const inside = schema._zod.def as unknown as Inside
  const inner = (s: Schema | undefined) => (s ? inputsOf(s, from, name) : fc.anything())
  switch (inside.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(Object.entries(inside.shape ?? {}).map(([key, s]) => [key, inputsOf(s, from, key)])),
      )
    case 'array':
      return fc.array(inner(inside.element), { maxLength: 6 })
    case 'optional':
    case 'default':
    case 'prefault':
      return fc.option(inner(inside.innerType), { nil: undefined, freq: 3 })
    case 'nullable':
      return fc.option(inner(inside.innerType), { nil: null })
    case 'union':
      return fc.oneof(...(inside.options ?? []).map(inner))
    case 'pipe':
      return inner(inside.in)
    case 'enum':
      return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...Object.values(inside.entries ?? {})) }, from.texts)
    case 'literal':
      return fc.constantFrom(...(inside.values ?? []))
    case 'boolean':
      return fc.boolean()
    case 'number':
      return numbersOf(inside)
    case 'string':
      return textsOf(inside, from, name)
    default:
      return fc.anything()
  }
}

function numbersOf({ checks = [] }: Inside): Arbitrary<unknown> {
  const edges = checks.flatMap(({ _zod: { def } }) => (def.value === undefined ? [] : [def.value]))
  return fc.oneof(
    fc.integer({ min: Math.min(...edges, 0), max: Math.max(...edges, 1) }),
    fc.constantFrom(
      ...edges.flatMap((edge) => [edge - 1, edge, edge + 1]),
      0,
      -1,
      1e300,
      2 ** 53,
      0.5,
      '1e9',
      '0x10',
      ' 7 ',
    ),
  )
}

function textsOf({ checks = [] }: Inside, from: Sources, name: string): Arbitrary<string> {
  const defs = checks.map(({ _zod: { def } }) => def)
  const max = defs.find((def) => def.check === 'max_length')?.maximum ?? 200
  const pattern = defs.find((def) => def.pattern)?.pattern
  const around = fc.constantFrom('字'.repeat(max), '字'.repeat(max + 1), '', ' ')
  const days = fc.constantFrom('2026-11-30', '2026-02-30', '0000-01-01', '9999-12-31')
  return fc.oneof(
    {
      weight: 4,
      arbitrary: /day|date|due|until|at$/i.test(name) || pattern?.source.includes('d{4}') ? days : from.ids,
    },
    { weight: 3, arbitrary: from.texts },
    { weight: 1, arbitrary: around },
  )
}
