import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../src/shared/canonical'
import { entryParts, FIRST_HASH, isAged, leafOf, type AuditEntry, type LogLine } from '../../src/server/lib/chain'
import { chained, logLine } from '../support/chain'
import { freshDatabase } from '../support/postgres'

const FOLDER = 'src/server/db/migrations'
const OLD = 'before_lines'

/** The text that PostgreSQL can hold at all: no NUL, no half of a pair. */
const text = fc.string({ unit: 'binary', maxLength: 20 }).map((s) => s.replaceAll('\u0000', ''))
const value = fc.letrec<{ any: Json }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((n) => Math.round(n * 1000) / 1000 + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 8 }), tie('any'), { maxKeys: 4 }),
  ),
})).any
const entry: fc.Arbitrary<AuditEntry> = fc.record({
  at: fc
    .date({ min: new Date('2020-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
    .map((d) => d.toISOString()),
  actor: text,
  action: fc.constantFrom('look.brief', 'mirror.ran'),
  subject: text,
  detail: fc.dictionary(fc.string({ maxLength: 8 }), value, { maxKeys: 5 }),
})

describe('a log from before entries were kept as text', () => {
  let fresh: Awaited<ReturnType<typeof freshDatabase>>
  let client: pg.Client
  beforeAll(async () => {
    fresh = await freshDatabase()
    client = new pg.Client(fresh.connection)
    await client.connect()
    await client.query(`create schema ${OLD}`)
    await client.query(`set search_path = ${OLD}`)
    for (const name of ['0001_first.sql', '0019_audit_append.sql']) await client.query(sql(name))
  })
  afterAll(async () => {
    await client.end()
    await fresh.drop()
  })
  const sql = (name: string) => readFileSync(`${FOLDER}/${name}`, 'utf8')

  it('becomes the text that was hashed then, entry by entry, and reads as before', async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
    process.stdout.write(`log-lines: seed ${seed}\n`)
    const entries = fc.sample(entry, { numRuns: 300, seed })
    const lines: LogLine[] = []
    for (const one of entries) {
      lines.push(chained(one, lines.at(-1) ?? { seq: 0, hash: FIRST_HASH }))
      await client.query('select append_audit($1::json)', [JSON.stringify([{ ...one, ...entryParts(one) }])])
    }
    // As 0020 left an entry whose time was over.
    await client.query('alter table audit disable trigger audit_append_only')
    await client.query(`update audit set actor = '', action = 'aged', subject = '', detail = '{}' where seq = 7`)
    const columns = 'select seq, at, actor, action, subject, detail, hash from audit order by seq'
    const { rows: before } = await client.query(columns)

    await client.query(sql('0041_log_lines.sql'))

    const { rows: after } = await client.query<{ seq: string; line: string; hash: string }>(
      'select seq, line, hash from audit order by seq',
    )
    expect(after.map(({ seq, line, hash }) => logLine(Number(seq), line, hash)).filter((_, i) => i !== 6)).toEqual(
      lines.filter((_, i) => i !== 6),
    )
    expect(isAged(leafOf(after[6]!.line))).toBe(true)
    expect((await client.query(columns)).rows).toEqual(before)
    await expect(client.query('update audit set line = line')).rejects.toThrow('append-only')
  })
})
