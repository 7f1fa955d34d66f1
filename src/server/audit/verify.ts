import type pg from 'pg'
import type { Json } from '../../shared/canonical'
import { openDb, type Db } from '../db/open'
import type { Head } from '../lib/head'
import { shownHead } from './heads'
import * as rows from './rows'
import { logWalk, type Break } from './walk'

export type Verdict =
  | { whole: true; entries: number; head: string; heads: number }
  | { whole: false; entries: number; heads: number; broken: Break }

const PAGE = 5000

export const verifyAudit = (pool: pg.Pool, outside: readonly Head[] = []): Promise<Verdict> =>
  verifyIn(openDb(pool), outside)

/**
 * Walks the whole log in pages, recomputing every hash from the row itself, and compares it with every signed head on the
 * way, with the heads that were kept outside, and at its end with the chain's. Says the first place that does not fit.
 * Whoever can rewrite every row, every head and the list of keys leaves a trace only where a head was kept outside.
 */
export const verifyIn = (db: Db, outside: readonly Head[] = []): Promise<Verdict> =>
  // One snapshot: what is appended meanwhile must not look like a head without its entries.
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const keys = new Map((await rows.keys(tx)).map((k) => [k.id, k.publicKey]))
      const walk = logWalk({ heads: (await rows.heads(tx)).map(shownHead), keys, outside })
      const broken = (await walkAll(tx, walk)) ?? walk.end(await rows.logEnd(tx).catch(() => undefined))
      const { seq, hash } = walk.at()
      const found = { entries: seq, heads: walk.checked() }
      return broken ? { whole: false, ...found, broken } : { whole: true, ...found, head: hash }
    })

async function walkAll(db: Db, walk: ReturnType<typeof logWalk>): Promise<Break | null> {
  for (let after = 0; ;) {
    const page = await rows.entriesAfter(db, after, Number.MAX_SAFE_INTEGER, PAGE)
    for (const r of page) {
      const { seq, actor, action, subject, detail } = r
      const entry = { seq, at: r.at.toISOString(), actor, action, subject, detail: detail as Json }
      const broken = walk.take(entry, r.prevHash, r.hash)
      if (broken) return broken
      after = seq
    }
    if (page.length < PAGE) return null
  }
}
