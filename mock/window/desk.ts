import { randomBytes } from 'node:crypto'
import type { Cookie, Jar } from './jar'

export type Entry = 'sidebar' | 'group' | 'workbench'
export type BridgeMode = 'normal' | 'absent' | 'late' | 'hang'
export type Confirm = 'ask' | 'send' | 'cancel' | 'fail'

/** Text or card, as `sendChatMessage` was given it (wecom-facts 6.5). */
export interface Outgoing {
  kind: 'text' | 'card' | 'other'
  text: string
  desc?: string
  link?: string
}

/** A message waits for the person at the window: 取消 or 发送. */
export interface Asking {
  id: string
  to: string
  message: Outgoing
  answer(how: 'send' | 'cancel' | 'fail'): void
}

/** Something the client did that no pane shows by itself: a copied text, an opened card, a link for the system browser. */
export interface Hint {
  id: number
  kind: 'copied' | 'profile' | 'browser' | 'closed'
  text: string
}

export interface BridgeCall {
  id: string
  at: number
  name: string
  params: unknown
  answer: unknown
}

export type Place = Pick<Desk, 'entry' | 'customer' | 'chat' | 'workbench'>

/** One browser in front of the window. It plays every member in turn, and the customer's phone. */
export interface Desk {
  id: string
  member: string
  entry: Entry
  /** external_userid of the customer whose chat, and whose phone, is shown */
  customer: string
  /** chat id of the customer group shown */
  chat: string
  /** Path the workbench frame shows. `turn` changes when the frame must load it (again). */
  workbench: string
  turn: number
  /** Path open in the phone's browser; null shows the phone's chat. */
  phone: string | null
  bridge: BridgeMode
  version: string
  /** The app is ticked in 可调用接口的应用 and this member may use customers. */
  permitted: boolean
  /** APIs of the bridge that answer `fail`. */
  failing: string[]
  /** Whether the sidebar is made anew with every chat, or kept: clients do both (wecom-facts 6.6). */
  webview: 'reload' | 'keep'
  /** What the client's pages, and the window, are spoken in. */
  language: 'zh' | 'en'
  /** Whether `#wechat_redirect` survives WeCom's redirects, as it does wherever a browser follows them. */
  fragment: 'keep' | 'drop'
  confirm: Confirm
  asking: Asking | null
  hint: Hint | null
  /** Cookies per member: changing who I am is picking up another phone. */
  jars: Map<string, Jar>
  /** What each page may call, by the identity that allowed it. */
  allowed: Map<string, { config: string[]; agent: string[] }>
  bridgeCalls: BridgeCall[]
  /** Where each member's client stood when somebody else sat down. */
  places: Map<string, Place>
  /** When each member last read the app's messages. */
  readAt: Map<string, number>
  /** What the customer's page has been through on this desk, for the guide alone. */
  seen: Set<'submitted' | 'opened' | 'acknowledged'>
  listeners: Set<() => void>
}

export interface Desks {
  find(id: string | undefined): Desk | undefined
  open(): Desk
  each(act: (desk: Desk) => void): void
}

const MOST = 200

export function createDesks(start: () => Pick<Desk, 'member' | 'entry' | 'customer' | 'chat'>, version: string): Desks {
  const desks = new Map<string, Desk>()
  return {
    find: (id) => (id ? desks.get(id) : undefined),
    open() {
      const desk: Desk = {
        id: randomBytes(18).toString('base64url'),
        ...start(),
        workbench: '/workbench',
        turn: 1,
        phone: null,
        bridge: 'normal',
        version,
        permitted: true,
        failing: [],
        webview: 'reload',
        language: 'zh',
        fragment: 'drop',
        confirm: 'ask',
        asking: null,
        hint: null,
        jars: new Map(),
        allowed: new Map(),
        bridgeCalls: [],
        places: new Map(),
        readAt: new Map(),
        seen: new Set(),
        listeners: new Set(),
      }
      desks.set(desk.id, desk)
      // Visitors without a memory (probes, tests) must not fill ours.
      for (const oldest of desks.keys()) if (desks.size > MOST) desks.delete(oldest)
      return desk
    },
    each: (act) => desks.forEach(act),
  }
}

/** `phone`: of the customer's WeChat, which is another phone for every customer. */
export function jarOf(desk: Desk, phone = false): Jar {
  const whose = phone ? `phone ${desk.customer}` : desk.member
  const kept: Jar = desk.jars.get(whose) ?? new Map<string, Cookie>()
  desk.jars.set(whose, kept)
  return kept
}

export const tell = (desk: Desk): void => desk.listeners.forEach((listener) => listener())

export function hint(desk: Desk, kind: Hint['kind'], text: string): void {
  desk.hint = { id: (desk.hint?.id ?? 0) + 1, kind, text }
  tell(desk)
}
