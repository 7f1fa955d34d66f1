import { createHash, verify, X509Certificate } from 'node:crypto'
import {
  as,
  children,
  CONTEXT_0,
  der,
  INTEGER,
  OCTETS,
  oid,
  oidOf,
  readDer,
  SEQUENCE,
  SET,
  timeOf,
  unsigned,
  type Der,
} from './der'

// RFC 3161 with SHA-256: the question to a time-stamp authority, and whether its answer is one.

const ids = {
  sha256: '2.16.840.1.101.3.4.2.1',
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timeStamping: '1.3.6.1.5.5.7.3.8',
}
const digests: Record<string, string> = {
  '1.3.14.3.2.26': 'sha1', // only where a token names its certificate by it
  [ids.sha256]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
/** What the signature algorithm says of its digest; plain RSA leaves it to the signer's. */
const signatures: Record<string, string | null> = {
  '1.2.840.113549.1.1.1': null,
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
}

export const sha256 = (bytes: Buffer | string): Buffer => createHash('sha256').update(bytes).digest()

/** Asks for a stamp on this SHA-256, with the authority's certificate in the answer. */
export const stampRequest = (hash: Buffer, nonce: Buffer): Buffer =>
  der(SEQUENCE, der(INTEGER, Buffer.of(1)), imprintOf(hash), unsigned(nonce), der(0x01, Buffer.of(0xff)))

const imprintOf = (hash: Buffer) => der(SEQUENCE, der(SEQUENCE, oid(ids.sha256), der(0x05)), der(OCTETS, hash))

/** Why an answer is no stamp: a word for the page, never the authority's own text. */
export class NoStamp extends Error {
  constructor(
    readonly why: 'refused' | 'unreadable' | 'other_hash' | 'other_nonce' | 'wrong_signature' | 'unknown_authority',
  ) {
    super(why)
  }
}

export interface Stamp {
  at: Date
  serial: string
}

/** Reads an authority's answer and believes nothing in it: hash, nonce (if one was asked with), signature, certificates. */
export function readStamp(response: Buffer, wanted: { hash: Buffer; nonce?: Buffer }, roots: X509Certificate[]): Stamp {
  const { eContent, signed, certificates } = unreadable(() => open(response))
  const info = unreadable(() => infoOf(eContent))
  if (!info.imprint.equals(imprintOf(wanted.hash))) throw new NoStamp('other_hash')
  if (wanted.nonce && !info.nonce?.equals(unsigned(wanted.nonce))) throw new NoStamp('other_nonce')
  const signer = unreadable(() => signerOf(signed, eContent, certificates))
  if (!signer) throw new NoStamp('wrong_signature')
  if (!isTrusted(signer, certificates, roots, info.at)) throw new NoStamp('unknown_authority')
  return { at: info.at, serial: info.serial }
}

function unreadable<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof NoStamp ? error : new NoStamp('unreadable')
  }
}

function open(response: Buffer) {
  const [status, token] = children(as(readDer(response), SEQUENCE))
  const said = as(children(as(status, SEQUENCE))[0], INTEGER).body
  if (said.length !== 1 || said[0]! > 1) throw new NoStamp('refused')
  const [type, content] = children(as(token, SEQUENCE))
  if (oidOf(type) !== ids.signedData) throw new Error()
  const [, , encapsulated, ...rest] = children(as(children(as(content, CONTEXT_0))[0], SEQUENCE))
  const [contentType, octets] = children(as(encapsulated, SEQUENCE))
  if (oidOf(contentType) !== ids.tstInfo) throw new Error()
  const certificates = rest.filter((r) => r.tag === CONTEXT_0).flatMap(children)
  const signers = children(as(rest.at(-1), SET))
  if (signers.length !== 1) throw new Error()
  return {
    eContent: as(children(as(octets, CONTEXT_0))[0], OCTETS).body,
    signed: as(signers[0], SEQUENCE),
    certificates: certificates.map((c) => new X509Certificate(c.whole)),
  }
}

function infoOf(eContent: Buffer) {
  const [version, , imprint, serial, time, ...rest] = children(as(readDer(eContent), SEQUENCE))
  if (as(version, INTEGER).body[0] !== 1) throw new Error()
  return {
    imprint: as(imprint, SEQUENCE).whole,
    serial: as(serial, INTEGER).body.toString('hex'),
    at: timeOf(time),
    nonce: rest.find((r) => r.tag === INTEGER)?.whole,
  }
}

/** The certificate that the signed attributes name and whose key signed them; null: nobody's signature fits. */
function signerOf(signed: Der, eContent: Buffer, certificates: readonly X509Certificate[]): X509Certificate | null {
  const [, , digestAlgorithm, attributes, signatureAlgorithm, signature] = children(signed)
  const digest = digestOf(digestAlgorithm)
  const values = new Map(
    children(as(attributes, CONTEXT_0)).map((a) => {
      const [type, set] = children(as(a, SEQUENCE))
      return [oidOf(type), children(as(set, SET))[0]] as const
    }),
  )
  if (oidOf(values.get(ids.contentType)) !== ids.tstInfo) return null
  const own = as(values.get(ids.messageDigest), OCTETS).body
  if (!own.equals(createHash(digest).update(eContent).digest())) return null
  const named = certificates.find((c) => isNamed(c, values))
  if (!named) return null
  const algorithm = oidOf(children(as(signatureAlgorithm, SEQUENCE))[0])
  if (!(algorithm in signatures)) return null
  // Signed as a SET, sent with another tag (RFC 5652, 5.4).
  const text = Buffer.concat([Buffer.of(SET), as(attributes, CONTEXT_0).whole.subarray(1)])
  const fits = verify(signatures[algorithm] ?? digest, text, named.publicKey, as(signature, OCTETS).body)
  return fits ? named : null
}

function digestOf(algorithm: Der | undefined): string {
  const digest = digests[oidOf(children(as(algorithm, SEQUENCE))[0])]
  if (!digest) throw new Error()
  return digest
}

function isNamed(certificate: X509Certificate, values: ReadonlyMap<string, Der | undefined>): boolean {
  const v2 = values.get(ids.signingCertificateV2)
  const list = v2 ?? values.get(ids.signingCertificate)
  const first = children(as(children(as(children(as(list, SEQUENCE))[0], SEQUENCE))[0], SEQUENCE))
  const hasAlgorithm = first[0]?.tag === SEQUENCE
  const digest = !v2 ? 'sha1' : hasAlgorithm ? digestOf(first[0]) : 'sha256'
  const hash = as(first[hasAlgorithm ? 1 : 0], OCTETS).body
  return createHash(digest).update(certificate.raw).digest().equals(hash)
}

/** A certificate for time stamps, valid then, and a line of valid issuers up to one of the roots that were configured. */
function isTrusted(
  signer: X509Certificate,
  others: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  at: Date,
): boolean {
  if (!signer.keyUsage?.includes(ids.timeStamping)) return false
  let current = signer
  for (let step = 0; step < 6; step++) {
    if (!isValid(current, at)) return false
    const issued = (by: X509Certificate) => by.ca && current.checkIssued(by) && current.verify(by.publicKey)
    if (roots.some((root) => root.fingerprint256 === current.fingerprint256)) return true
    if (roots.some((root) => issued(root) && isValid(root, at))) return true
    const above = others.find((c) => c.fingerprint256 !== current.fingerprint256 && issued(c))
    if (!above) return false
    current = above
  }
  return false
}

const isValid = (c: X509Certificate, at: Date): boolean => new Date(c.validFrom) <= at && at <= new Date(c.validTo)

/** The certificates of a PEM text, in which line breaks may be written as \n. */
export const certificatesOf = (pem: string): X509Certificate[] =>
  (pem.replaceAll('\\n', '\n').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (one) => new X509Certificate(one),
  )
