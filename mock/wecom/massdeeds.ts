import { someone } from './console'
import type { Inside } from './inside'
import type { MassMessage } from './state'
import type { MassDeeds } from './world'

const DAY = 86_400

/** What a member does with a task in the client, and what a month allows (facts 8.1: as many a customer as it has days). */
export function createMassDeeds(inside: Inside): MassDeeds {
  const { state, clock } = inside
  return {
    massTasks: (userid) =>
      state.massMessages.filter((one) => one.sender === userid.toLowerCase() && one.sentAt === null),
    memberSendsMass(userid, msgid) {
      const member = someone(inside, userid)
      const task = state.massMessages.find((one) => one.msgid === msgid && one.sender === member.userid)
      if (!task) throw new Error(`${userid} has no task ${msgid}.`)
      if (task.sentAt !== null) throw new Error(`${msgid} was sent already.`)
      task.sentAt = clock.seconds()
      for (const external of Object.keys(task.receivers)) {
        const relation = member.relations.get(external)
        if (!relation || relation.deletedByCustomer) task.receivers[external] = 2
        else if (received(state.massMessages, external, clock.seconds()) >= daysInMonth(clock.now()))
          task.receivers[external] = 3
        else {
          task.receivers[external] = 1
          const key = `${member.userid}|${external}`
          const line = { userid: member.userid, externalUserid: external, from: 'member' as const, text: task.content }
          state.chats.set(key, [...(state.chats.get(key) ?? []), { ...line, at: clock.seconds() }])
          inside.record({
            api: 'people',
            requestId: null,
            kind: 'mass_sent',
            userid: member.userid,
            externalUserid: external,
          })
        }
      }
      inside.changed()
    },
  }
}

const received = (messages: readonly MassMessage[], external: string, now: number): number =>
  messages.filter((one) => one.receivers[external] === 1 && one.sentAt !== null && one.sentAt > now - 30 * DAY).length

const daysInMonth = (ms: number): number => {
  const day = new Date(ms)
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate()
}
