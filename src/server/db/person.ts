import { createHmac, randomBytes } from 'node:crypto'
import { sealer } from '../lib/seal'
import type { Audit } from './act'
import type { Tx } from './open'

/** What a hash of somebody who was forgotten is: nothing that could bind a value. */
export const FORGOTTEN = 'forgotten'

/**
 * Binds a value of a person to an audit entry without saying it: HMAC-SHA-256 under a key that only this person has
 * (compliance 4.5; a plain hash of a phone number can be guessed). `personId` is our id of a member or customer, `secret`
 * the server's (`config.SECRET`). The key is made at first use, sealed in the row and not kept past this call.
 */
export async function keyedHash(tx: Tx, secret: string, personId: string, value: string): Promise<string> {
  const key = (await readKey(tx, personId)) ?? (await makeKey(tx, secret, personId))
  if (key.sealed === null) return FORGOTTEN
  const opened = sealer(secret).unseal(key.sealed, place(personId))
  // Sealed under another SECRET: the key cannot be had, and a second one would make two hashes of one value.
  if (opened === null) throw new Error('a person key was sealed under another SECRET')
  return createHmac('sha256', Buffer.from(opened, 'base64')).update(value.normalize('NFC'), 'utf8').digest('hex')
}

/**
 * Destroys the person's key, in the transaction that deletes their rows: the chain stays whole, and its hashes of this
 * person can be told from chance no more. For ever: whoever comes back has a new id.
 */
export async function forget(tx: Tx, audit: Audit, personId: string): Promise<void> {
  await tx
    .insertInto('personKey')
    .values({ personId, sealed: null })
    .onConflict((c) => c.column('personId').doUpdateSet({ sealed: null }))
    .execute()
  audit('person.forgotten', personId)
}

const place = (personId: string) => `person ${personId}`

const readKey = (tx: Tx, personId: string) =>
  tx.selectFrom('personKey').select('sealed').where('personId', '=', personId).executeTakeFirst()

/** Of two at once one makes it: the other waits for its row and reads it. */
async function makeKey(tx: Tx, secret: string, personId: string): Promise<{ sealed: string | null }> {
  const sealed = sealer(secret).seal(randomBytes(32).toString('base64'), place(personId))
  await tx
    .insertInto('personKey')
    .values({ personId, sealed })
    .onConflict((c) => c.doNothing())
    .execute()
  return tx.selectFrom('personKey').select('sealed').where('personId', '=', personId).executeTakeFirstOrThrow()
}
