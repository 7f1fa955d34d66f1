import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'

// A time-stamp authority for tests, written from RFC 3161, 5652 and 5280: a root, a certificate for time stamps, tokens. It
// can be told to misbehave. No company should trust it.

export type TsaFault =
  | 'down'
  | 'slow'
  | 'html'
  | 'refuses'
  | 'other hash'
  | 'other nonce'
  | 'no nonce'
  | 'wrong signature'
  | 'wrong digest'
  | 'another authority'
  | 'no time stamping'
  | 'expired'
  | 'half'

export interface Tsa {
  /** PEM of the root that whoever verifies must know. */
  ca: string
  /** How often it was asked. */
  asked: number
  fault: TsaFault | null
  fetch(request: Request): Promise<Response>
}

const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const n = body.length
  const length = n < 0x80 ? [n] : n < 0x100 ? [0x81, n] : [0x82, n >> 8, n & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const seq = (...parts: Buffer[]) => der(0x30, ...parts)
const set = (...parts: Buffer[]) => der(0x31, ...parts)
const int = (bytes: Buffer | number): Buffer => {
  const b = typeof bytes === 'number' ? Buffer.of(bytes) : bytes
  return der(0x02, b[0]! & 0x80 ? Buffer.concat([Buffer.of(0), b]) : b)
}
const oid = (text: string): Buffer => {
  const [a, b, ...rest] = text.split('.').map(Number) as [number, number, ...number[]]
  const base128 = (v: number): number[] => {
    const bytes = [v & 0x7f]
    for (let r = Math.floor(v / 128); r; r = Math.floor(r / 128)) bytes.unshift((r & 0x7f) | 0x80)
    return bytes
  }
  return der(0x06, Buffer.from([a * 40 + b, ...rest.flatMap(base128)]))
}
const octets = (body: Buffer) => der(0x04, body)
const time = (at: number) => new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '')
const sha = (body: Buffer) => createHash('sha256').update(body).digest()
const SHA256 = seq(oid('2.16.840.1.101.3.4.2.1'))
const ECDSA = seq(oid('1.2.840.10045.4.3.2'))
const name = (cn: string) => seq(set(seq(oid('2.5.4.3'), der(0x0c, Buffer.from(cn)))))
const signed = (key: KeyObject, body: Buffer) => createSign('sha256').update(body).sign(key)

interface Party {
  key: KeyObject
  certificate: Buffer
  serial: Buffer
  name: Buffer
}

const YEAR = 365 * 86_400_000

function certify(cn: string, from: number, to: number, issuer: Party | null, purpose: string | null): Party {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const serial = Buffer.concat([Buffer.of(1), randomBytes(8)])
  const extension = (id: string, critical: boolean, value: Buffer) =>
    seq(oid(id), ...(critical ? [der(0x01, Buffer.of(0xff))] : []), octets(value))
  const extensions = purpose
    ? [extension('2.5.29.37', true, seq(oid(purpose)))]
    : [extension('2.5.29.19', true, seq(der(0x01, Buffer.of(0xff))))]
  const body = seq(
    der(0xa0, int(2)),
    int(serial),
    ECDSA,
    issuer?.name ?? name(cn),
    seq(der(0x18, Buffer.from(time(from))), der(0x18, Buffer.from(time(to)))),
    name(cn),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, seq(...extensions)),
  )
  const certificate = seq(body, ECDSA, der(0x03, Buffer.of(0), signed(issuer?.key ?? privateKey, body)))
  return { key: privateKey, certificate, serial, name: name(cn) }
}

const pem = (body: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${(body.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`

const STAMPING = '1.3.6.1.5.5.7.3.8'

/** `now`: the authority's clock, in milliseconds. */
export function createTsa(now: () => number): Tsa {
  const [from, to] = [now() - YEAR, now() + 10 * YEAR]
  const root = certify('Test time-stamp root', from, to, null, null)
  const good = certify('Test time-stamp authority', from, to, root, STAMPING)
  const stranger = certify('Test time-stamp root', from, to, null, null)
  const parties: Partial<Record<TsaFault, Party>> = {
    'another authority': certify('Test time-stamp authority', from, to, stranger, STAMPING),
    'no time stamping': certify('Test web server', from, to, root, '1.3.6.1.5.5.7.3.1'),
    expired: certify('Test time-stamp authority', from, now() - 1000, root, STAMPING),
  }

  function answer(request: Buffer): Buffer {
    // TimeStampReq as any client of SHA-256 writes it: the imprint's 32 bytes and the nonce are found by their shape.
    const at = request.indexOf(Buffer.from([0x04, 0x20]))
    const hash = tsa.fault === 'other hash' ? randomBytes(32) : request.subarray(at + 2, at + 34)
    const rest = request.subarray(at + 34)
    const nonce = rest[0] === 0x02 ? rest.subarray(0, 2 + rest[1]!) : null
    if (at < 0 || tsa.fault === 'refuses') return seq(seq(int(2)))
    const given =
      tsa.fault === 'other nonce' ? [int(randomBytes(8))] : tsa.fault === 'no nonce' || !nonce ? [] : [nonce]
    const imprint = seq(seq(oid('2.16.840.1.101.3.4.2.1'), der(0x05)), octets(hash))
    const serial = Buffer.concat([Buffer.of(1), randomBytes(8)])
    const info = seq(
      int(1),
      oid('1.2.3.4.1'),
      imprint,
      int(serial),
      der(0x18, Buffer.from(`${time(now()).slice(0, 14)}Z`)),
      ...given,
    )
    const party = (tsa.fault && parties[tsa.fault]) || good
    const digest = tsa.fault === 'wrong digest' ? randomBytes(32) : sha(info)
    const attributes = [
      seq(oid('1.2.840.113549.1.9.3'), set(oid('1.2.840.113549.1.9.16.1.4'))),
      seq(oid('1.2.840.113549.1.9.4'), set(octets(digest))),
      seq(oid('1.2.840.113549.1.9.16.2.47'), set(seq(seq(seq(octets(sha(party.certificate))))))),
    ].sort(Buffer.compare)
    const signature = signed(tsa.fault === 'wrong signature' ? stranger.key : party.key, set(...attributes))
    const signer = seq(
      int(1),
      seq(root.name, int(party.serial)),
      SHA256,
      der(0xa0, ...attributes),
      ECDSA,
      octets(signature),
    )
    const content = seq(
      int(3),
      set(SHA256),
      seq(oid('1.2.840.113549.1.9.16.1.4'), der(0xa0, octets(info))),
      der(0xa0, party.certificate),
      set(signer),
    )
    const response = seq(seq(int(0)), seq(oid('1.2.840.113549.1.7.2'), der(0xa0, content)))
    return tsa.fault === 'half' ? response.subarray(0, response.length / 2) : response
  }

  const tsa: Tsa = {
    ca: pem(root.certificate),
    asked: 0,
    fault: null,
    async fetch(request) {
      tsa.asked++
      if (tsa.fault === 'down') throw new TypeError('fetch failed')
      if (tsa.fault === 'slow')
        await new Promise((_, fail) => request.signal.addEventListener('abort', () => fail(new Error('aborted'))))
      if (tsa.fault === 'html') return new Response('<html>busy</html>', { headers: { 'content-type': 'text/html' } })
      const body = answer(Buffer.from(await request.arrayBuffer()))
      return new Response(new Uint8Array(body), { headers: { 'content-type': 'application/timestamp-reply' } })
    },
  }
  return tsa
}
