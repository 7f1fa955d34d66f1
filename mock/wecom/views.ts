import { departedOf, memberOf, type Inside } from './inside'
import { settle } from './outcomes'
import type { Member, Relation, Transfer } from './state'
import type { ServiceNotice, Sights } from './world'

/** The reading half of `World`. What fell due is settled before anybody looks. */
export function createViews(inside: Inside): Sights {
  const now = () => (settle(inside), inside.state)
  return {
    members: () => [...now().members.values()],
    departed: () => [...now().departed.values()],
    member: (userid) => (now(), memberOf(inside, userid) ?? departedOf(inside, userid)),
    departments: () => now().departments,
    customers: () => [...now().customers.values()],
    customer: (id) => now().customers.get(id),
    relations: ({ userid, externalUserid } = {}) =>
      [...now().members.values(), ...now().departed.values()]
        .filter((m) => userid === undefined || m.userid.toLowerCase() === userid.toLowerCase())
        .flatMap((m) => (externalUserid === undefined ? [...m.relations.values()] : oneOf(m, externalUserid))),
    groups: () => [...now().groups.values()],
    tagGroups: () => now().tagGroups,
    transfers: () => [...now().transfers.values()].flat(),
    chat: (userid, externalUserid) =>
      now().chats.get(`${memberOf(inside, userid)?.userid ?? userid}|${externalUserid}`) ?? [],
    appMessages: (userid) =>
      now().messages.filter((m) => userid === undefined || m.userid.toLowerCase() === userid.toLowerCase()),
    serviceNotices: (id) => (now().transfers.get(id) ?? []).map((t) => notice(inside, t)),
  }
}

const oneOf = ({ relations }: Member, externalUserid: string): Relation[] => {
  const relation = relations.get(externalUserid)
  return relation ? [relation] : []
}

const states = { 1: 'added', 2: 'waiting', 3: 'refused', 4: 'full', void: 'void' } as const

function notice(inside: Inside, transfer: Transfer): ServiceNotice {
  const { flow, startedAt, externalUserid, takeoverTime, status } = transfer
  const person = (userid: string) => ({
    userid,
    name: (memberOf(inside, userid) ?? departedOf(inside, userid))?.name ?? userid,
  })
  const [handover, takeover] = [person(transfer.handover), person(transfer.takeover)]
  const corp = inside.cast.corp.name
  return {
    at: startedAt,
    externalUserid,
    flow,
    handover,
    takeover,
    state: states[status],
    takeoverTime,
    text: {
      zh: `由于${corp}工作变更，${takeover.name}将在24小时后成为你的联系人，接替${handover.name}继续为你服务。`,
      en: `Because of a staff change at ${corp}, ${takeover.name} will become your contact in 24 hours and continue ${handover.name}'s service.`,
    },
  }
}
