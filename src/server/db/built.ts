import { sql } from 'kysely'
import type { Db } from './open'

/** So long a page that was opened before a release still finds its parts (Q54). */
const DAY_MS = 86_400_000

/** Whatever process of whichever release is asked: all of them stand on this database. */
export async function keepBuilt(db: Db, at: Date, files: readonly { path: string; body: Buffer }[]): Promise<void> {
  const paths = files.map(({ path }) => path)
  await db
    .updateTable('builtFile')
    .set({ goneAt: at })
    .where('goneAt', 'is', null)
    .where(sql<boolean>`not (path = any(${sql.val(paths)}::text[]))`)
    .execute()
  await db
    .deleteFrom('builtFile')
    .where('goneAt', '<=', new Date(at.getTime() - DAY_MS))
    .execute()
  for (const { path, body } of files)
    await db
      .insertInto('builtFile')
      .values({ path, body })
      .onConflict((conflict) => conflict.column('path').doUpdateSet({ goneAt: null }))
      .execute()
}

export const builtBefore = (db: Db, path: string, at: Date) =>
  db
    .selectFrom('builtFile')
    .select('body')
    .where('path', '=', path)
    .where((eb) => eb.or([eb('goneAt', 'is', null), eb('goneAt', '>', new Date(at.getTime() - DAY_MS))]))
    .executeTakeFirst()
