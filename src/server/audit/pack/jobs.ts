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

/** Under a head of this moment, so that everything that was written before is in it. */
async function build(deps: Deps, id: string): Promise<void> {
  const head = await makeHead(deps)
  if (!head) return
  await stampHeads(deps)
  const rights = await rightsOf(deps.db)
  const now = deps.now()
  await act(deps.db, now, 'system', async (tx, audit) => {
    const order = await rows.holdPack(tx, id)
    if (order?.state !== 'approved') return
    const key = await currentSigner(tx, audit, deps.config, now)
    const { content, sha256, manifestSha256 } = await buildPack(tx, order, {
      head,
      key,
      config: deps.config,
      rights,
      now,
    })
    const expiresAt = new Date(now.getTime() + PACK_LIFE_MS)
    await rows.keepPack(tx, id, {
      builtAt: now,
      headSize: head.size,
      bytes: content.length,
      sha256,
      manifestSha256,
      content,
      expiresAt,
    })
    audit('pack.built', id, { sha256, manifest: manifestSha256, size: content.length, head: head.size })
  })
}
