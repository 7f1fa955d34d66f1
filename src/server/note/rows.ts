import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'

/** Newest first, one more than asked for. */
export const notesOf = (db: Db, customerId: string, after: readonly [string, string] | null, limit: number) =>
  db
    .selectFrom('note')
    .innerJoin('history', 'history.id', 'note.id')
    .innerJoin('member', 'member.id', 'note.authorId')
    .leftJoin('note as old', 'old.id', 'note.corrects')
    .leftJoin('member as oldAuthor', 'oldAuthor.id', 'old.authorId')
    .select(['note.id', 'note.kind', 'note.writtenAt', 'note.authorId', 'member.name as author', 'note.withdrawnAt'])
    .select(['old.writtenAt as oldAt', 'oldAuthor.name as oldAuthor'])
    .select(sql<string | null>`case when note.withdrawn_at is null then history.body->>'text' end`.as('text'))
    .select(
      sql<boolean>`exists (select 1 from note later where later.corrects = note.id and later.withdrawn_at is null)`.as(
        'corrected',
      ),
    )
    .where('note.customerId', '=', customerId)
    .$if(after !== null, (q) =>
      q.where(sql<boolean>`(note.written_at, note.id) < (${after?.[0] ?? ''}::timestamptz, ${after?.[1] ?? ''})`),
    )
    .orderBy('note.writtenAt', 'desc')
    .orderBy('note.id', 'desc')
    .limit(limit + 1)
    .execute()

/** Held until the end of the transaction; only its author's. */
export const ownNote = (tx: Tx, id: string, authorId: string) =>
  tx
    .selectFrom('note')
    .select(['id', 'customerId', 'kind', 'writtenAt', 'withdrawnAt'])
    .where('id', '=', id)
    .where('authorId', '=', authorId)
    .forUpdate()
    .executeTakeFirst()

export const withdrawNote = (tx: Tx, id: string, at: Date) =>
  tx.updateTable('note').set({ withdrawnAt: at }).where('id', '=', id).execute()
