import { sql } from 'kysely'
import { CopiedArray, type CopiedRow } from '../db/copy-out'
import type { Db, Tx } from '../db/open'
import { LEAF, type LogLine } from '../lib/chain'

export const newestKey = (db: Db) =>
  db.selectFrom('auditKey').selectAll().orderBy('since', 'desc').orderBy('id').limit(1).executeTakeFirst()

/** Those we made ourselves, the newest first. */
export const sealedKeys = (db: Db) =>
  db
    .selectFrom('auditKey')
    .select(['id', 'sealed'])
    .where('sealed', 'is not', null)
    .orderBy('since', 'desc')
    .orderBy('id')
    .execute()

export const databaseTime = async (db: Db): Promise<Date> =>
  (await sql<{ now: Date }>`select now()`.execute(db)).rows[0]!.now

export const keys = (db: Db) =>
  db.selectFrom('auditKey').select(['id', 'publicKey', 'since']).orderBy('since').execute()

export const addKey = (tx: Tx, key: { id: string; publicKey: string; sealed: string | null; since: Date }) =>
  tx.insertInto('auditKey').values(key).execute()

export const holdHead = (tx: Tx) => tx.selectFrom('auditHead').selectAll().forUpdate().executeTakeFirstOrThrow()

/** The last entry that is there for everybody. */
export const logEnd = (db: Db) => db.selectFrom('auditHead').select(['seq', 'hash']).executeTakeFirstOrThrow()

export const newestHead = (db: Db) =>
  db.selectFrom('treeHead').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst()

export const headAt = (db: Db, size: number) =>
  db.selectFrom('treeHead').selectAll().where('size', '=', size).executeTakeFirst()

export const heads = (db: Db) => db.selectFrom('treeHead').selectAll().orderBy('size').execute()

export type HeadRow = Awaited<ReturnType<typeof heads>>[number]

export const addHead = (tx: Tx, head: HeadRow) =>
  tx
    .insertInto('treeHead')
    .values(head)
    .onConflict((c) => c.doNothing())
    .execute()

export const addTiles = (tx: Tx, tiles: readonly { level: number; index: number; hash: string }[]) =>
  tx
    .insertInto('treeTile')
    .values(tiles)
    .onConflict((c) => c.doNothing())
    .execute()

export const lineAt = (db: Db, seq: number): Promise<{ seq: number; line: string; hash: string } | undefined> =>
  db.selectFrom('audit').select(['seq', 'line', 'hash']).where('seq', '=', seq).executeTakeFirst()

/**
 * How many entries come as one row, and how many rows one statement copies. A row of usual entries fits in the 64 KiB that Node reads
 * at once; pg needs new memory for each that does not.
 */
const [PER_ROW, ROWS] = [100, 2000]

/** Entries in order, after one, up to another; in parts as they come. */
export async function* linesAfter(db: Db, after: number, upTo?: number): AsyncGenerator<Iterable<LogLine>> {
  for (let next = await entryAfter(db, after, upTo); next !== undefined;) {
    const last = Math.min(next - 1 + ROWS * PER_ROW, upTo ?? Infinity)
    const statement = sql<CopiedRow>`copy (
      select entries.*
        from generate_series(${sql.lit(next - 1)}::bigint, ${sql.lit(last - 1)}, ${sql.lit(PER_ROW)}) as part (after),
             lateral (select array_agg(seq order by seq), array_agg(line order by seq), array_agg(hash order by seq) from audit
                       where seq > part.after and seq <= least(part.after + ${sql.lit(PER_ROW)}, ${sql.lit(last)})) as entries
      ) to stdout (format binary)`.compile(db)
    for await (const { rows } of db.withoutPlugins().getExecutor().stream(statement, ROWS))
      for (const row of rows) yield linesOf(row)
    next = await entryAfter(db, last, upTo)
  }
}

/** Where a log goes on: where entries are missing, at some later number. */
const entryAfter = async (db: Db, after: number, upTo = Number.MAX_SAFE_INTEGER): Promise<number | undefined> => {
  const later = db.selectFrom('audit').select('seq').where('seq', '>', after).where('seq', '<=', upTo)
  return (await later.orderBy('seq').limit(1).executeTakeFirst())?.seq
}

function linesOf(row: CopiedRow): LogLine[] {
  const lines: LogLine[] = []
  const seq = new CopiedArray(row)
  const line = new CopiedArray(row, seq.end)
  const hash = new CopiedArray(row, line.end)
  while (seq.next() && line.next() && hash.next())
    lines.push({ seq: seq.bigint(), leaf: line.bytesAfter(LEAF), hash: hash.ascii() })
  return lines
}

/** By what the log is read and searched, as 0041 has the database compute it from the text. */
const COMPUTED = [
  `action=COALESCE(((line)::jsonb ->> 'action'::text), 'aged'::text)`,
  `actor=COALESCE(((line)::jsonb ->> 'actor'::text), ''::text)`,
  `at=utc_time(((line)::jsonb ->> 'at'::text))`,
  `detail=COALESCE(((line)::jsonb -> 'detail'::text), '{}'::jsonb)`,
  `subject=COALESCE(((line)::jsonb ->> 'subject'::text), ''::text)`,
]

/**
 * The first entry that is read otherwise than its text says. While the database computes it from the text there is none; where
 * somebody has taken that away, or a database writes its own rules otherwise, every row is compared.
 */
export async function misread(db: Db): Promise<number | undefined> {
  const computed = await sql<{ rule: string }>`
    select a.attname || '=' || pg_get_expr(d.adbin, d.adrelid) as rule
      from pg_attribute a join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = 'audit'::regclass and a.attgenerated = 's' order by a.attname`.execute(db)
  if (computed.rows.map(({ rule }) => rule).join('\n') === COMPUTED.join('\n')) return undefined
  const found = await sql<{ seq: number }>`
    select a.seq
      from audit a, jsonb_to_record(a.line::jsonb) as said (at timestamptz, actor text, action text, subject text, detail jsonb)
     where (a.at, a.actor, a.action, a.subject, a.detail) is distinct from
           (said.at, coalesce(said.actor, ''), coalesce(said.action, 'aged'), coalesce(said.subject, ''), coalesce(said.detail, '{}'))
     order by a.seq limit 1`.execute(db)
  return found.rows[0]?.seq
}

export const hashAt = async (db: Db, seq: number): Promise<string | undefined> =>
  (await db.selectFrom('audit').select('hash').where('seq', '=', seq).executeTakeFirst())?.hash

/** Leaf hashes number `from` and following; leaf n is the entry with seq n + 1. */
export const leaves = async (db: Db, from: number, count: number): Promise<string[]> =>
  (
    await db
      .selectFrom('audit')
      .select('hash')
      .where('seq', '>', from)
      .where('seq', '<=', from + count)
      .orderBy('seq')
      .execute()
  ).map((r) => r.hash)

export const tiles = async (db: Db, level: number, from: number, count: number): Promise<string[]> =>
  (
    await db
      .selectFrom('treeTile')
      .select('hash')
      .where('level', '=', level)
      .where('index', '>=', from)
      .where('index', '<', from + count)
      .orderBy('index')
      .execute()
  ).map((r) => r.hash)

/** Heads that have no stamp and may be tried now, the newest first: it stamps the most. */
export const headsToStamp = (db: Db, now: Date, limit: number) =>
  db
    .selectFrom('treeHead as head')
    .leftJoin('treeStamp as stamp', 'stamp.size', 'head.size')
    .leftJoin('treeStampTry as try', 'try.size', 'head.size')
    .select(['head.size', 'head.root', 'head.at', 'head.key', 'try.tries'])
    .where('stamp.size', 'is', null)
    .where((eb) => eb.or([eb('try.nextAt', 'is', null), eb('try.nextAt', '<=', now)]))
    .orderBy('head.size', 'desc')
    .limit(limit)
    .execute()

export const addStamp = (tx: Tx, stamp: { size: number; at: Date; response: string }) =>
  tx
    .insertInto('treeStamp')
    .values(stamp)
    .onConflict((c) => c.doNothing())
    .execute()

export const addTry = (tx: Tx, given: { size: number; triedAt: Date; nextAt: Date; why: string; tries: number }) =>
  tx
    .insertInto('treeStampTry')
    .values(given)
    .onConflict((c) => c.column('size').doUpdateSet(given))
    .execute()

export const stamps = (db: Db) => db.selectFrom('treeStamp').selectAll().orderBy('size').execute()

export const newestStamp = (db: Db) =>
  db.selectFrom('treeStamp').select(['size', 'at']).orderBy('size', 'desc').limit(1).executeTakeFirst()

/** Of the newest head that could not be stamped. */
export const stampTrouble = (db: Db) =>
  db
    .selectFrom('treeStampTry as try')
    .leftJoin('treeStamp as stamp', 'stamp.size', 'try.size')
    .select(['try.size', 'try.why', 'try.triedAt', 'try.tries'])
    .where('stamp.size', 'is', null)
    .orderBy('try.size', 'desc')
    .limit(1)
    .executeTakeFirst()

export const addCheck = (tx: Tx, check: { at: Date; entries: number; brokenSeq: number | null; why: string | null }) =>
  tx
    .insertInto('auditCheck')
    .values(check)
    .onConflict((c) => c.doNothing())
    .execute()

export const newestCheck = (db: Db) =>
  db.selectFrom('auditCheck').selectAll().orderBy('at', 'desc').limit(1).executeTakeFirst()

/** Heads that somebody outside may hold: downloaded, or sent to compliance. */
export const exportedSizes = async (db: Db): Promise<number[]> =>
  (
    await db
      .selectFrom('audit')
      .select(sql<number>`(detail->>'size')::bigint`.as('size'))
      .where('action', '=', 'head.exported')
      .distinct()
      .execute()
  ).map((r) => r.size)
