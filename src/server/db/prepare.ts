import type pg from 'pg'
import { migrate, pending } from './migrate'
import { grantTo } from './roles'

/**
 * Brings the database to this version. With two roles the owner migrates and then gives the app's role what it needs; with
 * one that role does both, if it may. Rejects with one sentence a person can act on.
 */
export async function prepare(app: pg.Pool, owner: pg.Pool | null): Promise<void> {
  await reach(app, 'The database in DATABASE_URL cannot be reached')
  if (!owner) return alone(app)
  await reach(owner, 'The database in DATABASE_OWNER_URL cannot be reached')
  const [ours, theirs] = [await whoIs(app), await whoIs(owner)]
  if (ours.database !== theirs.database)
    throw new Error(`DATABASE_OWNER_URL leads to another database (${theirs.database}) than DATABASE_URL.`)
  await migrate(owner)
  if (ours.role !== theirs.role) await grantTo(owner, ours.role)
}

async function alone(app: pg.Pool): Promise<void> {
  const missing = await pending(app)
  if (!missing.length) return
  await migrate(app).catch((error: unknown) => {
    if ((error as { code?: string }).code !== '42501') throw error
    throw new Error(
      `The database lacks ${missing[0]} and this role may not change its tables. Run once: DATABASE_OWNER_URL=… node dist/server/main.js migrate`,
      { cause: error },
    )
  })
}

async function whoIs(pool: pg.Pool): Promise<{ role: string; database: string }> {
  const { rows } = await pool.query<{ role: string; database: string }>(
    'select current_user as role, current_database() as database',
  )
  return rows[0]!
}

async function reach(pool: pg.Pool, sentence: string): Promise<void> {
  await pool.connect().then(
    (client) => client.release(),
    (error: unknown) => {
      throw new Error(`${sentence}: ${error instanceof Error ? error.message || String(error) : String(error)}`)
    },
  )
}
