import { safeParse, type $ZodType } from 'zod/v4/core'
import { shownTo, type Consents, type FieldClass, type Stage, type Standpoint } from '../../shared/access'
import { classesIn, lookOf } from '../../shared/field'
import { Failure } from '../../shared/failure'
import { maskName, maskPhone, maskText, type MaskOpen, type MaskWords } from '../../shared/mask'

/** Somebody's look at one customer: what the access table is asked with. `whole`: masked values, for a reason (reveal). */
export interface Sight {
  who: Standpoint
  stage: Stage
  consents?: Consents
  whole?: boolean
}

const sights = new WeakMap<object, Sight>()

/** Says with whose eyes an object about a customer, and what stands in it, is to be looked at. Lost when it is copied. */
export function seenBy<T extends object>(sight: Sight, value: T): T {
  sights.set(value, sight)
  return value
}

interface Def {
  type: string
  shape?: Record<string, $ZodType>
  element?: $ZodType
  innerType?: $ZodType
  options?: readonly $ZodType[]
  discriminator?: string
  values?: readonly unknown[]
}
const defOf = (schema: $ZodType): Def => schema._zod.def

/**
 * The one way out: leaves of an answer what the access table opens to this sight, masks what it only lets be seen masked,
 * scans what people wrote, and drops what the schema does not name. An object about a customer that nobody's sight was said
 * of is a mistake of ours and goes nowhere.
 */
export function cut(schema: $ZodType, value: unknown, words: MaskWords, sight: Sight | null = null): unknown {
  if (value === null || value === undefined) return value
  const def = defOf(schema)
  const look = lookOf(schema)
  if (look === 'name') return typeof value === 'string' ? maskName(value) : value
  if (look === 'text') return scanned(value, words, { whole: sight?.whole ?? false, sensitive: opensSensitive(sight) })
  switch (def.type) {
    case 'nullable':
    case 'optional':
    case 'default':
      return cut(def.innerType!, value, words, sight)
    case 'array':
      return (value as unknown[]).map((one) => cut(def.element!, one, words, sights.get(value) ?? sight))
    case 'union':
      return cut(optionFor(def, value), value, words, sight)
    case 'object':
      return cutObject(schema, value as Record<string, unknown>, words, sights.get(value) ?? sight)
    default:
      return value
  }
}

const shows = new WeakMap<$ZodType, boolean>()

/** Whether an answer of this shape may hold something of a customer. */
export function showsCustomers(schema: $ZodType): boolean {
  const known = shows.get(schema)
  if (known !== undefined) return known
  shows.set(schema, false) // of one that holds itself
  const { shape = {}, element, innerType, options = [] } = defOf(schema)
  const classes = classesIn(schema)
  const parts = [...Object.values(shape), ...options, ...(element ? [element] : []), ...(innerType ? [innerType] : [])]
  const found = (classes !== undefined && classes !== 'house') || parts.some(showsCustomers)
  shows.set(schema, found)
  return found
}

function cutObject(
  schema: $ZodType,
  value: Record<string, unknown>,
  words: MaskWords,
  sight: Sight | null,
): Record<string, unknown> {
  const classes = classesIn(schema)
  const about = classes !== undefined && classes !== 'house'
  if (about && !sight) throw new Error('An answer about a customer says with whose eyes it is seen (seenBy)')
  const kept: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(defOf(schema).shape ?? {})) {
    const fieldClass = about ? classes.get(name) : undefined
    kept[name] =
      fieldClass && sight ? shown(fieldClass, field, value[name], words, sight) : cut(field, value[name], words, sight)
  }
  return kept
}

function shown(fieldClass: FieldClass, field: $ZodType, value: unknown, words: MaskWords, sight: Sight): unknown {
  const how = shownTo(sight.who, sight.stage, fieldClass, sight.consents)
  if (how === 'plain' || (how === 'masked' && sight.whole)) return cut(field, value, words, sight)
  return how === 'masked' ? (maskedIn(field, value) ?? absent(field)) : absent(field)
}

/** A class that is shown masked shows what has a mask; what has none stays closed. */
function maskedIn(field: $ZodType, value: unknown): unknown {
  const def = defOf(field)
  if (lookOf(field) === 'number') return typeof value === 'string' ? maskPhone(value) : undefined
  if (value === null || value === undefined) return value
  if (def.type === 'array' && lookOf(def.element!) === 'number') return (value as string[]).map(maskPhone)
  return def.innerType ? maskedIn(def.innerType, value) : undefined
}

/** How a closed field looks. One that an answer cannot do without closes the answer. */
function absent(field: $ZodType): unknown {
  switch (defOf(field).type) {
    case 'optional':
      return undefined
    case 'nullable':
      return null
    case 'array':
      return []
    default:
      throw new Failure('not_found')
  }
}

/** What is sensitive in a text is F5: shown where the customer agreed to its use, and nowhere else. */
const opensSensitive = (sight: Sight | null): boolean =>
  sight !== null && shownTo(sight.who, sight.stage, 'F5', sight.consents) === 'plain'

/** What a reader with this sight may read of what people wrote: what is searched, so that a search finds nothing hidden. */
export const readableIn = (value: unknown, words: MaskWords, sight: Sight): unknown =>
  scanned(value, words, { whole: sight.whole ?? false, sensitive: opensSensitive(sight) })

function scanned(value: unknown, words: MaskWords, open: MaskOpen): unknown {
  if (typeof value === 'string') return maskText(value, words, open)
  if (Array.isArray(value)) return value.map((one) => scanned(one, words, open))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, scanned(one, words, open)]))
}

/** By the discriminator where there is one: a value that is not cut yet need not fit its schema in all else. */
function optionFor({ options = [], discriminator }: Def, value: unknown): $ZodType {
  const said = discriminator === undefined ? undefined : (value as Record<string, unknown>)[discriminator]
  const fits = options.find((o) =>
    discriminator === undefined
      ? safeParse(o, value).success
      : defOf(defOf(o).shape![discriminator]!).values?.includes(said),
  )
  if (!fits) throw new Error(`No schema for an answer whose ${discriminator} is ${String(said)}`)
  return fits
}
