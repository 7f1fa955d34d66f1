import { generateKeyPairSync } from 'node:crypto'
import type { Audit } from '../db/act'
import type { Tx } from '../db/open'
import type { Config } from '../lib/config'
import { signer, type Signer } from '../lib/head'
import { sealer } from '../lib/seal'
import * as rows from './rows'

/**
 * Whose signature the next head gets: AUDIT_KEY, or else a key we made ourselves, sealed with SECRET. A key that is new to
 * the log is written down with its forerunner (that is the rotation); public keys are kept for ever, or old heads could no
 * longer be checked.
 */
export async function currentSigner(
  tx: Tx,
  audit: Audit,
  config: Pick<Config, 'AUDIT_KEY' | 'SECRET'>,
  now: Date,
): Promise<Signer> {
  const newest = await rows.newestKey(tx)
  if (!config.AUDIT_KEY) {
    const own = newest?.sealed ? sealer(config.SECRET).unseal(newest.sealed, place(newest.id)) : null
    if (own !== null) return signer(own)
  }
  const key = config.AUDIT_KEY ?? makeKey()
  const made = signer(key)
  if (newest?.id === made.id) return made
  // One after the other: of two that make a key at once the second finds the first's.
  await rows.holdHead(tx)
  const again = await rows.newestKey(tx)
  if (again?.id !== newest?.id) return currentSigner(tx, audit, config, now)
  const sealed = config.AUDIT_KEY ? null : sealer(config.SECRET).seal(key, place(made.id))
  if (await rows.addKey(tx, { id: made.id, publicKey: made.publicKey, sealed, since: now }))
    audit('audit.key', made.id, { before: newest?.id ?? null, from: sealed ? 'made' : 'setting' })
  return made
}

const place = (id: string) => `audit key ${id}`

const makeKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
