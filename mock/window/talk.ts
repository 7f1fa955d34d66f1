import type { Simulator } from '../wecom/simulator'
import type { Outgoing } from './desk'
import type { Line } from './view'

/** What is said in customer groups. The simulated corp keeps chats of two only, so groups live as long as the window. */
export interface GroupTalk {
  name(chatId: string): string
  lines(chatId: string): Line[]
  say(chatId: string, from: 'member' | 'customer', who: string, message: Outgoing): void
}

export function createGroupTalk(simulator: Simulator): GroupTalk {
  const said = new Map<string, Line[]>()
  return {
    name: (chatId) => simulator.world.groups().find((g) => g.chatId === chatId)?.name ?? '',
    lines: (chatId) => said.get(chatId) ?? [],
    say(chatId, from, who, message) {
      const before = said.get(chatId) ?? []
      const name = simulator.world.member(who)?.name ?? simulator.world.customer(who)?.name ?? who
      said.set(chatId, [
        ...before,
        { id: `${chatId}.${before.length}`, from, name, at: simulator.clock.now(), message },
      ])
    },
  }
}
