import type { Db } from '../db/open'
import { nodeHash, type Nodes } from '../lib/merkle'
import * as rows from './rows'

const TILE = 8
const WIDTH = 2 ** TILE
/** Hashes of one tile and what is above them are some 40 KB. */
const KEPT = 64

/**
 * The roots of complete subtrees, from the log and the tiles kept beside it (0015): one tile of 256 hashes is read and its
 * inner nodes computed. Holds a few tiles, so that proofs of neighbouring entries cost one reading.
 */
export function nodesOf(db: Db): Nodes {
  const kept = new Map<string, Promise<string[][]>>()
  const tile = (level: number, index: number): Promise<string[][]> => {
    const key = `${level} ${index}`
    const found = kept.get(key) ?? readTile(db, level, index)
    kept.delete(key)
    kept.set(key, found)
    const [oldest] = kept.keys()
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
    return found
  }
  return async (level, index) => {
    const base = Math.floor(level / TILE) * TILE
    const above = level - base
    const perTile = WIDTH / 2 ** above
    const levels = await tile(base, Math.floor(index / perTile))
    const hash = levels[above]?.[index % perTile]
    if (hash === undefined) throw new Error(`no subtree ${level}/${index}: the log is shorter than its head`)
    return hash
  }
}

async function readTile(db: Db, level: number, index: number): Promise<string[][]> {
  const from = index * WIDTH
  const levels = [level === 0 ? await rows.leaves(db, from, WIDTH) : await rows.tiles(db, level, from, WIDTH)]
  for (let below = levels[0] ?? []; below.length > 1;) {
    const here = Array.from({ length: Math.floor(below.length / 2) }, (_, i) =>
      nodeHash(below[2 * i] ?? '', below[2 * i + 1] ?? ''),
    )
    levels.push(here)
    below = here
  }
  return levels
}
