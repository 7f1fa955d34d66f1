import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

export interface Sealer {
  seal(text: string, place: string): string
  /** Null for what was sealed with another secret, for another place, or not by us. */
  unseal(sealed: string, place: string): string | null
}

const IV = 12
const TAG = 16

/**
 * AES-256-GCM under a key drawn from the server's secret, one for each use. `place` is bound in, so that rows cannot be
 * exchanged.
 */
export function sealer(secret: string, use = 'jiebang credential'): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secret, '', use, 32))
  return {
    seal(text, place) {
      const iv = randomBytes(IV)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(place))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
    },
    unseal(sealed, place) {
      const bytes = Buffer.from(sealed, 'base64')
      if (bytes.length < IV + TAG) return null
      try {
        const open = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV), { authTagLength: TAG })
        open.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(IV, IV + TAG))
        return Buffer.concat([open.update(bytes.subarray(IV + TAG)), open.final()]).toString('utf8')
      } catch {
        return null
      }
    },
  }
}
