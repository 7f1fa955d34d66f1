import { forced, type Call } from './api'
import { Refusal, textOf } from './envelope'
import { events } from './events'
import { departedOf, memberOf, ownerLeft, soon, type Inside } from './inside'
import { text, texts } from './params'
import { DAY, recently, stillInheritable, successor } from './successor'
import type { Group, Member } from './state'

/** Groups change hands at once and without asking the customers (facts 4.5, 4.6). */

export const moveResigned = (inside: Inside, call: Call): Record<string, unknown> => move(inside, call, resignedCode)
export const moveOnJob = (inside: Inside, call: Call): Record<string, unknown> => move(inside, call, onJobCode)

type Judge = (inside: Inside, group: Group, to: Member) => number

function move(inside: Inside, call: Call, judge: Judge): Record<string, unknown> {
  const ids = texts(call.body['chat_id_list'], 'chat_id_list', 100)
  if (ids.length === 0) throw new Refusal(40063)
  const to = successor(inside, text(call.body['new_owner'], 'new_owner'))
  const failed = ids.flatMap((id) => {
    const errcode = forced(inside, call, id) ?? attempt(inside, call, id, to, judge)
    return errcode === 0 ? [] : [{ chat_id: id, errcode, errmsg: textOf(errcode) }]
  })
  return { failed_chat_list: failed }
}

function attempt(inside: Inside, call: Call, chatId: string, to: Member, judge: Judge): number {
  const group = inside.state.groups.get(chatId)
  if (!group) return 90501
  const code = judge(inside, group, to)
  if (code !== 0) return code
  const day = `${group.owner}|${Math.floor((inside.clock.seconds() + 8 * 3600) / DAY)}`
  const moved = inside.state.groupMoves.get(day) ?? 0
  // No code is documented for the daily cap, only that the item fails (facts 1.3).
  if (moved >= inside.limits.numbers.groupsPerDay) return 45009
  inside.state.groupMoves.set(day, moved + 1)
  const wait = group.status === 1 ? inside.switches.groupSeconds : 0
  group.inheriting = { newOwner: to.userid, due: inside.clock.seconds() + wait, requestId: call.id }
  if (judge === onJobCode) group.movedAt = [...group.movedAt, inside.clock.seconds()]
  if (wait === 0) finishInheriting(inside, group, call.path)
  else {
    group.status = 2
    soon(inside, group.inheriting.due)
  }
  return 0
}

const resignedCode: Judge = (inside, group, to) => {
  if (group.inheriting) return 90507
  if (group.status === 3) return 90508
  if (group.full) return 90503
  if (!ownerLeft(inside, group)) return group.owner === to.userid ? 90504 : 90500
  const owner = departedOf(inside, group.owner)
  return owner && !stillInheritable(inside, owner) ? 90510 : 0
}

const onJobCode: Judge = (inside, group, to) => {
  if (ownerLeft(inside, group)) return 90502
  if (group.owner === to.userid) return 90504
  if (group.full) return 90503
  const owner = memberOf(inside, group.owner)
  if (owner && !recently(inside, owner)) return 90510
  return group.movedAt.filter((at) => at > inside.clock.seconds() - 90 * DAY).length >= 2 ? 40128 : 0
}

export function finishInheriting(inside: Inside, group: Group, api = 'clock'): void {
  const { inheriting, owner } = group
  if (!inheriting) return
  const at = inheriting.due
  const onJob = group.status === 0 || group.status === 3
  group.inheriting = null
  group.owner = inheriting.newOwner
  group.status = onJob ? group.status : 3
  // On the job the old owner stays as a member; somebody who left is gone from the list.
  const stay = onJob ? group.members : group.members.filter((m) => m.userid !== owner)
  const there = stay.some((m) => m.userid === group.owner)
  group.members = there ? stay : [...stay, { userid: group.owner, type: 1, joinTime: at }]
  const names = { handover: owner, takeover: group.owner, chatId: group.chatId }
  inside.record({ at: at * 1000, api, kind: 'group_moved', requestId: inheriting.requestId, ...names })
  if (inside.switches.ownerEvent) events.groupOwnerChanged(inside, group.chatId, group.owner)
  inside.changed()
}
