import type { Simulator } from '../wecom/simulator'
import type { ChatLine, Group, Member, Relation } from '../wecom/state'
import type { Desk, Outgoing } from './desk'
import type { ChatRow, Line, Person } from './view'

// What a client shows of the corp: read from the simulated world, never remembered here.

export function person(simulator: Simulator, member: Member): Person {
  const department = simulator.world.departments().find((d) => d.id === member.departments[0])
  const gone = member.dimissionTime !== null
  return {
    userid: member.userid,
    name: member.name,
    position: member.position,
    department: department?.name ?? '',
    gone,
  }
}

export const companyName = (simulator: Simulator): string =>
  simulator.world.departments().find((d) => d.parentid === 0)?.name ?? ''

export const relationOf = (simulator: Simulator, desk: Pick<Desk, 'member' | 'customer'>): Relation | undefined =>
  simulator.world.relations({ userid: desk.member, externalUserid: desk.customer })[0]

/** What the member calls the customer: the remark first, as the client does. */
export function calls(simulator: Simulator, relation: Relation): string {
  return relation.remark || customerName(simulator, relation.externalUserid)
}

export const customerName = (simulator: Simulator, externalUserid: string): string =>
  simulator.world.customer(externalUserid)?.name ?? ''

export function outgoing(line: ChatLine): Outgoing {
  const { message, text } = line
  return message ? fromMessage(message) : { kind: 'text', text }
}

/** The shapes of `sendChatMessage` (wecom-facts 6.5) as a bubble. */
export function fromMessage(message: Record<string, unknown>): Outgoing {
  const body = (message[String(message['msgtype'])] ?? {}) as Record<string, unknown>
  const word = (name: string): string => (typeof body[name] === 'string' ? body[name] : '')
  if (message['msgtype'] === 'text') return { kind: 'text', text: word('content') }
  if (message['msgtype'] === 'news')
    return { kind: 'card', text: word('title') || word('link'), desc: word('desc'), link: word('link') }
  return { kind: 'other', text: `[${String(message['msgtype'])}]` }
}

export function lines(simulator: Simulator, userid: string, externalUserid: string): Line[] {
  return simulator.world.chat(userid, externalUserid).map((line, i) => ({
    id: `${userid}.${i}`,
    from: line.from,
    name: '',
    at: line.at * 1000,
    message: outgoing(line),
  }))
}

/** The member's chats, latest first; those in which nothing was said yet at the end. */
export function chatRows(simulator: Simulator, userid: string, groupLines: (chatId: string) => Line[]): ChatRow[] {
  const customers = simulator.world.relations({ userid }).map((r): ChatRow => {
    const customer = simulator.world.customer(r.externalUserid)
    const last = simulator.world.chat(userid, r.externalUserid).at(-1)
    return {
      kind: 'customer',
      id: r.externalUserid,
      name: calls(simulator, r),
      beside: customer?.type === 2 ? `@${customer.corpName ?? ''}` : '',
      last: last ? outgoing(last).text : '',
      // A taken-over customer stands on top like any new contact, before anything was said (wecom-facts 3.2, add_way 202).
      at: (last?.at ?? (r.addWay === 202 ? r.createtime : 0)) * 1000,
      added: !last && r.addWay === 202,
    }
  })
  const groups = groupsOf(simulator, userid).map((g): ChatRow => {
    const last = groupLines(g.chatId).at(-1)
    const beside = String(g.members.length)
    return {
      kind: 'group',
      id: g.chatId,
      name: g.name,
      beside,
      last: last?.message.text ?? '',
      at: last?.at ?? 0,
      added: false,
    }
  })
  return [...customers, ...groups].sort((a, b) => b.at - a.at)
}

export const groupsOf = (simulator: Simulator, userid: string): Group[] =>
  simulator.world.groups().filter((g) => g.members.some((m) => m.type === 1 && m.userid === userid))
