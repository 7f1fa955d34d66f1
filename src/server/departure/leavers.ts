import { act } from '../db/act'
import { endAccess } from '../db/probe'
import type { Deps } from '../deps'
import { followUserList, unassignedList } from '../wecom/apis'
import { listGroupsOfLeavers, readGroups, rereadGroup } from '../wecom/groups'
import { chunksOf, walkPages } from '../wecom/pages'
import { dropLost } from './announced'
import { followConsole } from './elsewhere'
import { recordDeparture } from './record'
import { leaversWithGroups, memberByUserid, ownerlessGroups, setStatus, suspects } from './rows'
import { isHere, whereabouts, type Whereabouts } from './whereabouts'

const PAGE = 1000

interface Waiting {
  leftAt: Date | null
  contacts: Set<string>
}

/** Everybody whose customers wait to be assigned: the only list of leavers that WeCom has (facts 2.3, 4.2). */
export async function fromUnassignedList(deps: Deps): Promise<void> {
  const leavers = new Map<string, Waiting>()
  const began = deps.now()
  const whole = await walkPages(
    (cursor) => deps.wecom.ask(unassignedList, { cursor, page_size: PAGE }),
    (page) => page.info.filter((row) => gather(leavers, row)).length,
  )
  for (const [userid, { leftAt, contacts }] of leavers) {
    const known = await memberByUserid(deps.db, userid)
    // Old customers of somebody who was hired again still wait here (facts 2.3); the person is no leaver for that.
    const isBack = known?.status !== 'left' && isHere(await whereabouts(deps, userid))
    await recordDeparture(deps, { userid, leftAt, knownBy: 'unassigned_list', waiting: [...contacts], isBack })
  }
  if (!whole) return
  await dropLost(deps, leavers, began)
  await followConsole(deps, leavers, began)
}

function gather(
  leavers: Map<string, Waiting>,
  row: { handover_userid: string; external_userid: string; dimission_time: Date | null },
): boolean {
  const leaver = leavers.get(row.handover_userid) ?? { leftAt: null, contacts: new Set<string>() }
  leavers.set(row.handover_userid, leaver)
  if (row.dimission_time && (!leaver.leftAt || row.dimission_time > leaver.leftAt)) leaver.leftAt = row.dimission_time
  const before = leaver.contacts.size
  leaver.contacts.add(row.external_userid)
  return leaver.contacts.size > before
}

/** Whoever an event should have told us of and did not (T-40): not in 客户联系 any more, and gone when asked for. */
export async function fromMemberList(deps: Deps): Promise<void> {
  const { follow_user } = await deps.wecom.ask(followUserList, {})
  const suspected = await suspects(deps.db, follow_user)
  for (const part of chunksOf(suspected, 50)) {
    const found = await Promise.all(part.map((m) => whereabouts(deps, m.userid)))
    for (const [i, m] of part.entries()) await settle(deps, m, found[i] ?? 'hidden')
  }
}

async function settle(deps: Deps, member: { id: string; userid: string; status: string }, where: Whereabouts) {
  if (where === 'gone')
    await recordDeparture(deps, { userid: member.userid, leftAt: null, knownBy: 'member_list', waiting: [] })
  else if (where !== 'active' && member.status === 'active') await stopMember(deps, member.id, where)
}

/** Still a member, but one who may do nothing here: switched off, quit, out of range. */
export async function stopMember(deps: Deps, memberId: string, why: Whereabouts): Promise<void> {
  await act(deps.db, deps.now(), 'wecom', async (tx, audit) => {
    await endAccess(tx, audit, deps, [memberId], 'stopped')
    await setStatus(tx, memberId, why === 'not_activated' ? why : 'disabled')
    audit('mirror.changed', 'member', { changed: [memberId], why })
  })
  deps.wake('probe')
}

/**
 * Groups whose owner has left, and owners of whom nothing else tells: somebody with groups but no customers is in no list
 * (facts 13.7).
 */
export async function fromGroups(deps: Deps): Promise<void> {
  const leavers = (await leaversWithGroups(deps.db)).map((m) => m.userid)
  const { groups, whole } = await listGroupsOfLeavers(deps, leavers)
  const known = new Map((await ownerlessGroups(deps.db)).map((g) => [g.chatId, g.status]))
  const news = groups.filter((g) => g.status > 0 && known.get(g.chatId) !== g.status)
  for (const part of chunksOf(news, 50)) {
    const { owners } = await readGroups(deps, part)
    // Owners whom we never saw have a name in our table only now.
    if (await anyGone(deps, new Set(owners))) await readGroups(deps, part)
  }
  const listed = new Set(groups.map((g) => g.chatId))
  for (const chatId of known.keys()) if (!listed.has(chatId)) await rereadGroup(deps, chatId, whole)
}

async function anyGone(deps: Deps, owners: ReadonlySet<string>): Promise<boolean> {
  let any = false
  for (const userid of owners) {
    if ((await memberByUserid(deps.db, userid))?.status === 'left') continue
    if ((await whereabouts(deps, userid)) !== 'gone') continue
    await recordDeparture(deps, { userid, leftAt: null, knownBy: 'member_list', waiting: [] })
    any = true
  }
  return any
}
