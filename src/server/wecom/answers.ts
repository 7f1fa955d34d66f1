import * as z from 'zod/mini'

/** The pieces of WeCom's answers. Optional keys are simply absent there (facts 3.2), and every text is a stranger's. */

const MAX_TEXT = 2000

/** PostgreSQL stores neither NUL nor half a surrogate pair; what is stored must also compare equal at the next reading. */
export const storable = (given: string): string => {
  const short = given.slice(0, MAX_TEXT)
  return /[\0\ud800-\udfff]/.test(short) ? Buffer.from(short.replaceAll('\0', ''), 'utf8').toString('utf8') : short
}

export const text = z.pipe(
  z.nullish(z.string()),
  z.transform((given) => storable(given ?? '')),
)
export const number = z.pipe(
  z.nullish(z.int()),
  z.transform((given) => given ?? 0),
)
export const listOf = <T extends z.core.$ZodType>(item: T) =>
  z.pipe(
    z.nullish(z.array(item)),
    z.transform((given) => given ?? []),
  )

const key = z.string().check(z.minLength(1), z.maxLength(64), z.regex(/^[\x21-\x7e]+$/))
/** Case-insensitive at WeCom, so lower case here, everywhere (facts 0, gotcha 39). */
export const userid = z.pipe(
  key,
  z.transform((given) => given.toLowerCase()),
)
export const contactId = key
export const chatId = key

/** Unix seconds, as a date; null when absent, 0 or past all sense. */
export const instantOf = z.pipe(
  z.nullish(z.int()),
  z.transform((seconds) => (seconds && seconds > 0 && seconds < 4_102_444_800 ? new Date(seconds * 1000) : null)),
)
