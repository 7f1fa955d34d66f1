import * as z from 'zod'
import type { Desk } from './desk'
import { clearFaults, faultIds, setFault } from './faults'
import { answerQuestion, questionNames } from './questions'
import type { Room } from './room'

const id = z.string().min(1).max(64)
const text = z.string().trim().min(1).max(2000)

export const happening = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('removeMember'), member: id }),
  z.strictObject({ act: z.literal('disableMember'), member: id }),
  z.strictObject({ act: z.literal('enableMember'), member: id }),
  z.strictObject({
    act: z.literal('advance'),
    hours: z
      .number()
      .positive()
      .max(24 * 400),
  }),
  z.strictObject({ act: z.literal('customerWill'), customer: id, will: z.enum(['accept', 'refuse', 'silent']) }),
  z.strictObject({ act: z.literal('customerAdds'), member: id, customer: id }),
  z.strictObject({ act: z.literal('customerDeletes'), member: id, customer: id }),
  z.strictObject({ act: z.literal('say'), from: z.enum(['member', 'customer']), member: id, customer: id, text }),
  z.strictObject({ act: z.literal('sendMass'), msgid: z.string().max(200) }),
  z.strictObject({ act: z.literal('pressCard'), task: z.string().max(128), key: z.string().max(1024) }),
  z.strictObject({ act: z.literal('sayInGroup'), chat: id, text }),
  z.strictObject({ act: z.literal('fault'), id: z.enum(faultIds), on: z.boolean() }),
  z.strictObject({ act: z.literal('clearFaults') }),
  z.strictObject({ act: z.literal('switch'), name: z.enum(questionNames), choice: z.number().int().min(0) }),
])
export type Happening = z.output<typeof happening>

/** Something happens in the simulated world, by the hand of whoever sits at the window. Resolves when it is over. */
export async function happen({ simulator, talk, menu, wills }: Room, desk: Desk, what: Happening): Promise<void> {
  const { world, clock } = simulator
  switch (what.act) {
    case 'removeMember':
      return world.removeMember(what.member)
    case 'disableMember':
      return world.disableMember(what.member)
    case 'enableMember':
      return world.enableMember(what.member)
    case 'advance':
      return clock.advance(what.hours * 3600_000)
    case 'customerWill':
      wills.set(what.customer, what.will)
      return world.customerWill(what.customer, what.will)
    case 'customerAdds':
      return world.customerAddsMember(what.member, what.customer)
    case 'customerDeletes':
      return world.customerDeletesMember(what.member, what.customer)
    case 'say':
      return void world.say(what.member, what.customer, what.from, what.text)
    case 'sendMass':
      return world.memberSendsMass(desk.member, what.msgid)
    case 'pressCard':
      return world.memberPressesCard(desk.member, what.task, what.key)
    case 'sayInGroup':
      return talk.say(what.chat, 'member', desk.member, { kind: 'text', text: what.text })
    case 'fault':
      return setFault(simulator, menu, what.id, what.on)
    case 'clearFaults':
      return clearFaults(simulator, menu)
    case 'switch':
      return answerQuestion(simulator, what.name, what.choice)
  }
}
