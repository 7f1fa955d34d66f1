import pg from 'pg'
import { migrate } from '../../src/server/db/migrate'

const RELATIONS_A_TRANSACTION = 100

type Row = Record<string, unknown>

/** What the mirror made of one relation, in the order of its tables. */
const tables = ['customer', 'wecom_contact', 'relation', 'history', 'promise'] as const

/**
 * How many relations a second PostgreSQL takes in when nobody thinks: the rows that the mirror made in a database (customers,
 * contacts, relations, history, promises, audit), put into an empty one with the same tables, keys and triggers. A hundred
 * relations are a transaction, and a statement per table; texts are made before the clock runs.
 */
export async function bareInsert(server: pg.PoolConfig, source: string) {
  const made = await readAll(server, source)
  const admin = new pg.Client(server)
  await admin.connect()
  await admin.query('create database bare')
  await admin.end()
  const pool = new pg.Pool({ ...server, database: 'bare', max: 1 })
  try {
    await migrate(pool)
    await insert(pool, 'member', JSON.stringify(made.member))
    const chunks = chunksOf(made)
    const all = await timed(async () => {
      for (const chunk of chunks) await transaction(pool, chunk)
    })
    await pool.query('truncate relation')
    const relationsOnly = await timed(async () => {
      for (const chunk of chunks) await transaction(pool, { relation: chunk.relation ?? '[]' })
    })
    const n = made.relation?.length ?? 0
    return { all: n / all, relationsOnly: n / relationsOnly }
  } finally {
    await pool.end()
  }
}

async function readAll(server: pg.PoolConfig, database: string): Promise<Record<string, Row[]>> {
  const client = new pg.Client({ ...server, database })
  await client.connect()
  const made: Record<string, Row[]> = {}
  // As PostgreSQL writes them, so that nothing is lost on the way through JavaScript's dates. In the order they were made.
  for (const table of ['member', ...tables, 'audit']) {
    const { rows } = await client.query<{ row: Row }>(`select to_json(t) as row from ${table} t order by ctid`)
    made[table] = rows.map(({ row }) => row)
  }
  await client.end()
  return made
}

function chunksOf(made: Record<string, Row[]>): Record<string, string>[] {
  const relations = made['relation'] ?? []
  const count = Math.ceil(relations.length / RELATIONS_A_TRANSACTION)
  const chunk = new Map<unknown, number>()
  for (const [i, r] of relations.entries())
    if (!chunk.has(r['customer_id'])) chunk.set(r['customer_id'], Math.floor(i / RELATIONS_A_TRANSACTION))
  const parts = Array.from({ length: count }, (): Record<string, Row[]> => ({}))
  const put = (table: string, row: Row, at: number) => ((parts[at] ??= {})[table] ??= []).push(row)
  for (const table of tables)
    for (const [i, row] of (made[table] ?? []).entries()) {
      const own =
        table === 'relation' ? Math.floor(i / RELATIONS_A_TRANSACTION) : chunk.get(row['customer_id'] ?? row['id'])
      if (own !== undefined) put(table, row, own)
    }
  // The mirror's own entries are as many bytes, however it cuts them.
  for (const [i, row] of (made['audit'] ?? []).entries())
    put('audit', row, Math.floor((i * count) / (made['audit']?.length ?? 1)))
  return parts.map((part) => Object.fromEntries(Object.entries(part).map(([t, rows]) => [t, JSON.stringify(rows)])))
}

async function transaction(pool: pg.Pool, chunk: Record<string, string>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    for (const table of [...tables, 'audit']) if (chunk[table]) await insert(client, table, chunk[table])
    await client.query('commit')
  } finally {
    client.release()
  }
}

const insert = (client: pg.Pool | pg.PoolClient, table: string, rows: string) =>
  client.query(
    // What an entry is searched by the database computes itself.
    table === 'audit'
      ? 'insert into audit (seq, line, hash) select seq, line, hash from json_populate_recordset(null::audit, $1)'
      : `insert into ${table} select * from json_populate_recordset(null::${table}, $1)`,
    [rows],
  )

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}
