import { sql } from 'kysely'
import type { ChangeClass, TextName, Words } from '../../shared/text'
import type { Db, Tx } from '../db/open'

export const drafts = (db: Db) =>
  db
    .selectFrom('textDraft')
    .innerJoin('member', 'member.id', 'textDraft.writtenBy')
    .select(['text', 'state', 'writers', 'member.name as by'])
    .execute()

export const draftOf = (db: Db, name: TextName) =>
  db
    .selectFrom('textDraft')
    .innerJoin('member', 'member.id', 'textDraft.writtenBy')
    .leftJoin('member as rejecter', 'rejecter.id', 'textDraft.rejectedBy')
    .selectAll('textDraft')
    .select(['member.name as by', 'rejecter.name as rejecter'])
    .where('text', '=', name)
    .executeTakeFirst()

/** Held until the end of the transaction. */
export const holdDraft = (tx: Tx, name: TextName) =>
  tx.selectFrom('textDraft').selectAll().where('text', '=', name).forUpdate().executeTakeFirst()

const json = (value: object) => sql<string>`${JSON.stringify(value)}::jsonb`

interface Written {
  words: Words
  digest: string
  by: string
  writers: string[]
  at: Date
}
const row = ({ words, digest, by, writers, at }: Written) => ({
  ...{ words: json(words), digest, writtenBy: by, writers, writtenAt: at },
  ...{ state: 'draft', class: null, reason: null, changed: null },
})

/** False: somebody else has just begun one. */
export const beginDraft = async (tx: Tx, name: TextName, written: Written): Promise<boolean> =>
  (
    await tx
      .insertInto('textDraft')
      .values({ text: name, ...row(written) })
      .onConflict((conflict) => conflict.doNothing())
      .returning('text')
      .execute()
  ).length > 0

export const writeDraft = (tx: Tx, name: TextName, written: Written) =>
  tx.updateTable('textDraft').set(row(written)).where('text', '=', name).execute()

export const proposeDraft = (
  tx: Tx,
  name: TextName,
  said: { class: ChangeClass; reason: string; changed: object | null },
) =>
  tx
    .updateTable('textDraft')
    .set({
      ...{ state: 'proposed', class: said.class, reason: said.reason, rejectedBy: null, rejectedWhy: null },
      changed: said.changed && json(said.changed),
    })
    .where('text', '=', name)
    .execute()

export const rejectDraft = (tx: Tx, name: TextName, rejected: { by: string; why: string }) =>
  tx
    .updateTable('textDraft')
    .set({ state: 'draft', rejectedBy: rejected.by, rejectedWhy: rejected.why })
    .where('text', '=', name)
    .execute()

export const endDraft = (tx: Tx, name: TextName) => tx.deleteFrom('textDraft').where('text', '=', name).execute()

/** The longest display names anybody has: what texts are measured with. */
export const longestNames = async (db: Db): Promise<string[]> =>
  (
    await db
      .selectFrom('member')
      .select('name')
      .where('status', '!=', 'left')
      .where('name', '!=', '')
      .orderBy(sql`length(name)`, 'desc')
      .orderBy('id')
      .limit(2)
      .execute()
  ).map(({ name }) => name)
