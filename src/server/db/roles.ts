import pg from 'pg'
import { sql } from 'kysely'
import type { Db } from './open'

/** As whom the server works in the embedded database; elsewhere the role is whoever DATABASE_URL names. */
export const APP_ROLE = 'jiebang_app'

/** What the app empties whole, beside what everybody's work needs. */
const EMPTIED = ['mirror_seen']

/** For the embedded database, whose roles are ours to make. */
export async function ensureRole(pool: pg.Pool, role: string): Promise<void> {
  const { rowCount } = await pool.query('select 1 from pg_roles where rolname = $1', [role])
  if (rowCount) return
  await pool.query(`create role ${pg.escapeIdentifier(role)} login`).catch((error: unknown) => {
    // Somebody else made it this moment.
    if (!(error instanceof pg.DatabaseError) || !['42710', '23505'].includes(error.code ?? '')) throw error
  })
}

/**
 * Gives the app's role what its work needs and no more: to read and write rows everywhere, only to read and add where a
 * table has the append-only trigger, only to read which migrations ran. It owns nothing, so it can neither alter tables nor
 * drop or switch off triggers. Tables made later by the same owner get the common rights by themselves; one with the
 * trigger is narrowed here, after every migration.
 */
export async function grantTo(pool: pg.Pool, role: string): Promise<void> {
  for (let tries = 1; ; tries++)
    try {
      return await grantOnce(pool, role)
    } catch (error) {
      // Another process empties or analyzes a table at this very moment, and PostgreSQL does not wait for it.
      if (tries === 10 || !(error instanceof Error) || error.message !== 'tuple concurrently updated') throw error
      await new Promise((wait) => setTimeout(wait, 50 * tries))
    }
}

async function grantOnce(pool: pg.Pool, role: string): Promise<void> {
  const to = pg.escapeIdentifier(role)
  const client = await pool.connect()
  try {
    await client.query('begin')
    // Several processes start at once; granting the same at the same moment is an error in PostgreSQL.
    await client.query('lock table migration in exclusive mode')
    // A start that changes nothing touches nothing: others are at work in these tables.
    if (await isGranted(client, role)) return void (await client.query('commit'))
    const only = await client.query<{ name: string }>(
      `select tgrelid::regclass::text as name from pg_trigger where tgfoid = 'refuse_change'::regproc and not tgisinternal`,
    )
    const narrow = only.rows.map((r) => `revoke update, delete on ${r.name} from ${to};`)
    await client.query(`
      revoke create on schema public from public;
      revoke all on schema public from ${to};
      revoke all on all tables in schema public from ${to};
      grant usage on schema public to ${to};
      grant select, insert, update, delete on all tables in schema public to ${to};
      grant usage, select on all sequences in schema public to ${to};
      alter default privileges in schema public grant select, insert, update, delete on tables to ${to};
      alter default privileges in schema public grant usage, select on sequences to ${to};
      revoke insert, update, delete on migration from ${to};
      ${narrow.join('\n')}
      ${EMPTIED.map((table) => `grant truncate on ${table} to ${to};`).join('\n')}`)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

async function isGranted(client: pg.PoolClient, role: string): Promise<boolean> {
  const { rows } = await client.query<{ granted: boolean }>(
    `select has_schema_privilege($1, 'public', 'usage') and not has_schema_privilege($1, 'public', 'create')
            and coalesce(bool_and(
              has_table_privilege($1, c.oid, 'select')
              and has_table_privilege($1, c.oid, 'insert') = (c.relname <> 'migration')
              and has_table_privilege($1, c.oid, 'update') = (c.relname <> 'migration' and not o.only)
              and has_table_privilege($1, c.oid, 'delete') = (c.relname <> 'migration' and not o.only)
              and has_table_privilege($1, c.oid, 'truncate') = (c.relname = any($2))), false) as granted
       from pg_class c
       cross join lateral (select exists (
         select 1 from pg_trigger t where t.tgrelid = c.oid and t.tgfoid = 'refuse_change'::regproc and not t.tgisinternal) as only) o
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace`,
    [role, EMPTIED],
  )
  return rows[0]?.granted ?? false
}

export interface Rights {
  role: string
  /** True: only whoever owns the database could change the log. False: this role could. */
  appendOnly: boolean
}

/** What a role (ours, if none is named) could do to the log, as the database itself says. */
export async function rightsOf(db: Db, role?: string): Promise<Rights> {
  const { rows } = await sql<Rights>`
    with me as (select rolname, rolsuper, oid from pg_roles where rolname = coalesce(${role ?? null}, current_user))
    select me.rolname as role, not (me.rolsuper or bool_or(
      pg_has_role(me.oid, c.relowner, 'member')
      or has_table_privilege(me.oid, c.oid, 'update') or has_table_privilege(me.oid, c.oid, 'delete')
      or has_table_privilege(me.oid, c.oid, 'truncate') or has_table_privilege(me.oid, c.oid, 'trigger')
    )) as append_only
    from me cross join pg_class c where c.oid in ('audit'::regclass, 'history'::regclass, 'tree_head'::regclass)
    group by me.rolname, me.rolsuper`.execute(db)
  const found = rows[0]
  if (!found) throw new Error(`there is no role ${role ?? ''} in this database`)
  return found
}
