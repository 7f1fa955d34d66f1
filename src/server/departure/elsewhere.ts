import { act } from '../db/act'
import { moveTransfers } from '../db/transfer'
import type { Deps } from '../deps'
import { assignedSince } from '../wecom/assigned'
import { rereadContact } from '../wecom/relations'
import { handedOver } from './elsewhere-rows'

/** More of them wait for the next run: each is one question to WeCom. */
const AT_ONCE = 50

type Listed = ReadonlyMap<string, { contacts: ReadonlySet<string> }>

/**
 * Whom somebody has handed over in WeCom's console while nothing of ours was under way: elsewhere, with who. A row leaves
 * WeCom's list for other reasons, too, so its absence alone says nothing (README); only together with a relation that says
 * "assigned by an administrator" since the leaving, and that WeCom, asked now, still shows. The list was read to its end and
 * began after the leaving was known.
 */
export async function followConsole(deps: Deps, listed: Listed, began: Date): Promise<void> {
  const found = await handedOver(deps.db, began, AT_ONCE)
  for (const one of found) {
    if (listed.get(one.leaver)?.contacts.has(one.externalUserid)) continue
    const followers = await rereadContact(deps, one.externalUserid)
    if (!followers.some((f) => f.userid === one.owner && assignedSince(f, one.since))) continue
    const at = deps.now()
    await act(deps.db, at, 'wecom', async (tx, audit) => {
      const move = {
        handoverId: one.handoverId,
        event: 'moved_elsewhere',
        by: one.ownerId,
        set: { settledAt: at },
      } as const
      await moveTransfers(tx, audit, { at, id: deps.id }, [move])
    })
  }
}
