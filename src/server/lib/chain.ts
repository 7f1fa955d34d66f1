import { hash as digest } from 'node:crypto'
import { canonical, type Json } from '../../shared/canonical'

/** What one audit entry says; `at` is RFC 3339 in UTC with milliseconds. Ids only: no names, no phone numbers, no text. */
export interface AuditEntry {
  seq: number
  at: string
  actor: string
  action: string
  subject: string
  detail: Json
}

export const FIRST_HASH = '0'.repeat(64)

/** SHA-256(0x00 ‖ canonical JSON with `prev_hash`): a leaf in the sense of compliance 4.5. */
export const leafHash = (event: { [key: string]: Json }): string => textHash(canonical(event))

const textHash = (text: string): string => digest('sha256', `\u0000${text}`)

/**
 * The entry as it is hashed: canonical JSON, its keys in their order, written out because whole logs are verified with it.
 * In two parts, because its place in the chain is known only to whoever holds the chain's head (0019_audit_append.sql).
 */
export const entryParts = ({ at, actor, action, subject, detail }: Omit<AuditEntry, 'seq'>) => ({
  head:
    `{"action":${JSON.stringify(action)},"actor":${JSON.stringify(actor)},"at":"${at}",` +
    `"detail":${canonical(detail)},"prev_hash":"`,
  tail: `,"subject":${JSON.stringify(subject)}}`,
})

export function entryText(entry: AuditEntry, prevHash: string): string {
  const { head, tail } = entryParts(entry)
  return `${head}${prevHash}","seq":${entry.seq}${tail}`
}

export const entryHash = (entry: AuditEntry, prevHash: string): string => textHash(entryText(entry, prevHash))

/** An entry whose time is over has lost what it said; its hash stays (0020, audit/README.md). */
export const AGED = 'aged'

export interface ChainBreak {
  seq: number
  why: 'missing' | 'order' | 'prev_hash' | 'hash'
}

/**
 * Walks entries in order of `seq`, from the beginning or after an entry; answers the first place that does not fit, or null.
 * What an aged entry said cannot be hashed again: that its hash is the one of then, a signed head must say.
 */
export function chainChecker(after = { seq: 0, hash: FIRST_HASH }) {
  let { seq, hash } = after
  return {
    check(entry: AuditEntry, prevHash: string, ownHash: string): ChainBreak | null {
      if (entry.seq !== seq + 1) return { seq: seq + 1, why: entry.seq > seq + 1 ? 'missing' : 'order' }
      if (prevHash !== hash) return { seq: entry.seq, why: 'prev_hash' }
      if (entry.action !== AGED && entryHash(entry, prevHash) !== ownHash) return { seq: entry.seq, why: 'hash' }
      seq = entry.seq
      hash = ownHash
      return null
    },
    end: () => ({ seq, hash }),
  }
}
