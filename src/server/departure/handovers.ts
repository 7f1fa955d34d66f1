import { YEAR_MS, type TransferState } from '../../shared/transfer'
import type { Audit } from '../db/act'
import { addHandovers } from '../db/handover'
import { addHistory, type NewHistory } from '../db/history'
import type { Tx } from '../db/open'
import { moveTransfers } from '../db/transfer'
import type { Deps } from '../deps'
import { chunksOf } from '../wecom/pages'
import { freeOfWithdrawn } from './announce-rows'
import { handoverCustomers } from './rows'

interface Of {
  id: string
  memberId: string
  leftAt: Date
  gone: boolean
}

/** What the customers' histories say of a departure. */
export type Story = Pick<
  NewHistory<'departure.noticed' | 'departure.announced'>,
  'kind' | 'body' | 'authorId' | 'source'
>

/** Nothing more happens to these; a customer who came back since may be handed over anew. */
export const settled: readonly TransferState[] = ['taken_over', 'refused', 'expired', 'cancelled', 'elsewhere']

/**
 * One handover for each of these customers who has none: neither in this departure nor an open one in an earlier departure of
 * the same member. Said again, it adds nothing. Answers how many it added.
 */
export async function addMissing(
  tx: Tx,
  audit: Audit,
  deps: Deps,
  departure: Of,
  customers: ReadonlySet<string>,
  story: Story,
): Promise<number> {
  await settleWithdrawn(tx, audit, deps, departure.memberId)
  const now = deps.now()
  const there = new Set((await handoverCustomers(tx, departure, settled)).map((h) => h.customerId))
  const tooLate = departure.gone && now.getTime() - departure.leftAt.getTime() > YEAR_MS
  const begin = { state: tooLate ? 'expired' : 'unassigned', settledAt: tooLate ? now : null }
  let count = 0
  for (const part of chunksOf(
    [...customers].filter((id) => !there.has(id)),
    1000,
  )) {
    const rows = part.map((customerId) => ({ id: deps.id(), departureId: departure.id, customerId, createdAt: now }))
    const added = await addHandovers(tx, rows, begin)
    count += added.length
    await tellCustomers(tx, deps, added, story)
    for (const h of added)
      audit('handover.created', h.id, { departure: departure.id, customer: h.customerId, state: begin.state })
  }
  return count
}

export const tellCustomers = (
  tx: Tx,
  deps: Deps,
  of: readonly { customerId: string }[],
  story: Pick<NewHistory, 'kind' | 'body' | 'authorId' | 'source'>,
) =>
  addHistory(
    tx,
    of.map(({ customerId }) => ({ id: deps.id(), customerId, at: deps.now(), ...story })),
  )

/**
 * What was under way when an announcement was withdrawn and came back to us since (the successor was full, WeCom refused, a
 * lost call had no effect) is called off, too: no plan can take it up there, and it must not stand in the way of a new one.
 */
export async function settleWithdrawn(tx: Tx, audit: Audit, deps: Deps, memberId: string | 'all'): Promise<void> {
  const now = deps.now()
  const free = await freeOfWithdrawn(tx, memberId)
  const moves = free.map(({ handoverId }) => ({ handoverId, event: 'call_off' as const, set: { settledAt: now } }))
  if (moves.length) await moveTransfers(tx, audit, { at: now, id: deps.id }, moves)
}
