import { WAIT_MS } from '../../shared/transfer'
import { act, type Audit } from '../db/act'
import type { Tx } from '../db/open'
import { moveTransfers, type TransferMove } from '../db/transfer'
import type { Deps } from '../deps'
import { transferCustomer } from '../wecom/apis'
import { AnswerLost, WeComError } from '../wecom/client'
import { externalUseridsOf } from '../wecom/contacts'
import { NOT_RESIGNED } from '../wecom/errcodes'
import { fatesOf, type Fate } from './answer'
import * as rows from './rows'
import { eachInTurn } from '../wecom/turn'

/** After WeCom said "busy" or "not allowed" a call is made again only after this. */
const AGAIN_MS = 50_000

export async function sendBatches(deps: Deps): Promise<void> {
  const before = (): Date => new Date(deps.now().getTime() - AGAIN_MS)
  await eachInTurn(deps, await rows.successorsToServe(deps.db, before()), async ({ successorId }) => {
    for (;;) {
      const batch = await rows.nextBatch(deps.db, successorId, before())
      if (!batch || !(await sendBatch(deps, batch))) return
    }
  })
}

type Batch = NonNullable<Awaited<ReturnType<typeof rows.nextBatch>>>
type Item = { handoverId: string; externalUserid: string | undefined }

/**
 * One call. That it is made is committed first; so whatever happens between here and the answer, the batch is found as
 * `sent` without an answer, and `askResults` finds out what became of it. False: no more calls for now.
 */
async function sendBatch(deps: Deps, batch: Batch): Promise<boolean> {
  const { db, now, wecom } = deps
  const items = await itemsOf(deps, batch.id)
  await act(db, now(), 'system', async (tx, audit) => {
    await rows.markSent(tx, batch.id, now())
    audit('transfer.sent', batch.id, { customers: items.length })
  })
  const externals = items.flatMap((i) => i.externalUserid ?? [])
  const pair = { handover_userid: batch.leaver, takeover_userid: batch.successor }
  try {
    const { customer } = externals.length
      ? await wecom.ask(transferCustomer, { ...pair, external_userid: externals })
      : { customer: [] }
    await takeAnswer(deps, batch.id, items, fatesOf(customer))
    return true
  } catch (error) {
    if (error instanceof WeComError) return takeRefusal(deps, batch.id, items, error)
    if (error instanceof AnswerLost && error.notSent) await takeBack(deps, batch.id, null)
    throw error
  }
}

async function itemsOf({ db }: Deps, batchId: string): Promise<Item[]> {
  const items = await rows.approvedInBatch(db, batchId)
  const externals = await externalUseridsOf(
    db,
    items.map((i) => i.customerId),
  )
  return items.map((i) => ({ handoverId: i.handoverId, externalUserid: externals.get(i.customerId) }))
}

/** Each customer by what WeCom said of it. Of whom it said nothing, the answer is missing still: the batch stays open. */
const takeAnswer = (deps: Deps, batchId: string, items: readonly Item[], fates: Map<string, Fate>): Promise<void> => {
  const at = deps.now()
  return act(deps.db, at, 'wecom', async (tx, audit) => {
    const known = items.flatMap(({ handoverId, externalUserid }) => {
      const fate = fates.get(externalUserid ?? '')
      return fate ? [{ handoverId, ...fate }] : []
    })
    await move(deps, tx, audit, known, at)
    const again = known.filter((k) => k.event === 'again')
    await rows.detach(
      tx,
      again.map((k) => k.handoverId),
    )
    await rows.closeBatches(tx, [batchId], at)
    const count = (event: Fate['event']) => known.filter((k) => k.event === event).length
    audit('transfer.answered', batchId, {
      accepted: count('accepted_by_wecom'),
      refused: count('refused_by_wecom'),
      again: again.length,
      missing: items.length - known.length,
    })
  })
}

/**
 * WeCom refused the whole call. Busy, or something that somebody must mend first: later. Otherwise it holds for everybody, and
 * so does "has not left": who came back stays, and the plan was for somebody who had gone.
 */
async function takeRefusal(deps: Deps, batchId: string, items: readonly Item[], error: WeComError): Promise<boolean> {
  const { errcode, kind } = error
  if (kind !== 'final' && errcode !== NOT_RESIGNED) {
    await takeBack(deps, batchId, errcode)
    return false
  }
  const at = deps.now()
  await act(deps.db, at, 'wecom', async (tx, audit) => {
    const all = items.map(({ handoverId }) => ({ handoverId, event: 'refused_by_wecom' as const, errcode }))
    await move(deps, tx, audit, all, at)
    await rows.noteErrcode(tx, batchId, errcode)
    await rows.closeBatches(tx, [batchId], at)
    audit('transfer.answered', batchId, { errcode, refused: items.length })
  })
  return true
}

/** The call has surely had no effect: it is as if only written down. Its code stands beside every customer. */
const takeBack = ({ db, now }: Deps, batchId: string, errcode: number | null): Promise<void> => {
  const at = now()
  return act(db, at, 'wecom', async (tx, audit) => {
    await rows.unsend(tx, batchId, errcode, at)
    audit('transfer.answered', batchId, { errcode, again: true })
  })
}

/** WeCom takes over after 24 hours by itself; the exact time comes with the result. */
const move = (deps: Deps, tx: Tx, audit: Audit, known: readonly ({ handoverId: string } & Fate)[], at: Date) =>
  moveTransfers(
    tx,
    audit,
    { at, id: deps.id },
    known.flatMap(({ handoverId, event, errcode }): TransferMove[] => {
      if (event === 'again') return []
      if (event === 'refused_by_wecom') return [{ handoverId, event, set: { errcode, settledAt: at } }]
      const takeoverAt = errcode === null ? new Date(at.getTime() + WAIT_MS) : null
      return [{ handoverId, event, set: { errcode, submittedAt: at, takeoverAt } }]
    }),
  )
