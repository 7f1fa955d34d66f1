export const languages = ['zh-CN', 'en'] as const
export type Language = (typeof languages)[number]

/** Puts values into `{name}` places. A place without a value throws: a half-filled sentence must never leave the house. */
export function fill(sentence: string, params: Readonly<Record<string, string | number>> = {}): string {
  return sentence.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = params[name]
    if (value === undefined || value === '') throw new Error(`no value for {${name}}`)
    return String(value)
  })
}

/** `Accept-Language` → the language we have; Chinese unless English is asked for first. */
export const chooseLanguage = (header: string | undefined): Language =>
  /^\s*en\b/i.test(header ?? '') ? 'en' : 'zh-CN'
