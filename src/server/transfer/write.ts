import { act } from '../db/act'
import type { Deps } from '../deps'
import { chunksOf } from '../wecom/pages'
import * as rows from './rows'

/** WeCom takes at most this many customers a call (facts 4.3). */
export const MAX_CUSTOMERS = 100
const AT_ONCE = 5000

/** Writes down every call that the approved plans ask for, before the first one is made (DESIGN 4.2). */
export async function writeBatches(deps: Deps): Promise<void> {
  for (;;) if ((await writeSome(deps)) < AT_ONCE) return
}

const writeSome = ({ db, now, id }: Deps): Promise<number> => {
  const at = now()
  return act(db, at, 'system', async (tx, audit) => {
    const approved = await rows.approvedWithoutBatch(tx, AT_ONCE)
    const batches = batchesOf(approved).map((b) => ({ ...b, id: id() }))
    await rows.addBatches(tx, batches, at)
    await rows.linkToBatches(tx, batches)
    for (const { id: batch, planId, leaverId, successorId, flow, handovers } of batches)
      audit('transfer.written', batch, {
        plan: planId,
        leaver: leaverId,
        successor: successorId,
        flow,
        customers: handovers.length,
      })
    return approved.length
  })
}

/** WeCom has two processes: for a leaver who is gone, and for one who is still here (facts 4.1). */
export type Flow = 'resigned' | 'onjob'

export interface Approved {
  handoverId: string
  planId: string
  leaverId: string
  successorId: string
  flow: Flow
}

/** One call is one leaver, one successor, one of WeCom's processes, at most a hundred customers. */
export function batchesOf(approved: readonly Approved[]) {
  const byPair = new Map<string, Approved[]>()
  for (const a of approved) {
    const pair = [a.planId, a.leaverId, a.successorId, a.flow].join(' ')
    const all = byPair.get(pair)
    if (all) all.push(a)
    else byPair.set(pair, [a])
  }
  return [...byPair.values()].flatMap((all) => {
    const { planId, leaverId, successorId, flow } = all[0]!
    return chunksOf(all, MAX_CUSTOMERS).map((some) => ({
      planId,
      leaverId,
      successorId,
      flow,
      handovers: some.map((a) => a.handoverId),
    }))
  })
}
