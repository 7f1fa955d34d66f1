import { describe, expect, it } from 'vitest'
import type { $ZodType } from 'zod/v4/core'
import { fieldClasses, shownTo, stages, standpoints, type FieldClass } from '../../src/shared/access'
import { classesIn, lookOf } from '../../src/shared/field'
import { Failure } from '../../src/shared/failure'
import { masked } from '../../src/shared/lang/zh-CN/masked'
import { cut, seenBy } from '../../src/server/lib/cut'
import { endpoints, leavesOf } from '../support/fields'

/** T-13, generated from the table and the schemas: every answer × role × stage, filled with a word of its class in every place. */
interface Def {
  type: string
  shape?: Record<string, $ZodType>
  element?: $ZodType
  innerType?: $ZodType
  options?: readonly $ZodType[]
  entries?: Record<string, string>
  values?: readonly unknown[]
  discriminator?: string
}
const defOf = (schema: $ZodType): Def => schema._zod.def
const PHONE = '13812345678'

function filled(schema: $ZodType, word: string): unknown {
  const def = defOf(schema)
  if (lookOf(schema) === 'number') return PHONE
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
      return filled(def.innerType!, word)
    case 'array':
      return [filled(def.element!, word)]
    case 'union':
      return filled(def.options![0]!, word)
    case 'object': {
      const said = classesIn(schema)
      const mark = (name: string) =>
        said === undefined ? word : said === 'house' ? 'HOUSE' : `CLASS-${said.get(name)}`
      return Object.fromEntries(Object.entries(def.shape!).map(([name, field]) => [name, filled(field, mark(name))]))
    }
    case 'enum':
      return Object.values(def.entries!)[0]
    case 'literal':
      return def.values![0]
    case 'number':
      return 1
    case 'boolean':
      return true
    case 'record':
      return { word }
    default:
      return word
  }
}

const options = (output: $ZodType): readonly $ZodType[] => defOf(output).options ?? [output]
const personal = endpoints
  .flatMap((e) =>
    options(e.output).map((output, n) => ({ name: `${e.method} ${e.path}${n ? ` (${n})` : ''}`, output })),
  )
  .filter(({ output }) => [...leavesOf(output)].some(([, stands]) => stands))

/** What of a class is in an answer: the words filled in, or for phone numbers the whole and the masked one. */
const holds = (text: string, c: FieldClass) => text.includes(`CLASS-${c}`)

describe('an answer holds exactly what the table opens (T-13)', () => {
  it.each(personal)('$name', ({ output }) => {
    const there = new Set([...leavesOf(output)].map(([, stands]) => stands))
    for (const who of standpoints)
      for (const stage of stages)
        for (const whole of [false, true]) {
          const answer = seenBy({ who, stage, whole }, filled(output, 'UNSAID') as object)
          let text: string
          try {
            text = JSON.stringify(cut(output, answer, masked))
          } catch (refused) {
            // An answer that cannot do without a closed field is not given at all.
            expect(refused).toBeInstanceOf(Failure)
            expect((refused as Failure).code).toBe('not_found')
            continue
          }
          expect(text).not.toContain('UNSAID')
          for (const c of fieldClasses) {
            const how = shownTo(who, stage, c)
            const words = how === 'plain' || (how === 'masked' && whole)
            if (holds(text, c)) expect([who, stage, c, how, whole, words]).toEqual([who, stage, c, how, whole, true])
            else if (c !== 'F3' && there.has(c) && words && c !== 'F0') expect([who, stage, c, 'missing']).toEqual([])
          }
          expect(text.includes(PHONE)).toBe(text.includes('mobiles') && shownTo(who, stage, 'F3') === 'masked' && whole)
          if (shownTo(who, stage, 'F3') !== 'masked') expect(text).not.toContain('138****')
        }
  })

  it('has something to show of every class that has a field', () => {
    const there = new Set(personal.flatMap(({ output }) => [...leavesOf(output)].map(([, stands]) => stands)))
    expect([...there].filter(Boolean).sort()).toEqual(['F0', 'F1', 'F2', 'F3', 'F4', 'F6'])
  })

  it('goes nowhere when nobody said with whose eyes it is seen', () => {
    for (const { output } of personal) expect(() => cut(output, filled(output, 'x'), masked)).toThrow('seenBy')
  })

  it('drops what the schema does not name', () => {
    const [first] = personal
    const answer = seenBy(
      { who: 'successor', stage: 'V2' },
      { ...(filled(first!.output, 'x') as object), secret: 'EXTRA' },
    )
    expect(JSON.stringify(cut(first!.output, answer, masked))).not.toContain('EXTRA')
  })
})
