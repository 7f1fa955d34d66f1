import pg from 'pg'

const files = import.meta.glob<string>('./migrations/*.sql', { query: '?raw', import: 'default', eager: true })

/**
 * Brings the database to this version: each numbered file once, in order, in a transaction of its own. Several processes
 * may start at once: they wait for each other on a table lock, which every PostgreSQL-compatible server has.
 */
export async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await createTable(client)
    for (const [path, sql] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
      await client.query('begin')
      try {
        await client.query('lock table migration in exclusive mode')
        const name = nameOf(path)
        const { rowCount } = await client.query('select 1 from migration where name = $1', [name])
        if (!rowCount) {
          await client.query(sql)
          await client.query('insert into migration (name) values ($1)', [name])
        }
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw error
      }
    }
  } finally {
    client.release()
  }
}

/** The files this database has not seen, in order; all of them where it is empty. */
export async function pending(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ there: boolean }>(`select to_regclass('migration') is not null as there`)
  const seen = rows[0]?.there ? await pool.query<{ name: string }>('select name from migration') : { rows: [] }
  const names = new Set(seen.rows.map((r) => r.name))
  return Object.keys(files)
    .map(nameOf)
    .sort()
    .filter((name) => !names.has(name))
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** `if not exists` looks first and then makes, so of several that start at once all but one may be told that it exists. */
async function createTable(client: pg.PoolClient): Promise<void> {
  try {
    await client.query(
      'create table if not exists migration (name text primary key, at timestamptz not null default now())',
    )
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !['23505', '42P07', '42710'].includes(error.code ?? '')) throw error
  }
}
