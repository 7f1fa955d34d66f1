import type { CastMember } from './cast'
import { groupsLose, leaveCorp } from './departures'
import { events } from './events'
import { memberOf, type Inside } from './inside'
import type { Member } from './state'
import type { ConsoleDeeds } from './world'

const byHand = { api: 'people', requestId: null }

export function createConsole(inside: Inside): ConsoleDeeds {
  return {
    removeMember: (userid) => leaveCorp(inside, someone(inside, userid), { ...byHand, tellContacts: true }),
    memberQuits: (userid) => {
      const member = someone(inside, userid)
      member.status = 5
      member.dimissionTime = inside.clock.seconds()
      if (inside.switches.quitIsResigned) groupsLose(inside, member)
      inside.record({ ...byHand, kind: 'member_quit', userid: member.userid })
      events.appRange(inside, 'unsubscribe', member.userid)
      inside.changed()
    },
    disableMember: (userid) => able(inside, userid, 2),
    enableMember: (userid) => able(inside, userid, 1),
    addMember: (member) => addMember(inside, member),
    moveMember(userid, departments) {
      const member = someone(inside, userid)
      member.departments = departments
      events.memberMoved(inside, member.userid, departments)
      inside.changed()
    },
    allowCustomers(userid, limit) {
      someone(inside, userid).customerLimit = limit
      inside.changed()
    },
  }
}

/** Whoever acts in the simulated world must exist: otherwise it is a mistake of the caller. */
export function someone(inside: Inside, userid: string): Member {
  const member = memberOf(inside, userid)
  if (!member) throw new Error(`No member ${userid} in the corp.`)
  return member
}

function able(inside: Inside, userid: string, status: 1 | 2): void {
  const member = someone(inside, userid)
  if (member.status === status) return
  member.status = status
  inside.record({ ...byHand, kind: status === 1 ? 'member_enabled' : 'member_disabled', userid: member.userid })
  events.appRange(inside, status === 1 ? 'subscribe' : 'unsubscribe', member.userid)
  inside.changed()
}

/** A userid may come back, but not what belonged to it: that still waits to be assigned (facts 2.3). */
function addMember(inside: Inside, given: Parameters<ConsoleDeeds['addMember']>[0]): void {
  if (memberOf(inside, given.userid)) throw new Error(`There is a member ${given.userid} already.`)
  const fresh: Omit<CastMember, 'userid' | 'name' | 'departments'> = {
    position: '',
    status: 1,
    realName: true,
    followsCustomers: true,
    lastLogin: inside.clock.seconds(),
    customerLimit: 5000,
  }
  const member: Member = { ...fresh, ...given, relations: new Map(), dimissionTime: null }
  inside.state.members.set(given.userid.toLowerCase(), member)
  inside.record({ ...byHand, kind: 'member_added', userid: given.userid })
  events.memberCreated(inside, given.userid, given.departments)
  events.appRange(inside, 'subscribe', given.userid)
  inside.changed()
}
