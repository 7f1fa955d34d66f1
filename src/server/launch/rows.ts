import { sql } from 'kysely'
import type { LaunchAnswers, LaunchShown } from '../../shared/launch'
import type { Db, Tx } from '../db/open'

const json = (value: object) => sql<string>`${JSON.stringify(value)}::jsonb`

export const reviewNow = (db: Db) =>
  db
    .selectFrom('launchReview')
    .innerJoin('member as writer', 'writer.id', 'launchReview.writtenBy')
    .leftJoin('member as signer', 'signer.id', 'launchReview.signedBy')
    .selectAll('launchReview')
    .select(['writer.name as writer', 'signer.name as signer'])
    .executeTakeFirst()

/** Held until the end of the transaction, whether there is one or not: of two who write, the second sees the first. */
export async function holdReview(tx: Tx) {
  await sql`lock table launch_review in share row exclusive mode`.execute(tx)
  return tx.selectFrom('launchReview').selectAll().executeTakeFirst()
}

interface Written {
  answers: LaunchAnswers
  digest: string
  by: string
  writers: string[]
  at: Date
}
export async function putReview(tx: Tx, { answers, digest, by, writers, at }: Written): Promise<void> {
  const row = { answers: json(answers), digest, writtenBy: by, writers, writtenAt: at }
  await tx
    .insertInto('launchReview')
    .values(row)
    .onConflict((conflict) => conflict.column('one').doUpdateSet(row))
    .execute()
}

export const setSigned = (tx: Tx, by: string, at: Date, found: LaunchShown['findings']) =>
  tx
    .updateTable('launchReview')
    .set({ signedBy: by, signedAt: at, found: json(found) })
    .execute()

export const departmentIds = async (db: Db): Promise<number[]> =>
  (await db.selectFrom('department').select('id').execute()).map(({ id }) => id)
