import type { Db } from '../db/open'
import type { TransferMove } from '../db/transfer'
import { externalUseridsOf } from '../wecom/contacts'
import * as asking from './ask-rows'

export type Open = Awaited<ReturnType<typeof openOf>>[number]

/** Everybody of a pair who is open at WeCom, with WeCom's id of them. */
export async function openOf(db: Db, pair: asking.Pair) {
  const open = await asking.openTransfers(db, pair)
  const externals = await externalUseridsOf(
    db,
    open.map((o) => o.customerId),
  )
  return open.map((o) => ({
    ...o,
    successorId: pair.successorId,
    externalUserid: externals.get(o.customerId) ?? '',
    sentAt: o.sentAt ?? o.since,
  }))
}

/** A lost call that shows an effect was accepted when it was sent. */
export const acceptance = (o: Open): TransferMove[] =>
  o.state === 'approved'
    ? [{ handoverId: o.handoverId, event: 'accepted_by_wecom', set: { submittedAt: o.sentAt, errcode: null } }]
    : []

export const batchesOf = (open: readonly Open[]): string[] => [...new Set(open.flatMap((o) => o.batchId ?? []))]
