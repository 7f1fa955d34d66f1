import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { canonical } from '../../shared/canonical'

/** A signed head of the log: what is kept outside, and what everything inside must fit to. */
export interface Head {
  size: number
  root: string
  /** RFC 3339, UTC, milliseconds. */
  time: string
  key: string
  /** Ed25519 over the bytes of `headText`, base64. */
  signature: string
}

/** What is signed, and what a time-stamp authority stamps: one line of canonical JSON. */
export const headText = ({ key, root, size, time }: Omit<Head, 'signature'>): string =>
  canonical({ key, log: 'jiebang audit v1', root, size, time })

export interface Signer {
  id: string
  /** SPKI, base64. */
  publicKey: string
  sign(text: string): string
}

/** `key`: an Ed25519 private key, PKCS #8, as PEM or as the base64 of its DER. */
export function signer(key: string): Signer {
  const pem = key.includes('-----BEGIN')
  const secret = pem
    ? createPrivateKey(key.replaceAll('\\n', '\n'))
    : createPrivateKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs8' })
  if (secret.asymmetricKeyType !== 'ed25519') throw new Error('not an Ed25519 key')
  const publicKey = createPublicKey(secret).export({ format: 'der', type: 'spki' }).toString('base64')
  return {
    id: keyId(publicKey),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text), secret).toString('base64'),
  }
}

export const keyId = (publicKey: string): string =>
  createHash('sha256').update(publicKey, 'base64').digest('hex').slice(0, 32)

/** Whether a signature over a text is one by `publicKey`, and that the key of this name; read once, for many signatures. */
export function signatureCheck(key: string, publicKey: string): (text: string, signature: string) => Promise<boolean> {
  const known = keyId(publicKey) === key ? readKey(publicKey) : null
  return async (text, signature) => {
    try {
      return known !== null && (await verifyAside(null, Buffer.from(text), known, Buffer.from(signature, 'base64')))
    } catch {
      // What comes from outside, such as a file without a signature, is not signed; it is no error of ours.
      return false
    }
  }
}

/** In Node's thread pool, where another core may do it. */
const verifyAside = promisify(verify)

function readKey(publicKey: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ed25519' ? key : null
  } catch {
    return null
  }
}

/** False for a wrong signature, and for a key that is not the one the head names. */
export const isSigned = (text: string, signature: string, key: string, publicKey: string): Promise<boolean> =>
  signatureCheck(key, publicKey)(text, signature)
