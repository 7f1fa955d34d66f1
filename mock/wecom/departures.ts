import { events } from './events'
import type { Inside } from './inside'
import type { Effect } from './ledger'
import type { Member } from './state'

type Cause = Pick<Effect, 'api' | 'requestId'>

/**
 * The member is deleted from the corp (facts 2.3): the customers wait to be assigned, owned groups wait for an owner,
 * in other groups he is simply gone (facts 4.8). No event per customer is known (facts 5.3).
 */
export function leaveCorp(inside: Inside, member: Member, cause: Cause & { tellContacts: boolean }): void {
  const { state } = inside
  const key = member.userid.toLowerCase()
  const before = state.departed.get(key)
  // Somebody who was here before under the same userid left customers of his own.
  for (const [id, relation] of before?.relations ?? [])
    if (!member.relations.has(id)) member.relations.set(id, relation)
  member.dimissionTime = inside.clock.seconds()
  state.members.delete(key)
  state.departed.set(key, member)
  groupsLose(inside, member)
  inside.record({ ...causeOf(cause), kind: 'member_removed', userid: member.userid })
  if (cause.tellContacts) events.memberDeleted(inside, member.userid)
  events.appRange(inside, 'unsubscribe', member.userid)
  inside.changed()
}

export function groupsLose({ state }: Inside, { userid }: Member): void {
  for (const group of state.groups.values()) {
    if (group.owner === userid) group.status = 1
    else group.members = group.members.filter((m) => m.userid !== userid)
  }
}

const causeOf = ({ api, requestId }: Cause): Cause => ({ api, requestId })
