import { Refusal } from './envelope'

/** Reading what callers send; each says no in WeCom's way. */

export function text(value: unknown, name: string, missing = 40058): string {
  if (value === undefined || value === null || value === '')
    throw new Refusal(missing, missing === 40058 ? `missing field '${name}'` : undefined)
  if (typeof value !== 'string') throw new Refusal(40058, `field '${name}' unexpected type, expect string`)
  return value
}

export const optionalText = (value: unknown, name: string): string =>
  value === undefined || value === null ? '' : value === '' ? '' : text(value, name)

export function texts(value: unknown, name: string, max: number, missing = 40058): string[] {
  if (value === undefined || value === null)
    throw new Refusal(missing, missing === 40058 ? `missing field '${name}'` : undefined)
  // A joined string instead of an array is the usual mistake; WeCom names the length, not the type (facts 3.3).
  if (!Array.isArray(value)) throw new Refusal(40058, `field '${name}' exceed max length 64`)
  if (value.some((v) => typeof v !== 'string'))
    throw new Refusal(40058, `field '${name}' unexpected type, expect string`)
  if (value.length > max) throw new Refusal(40058, `field '${name}' exceed max length ${max}`)
  return value as string[]
}

export function integer(value: unknown, name: string, range: { min: number; max: number; otherwise?: number }): number {
  const { min, max, otherwise } = range
  if (value === undefined || value === null) {
    if (otherwise === undefined) throw new Refusal(40058, `missing field '${name}'`)
    return otherwise
  }
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw new Refusal(40058, `field '${name}' unexpected type, expect int`)
  if (value < min || value > max) throw new Refusal(40058, `field '${name}' out of range ${min}..${max}`)
  return value
}

/** For GET, where everything is text. */
export function integerText(value: string | null, name: string): number | null {
  if (value === null || value === '') return null
  if (!/^\d+$/.test(value)) throw new Refusal(40058, `field '${name}' unexpected type, expect int`)
  return Number(value)
}

/** Characters as a person counts them, so that an emoji or a rare 汉字 is one. */
export function atMost(value: string, name: string, characters: number): string {
  if ([...value].length > characters) throw new Refusal(40058, `field '${name}' exceed max length ${characters}`)
  return value
}

export const bytes = (value: string): number => Buffer.byteLength(value)
