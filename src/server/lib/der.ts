/** As much of ASN.1 DER as a time stamp needs. Throws on what is not well formed; nothing here is lenient. */
export interface Der {
  tag: number
  /** Without tag and length. */
  body: Buffer
  /** With them. */
  whole: Buffer
}

export const SEQUENCE = 0x30
export const SET = 0x31
export const INTEGER = 0x02
export const OCTETS = 0x04
export const OID = 0x06
export const CONTEXT_0 = 0xa0

const bad = (): never => {
  throw new Error('not DER')
}

/** The one element that these bytes are; anything after it is an error. */
export function readDer(bytes: Buffer): Der {
  const element = next(bytes, 0)
  return element.whole.length === bytes.length ? element : bad()
}

export function children({ body }: Der): Der[] {
  const found: Der[] = []
  for (let at = 0; at < body.length;) {
    const element = next(body, at)
    found.push(element)
    at += element.whole.length
  }
  return found
}

function next(bytes: Buffer, at: number): Der {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return bad()
  const many = first < 0x80 ? 0 : first - 0x80
  // 0x80 alone is BER's "until further notice".
  if (first === 0x80 || many > 4 || at + 2 + many > bytes.length) return bad()
  const length = many ? bytes.readUIntBE(at + 2, many) : first
  const start = at + 2 + many
  if (start + length > bytes.length) return bad()
  return { tag, body: bytes.subarray(start, start + length), whole: bytes.subarray(at, start + length) }
}

/** The element, if it is of this kind. */
export const as = (element: Der | undefined, tag: number): Der => (element?.tag === tag ? element : bad())

export const oidOf = (element: Der | undefined): string => {
  const { body } = as(element, OID)
  const parts: number[] = []
  let value = 0
  for (const byte of body) {
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) {
      parts.push(value)
      value = 0
    }
  }
  const [first = 0, ...rest] = parts
  const root = Math.min(Math.floor(first / 40), 2)
  return [root, first - root * 40, ...rest].join('.')
}

/** `20261124020000Z`, perhaps with a fraction. */
export function timeOf(element: Der | undefined): Date {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?Z$/.exec(
    as(element, 0x18).body.toString('latin1'),
  )
  if (!match) return bad()
  const [, y, mo, d, h, mi, s, fraction = ''] = match
  return new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}.${fraction.slice(0, 3).padEnd(3, '0')}Z`)
}

export function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const short = length.subarray(length.findIndex((byte) => byte > 0))
  return Buffer.concat([Buffer.of(tag, 0x80 + short.length), short, body])
}

/** A number that is not negative, of any length. */
export function unsigned(bytes: Buffer): Buffer {
  const from = bytes.findIndex((byte) => byte > 0)
  const short = from === -1 ? Buffer.of(0) : bytes.subarray(from)
  return der(INTEGER, short[0]! >= 0x80 ? Buffer.of(0) : Buffer.alloc(0), short)
}

export function oid(text: string): Buffer {
  const [a = 0, b = 0, ...rest] = text.split('.').map(Number)
  const groups = [a * 40 + b, ...rest].map((value) => {
    const bytes = [value % 128]
    for (let v = Math.floor(value / 128); v > 0; v = Math.floor(v / 128)) bytes.unshift((v % 128) + 0x80)
    return Buffer.from(bytes)
  })
  return der(OID, ...groups)
}
