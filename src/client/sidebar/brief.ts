import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { openBrief } from '../../shared/customer'
import type { Output } from '../../shared/endpoint'
import type { Me } from '../../shared/member'
import { asFailure, call, type CallFailure } from '../lib/api'
import { useSession } from '../lib/session'
import { atOnce, ClientRefusal, registerPage } from '../lib/wecom'
import { useBeside, type Blocked } from './beside'

type Opened = Output<typeof openBrief>
export interface Block {
  why: Blocked
  failure: CallFailure | null
  detail: string
}

const FRESH_MS = 60_000
const ASK_AGAIN_MS = 1000

const opening = (contact: string) => call(openBrief, { contact })
let ahead: { contact: string; answer: ReturnType<typeof opening> } | null = null

/**
 * Before the page is drawn: WeCom is asked whose chat it is, and our server for the brief, so that drawing, which takes a slow
 * processor as long as a round trip, goes on meanwhile. Settles when the question has left, or when there is none to ask.
 */
export async function lookAhead(me: Me): Promise<void> {
  if (atOnce()) return
  registerPage(me)
  const at = await useBeside().askAhead()
  if (!('contact' in at)) return
  ahead = { contact: at.contact, answer: opening(at.contact) }
  // Whoever takes it hears of a failure.
  ahead.answer.catch(() => undefined)
}

function takeAhead(contact: string): ReturnType<typeof opening> | null {
  const taken = ahead?.contact === contact ? ahead.answer : null
  ahead = null
  return taken
}

/** Keeps the page true to the chat it stands beside: look at start, when it comes into view, and when asked. */
export function useBrief() {
  const beside = useBeside()
  const session = useSession()
  const opened = shallowRef<Opened | null>(null)
  const block = shallowRef<Block | null>(null)
  const busy = ref(false)
  const openedFor = ref<string | null>(null)
  /** The group whose chat is open, and how often it was looked at: its page asks anew when that changes. */
  const group = shallowRef<{ chat: string; turn: number } | null>(null)
  let turn = 0
  let openedAt = 0
  let askedAt = 0

  const look = () => lookAt(false)

  async function lookAt(patient: boolean) {
    const mine = ++turn
    busy.value = true
    askedAt = Date.now()
    try {
      const refusal = atOnce()
      if (refusal) throw refusal
      registerPage(await session.know())
      const at = await beside.ask(patient)
      if (mine !== turn) return
      if ('chat' in at) return showGroup(at.chat)
      const { contact } = at
      // Another customer: what is on the screen must not stand beside the wrong chat, not even while loading.
      if (contact !== openedFor.value) show(null, contact)
      const answer = await (takeAhead(contact) ?? opening(contact))
      if (mine !== turn) return
      openedAt = Date.now()
      show(answer, contact)
    } catch (thrown) {
      if (mine !== turn) return
      fail(thrown)
      // A client that was only late has told us whose chat it is by now.
      if (thrown instanceof ClientRefusal && thrown.later)
        void thrown.later.then(
          () => (mine === turn ? lookAt(true) : undefined),
          () => undefined,
        )
    } finally {
      if (mine === turn) busy.value = false
    }
  }

  function show(answer: Opened | null, contact: string) {
    opened.value = answer
    openedFor.value = contact
    block.value = null
    group.value = null
  }

  function showGroup(chat: string) {
    opened.value = null
    openedFor.value = null
    block.value = null
    openedAt = Date.now()
    group.value = { chat, turn: (group.value?.turn ?? 0) + 1 }
  }

  function fail(thrown: unknown) {
    const failure = thrown instanceof ClientRefusal ? null : asFailure(thrown)
    // Same customer, weak network: what is shown stays; only a refusal by the client may mean another chat.
    if (opened.value && failure?.retryable) return
    opened.value = null
    openedFor.value = null
    group.value = null
    block.value = {
      why: blockedBy(thrown, beside.inGroup()),
      failure,
      detail: failure ? '' : (thrown as Error).message,
    }
  }

  /** The client tells nothing about a chat switch; coming into view and getting the focus are the only signs. */
  async function glanceAgain() {
    if (document.hidden || Date.now() - askedAt < ASK_AGAIN_MS) return
    askedAt = Date.now()
    if (!(await asBefore().catch(() => false)) || Date.now() - openedAt > FRESH_MS) await look()
  }

  const asBefore = async (): Promise<boolean> =>
    group.value
      ? beside.stillInGroup(group.value.chat)
      : openedFor.value !== null && (await beside.stillBeside(openedFor.value))

  const glance = () => void glanceAgain()

  const events = [
    [document, 'visibilitychange'],
    [window, 'focus'],
    [window, 'online'],
  ] as const
  for (const [target, name] of events) target.addEventListener(name, glance)
  onScopeDispose(() => {
    turn++
    for (const [target, name] of events) target.removeEventListener(name, glance)
  })

  return { opened, group, block, busy, look, contact: computed(() => openedFor.value) }
}

export function blockedBy(thrown: unknown, inGroup: boolean): Blocked {
  if (thrown instanceof ClientRefusal) return thrown.why === 'no_context' && inGroup ? 'group' : thrown.why
  const { code } = asFailure(thrown)
  return code === 'not_found' || code === 'offline' ? code : 'server'
}
