import type { Tx } from '../../db/open'
import type { Head } from '../../lib/head'
import { consistency, inclusion } from '../../lib/merkle'
import { shownHead } from '../heads'
import { nodesOf } from '../nodes'
import * as rows from '../rows'

/**
 * What binds the events to the head of the pack, and that head to every head that somebody outside may hold. Bytes of time
 * stamps are kept as the authority sent them.
 */
export async function proofsOf(tx: Tx, head: Head, seqs: readonly number[]) {
  const nodes = nodesOf(tx)
  const exported = new Set([...(await rows.exportedSizes(tx)), head.size])
  const heads = (await rows.heads(tx)).map(shownHead).filter((h) => exported.has(h.size) && h.size <= head.size)
  const inclusions = []
  for (const seq of seqs) inclusions.push({ seq, path: await inclusion(nodes, seq - 1, head.size) })
  const grown = []
  for (const { size } of heads)
    grown.push({ from: size, to: head.size, proof: await consistency(nodes, size, head.size) })
  const stamps = (await rows.stamps(tx)).filter((s) => heads.some((h) => h.size === s.size))
  const keys = (await rows.keys(tx)).map((k) => ({ ...k, since: k.since.toISOString() }))
  return { heads, keys, inclusions, grown, stamps }
}
export type Proofs = Awaited<ReturnType<typeof proofsOf>>
