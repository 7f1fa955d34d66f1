import { sql } from 'kysely'
import type { Tx } from './open'

/** In a query over `handover` and `departure`: who passes the customer on. */
export const passerId = sql<string>`coalesce(handover.from_id, departure.member_id)`
/** Whether that one has left: somebody who passes on at a customer's wish is here. */
export const passerGone = sql<boolean>`(departure.gone and handover.from_id is null)`

interface NewHandover {
  id: string
  departureId: string
  customerId: string
  createdAt: Date
  fromId?: string
}

/** The three rows a handover begins with; whoever has one already keeps it. Answers the new ones. */
export async function addHandovers(
  tx: Tx,
  rows: readonly NewHandover[],
  transfer: { state: string; settledAt: Date | null },
): Promise<{ id: string; customerId: string }[]> {
  const added = await tx
    .insertInto('handover')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['departureId', 'customerId']).where('fromId', 'is', null).doNothing())
    .returning(['id', 'customerId'])
    .execute()
  if (!added.length) return []
  await tx
    .insertInto('transfer')
    .values(added.map((h) => ({ handoverId: h.id, ...transfer })))
    .execute()
  await tx
    .insertInto('notice')
    .values(added.map((h) => ({ handoverId: h.id, state: 'due' })))
    .execute()
  return added
}
