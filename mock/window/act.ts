import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import type { Simulator } from '../wecom/simulator'
import { answer, fail, ok, type Answer, type Call, type Client } from './bridge/answer'
import { companyName, customerName, relationOf } from './corp'
import { hint, tell, type Desk } from './desk'
import { send } from './send'
import type { GroupTalk } from './talk'

const MOST_CALLS = 100

/** Answers one bridge call of a page and remembers it for the line under the bar. */
export async function onBridge(
  simulator: Simulator,
  talk: GroupTalk,
  desk: Desk,
  call: Call,
  gone: AbortSignal,
): Promise<Answer> {
  const said = await answer(desk, client(simulator, talk, desk, gone), call)
  const id = randomBytes(6).toString('hex')
  desk.bridgeCalls.push({ id, at: simulator.clock.now(), name: call.name, params: call.params, answer: said })
  desk.bridgeCalls.splice(0, desk.bridgeCalls.length - MOST_CALLS)
  tell(desk)
  return said
}

const client = (simulator: Simulator, talk: GroupTalk, desk: Desk, gone: AbortSignal): Client => ({
  mayUseCustomers() {
    const member = simulator.world.member(desk.member)
    return desk.permitted && member?.status === 1 && member.dimissionTime === null && member.followsCustomers
  },
  verify(kind, { params, href, name }) {
    const said = simulator.jsapi.verify({ kind, ...signed(kind, params), url: href.split('#')[0] ?? href })
    if (said.ok) return null
    return /^\w+:/.test(said.err_msg) ? said.err_msg : `${name}:${said.err_msg}`
  },
  acts: {
    getContext: ({ name }) =>
      ok(name, { entry: { sidebar: 'single_chat_tools', group: 'group_chat_tools', workbench: 'normal' }[desk.entry] }),
    getCurExternalContact: ({ name }) =>
      relationOf(simulator, desk)
        ? ok(name, { userId: desk.customer })
        : fail(name, 'fail_without context of external contact'),
    getCurExternalChat: ({ name }) => ok(name, { chatId: desk.chat }),
    sendChatMessage: (call) => send(simulator, talk, desk, call, gone),
    openEnterpriseChat: (call) => openChat(simulator, desk, call),
    openUserProfile: ({ name, params }) =>
      shown(desk, name, 'profile', customerName(simulator, String(params['userid'])) || String(params['userid'])),
    setClipboardData: ({ name, params }) => shown(desk, name, 'copied', String(params['data'] ?? '')),
    openDefaultBrowser: ({ name, params }) => shown(desk, name, 'browser', String(params['url'] ?? '')),
    closeWindow: ({ name }) => shown(desk, name, 'closed', ''),
  },
})

const word = z.union([z.string(), z.number()]).catch('').transform(String)

/** The same question in the spelling of either identity (wecom-facts 6.6). */
function signed(kind: 'config' | 'agentConfig', p: Record<string, unknown>) {
  const read = (name: string): string => word.parse(p[name])
  return kind === 'agentConfig'
    ? {
        corpid: read('corpid'),
        agentid: read('agentid'),
        timestamp: read('timestamp'),
        nonceStr: read('nonceStr'),
        signature: read('signature'),
      }
    : {
        corpid: read('verifyAppId'),
        timestamp: read('verifyTimestamp'),
        nonceStr: read('verifyNonceStr'),
        signature: read('verifySignature'),
      }
}

function shown(desk: Desk, name: string, kind: 'profile' | 'copied' | 'browser' | 'closed', text: string): Answer {
  hint(desk, kind, text)
  return ok(name)
}

/** With one external id and no group name it opens the chat with that customer (wecom-facts 6.5). */
function openChat(simulator: Simulator, desk: Desk, { name, params }: Call): Answer {
  const external = word.parse(params['externalUserIds']).split(';').filter(Boolean)
  const chat = word.parse(params['chatId'])
  if (chat) {
    if (!simulator.world.groups().some((g) => g.chatId === chat)) return fail(name, 'fail_unsupported chat')
    jump(desk, { entry: 'group', chat })
    return ok(name, { chatId: chat })
  }
  const [customer] = external
  if (external.length === 1 && customer) {
    if (!relationOf(simulator, { member: desk.member, customer })) return fail(name, 'fail no permission')
    jump(desk, { entry: 'sidebar', customer })
  } else hint(desk, 'profile', companyName(simulator))
  return ok(name, { chatId: '' })
}

/** After such a jump the client makes the sidebar anew, whatever it does otherwise (wecom-facts 6.6). */
function jump(desk: Desk, to: Partial<Pick<Desk, 'entry' | 'customer' | 'chat'>>): void {
  const same =
    desk.entry === to.entry && (to.customer ?? desk.customer) === desk.customer && (to.chat ?? desk.chat) === desk.chat
  if (same) return
  Object.assign(desk, to, { turn: desk.turn + 1 })
  tell(desk)
}
