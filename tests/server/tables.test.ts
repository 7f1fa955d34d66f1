import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshDatabase, type FreshDatabase } from '../support/postgres'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

/** After a migration: `TABLES=write npx vitest run --project node tests/server/tables.test.ts` writes the file anew. */
it('the types of the tables are what the migrated database says', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  const [, ...args] = (scripts['tables'] ?? '').replaceAll("'", '').split(' ')
  const verify = process.env['TABLES'] === 'write' ? [] : ['--verify']
  const run = () =>
    execFileSync('node_modules/.bin/kysely-codegen', [...args, '--url', database.urls.DATABASE_OWNER_URL, ...verify], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
  expect(run).not.toThrow()
})
