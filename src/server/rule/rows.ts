import { sql } from 'kysely'
import type { RuleBody } from '../../shared/rule'
import type { Db, Tx } from '../db/open'

const json = (value: object) => sql<string>`${JSON.stringify(value)}::jsonb`

export const draftNow = (db: Db) =>
  db
    .selectFrom('ruleDraft')
    .innerJoin('member', 'member.id', 'ruleDraft.writtenBy')
    .leftJoin('member as rejecter', 'rejecter.id', 'ruleDraft.rejectedBy')
    .selectAll('ruleDraft')
    .select(['member.name as by', 'rejecter.name as rejecter'])
    .executeTakeFirst()
export type DraftRow = NonNullable<Awaited<ReturnType<typeof draftNow>>>

/** Held until the end of the transaction, whether there is a draft or not: of two who write, the second sees the first. */
export async function holdDraft(tx: Tx) {
  await sql`lock table rule_draft in share row exclusive mode`.execute(tx)
  return tx.selectFrom('ruleDraft').selectAll().executeTakeFirst()
}

interface Draft {
  body: RuleBody
  digest: string
  by: string
  writers: string[]
  at: Date
}
export async function putDraft(tx: Tx, { body, digest, by, writers, at }: Draft): Promise<void> {
  const row = { body: json(body), digest, state: 'draft', reason: null, writtenBy: by, writers, writtenAt: at }
  await tx
    .insertInto('ruleDraft')
    .values(row)
    .onConflict((conflict) => conflict.column('one').doUpdateSet(row))
    .execute()
}

export const proposeDraft = (tx: Tx, reason: string) =>
  tx.updateTable('ruleDraft').set({ state: 'proposed', reason, rejectedBy: null, rejectedWhy: null }).execute()

export const rejectDraft = (tx: Tx, by: string, why: string) =>
  tx.updateTable('ruleDraft').set({ state: 'draft', rejectedBy: by, rejectedWhy: why }).execute()

export const endDraft = (tx: Tx) => tx.deleteFrom('ruleDraft').execute()

interface Version {
  body: RuleBody
  digest: string
  reason: string
  writtenBy: string
  approvedBy: string
  approvedAt: Date
}
/** The next number; the draft is held, so no two are the next. */
export const addVersion = (tx: Tx, { body, ...version }: Version) =>
  tx
    .insertInto('ruleVersion')
    .values({
      ...version,
      body: json(body),
      version: sql<number>`(select coalesce(max(version), 0) + 1 from rule_version)`,
    })
    .returning('version')
    .executeTakeFirstOrThrow()

export const peopleOf = (db: Db, ids: readonly string[]) =>
  db
    .selectFrom('member')
    .select(['id', 'name'])
    .where(sql<boolean>`id = any(${sql.val([...ids])}::text[])`)
    .orderBy('name')
    .execute()

/** How many customers the largest of the last so many departures had. */
export async function largestOf(db: Db, last: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coalesce(max(n), 0) as n from (
      select (select count(*) from handover h where h.departure_id = d.id) as n
        from departure d order by d.left_at desc limit ${last}) as late`.execute(db)
  return rows[0]?.n ?? 0
}

interface NewAssessment {
  id: string
  title: string
  reference: string
  until: string
  recordedBy: string
  recordedAt: Date
}
export const addAssessment = (tx: Tx, assessment: NewAssessment) =>
  tx.insertInto('impactAssessment').values(assessment).execute()

/** Held until the end of the transaction: of two who decide, the second sees what the first has done. */
export const holdAssessment = (tx: Tx, id: string) =>
  tx.selectFrom('impactAssessment').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst()

export const confirmAssessment = (tx: Tx, id: string, confirmedBy: string, confirmedAt: Date) =>
  tx.updateTable('impactAssessment').set({ confirmedBy, confirmedAt }).where('id', '=', id).execute()

export const closeAssessment = (tx: Tx, id: string, ended: { endedBy: string; endedAt: Date }) =>
  tx
    .updateTable('impactAssessment')
    .set(ended)
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .returning('id')
    .executeTakeFirst()
