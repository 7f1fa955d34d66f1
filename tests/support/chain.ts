import { entryParts, leafHash, leafOf, type AuditEntry, type LogLine } from '../../src/server/lib/chain'

/** An entry at its place in a chain, as the database puts it there. */
export function chained(entry: AuditEntry, { seq, hash }: { seq: number; hash: string }): LogLine {
  const { head, tail } = entryParts(entry)
  return logLine(seq + 1, `${head}${hash}","seq":${seq + 1}${tail}`)
}

/** By itself with the hash that fits. */
export const logLine = (seq: number, line: string, hash = leafHash(leafOf(line))): LogLine => ({
  seq,
  leaf: leafOf(line),
  hash,
})

export const lineOf = ({ leaf }: LogLine): string => leaf.toString('utf8', 1)
