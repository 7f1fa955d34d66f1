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
  const known = await knownSigner(tx, config)
  if (known) return known
  // One after the other: of two that make a key at once the second finds the first's.
  await rows.holdHead(tx)
  const meanwhile = await knownSigner(tx, config)
  if (meanwhile) return meanwhile
  const before = (await rows.newestKey(tx))?.id ?? null
  const key = config.AUDIT_KEY ?? makeKey()
  const made = signer(key)
  const sealed = config.AUDIT_KEY ? null : sealer(config.SECRET).seal(key, place(made.id))
  await rows.addKey(tx, { id: made.id, publicKey: made.publicKey, sealed, since: now })
  audit('audit.key', made.id, { before, from: sealed ? 'made' : 'setting' })
  return made
}

/** The key in force, if the log knows it already; without the setting the newest of our own that SECRET opens. */
async function knownSigner(tx: Tx, config: Pick<Config, 'AUDIT_KEY' | 'SECRET'>): Promise<Signer | null> {
  if (config.AUDIT_KEY) {
    const given = signer(config.AUDIT_KEY)
    return (await rows.keys(tx)).some((k) => k.id === given.id) ? given : null
  }
  for (const { id, sealed } of await rows.sealedKeys(tx)) {
    const opened = sealer(config.SECRET).unseal(sealed ?? '', place(id))
    if (opened !== null) return signer(opened)
  }
  return null
}

const place = (id: string) => `audit key ${id}`

const makeKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
