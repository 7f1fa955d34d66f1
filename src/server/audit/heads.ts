import { act } from '../db/act'
import type { Db } from '../db/open'
import type { Deps } from '../deps'
import { chainChecker, FIRST_HASH } from '../lib/chain'
import { headText, type Head } from '../lib/head'
import { EMPTY, growing, rootOf, type Range } from '../lib/merkle'
import { currentSigner } from './keys'
import * as rows from './rows'

const TILE = 8

/**
 * A signed head over everything that is in the log now: it goes on from the newest one, so it costs what is new. Every new
 * entry is hashed again first; what does not fit is not signed. Answers the newest head, null for an empty log.
 */
export async function makeHead({ db, config, now }: Pick<Deps, 'db' | 'config' | 'now'>): Promise<Head | null> {
  // First, because a new key is itself an entry.
  const key = await act(db, now(), 'system', (tx, audit) => currentSigner(tx, audit, config, now()))
  const last = await rows.newestHead(db)
  const { seq: end } = await rows.logEnd(db)
  if (last && last.size >= end) return shownHead(last)
  const before = last ? { size: last.size, roots: last.range } : EMPTY
  const { range, tiles } = await grow(db, before, end)
  const head = { size: range.size, root: rootOf(range), time: now().toISOString(), key: key.id }
  const signature = key.sign(headText(head))
  await act(db, now(), 'system', async (tx) => {
    for (let i = 0; i < tiles.length; i += 1000) await rows.addTiles(tx, tiles.slice(i, i + 1000))
    const { size, root, key } = head
    await rows.addHead(tx, { size, root, key, signature, at: new Date(head.time), range: [...range.roots] })
  })
  const kept = await rows.newestHead(db)
  return kept ? shownHead(kept) : null
}

export const shownHead = (row: Pick<rows.HeadRow, 'size' | 'root' | 'at' | 'key' | 'signature'>): Head => ({
  size: row.size,
  root: row.root,
  time: row.at.toISOString(),
  key: row.key,
  signature: row.signature,
})

async function grow(db: Db, from: Range, end: number) {
  const tiles: { level: number; index: number; hash: string }[] = []
  const tree = growing(from, (level, index, hash) => {
    if (level > 0 && level % TILE === 0) tiles.push({ level, index, hash })
  })
  const start = from.size ? await rows.hashAt(db, from.size) : FIRST_HASH
  const chain = chainChecker({ seq: from.size, hash: start ?? '' })
  for await (const lines of rows.linesAfter(db, from.size, end))
    for (const entry of lines) {
      const broken = chain.check(entry)
      if (broken)
        throw new Error(`the audit log does not fit at entry ${broken.seq} (${broken.why}): no head is signed`)
      tree.add(entry.hash)
    }
  if (chain.end().seq < end) throw new Error(`the audit log ends at ${chain.end().seq}, before its head`)
  return { range: tree.range(), tiles }
}
