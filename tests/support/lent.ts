import pg from 'pg'
import { openPool } from '../../src/server/db/open'
import { freshDatabase, type FreshDatabase } from './postgres'

/**
 * Databases that go from test to test of one worker with their connections. Making one costs little; what costs is that every
 * connection of the next test opens each table for the first time: with that, a departure and a plan take a second, without it a
 * third of it. So a database is emptied and filled with what the next test begins with instead of being made anew.
 */
export interface Lent {
  /** As the role the server works as. Refuses once the database has gone back. */
  pool: pg.Pool
  /** As the owner of the database: what the server itself may not do. Nobody gets it after that. */
  asOwner(statement: string): Promise<void>
  contents(): Promise<Contents>
  back(): Promise<void>
}

/** Everything in a database, as the statements that put it there. */
export type Contents = string

interface Held {
  database: FreshDatabase
  pool: pg.Pool
  owner: pg.Client
  /** The statements that take everything out. */
  empty: string
  uses: number
}

const free: Held[] = []
/** What a migrated database contains before anybody uses it. */
let pristine: Contents | undefined
/** Rows that are deleted stay behind in the files. */
const MOST_USES = 40

export async function lend(contents?: Contents): Promise<Lent> {
  const held = free.pop() ?? (await make())
  pristine ??= await contentsOf(held.owner)
  if (held.uses++ > 0 || contents !== undefined) await fill(held, contents ?? pristine)
  let gone = false
  let spoilt = held.uses >= MOST_USES
  return {
    pool: until(held.pool, () => gone),
    async asOwner(statement) {
      spoilt = true
      await held.owner.query(statement)
    },
    contents: () => contentsOf(held.owner),
    async back() {
      if (gone) return
      gone = true
      if (!spoilt && (await atRest(held.pool))) free.push(held)
      else await end(held)
    },
  }
}

async function make(): Promise<Held> {
  const database = await freshDatabase({ swept: true })
  const owner = new pg.Client(database.connection)
  await owner.connect()
  const pool = openPool({ ...database.app, idleTimeoutMillis: 0, allowExitOnIdle: true }, () => undefined)
  const tables = await tablesOf(owner)
  return { database, owner, pool, empty: tables.map(({ name }) => `delete from ${name};`).join('\n'), uses: 0 }
}

async function end({ database, pool, owner }: Held): Promise<void> {
  await Promise.all([pool.end(), owner.end()])
  await database.drop()
}

/** Work that a test left running must not reach the next one's rows. */
async function atRest(pool: pg.Pool): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    if (pool.idleCount === pool.totalCount && !pool.waitingCount) return true
    await new Promise((done) => setTimeout(done, 10))
  }
  return false
}

function until(pool: pg.Pool, gone: () => boolean): pg.Pool {
  let ended = false
  return new Proxy(pool, {
    get(_, key) {
      if (key === 'end') return () => Promise.resolve(void (ended = true))
      if ((key === 'connect' || key === 'query') && (ended || gone()))
        return () => Promise.reject(new Error('this house is closed'))
      const value: unknown = Reflect.get(pool, key)
      return typeof value === 'function' ? (value.bind(pool) as unknown) : value
    },
  })
}

const tablesOf = async (owner: pg.Client) =>
  (
    await owner.query<{ name: string; columns: string }>(`
      select format('%I.%I', n.nspname, c.relname) as name,
             string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
        from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
       where c.relkind = 'r' and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%'
         and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       group by 1 order by 1`)
  ).rows

async function contentsOf(owner: pg.Client): Promise<Contents> {
  const tables = await tablesOf(owner)
  const each = tables.map(
    ({ name }, n) => `select ${n} as n, array_agg(t)::text as rows from ${name} t having count(*) > 0`,
  )
  const { rows } = await owner.query<{ n: number; rows: string }>(each.join(' union all '))
  const inserts = rows.map(({ n, rows: values }) => {
    const { name, columns } = tables[n]!
    return `insert into ${name} (${columns}) overriding system value
      select ${columns} from unnest(${pg.escapeLiteral(values)}::${name}[]);`
  })
  const { rows: sequences } = await owner.query<{ name: string; at: string | null; start: string }>(
    `select format('%I.%I', schemaname, sequencename) as name, last_value as at, start_value as start from pg_sequences`,
  )
  const places = sequences.map(({ name, at, start }) => `select setval('${name}', ${at ?? start}, ${at !== null});`)
  return [...inserts, ...places].join('\n')
}

/** Neither triggers nor references stand in the way: what is put there stood like this before. */
const fill = ({ owner, empty }: Held, contents: Contents) =>
  owner.query(`begin; set local session_replication_role = replica; ${empty} ${contents} commit;`)
