import type pg from 'pg'
import { openDb, type Db } from '../db/open'
import type { Head } from '../lib/head'
import { shownHead } from './heads'
import * as rows from './rows'
import { logWalk, type Break } from './walk'

export type Verdict =
  | { whole: true; entries: number; head: string; heads: number }
  | { whole: false; entries: number; heads: number; broken: Break }

export const verifyAudit = (pool: pg.Pool, outside: readonly Head[] = []): Promise<Verdict> =>
  verifyIn(openDb(pool), outside)

/**
 * Walks the whole log, recomputing every hash, and compares it with every signed head on the way, with the heads that were kept outside, and at its end with the chain's. Says the first place that does not fit.
 * `now` decides whether what was cleared was due; without it the database's clock does.
 * Whoever can rewrite every row, every head and the list of keys leaves a trace only where a head was kept outside.
 */
export const verifyIn = (db: Db, outside: readonly Head[] = [], now?: Date): Promise<Verdict> =>
  // One snapshot: what is appended meanwhile must not look like a head without its entries.
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const keys = new Map((await rows.keys(tx)).map((k) => [k.id, k.publicKey]))
      const begun = logWalk({
        heads: (await rows.heads(tx)).map(shownHead),
        keys,
        outside,
        now: now ?? (await rows.databaseTime(tx)),
      })
      // Signatures are looked at while the first entries come.
      const inside = await walkAll(tx, begun)
      const walk = await begun
      const broken = inside ?? walk.end(await rows.logEnd(tx).catch(() => undefined)) ?? (await readOtherwise(tx))
      const { seq, hash } = walk.at()
      const found = { entries: seq, heads: walk.checked() }
      return broken ? { whole: false, ...found, broken } : { whole: true, ...found, head: hash }
    })

async function readOtherwise(db: Db): Promise<Break | null> {
  const seq = await rows.misread(db)
  return seq === undefined ? null : { seq, why: 'columns' }
}

async function walkAll(db: Db, begun: ReturnType<typeof logWalk>): Promise<Break | null> {
  for await (const lines of rows.linesAfter(db, 0)) {
    const walk = await begun
    for (const line of lines) {
      const broken = walk.take(line)
      if (broken) return broken
    }
  }
  return null
}
