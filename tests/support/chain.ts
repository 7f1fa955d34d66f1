import { entryParts, lineHash, type AuditEntry, type LogLine } from '../../src/server/lib/chain'

/** An entry at its place in a chain, as the database puts it there. */
export function chained(entry: AuditEntry, { seq, hash }: { seq: number; hash: string }): LogLine {
  const { head, tail } = entryParts(entry)
  const line = `${head}${hash}","seq":${seq + 1}${tail}`
  return { seq: seq + 1, line, hash: lineHash(line) }
}
