import { sql } from 'kysely'
import * as z from 'zod/mini'
import type { Json } from '../../shared/canonical'
import type { Audit } from './act'
import type { Db, Tx } from './open'

/** What administrators change without a release; what was never changed has its default. */
export async function readSetting<S extends z.core.$ZodType>(
  db: Db,
  name: string,
  schema: S,
  otherwise: z.output<S>,
): Promise<z.output<S>> {
  const row = await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst()
  return row ? z.parse(schema, row.value) : otherwise
}

/** Who changed it last, when and why. */
export const settingStory = (db: Db, name: string) =>
  db
    .selectFrom('setting')
    .innerJoin('member', 'member.id', 'setting.changedBy')
    .select(['member.name as by', 'setting.changedAt as at', 'setting.reason'])
    .where('setting.name', '=', name)
    .executeTakeFirst()

export async function writeSetting(
  tx: Tx,
  audit: Audit,
  name: string,
  change: { before: Json; after: Json; reason: string; by: string; at: Date },
): Promise<void> {
  const value = sql<string>`${JSON.stringify(change.after)}::jsonb`
  const row = { value, reason: change.reason, changedBy: change.by, changedAt: change.at }
  await tx
    .insertInto('setting')
    .values({ name, ...row })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute()
  audit('setting.changed', name, { before: change.before, after: change.after })
}
