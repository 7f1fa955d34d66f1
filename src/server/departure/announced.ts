import { act } from '../db/act'
import { moveTransfers } from '../db/transfer'
import type { Deps } from '../deps'
import { openContacts } from '../wecom/relation-rows'
import { storyOf } from './announce'
import * as rows from './announce-rows'
import { addMissing, settled, settleWithdrawn } from './handovers'

/** Keeps announcements true to what is so: who became a customer since has a handover, and what was withdrawn stays so. */
export async function followAnnounced(deps: Deps): Promise<void> {
  await act(deps.db, deps.now(), 'system', (tx, audit) => settleWithdrawn(tx, audit, deps, 'all'))
  for (const { id } of await rows.incomplete(deps.db, settled))
    await act(deps.db, deps.now(), 'system', async (tx, audit) => {
      const departure = await rows.holdAnnounced(tx, id)
      if (!departure) return
      const followed = new Set((await openContacts(tx, departure.memberId)).map((r) => r.customerId))
      await addMissing(tx, audit, deps, departure, followed, storyOf(departure))
    })
}

/**
 * A customer whom the leaver had lost before the last day is nobody to hand over, unless WeCom's list still names them: the
 * list is read to its end, and began after the leaving was known.
 */
export async function dropLost(
  deps: Deps,
  listed: ReadonlyMap<string, { contacts: ReadonlySet<string> }>,
  began: Date,
): Promise<void> {
  const lost = await rows.lostBefore(deps.db, began)
  const gone = lost.filter((l) => !listed.get(l.userid)?.contacts.has(l.externalUserid))
  if (!gone.length) return
  const at = deps.now()
  await act(deps.db, at, 'system', async (tx, audit) => {
    const moves = gone.map(({ handoverId }) => ({ handoverId, event: 'call_off' as const, set: { settledAt: at } }))
    await moveTransfers(tx, audit, { at, id: deps.id }, moves)
  })
}
