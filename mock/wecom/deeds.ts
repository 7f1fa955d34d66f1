import { someone } from './console'
import { events } from './events'
import { atLimit, soon, type Inside } from './inside'
import { settle } from './outcomes'
import type { ChatMessage, Member, Relation } from './state'
import type { CustomerDeeds, RelationPatch } from './world'

const byHand = { api: 'people', requestId: null }

export function createDeeds(inside: Inside): CustomerDeeds {
  const { state, clock } = inside
  return {
    editRelation: (userid, externalUserid, patch) => editRelation(inside, userid, externalUserid, patch),
    memberDeletesCustomer: (userid, externalUserid) => {
      const { member, relation } = pairOf(inside, userid, externalUserid)
      member.relations.delete(externalUserid)
      inside.record({ ...byHand, kind: 'relation_ended', userid: relation.userid, externalUserid })
      events.memberDeletedCustomer(inside, { userid: relation.userid, externalUserid })
      inside.changed()
    },
    customerWill(externalUserid, will) {
      if (!state.customers.has(externalUserid)) throw new Error(`No customer ${externalUserid}.`)
      settle(inside)
      const running = (state.transfers.get(externalUserid) ?? []).find((t) => t.status === 2)
      const early = will === 'refuse' || (will === 'accept' && inside.switches.earlyAccept)
      if (running && early) {
        running.decided = { will, at: clock.seconds() }
        soon(inside, clock.seconds())
      } else if (will === 'silent' || running) state.wills.delete(externalUserid)
      else state.wills.set(externalUserid, will)
      settle(inside)
      inside.changed()
    },
    customerAddsMember: (userid, externalUserid, options) => befriend(inside, userid, externalUserid, options ?? {}),
    customerDeletesMember: (userid, externalUserid) => {
      const { relation } = pairOf(inside, userid, externalUserid)
      // The member's side stays and can still be read (facts 1.4, 84061).
      relation.deletedByCustomer = true
      inside.record({ ...byHand, kind: 'relation_ended', userid: relation.userid, externalUserid })
      events.customerDeletedMember(inside, { userid: relation.userid, externalUserid })
      inside.changed()
    },
    say(userid, externalUserid, from, content) {
      const { relation } = pairOf(inside, userid, externalUserid)
      if (relation.deletedByCustomer) throw new Error(`${externalUserid} is no friend of ${userid} any more.`)
      const spoken = typeof content === 'string' ? { text: content } : { text: lineOf(content), message: content }
      const line = { userid: relation.userid, externalUserid, from, at: clock.seconds(), ...spoken }
      const key = `${relation.userid}|${externalUserid}`
      state.chats.set(key, [...(state.chats.get(key) ?? []), line])
      inside.changed()
      return line
    },
  }
}

function pairOf(inside: Inside, userid: string, externalUserid: string): { member: Member; relation: Relation } {
  const member = someone(inside, userid)
  const relation = member.relations.get(externalUserid)
  if (!relation) throw new Error(`${userid} does not follow ${externalUserid}.`)
  return { member, relation }
}

function editRelation(inside: Inside, userid: string, externalUserid: string, patch: RelationPatch): void {
  const { relation } = pairOf(inside, userid, externalUserid)
  Object.assign(relation, patch)
  inside.record({ ...byHand, kind: 'relation_edited', userid: relation.userid, externalUserid })
  events.relationEdited(inside, { userid: relation.userid, externalUserid })
  inside.changed()
}

function befriend(
  inside: Inside,
  userid: string,
  externalUserid: string,
  options: { addWay?: number; state?: string },
): void {
  const member = someone(inside, userid)
  if (!inside.state.customers.has(externalUserid)) throw new Error(`No customer ${externalUserid}.`)
  const before = member.relations.get(externalUserid)
  if (before && !before.deletedByCustomer) throw new Error(`${userid} follows ${externalUserid} already.`)
  if (atLimit(member)) throw new Error(`${userid} has no room for another customer.`)
  const { addWay = 1, state } = options
  const kept = before ?? { remark: '', description: '', tagIds: [], personalTags: [], remarkMobiles: [] }
  const relation: Relation = {
    ...kept,
    userid: member.userid,
    externalUserid,
    createtime: inside.clock.seconds(),
    addWay,
    operUserid: externalUserid,
    ...(state ? { state } : {}),
    deletedByCustomer: false,
  }
  member.relations.set(externalUserid, relation)
  inside.record({ ...byHand, kind: 'relation_added', userid: member.userid, externalUserid })
  events.customerAdded(
    inside,
    { userid: member.userid, externalUserid },
    { welcome: true, ...(state ? { state } : {}) },
  )
  inside.changed()
}

/** A line that stands for what is not text. */
function lineOf(message: ChatMessage): string {
  const body = message[message.msgtype]
  const read = (name: string): string => {
    const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined
    return typeof value === 'string' ? value : ''
  }
  if (message.msgtype === 'text') return read('content')
  return `[${message.msgtype}] ${read('title')}`.trim()
}
