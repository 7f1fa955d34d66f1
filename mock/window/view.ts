import type { FaultGroup } from './presets'
import type { BridgeMode, Confirm, Entry, Hint, Outgoing } from './desk'

// What the window's page sees: one object, made anew for every look.

export interface Person {
  userid: string
  name: string
  position: string
  department: string
  gone: boolean
}

export interface Line {
  id: string
  from: 'member' | 'customer' | 'system'
  /** Who said it in a group; empty in a chat of two. */
  name: string
  at: number
  message: Outgoing
}

export interface ChatRow {
  kind: 'customer' | 'group'
  id: string
  name: string
  /** Company (none for a WeChat user) or number of people. */
  beside: string
  last: string
  /** 0: nothing was said yet */
  at: number
  /** Just taken over, and nothing was said yet. */
  added: boolean
}

export interface AppMessage {
  id: string
  at: number
  title: string
  /** Plain text; the app may send div classes, they are taken out. */
  text: string
  url: string | null
  button: string
  card: Card | null
}

/** An interactive card of the app, as its client shows it. */
export interface Card {
  task: string
  source: string
  note: string
  lines: { name: string; value: string }[]
  /** Either opens an address or tells the app. */
  buttons: { text: string; url: string | null; key: string | null }[]
  /** Stands on the one grey button of a card that was replaced. */
  grey: string | null
}

/** WeChat's own words about a takeover (wecom-facts 4.5). */
export interface Notice {
  at: number
  state: 'waiting' | 'added' | 'refused' | 'full' | 'void'
  text: { zh: string; en: string }
  successor: string
}

export interface Phone {
  name: string
  will: 'accept' | 'refuse' | 'silent'
  path: string | null
  threads: { userid: string; name: string; friend: boolean; lines: Line[] }[]
  notices: Notice[]
}

export interface WireEntry {
  id: string
  at: number
  good: boolean
  zh: string
  en: string
}

/** Controls that can glow. */
export type Control = 'leave' | 'member' | 'workbench' | 'frame' | 'advance' | 'chat' | 'phone' | 'confirm'

export interface Story {
  /** 1–6, or 7 when it is told */
  step: number
  glow: Control | null
  /** Names that belong in the sentence of the step. */
  names: Record<'leaver' | 'manager' | 'second' | 'successor' | 'customer', string>
  /** userid to become, or the customer to open, where that is the next move. */
  target: string | null
}

export interface Fault {
  id: string
  group: FaultGroup
  on: boolean
  zh: string
  en: string
}

/** An open question about WeCom; `chosen` and `usual` are places in `choices`. */
export interface Question {
  name: string
  zh: string
  en: string
  chosen: number
  usual: number
  choices: { zh: string; en: string }[]
}

export interface View {
  now: number
  company: string
  me: Person & { followsCustomers: boolean }
  members: Person[]
  entry: Entry
  customer: string
  chat: string
  frame: { path: string; turn: number }
  bridge: BridgeMode
  version: string
  permitted: boolean
  failing: string[]
  webview: 'reload' | 'keep'
  confirm: Confirm
  language: 'zh' | 'en'
  rows: ChatRow[]
  lines: Line[]
  appMessages: AppMessage[]
  unread: number
  /** Mass messages that wait for this member to send them. */
  mass: { msgid: string; to: string; text: string }[]
  phone: Phone
  asking: { id: string; to: string; message: Outgoing } | null
  hint: Hint | null
  wire: WireEntry[]
  faults: Fault[]
  /** Faults set by somebody else. */
  otherFaults: number
  questions: Question[]
  /** null in a corp without the people of the story */
  story: Story | null
}
