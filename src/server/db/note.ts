import { UNDO_MS, type noteKinds } from '../../shared/note'
import { Failure } from '../../shared/failure'
import type { Audit } from './act'
import { addHistory } from './history'
import type { Db, Tx } from './open'
import { keyedHash } from './person'
import { refuseSensitive } from './sensitive'
import type { Deps } from '../deps'
import type { Language } from '../../shared/lang/fill'

interface Writing {
  kind: (typeof noteKinds)[number]
  customer: string
  by: string
  text: string
  once: string
  sure: boolean
  corrects?: string | undefined
  language: Language
  /** What the log names beside it. */
  said: { [key: string]: string }
}

/** Writes a note into the history. The same writing again (`once`) is the same note, whatever came of the first answer. */
export async function writeNote(
  tx: Tx,
  audit: Audit,
  deps: Deps,
  { kind, customer, by, text, once, sure, corrects, language, said }: Writing,
): Promise<{ id: string; writtenAt: Date }> {
  const before = await noteOnce(tx, by, once)
  // What was begun for one customer is never written to another.
  if (before && before.customerId !== customer) throw new Failure('stale')
  if (before) return before
  const old = corrects === undefined ? null : await noteToCorrect(tx, customer, corrects)
  const kinds = refuseSensitive(text, sure, language)
  const at = deps.now()
  const id = deps.id()
  const body = { text, ...(old ? { of: old.author, at: old.writtenAt.toISOString() } : {}) }
  const entry = kind === 'memo' ? 'memo.written' : old ? 'note.corrected' : 'note.written'
  await addHistory(tx, [{ id, customerId: customer, at, authorId: by, source: 'member', kind: entry, body }])
  const row = { id, customerId: customer, authorId: by, kind, writtenAt: at, once, corrects: corrects ?? null }
  await tx.insertInto('note').values(row).execute()
  audit('note.written', id, {
    ...said,
    kind,
    text: await keyedHash(tx, deps.config.SECRET, customer, text),
    ...(corrects === undefined ? {} : { corrects }),
    ...(kinds.length ? { sure_of: kinds } : {}),
  })
  return { id, writtenAt: at }
}

export const undoUntil = (writtenAt: Date): Date => new Date(writtenAt.getTime() + UNDO_MS)

/** Two taps at once wait for each other at the member, so that the second finds what the first has written. */
async function noteOnce(tx: Tx, authorId: string, once: string) {
  await tx.selectFrom('member').select('id').where('id', '=', authorId).forNoKeyUpdate().execute()
  return tx
    .selectFrom('note')
    .select(['id', 'customerId', 'writtenAt'])
    .where('authorId', '=', authorId)
    .where('once', '=', once)
    .executeTakeFirst()
}

/** Somebody else's note may be put right, too: it stays, and keeps its author. */
async function noteToCorrect(db: Db, customerId: string, id: string) {
  const old = await db
    .selectFrom('note')
    .innerJoin('member', 'member.id', 'note.authorId')
    .select(['member.name as author', 'note.writtenAt', 'note.withdrawnAt'])
    .where('note.id', '=', id)
    .where('note.customerId', '=', customerId)
    .executeTakeFirst()
  if (!old) throw new Failure('not_found')
  if (old.withdrawnAt) throw new Failure('stale')
  return old
}
