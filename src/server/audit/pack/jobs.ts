import { PACK_LIFE_MS } from '../../../shared/evidence'
import { act } from '../../db/act'
import { rightsOf } from '../../db/roles'
import type { Deps } from '../../deps'
import { makeHead } from '../heads'
import { currentSigner } from '../keys'
import { stampHeads } from '../stamp'
import { buildPack } from './build'
import * as rows from './rows'

/** Builds what was approved, one after the other, and takes away what has had its days. */
export async function packsJob(deps: Deps): Promise<void> {
  await act(deps.db, deps.now(), 'system', async (tx, audit) => {
    for (const { id } of await rows.endPacks(tx, deps.now())) audit('pack.ended', id)
  })
  for (const { id } of await rows.packsToBuild(deps.db)) await build(deps, id)
}

/** Under a head of this moment, so that everything written before is in it, and from one snapshot. */
async function build(deps: Deps, id: string): Promise<void> {
  const { db, config } = deps
  const head = await makeHead(deps)
  if (!head) return
  await stampHeads(deps)
  const now = deps.now()
  const key = await act(db, now, 'system', (tx, audit) => currentSigner(tx, audit, config, now))
  const ground = { head, key, config, rights: await rightsOf(db), now }
  const built = await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const order = await rows.holdPack(tx, id)
      return order?.state === 'approved' ? buildPack(tx, order, ground) : null
    })
  if (!built) return
  const { content, sha256, manifestSha256 } = built
  const expiresAt = new Date(now.getTime() + PACK_LIFE_MS)
  const made = { builtAt: now, headSize: head.size, bytes: content.length, sha256, manifestSha256, content, expiresAt }
  await act(db, now, 'system', async (tx, audit) => {
    const kept = await rows.keepPack(tx, id, made)
    if (kept.length)
      audit('pack.built', id, { sha256, manifest: manifestSha256, size: content.length, head: head.size })
  })
}
