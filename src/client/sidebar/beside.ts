import { defineStore } from 'pinia'
import { ref } from 'vue'
import { ClientRefusal, context, currentChat, currentContact, type Obstacle } from '../lib/wecom'

/** Entries where one customer's chat is open and a message can be sent into it (facts 6.5). */
const chats: readonly string[] = ['single_chat_tools', 'single_kf_tools', 'chat_attachment', 'chain_single_chat_tools']

/** One customer's chat, or a group's. */
type Beside = { contact: string } | { chat: string }

/** Which customer the sidebar stands beside, by WeCom's id: it stays in memory and is sent only in a request's body. */
export const useBeside = defineStore('beside', () => {
  const entry = ref('')
  const contact = ref<string | null>(null)

  let ahead: Promise<Beside> | null = null

  /** Asks before the page is drawn. The first `ask` takes it, and hears of what stands in the way. */
  const askAhead = (): Promise<Beside> => (ahead = askNow(false))

  /** Asks the client anew; rejects with what stands in the way. */
  function ask(patient = false): Promise<Beside> {
    const asked = ahead ?? askNow(patient)
    ahead = null
    return asked
  }

  async function askNow(patient: boolean): Promise<Beside> {
    const [where, who] = await Promise.allSettled([context(patient), currentContact(patient)])
    if (where.status === 'fulfilled') entry.value = where.value
    contact.value = who.status === 'fulfilled' ? who.value : null
    if (who.status === 'fulfilled') return { contact: who.value }
    const reason: unknown = who.reason
    if (inGroup() && reason instanceof ClientRefusal && reason.why === 'no_context')
      return { chat: await currentChat() }
    throw reason
  }

  const forget = () => (contact.value = null)
  const inChat = () => chats.includes(entry.value)
  const inGroup = () => /group/.test(entry.value)

  /** A chat switch does not always tell the page (facts 6.6): asked again before anything is sent into the chat. */
  const stillBeside = async (who: string): Promise<boolean> => (await currentContact()) === who

  const stillInGroup = async (chat: string): Promise<boolean> => (await currentChat()) === chat

  return { entry, contact, ask, askAhead, forget, inChat, inGroup, stillBeside, stillInGroup }
})

export type Blocked = Obstacle | 'group' | 'not_found' | 'offline' | 'server'
