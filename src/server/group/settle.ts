import { BEING_INHERITED } from '../../shared/group'
import { act } from '../db/act'
import { moveGroups, type GroupMove } from '../db/group'
import { tellOfGroups } from '../db/told'
import type { Deps } from '../deps'
import { listGroupsOfLeavers, readOwners, type Owner } from '../wecom/groups'
import { eachInTurn } from '../wecom/turn'
import { again } from './answer'
import * as rows from './rows'

/** So long after WeCom's yes the old owner may still be shown; then a person is told that it did not work. */
const PATIENCE_MS = 3600_000

type Pair = Awaited<ReturnType<typeof rows.pairsToAsk>>[number]
type Open = Awaited<ReturnType<typeof rows.openGroups>>[number]

/**
 * Reads who owns what was sent. A lost answer is settled the same way: the successor owns it, so it happened; the leaver
 * still does and WeCom says nothing of a change under way, so it did not, and it is sent anew; somebody else does, so
 * somebody else gave it away. Where WeCom shows no owner (U7) and no status, nobody knows: it stays 待核对.
 */
export const settleGroups = async (deps: Deps): Promise<void> =>
  eachInTurn(deps, await rows.pairsToAsk(deps.db, deps.now()), async (pair) => {
    const open = await rows.openGroups(deps.db, pair.departureId, pair.successorId, deps.now())
    if (!open.length) return
    const owners = await readOwners(
      deps,
      open.map((g) => g.chatId),
    )
    const unmoved = open.some((g) => !isElsewhere(pair, owners.get(g.chatId)))
    const statuses = unmoved ? await statusesOf(deps, pair) : new Map<string, number>()
    const moves = await Promise.all(open.map((g) => moveOf(deps, pair, g, owners.get(g.chatId), statuses)))
    await settle(deps, pair, open, moves.flat())
  })

const isElsewhere = (pair: Pair, owner: Owner | undefined): boolean =>
  owner?.unknown === true || (!!owner?.userid && owner.userid !== pair.leaver)

async function statusesOf(deps: Deps, pair: Pair): Promise<Map<string, number>> {
  const { groups } = await listGroupsOfLeavers(deps, [pair.leaver])
  return new Map(groups.map((g) => [g.chatId, g.status]))
}

async function moveOf(
  deps: Deps,
  pair: Pair,
  group: Open,
  owner: Owner | undefined,
  statuses: ReadonlyMap<string, number>,
): Promise<GroupMove[]> {
  const now = deps.now()
  const move = (event: GroupMove['event'], set: GroupMove['set'] = {}): GroupMove[] => [
    { departureId: pair.departureId, chatId: group.chatId, event, set },
  ]
  if (owner?.unknown) return move('not_a_group', { settledAt: now })
  if (owner?.userid === pair.successor) return move('owner_is_successor', { settledAt: now, errcode: null })
  if (owner?.userid && owner.userid !== pair.leaver)
    return move('owner_is_other', { settledAt: now, ownerId: await rows.memberIdOf(deps.db, owner.userid) })
  const status = statuses.get(group.chatId)
  const lost = group.state === 'sent'
  if (status === BEING_INHERITED) return lost ? move('accepted') : []
  // Neither an owner nor a status: nothing is known.
  if (!owner?.userid && status === undefined) return []
  if (lost) return move(again(null, now).event, { ...again(null, now).set, nextTryAt: null, wait: null })
  const waited = now.getTime() - (group.sentAt?.getTime() ?? 0)
  return waited > PATIENCE_MS ? move('stayed', { settledAt: now }) : []
}

async function settle(deps: Deps, pair: Pair, open: readonly Open[], moves: readonly GroupMove[]): Promise<void> {
  const at = deps.now()
  const { departureId, successorId } = pair
  await act(deps.db, at, 'wecom', async (tx, audit) => {
    const { moved } = await moveGroups(tx, audit, moves)
    const came = moved.filter((m) => m.event === 'owner_is_successor')
    await tellOfGroups(tx, { id: deps.id(), memberId: successorId, at }, came)
    await rows.markAsked(
      tx,
      departureId,
      open.map((g) => g.chatId),
      at,
    )
  })
  if (moves.some((m) => m.event === 'owner_is_successor')) deps.wake('letters')
}
