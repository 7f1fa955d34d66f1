export interface Cookie {
  value: string
  expires: number
}

/** The cookies one member's client holds, by name: one origin, one path is all the app has. */
export type Jar = Map<string, Cookie>

/** Takes the app's `Set-Cookie` lines. An age of zero or a date in the past deletes, as in a browser. */
export function keep(jar: Jar, lines: string[], now: number): void {
  for (const line of lines) {
    const [pair = '', ...attributes] = line.split(';')
    const at = pair.indexOf('=')
    if (at < 1) continue
    const expires = expiry(attributes, now)
    const name = pair.slice(0, at).trim()
    if (expires <= now) jar.delete(name)
    else jar.set(name, { value: pair.slice(at + 1).trim(), expires })
  }
}

function expiry(attributes: string[], now: number): number {
  let expires = Infinity
  for (const attribute of attributes) {
    const [name = '', value = ''] = attribute.split(/=(.*)/s).map((s) => s.trim())
    if (/^max-age$/i.test(name)) return now + Number(value) * 1000
    if (/^expires$/i.test(name)) expires = Date.parse(value)
  }
  return expires
}

/** The `Cookie` header to send, or nothing. */
export const cookieHeader = (jar: Jar, now: number): string | undefined =>
  [...jar]
    .filter(([, { expires }]) => expires > now)
    .map(([name, { value }]) => `${name}=${value}`)
    .join('; ') || undefined
