import type { CallRecord } from '../wecom/calls'
import type { Simulator } from '../wecom/simulator'
import { customerName } from './corp'
import type { BridgeCall, Desk } from './desk'
import type { WireEntry } from './view'

const SHOWN = 20

type Told = WireEntry & { raw: unknown }

/** The latest of both wires, newest first: the app's calls to WeCom, and the page's calls to the client. */
const both = (simulator: Simulator, desk: Desk): Told[] =>
  [
    ...simulator.calls.slice(-SHOWN).map((c) => fromServer(simulator, c)),
    ...desk.bridgeCalls.slice(-SHOWN).map((c) => fromBridge(simulator, c)),
  ]
    .sort((a, b) => b.at - a.at)
    .slice(0, SHOWN)

/** Without the raw calls: a page of customers is long, and few people open it. */
export const wire = (simulator: Simulator, desk: Desk): WireEntry[] =>
  both(simulator, desk).map(({ id, at, good, zh, en }) => ({ id, at, good, zh, en }))

export const rawCall = (simulator: Simulator, desk: Desk, id: string): unknown =>
  both(simulator, desk).find((entry) => entry.id === id)?.raw

function fromServer(simulator: Simulator, call: CallRecord): Told {
  const { id, at, describe, errcode, method, path, query, body, status, answer, fault } = call
  const good = status === 200 && (errcode === 0 || errcode === null) && fault === null
  const named = (words: string): string =>
    words.replace(/[a-z][\w.@-]{3,}/gi, (word) => simulator.world.member(word)?.name ?? word)
  const raw = { method, path: `/cgi-bin/${path}`, query, body, status, answer, ...(fault ? { fault } : {}) }
  return { id, at, good, zh: named(describe.zh), en: named(describe.en), raw }
}

const names: Record<string, [zh: string, en: string]> = {
  agentConfig: ['页面向客户端注册应用身份', 'Page registers with the client as the app'],
  preVerifyJSAPI: ['页面向客户端注册企业身份', 'Page registers with the client as the corp'],
  getContext: ['页面询问从哪里打开', 'Page asks where it was opened'],
  getCurExternalContact: ['页面询问当前客户', 'Page asks for the current customer'],
  getCurExternalChat: ['页面询问当前客户群', 'Page asks for the current group'],
  sendChatMessage: ['页面请成员发送消息', 'Page asks the member to send a message'],
  openEnterpriseChat: ['页面打开聊天', 'Page opens a chat'],
  openUserProfile: ['页面打开名片', 'Page opens a card'],
}

function fromBridge(simulator: Simulator, { id, at, name, params, answer }: BridgeCall): Told {
  const said = (answer ?? {}) as Record<string, unknown>
  const result = String(said['err_msg']).slice(name.length + 1)
  const [zh, en] = names[name] ?? [`页面调用 ${name}`, `Page calls ${name}`]
  const customer = typeof said['userId'] === 'string' ? customerName(simulator, said['userId']) : ''
  const good = result === 'ok'
  const ending: [string, string] = good
    ? customer
      ? [`：${customer}`, `: ${customer}`]
      : ['', '']
    : result === 'cancel'
      ? ['：成员取消', ': cancelled by the member']
      : [`：被拒绝（${result}）`, `: refused (${result})`]
  return {
    id,
    at,
    good: good || result === 'cancel',
    zh: zh + ending[0],
    en: en + ending[1],
    raw: { invoke: name, params, answer },
  }
}
