import {
  env,
  getContext,
  getCurExternalChat,
  getCurExternalContact,
  openEnterpriseChat,
  register,
  sendChatMessage,
  type SendChatMessage,
} from '@wecom/jssdk'
import { signPage, type Me } from '../../shared/member'
import { call, CallFailure } from './api'
import { trace } from './trace'

/** What can stand between us and the WeCom client; each has its own page or sentence (facts 6.4). */
export type Obstacle =
  | 'outside'
  | 'old_client'
  | 'no_bridge'
  | 'timeout'
  | 'no_permission'
  | 'not_listed'
  | 'no_context'
  | 'signature'
  | 'domain'
  | 'address'
  | 'cancelled'
  | 'too_old'
  | 'failed'

export class ClientRefusal extends Error {
  constructor(
    readonly why: Obstacle,
    /** What the client said, for whoever looks into it; never shown as the explanation. */
    readonly detail: string,
    /** What was waited for in vain, and may still come. */
    readonly later: Promise<unknown> | null = null,
  ) {
    super(detail)
    this.name = 'ClientRefusal'
  }
}

/** The kinds by what the text contains: platforms spell the same refusal differently (facts 6.4). */
const kinds: readonly [RegExp, Obstacle][] = [
  [/cancel/i, 'cancelled'],
  [/not exist|not support/i, 'too_old'],
  [/without ?context/i, 'no_context'],
  // The page's own list of calls is not in force: asked for under another address, or not at all.
  [/permission denied|permission to execute/i, 'not_listed'],
  [/permission|allow list/i, 'no_permission'],
  [/url domain|50001/i, 'domain'],
  [/aborted/i, 'address'],
  [/signature|40093|42012/i, 'signature'],
]

/** A rejection is a plain object, or an Error when the configuration failed; our own failed request passes through. */
export function classify(thrown: unknown): ClientRefusal | CallFailure {
  if (thrown instanceof ClientRefusal || thrown instanceof CallFailure) return thrown
  const said: unknown =
    typeof thrown === 'object' && thrown !== null
      ? (Reflect.get(thrown, 'errMsg') ?? Reflect.get(thrown, 'err_msg') ?? Reflect.get(thrown, 'message'))
      : thrown
  const detail = (typeof said === 'string' ? said : '').slice(0, 300)
  return new ClientRefusal(kinds.find(([text]) => text.test(detail))?.[1] ?? 'failed', detail)
}

/** Whatever stands in the way is told within three seconds (Q68); who is only late is believed afterwards. */
const BRIDGE_MS = 2300
const CALL_MS = 2300
/** For a client that was late once. */
const PATIENT_MS = 10_000
/** Long: the person reads WeCom's own confirmation meanwhile. */
const SEND_MS = 90_000

const jsApiList = ['getContext', 'getCurExternalContact', 'getCurExternalChat', 'sendChatMessage', 'openEnterpriseChat']

let registered = false

export const isInWeCom = (): boolean => env.isWeCom

/** Below it parts of what we call are missing (facts 11.4). */
const OLDEST = [3, 0, 36]

/** What can be said without asking the client anything; null: nothing stands in the way so far. */
export function atOnce(): ClientRefusal | null {
  if (!env.isWeCom) return new ClientRefusal('outside', 'not in WeCom')
  const version = /wxwork\/([\d.]+)/i.exec(navigator.userAgent)?.[1] ?? ''
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const [a = 0, b = 0, c = 0] = OLDEST
  const old = (major - a || minor - b || patch - c) < 0
  return old ? new ClientRefusal('old_client', version) : null
}

let early: { url: string; answer: ReturnType<typeof askSignature> } | null = null

/** Asks for the first signature beside the first question to our server, not after it: a round trip less to the brief. */
export function signEarly(): void {
  if (!env.isWeCom) return
  const url = location.href.replace(/#.*/, '')
  early = { url, answer: askSignature('agentConfig', url) }
  // Whoever uses it hears of a failure; unused, it is nobody's.
  early.answer.catch(() => undefined)
}

/** Under way: the client waits for our server, and is not to blame for how long that takes. */
let signing: Promise<unknown> | null = null

function askSignature(kind: 'config' | 'agentConfig', url: string) {
  const answer = call(signPage, { url, kind })
  const mine = answer
    .catch(() => undefined)
    .finally(() => {
      if (signing === mine) signing = null
    })
  signing = mine
  return answer
}

/** Only once: a configuration that failed is signed anew. */
function takeEarly(kind: string, url: string) {
  const taken = kind === 'agentConfig' && early?.url === url ? early.answer : null
  if (taken) early = null
  return taken
}

/** Once a page. Both identities: with only one, older clients or app-only calls fail (facts 6.2). */
export function registerPage(me: Me): void {
  if (registered || !env.isWeCom) return
  registered = true
  const signing = new WeakSet<object>()
  // The SDK leaves its first configuration's rejection unhandled; every call tries again and reports for itself.
  addEventListener('unhandledrejection', (event) => {
    const reason: unknown = event.reason
    const ours = typeof reason === 'object' && reason !== null && signing.has(reason)
    if (ours || /^(agentConfig|preVerifyJSAPI|config):/.test(classify(reason).message)) event.preventDefault()
  })
  const sign = (kind: 'config' | 'agentConfig') => (url: string) =>
    (takeEarly(kind, url) ?? askSignature(kind, url)).catch((failure: unknown) => {
      if (failure instanceof CallFailure) signing.add(failure)
      throw failure
    })
  register({
    corpId: me.corpId,
    agentId: me.agentId,
    jsApiList,
    getConfigSignature: sign('config'),
    getAgentConfigSignature: sign('agentConfig'),
  })
}

/** Nothing of the SDK is called without this: outside WeCom, and without a bridge, its promises never settle (facts 6.2). */
async function ask<T>(name: string, what: () => Promise<T>, ms = CALL_MS): Promise<T> {
  const since = Date.now()
  try {
    const refusal = atOnce()
    if (refusal) throw refusal
    await within(bridge(), Math.max(ms, BRIDGE_MS), 'no_bridge')
    const answer = await within(what(), ms, 'timeout')
    trace(name, 'ok', since)
    return answer
  } catch (thrown) {
    const refused = classify(thrown)
    trace(name, 'why' in refused ? refused.why : refused.code, since)
    throw refused
  }
}

const bridge = (): Promise<void> =>
  'WeixinJSBridge' in window
    ? Promise.resolve()
    : new Promise((ready) => document.addEventListener('WeixinJSBridgeReady', () => ready(), { once: true }))

/** Time in which our own server signs is not counted. */
function within<T>(promise: Promise<T>, ms: number, why: Obstacle): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer = setTimeout(over, ms)
    let done = false
    function over() {
      if (done) return
      if (!signing) return reject(new ClientRefusal(why, `no answer in ${ms} ms`, promise))
      void signing.finally(() => (timer = setTimeout(over, ms)))
    }
    promise.then(resolve, reject).finally(() => {
      done = true
      clearTimeout(timer)
    })
  })
}

const waitFor = (patient: boolean): number => (patient ? PATIENT_MS : CALL_MS)

/** Where in WeCom the page was opened (facts 6.5). */
export const context = async (patient = false): Promise<string> =>
  (await ask('getContext', () => getContext(), waitFor(patient))).entry

/** WeCom's id of the customer beside whose chat the page stands. */
export const currentContact = async (patient = false): Promise<string> =>
  (await ask('getCurExternalContact', () => getCurExternalContact(), waitFor(patient))).userId

export const openChat = async (contact: string): Promise<void> => {
  await ask('openEnterpriseChat', () => openEnterpriseChat({ groupName: '', externalUserIds: [contact] }))
}

/** WeCom's id of the group beside whose chat the page stands. */
export const currentChat = async (): Promise<string> =>
  (await ask('getCurExternalChat', () => getCurExternalChat())).chatId

/** The chat of a group that the member is in. */
export const openGroup = async (chat: string): Promise<void> => {
  await ask('openEnterpriseChat', () => openEnterpriseChat({ groupName: '', chatId: chat }))
}

export type Message = { form: 'text'; text: string } | { form: 'card'; link: string; title: string; text: string }

export type SendResult =
  | { outcome: 'sent' | 'cancelled' }
  | { outcome: 'failed'; why: Obstacle; detail: string }
  /** The client has not said anything yet. `later` settles if it still does. */
  | { outcome: 'unknown'; later: Promise<SendResult> }

/** Hands the message to the client, which asks the member to confirm. Only the client's own ok is `sent`. */
export async function sendMessage(message: Message): Promise<SendResult> {
  let answer: Promise<SendResult> | undefined
  try {
    return await ask('sendChatMessage', () => (answer = settled(sendChatMessage(payload(message)))), SEND_MS)
  } catch (thrown) {
    if (answer) return { outcome: 'unknown', later: answer }
    return refused(thrown)
  }
}

const payload = (message: Message): SendChatMessage =>
  message.form === 'text'
    ? { msgtype: 'text', text: { content: message.text } }
    : { msgtype: 'news', news: { link: message.link, title: message.title, desc: message.text, imgUrl: '' } }

const settled = (sending: Promise<unknown>): Promise<SendResult> =>
  sending.then(() => ({ outcome: 'sent' }) as const, refused)

function refused(thrown: unknown): SendResult {
  const refusal = classify(thrown)
  if (refusal instanceof CallFailure) return { outcome: 'failed', why: 'signature', detail: refusal.code }
  if (refusal.why === 'cancelled') return { outcome: 'cancelled' }
  return { outcome: 'failed', why: refusal.why, detail: refusal.detail }
}
