import type { $ZodType } from 'zod/v4/core'
import type { Endpoint } from '../../src/shared/endpoint'
import { classesIn } from '../../src/shared/field'

const files = import.meta.glob<Record<string, unknown>>('../../src/shared/*.ts', { eager: true })

/** Every endpoint there is, by method and path. */
export const endpoints: readonly Endpoint[] = Object.values(files)
  .flatMap((file) => Object.values(file))
  .filter((one): one is Endpoint => typeof one === 'object' && one !== null && 'output' in one && 'path' in one)
  .sort((a, b) => `${a.path} ${a.method}`.localeCompare(`${b.path} ${b.method}`))

interface Def {
  type: string
  shape?: Record<string, $ZodType>
  element?: $ZodType
  innerType?: $ZodType
  options?: readonly $ZodType[]
}

/** The leaves of an answer with the class each stands in; `null`: of no customer; `undefined`: nobody has said. */
export function* leavesOf(
  schema: $ZodType,
  path = '',
  stands?: string | null,
): Generator<[string, string | null | undefined]> {
  const def = schema._zod.def as unknown as Def
  if (def.innerType) return yield* leavesOf(def.innerType, path, stands)
  if (def.element) return yield* leavesOf(def.element, `${path}[]`, stands)
  if (def.type === 'union') {
    for (const option of def.options ?? []) yield* leavesOf(option, path, stands)
    return
  }
  // Answered with a file: what is in it is tested where it is made.
  if (def.type === 'unknown' && !path) return
  if (def.type !== 'object') return yield [path, stands]
  const said = classesIn(schema)
  for (const [name, field] of Object.entries(def.shape ?? {})) {
    const own = said === undefined ? stands : said === 'house' ? null : said.get(name)
    yield* leavesOf(field, path ? `${path}.${name}` : name, own)
  }
}
