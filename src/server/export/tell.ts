import { randomInt } from 'node:crypto'
import type { Audit } from '../db/act'
import type { Tx } from '../db/open'
import { writeLetters } from '../db/told'
import type { Deps } from '../deps'
import { hashToken } from '../lib/id'
import * as rows from './rows'

/** Without what is read as something else. 8 of 28: 38 bits, five tries. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWX'

/** Typed by hand from a phone: case, blanks and dashes do not matter. */
export const hashCode = (code: string, exportId: string): string =>
  hashToken(`${exportId} ${code.toUpperCase().replace(/[\s-]/g, '')}`)

/**
 * A new code, by a message of WeCom: not by the page on which the file is taken, so that whoever holds only a session has
 * nothing. The one before is worth nothing now.
 */
export async function tellCode(tx: Tx, audit: Audit, deps: Deps, to: { id: string; askedBy: string }): Promise<void> {
  const code = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  await rows.setRequest(tx, to.id, { codeHash: hashCode(code, to.id) })
  const at = deps.now()
  await writeLetters(tx, [
    {
      id: deps.id(),
      memberId: to.askedBy,
      kind: 'export_code',
      subject: `${to.id} ${at.toISOString()}`,
      params: { export: to.id, code: `${code.slice(0, 4)}-${code.slice(4)}` },
      writtenAt: at,
    },
  ])
  audit('export.code_sent', to.id)
}

/** Compliance and those who manage everybody; leaders find it in their list. */
export async function tellApprovers(
  tx: Tx,
  deps: Deps,
  { id, by, rows: count, at }: { id: string; by: { id: string; name: string }; rows: number; at: Date },
): Promise<void> {
  const { COMPLIANCE, MANAGERS } = deps.config
  const members = await rows.membersByUserid(tx, [...new Set([...COMPLIANCE, ...MANAGERS])])
  await writeLetters(
    tx,
    members
      .filter((m) => m.id !== by.id)
      .map((m) => ({
        id: deps.id(),
        memberId: m.id,
        kind: 'export' as const,
        subject: id,
        params: { export: id, by: by.name, rows: count },
        writtenAt: at,
      })),
  )
}
