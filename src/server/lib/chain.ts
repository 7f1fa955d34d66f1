import { hash as digest } from 'node:crypto'
import { canonical, type Json } from '../../shared/canonical'

/** What one audit entry says; `at` is RFC 3339 in UTC with milliseconds. Ids only: no names, no phone numbers, no text. */
export interface AuditEntry {
  at: string
  actor: string
  action: string
  subject: string
  detail: Json
}

/** An entry as the log keeps it: what was hashed (0x00 and the text, with its place in the chain in it), and the hash. */
export interface LogLine {
  seq: number
  leaf: Buffer
  hash: string
}

export const FIRST_HASH = '0'.repeat(64)

/** What comes before an entry's text where it is hashed; before two hashes stands 0x01 (merkle.ts). */
export const LEAF = 0

export const leafOf = (line: string): Buffer => Buffer.from(`${String.fromCharCode(LEAF)}${line}`)

/** SHA-256(0x00 ‖ canonical JSON with `prev_hash`): a leaf in the sense of compliance 4.5. */
export const leafHash = (leaf: Buffer): string => digest('sha256', leaf)

/**
 * The entry as it is hashed: canonical JSON, its keys in their order. In two parts, because its place in the chain is known
 * only to whoever holds the chain's head (`append_audit`), which puts the hash before and its own number between them.
 */
export const entryParts = ({ at, actor, action, subject, detail }: AuditEntry) => ({
  head:
    `{"action":${JSON.stringify(action)},"actor":${JSON.stringify(actor)},"at":"${at}",` +
    `"detail":${canonical(detail)},"prev_hash":"`,
  tail: `,"subject":${JSON.stringify(subject)}}`,
})

const PREV = Buffer.from('"prev_hash":"')
const SEQ = Buffer.from('","seq":')
const SUBJECT = Buffer.from(',"subject":"')

/** What an entry whose time is over has left (0041): nothing that it said. Its hash stays (audit/README.md). */
const aged = /^.\{"at":"[\d\-T:.Z]{24}"\}$/s
export const isAged = (leaf: Buffer): boolean => leaf.length === 34 && aged.test(leaf.toString('latin1'))

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
    check(entry: LogLine): ChainBreak | null {
      if (entry.seq !== seq + 1) return { seq: seq + 1, why: entry.seq > seq + 1 ? 'missing' : 'order' }
      if (!isAged(entry.leaf)) {
        if (!follows(entry, hash)) return { seq: entry.seq, why: 'prev_hash' }
        if (leafHash(entry.leaf) !== entry.hash) return { seq: entry.seq, why: 'hash' }
      }
      seq = entry.seq
      hash = entry.hash
      return null
    },
    end: () => ({ seq, hash }),
  }
}

/**
 * Only the subject comes after the number, and in a JSON string quotes are escaped: the last one of these is the entry's own.
 * Compared byte by byte, which is faster than making a text of the entry first.
 */
function follows({ seq, leaf }: LogLine, before: string): boolean {
  let number = leaf.length - SEQ.length
  while (number > 0 && !stands(SEQ, leaf, number)) number--
  const hash = number - before.length
  let at = number + SEQ.length
  let said = 0
  for (; isDigit(leaf[at]); at++) said = said * 10 + leaf[at]! - ZERO
  return (
    leaf.toString('latin1', hash, number) === before &&
    stands(PREV, leaf, hash - PREV.length) &&
    said === seq &&
    stands(SUBJECT, leaf, at)
  )
}

const ZERO = 48
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= ZERO + 9

function stands(bytes: Buffer, among: Buffer, at: number): boolean {
  for (let i = 0; i < bytes.length; i++) if (among[at + i] !== bytes[i]) return false
  return true
}
