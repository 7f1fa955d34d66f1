import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { grantTo, rightsOf, APP_ROLE } from '../../src/server/db/roles'
import { openDb, openPool } from '../../src/server/db/open'
import { prepare } from '../../src/server/db/prepare'
import { freshDatabase, type FreshDatabase } from '../support/postgres'

const ONLY_GROW = [
  'audit',
  'audit_check',
  'audit_key',
  'consent_event',
  'consent_record',
  'history',
  'tree_head',
  'tree_stamp',
  'tree_tile',
]

// On a server of somebody else's (TEST_DATABASE_URL) there is one role, and nothing to tell apart.
const alone = Boolean(inject('postgres').server.connectionString)

describe.skipIf(alone)('the role the server works as', () => {
  let database: FreshDatabase
  let owner: pg.Pool
  let app: pg.Pool
  beforeAll(async () => {
    database = await freshDatabase()
    owner = openPool(database.connection, () => undefined)
    app = openPool(database.app, () => undefined)
  })
  afterAll(async () => {
    await Promise.all([owner.end(), app.end()])
    await database.drop()
  })
  const tables = async () =>
    (
      await owner.query<{ name: string }>(
        `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
      )
    ).rows.map((r) => r.name)
  const can = async (table: string) => {
    const rights = ['select', 'insert', 'update', 'delete', 'truncate', 'trigger', 'references']
    const { rows } = await app.query<{ p: string; has: boolean }>(
      'select p, has_table_privilege(current_user, $1::regclass, p) as has from unnest($2::text[]) p',
      [table, rights],
    )
    return rows.filter((r) => r.has).map((r) => r.p)
  }

  it('reads and adds everywhere, changes rows only where nothing is append-only (every table is walked)', async () => {
    const found = new Map<string, string[]>()
    for (const table of await tables()) found.set(table, await can(table))
    const having = (rights: string) => [...found].filter(([, r]) => r.join() === rights).map(([table]) => table)
    expect(having('select,insert')).toEqual(expect.arrayContaining(ONLY_GROW))
    expect(having('select')).toEqual(['migration'])
    expect(having('select,insert,update,delete,truncate')).toEqual(['mirror_seen'])
    const append = having('select,insert')
    const rest = [...found.keys()].filter((t) => !append.includes(t) && !['migration', 'mirror_seen'].includes(t))
    expect(having('select,insert,update,delete')).toEqual(rest)
    const { rows } = await owner.query<{ name: string }>(
      `select tgrelid::regclass::text as name from pg_trigger where tgfoid = 'refuse_change'::regproc order by 1`,
    )
    expect(append).toEqual(rows.map((r) => r.name))
  })

  it(
    'is refused by the database whatever would change the log, before any trigger is asked (invariant 7)',
    { timeout: 60_000 },
    async () => {
      for (const table of ONLY_GROW) {
        const { rows } = await owner.query<{ c: string }>(
          'select attname as c from pg_attribute where attrelid = $1::regclass and attnum = 1',
          [table],
        )
        const column = rows[0]!.c
        const statements = [
          `update ${table} set ${column} = ${column}`,
          `delete from ${table}`,
          `truncate ${table}`,
          `alter table ${table} disable trigger all`,
          `alter table ${table} add column x int`,
          `drop trigger ${table}_append_only on ${table}`,
          `create trigger t before insert on ${table} for each row execute function refuse_change()`,
          `create rule r as on insert to ${table} do instead nothing`,
          `drop table ${table} cascade`,
          `alter table ${table} owner to ${APP_ROLE}`,
        ]
        await Promise.all(
          statements.map((statement) =>
            expect(app.query(statement), statement).rejects.toThrow(/permission denied|must be owner/),
          ),
        )
        // Without the right to pass it on PostgreSQL only warns.
        await app.query(`grant update, delete on ${table} to ${APP_ROLE}`)
        expect(await can(table)).toEqual(['select', 'insert'])
      }
      for (const statement of [
        'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return null; end $$',
        'drop function refuse_change() cascade',
        "set session_replication_role = 'replica'",
        'create table smuggled (a int)',
        'alter default privileges in schema public grant all on tables to public; create schema elsewhere',
        'set role jiebang',
        "insert into migration (name) values ('9999.sql')",
      ])
        await expect(app.query(statement), statement).rejects.toThrow(/permission denied|must be owner|no schema/)
    },
  )

  it('may work with a table that is made later by itself, and only adds to one with the trigger', async () => {
    await owner.query('create table later (a int); create table log2 (a int)')
    await owner.query(
      'create trigger t before update or delete or truncate on log2 for each statement execute function refuse_change()',
    )
    expect(await can('later')).toEqual(['select', 'insert', 'update', 'delete'])
    await grantTo(owner, APP_ROLE)
    expect(await can('later')).toEqual(['select', 'insert', 'update', 'delete'])
    expect(await can('log2')).toEqual(['select', 'insert'])
  })

  it('is told apart from one that could change the log, by the database itself', async () => {
    expect(await rightsOf(openDb(app))).toEqual({ role: APP_ROLE, appendOnly: true })
    expect(await rightsOf(openDb(owner))).toMatchObject({ appendOnly: false })
    expect(await rightsOf(openDb(owner), APP_ROLE)).toEqual({ role: APP_ROLE, appendOnly: true })
  })

  it('starts on a migrated database by itself, and says what to run where a migration is missing', async () => {
    await prepare(app, null)
    await owner.query(`delete from migration where name like '0015%'`)
    await expect(prepare(app, null)).rejects.toThrow(
      'The database lacks 0015_evidence.sql and this role may not change its tables. Run once: DATABASE_OWNER_URL=… node dist/server/main.js migrate',
    )
    await owner.query(`insert into migration (name) values ('0015_evidence.sql')`)
    await prepare(app, owner)
  })
})
