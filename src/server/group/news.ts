import { act } from '../db/act'
import { moveGroups, type GroupMove } from '../db/group'
import { tellOfGroups } from '../db/told'
import type { Deps } from '../deps'
import * as rows from './rows'

/**
 * What has changed while a group was not under way: somebody gave it another owner by hand, or the leaver is back. It is
 * not sent then.
 */
export const takeNews = (deps: Deps): Promise<void> => {
  const at = deps.now()
  return act(deps.db, at, 'system', async (tx, audit) => {
    const elsewhere = (await rows.ownedElsewhere(tx)).map(
      ({ departureId, chatId, successorId, ownerId }): GroupMove & { successorId: string | null } =>
        ownerId === successorId
          ? { departureId, chatId, successorId, event: 'owner_is_successor', set: { settledAt: at, errcode: null } }
          : { departureId, chatId, successorId, event: 'owner_is_other', set: { settledAt: at, ownerId } },
    )
    const ended = (await rows.approvedOfEnded(tx)).map((g): GroupMove => ({
      ...g,
      event: 'call_off',
      set: { settledAt: at },
    }))
    const { moved } = await moveGroups(tx, audit, [...elsewhere, ...ended])
    const came = elsewhere.filter((g) => g.event === 'owner_is_successor' && moved.includes(g))
    for (const g of came) if (g.successorId) await tellOfGroups(tx, { id: deps.id(), memberId: g.successorId, at }, [g])
  })
}
