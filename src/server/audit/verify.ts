import type pg from 'pg'
import { chainChecker, type ChainBreak } from '../lib/chain'
import type { Json } from '../../shared/canonical'

interface Row {
  seq: number
  at: Date
  actor: string
  action: string
  subject: string
  detail: Json
  prev_hash: string
  hash: string
}

export type Verdict =
  | { whole: true; entries: number; head: string }
  | { whole: false; entries: number; broken: ChainBreak | { seq: number; why: 'truncated' | 'extended' } }

const PAGE = 5000

/**
 * Walks the whole chain in pages, recomputing every hash from the row itself, and compares its end with the head. Says the
 * first place that does not fit. Whoever can rewrite every row and the head leaves no trace here: that needs a copy of a
 * head kept elsewhere (quality B1).
 */
export async function verifyAudit(pool: pg.Pool): Promise<Verdict> {
  const client = await pool.connect()
  try {
    // One snapshot: what is appended meanwhile must not look like a head without its entries.
    await client.query('begin isolation level repeatable read read only')
    const verdict = await walk(client)
    await client.query('commit')
    return verdict
  } finally {
    client.release()
  }
}

async function walk(client: pg.PoolClient): Promise<Verdict> {
  const chain = chainChecker()
  for (;;) {
    const after = chain.end().seq
    const { rows } = await client.query<Row>('select * from audit where seq > $1 order by seq limit $2', [after, PAGE])
    for (const r of rows) {
      const entry = {
        seq: r.seq,
        at: r.at.toISOString(),
        actor: r.actor,
        action: r.action,
        subject: r.subject,
        detail: r.detail,
      }
      const broken = chain.check(entry, r.prev_hash, r.hash)
      if (broken) return { whole: false, entries: chain.end().seq, broken }
    }
    if (rows.length < PAGE) break
  }
  const { seq, hash } = chain.end()
  const { rows } = await client.query<{ seq: number; hash: string }>('select seq, hash from audit_head')
  const head = rows[0]
  if (head && head.seq > seq) return { whole: false, entries: seq, broken: { seq: seq + 1, why: 'truncated' } }
  if (!head || head.seq < seq || head.hash !== hash)
    return { whole: false, entries: seq, broken: { seq, why: 'extended' } }
  return { whole: true, entries: seq, head: hash }
}
