import { computed, onScopeDispose, ref, shallowRef, type Ref } from 'vue'
import type { NoticeAttempt } from '../../shared/notice'
import type { Language } from '../../shared/lang/fill'
import { asFailure, type CallCode, type CallFailure } from '../lib/api'
import { sendMessage, type Message, type Obstacle, type SendResult } from '../lib/wecom'
import { flush, settle } from './outbox'

export type Phase =
  | 'preparing'
  | 'unprepared'
  | 'outdated'
  | 'ready'
  | 'sending'
  | 'saving'
  | 'sent'
  | 'keeping'
  | 'cancelled'
  | 'failed'
  | 'unknown'
  | 'moved'

interface Setting {
  /** Writes down what will be sent; each try has its own link and its own record. */
  intend: (language: Language) => Promise<NoticeAttempt>
  /** False once the chat beside the page is another customer's. */
  stillBeside: () => Promise<boolean>
  told: () => void
  /** Nothing can be prepared, because it stands otherwise than the page behind says. */
  outdated?: () => void
  /** Not of a handover: said to a whole group, or to who is new to us. */
  of?: 'group' | 'first' | undefined
}

/** Refusals that tell of the customer, not of the line or the reader. */
const otherwise: readonly CallCode[] = [
  ...(['stale', 'not_found', 'not_taken_over', 'wish_open', 'notice_waived', 'group_not_moved'] as const),
]

const AGAIN_MS = [2000, 5000, 15_000, 60_000]

/** One notice from intent to outcome. `sent` is only ever what the WeCom client said. */
export function useSending({ intend, stillBeside, told, outdated, of }: Setting) {
  const phase = ref<Phase>('preparing')
  const attempt = shallowRef<NoticeAttempt | null>(null)
  const failure = shallowRef<CallFailure | null>(null)
  const refusal = ref<{ why: Obstacle; detail: string } | null>(null)
  const sentAt = ref('')
  const form: Ref<'text' | 'card'> = ref('text')
  const noticeLanguage: Ref<Language> = ref('zh-CN')
  let gone = false
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })

  async function prepare(): Promise<boolean> {
    phase.value = 'preparing'
    try {
      attempt.value = await intend(noticeLanguage.value)
      phase.value = 'ready'
      return true
    } catch (thrown) {
      failure.value = asFailure(thrown)
      const late = otherwise.includes(failure.value.code)
      phase.value = late ? 'outdated' : 'unprepared'
      if (late) outdated?.()
      return false
    }
  }

  async function send() {
    const prepared = attempt.value
    if (!prepared || phase.value !== 'ready') return
    phase.value = 'sending'
    if (!(await stillBeside().catch(() => false))) {
      phase.value = 'moved'
      return
    }
    await conclude(prepared, form.value, await sendMessage(messageOf(prepared, form.value)))
  }

  /** An attempt is used once; another try has its own link and its own record. */
  async function again() {
    if (await prepare()) await send()
  }

  async function conclude(prepared: NoticeAttempt, as: 'text' | 'card', result: SendResult): Promise<void> {
    if (result.outcome === 'unknown') {
      phase.value = 'unknown'
      void result.later.then((later) => conclude(prepared, as, later))
      return
    }
    const entry = { attempt: prepared.id, form: as, ...(of ? { of } : {}) }
    if (result.outcome === 'sent') return record(entry, 0)
    // A late answer about an attempt that was given up must not disturb the one under way now.
    if (attempt.value === prepared) {
      phase.value = result.outcome
      refusal.value = result.outcome === 'failed' ? { why: result.why, detail: result.detail } : null
    }
    const detail = result.outcome === 'failed' ? result.detail : undefined
    await settle({ ...entry, outcome: result.outcome }, detail).catch(() => undefined)
  }

  async function record(entry: { attempt: string; form: 'text' | 'card'; of?: 'group' | 'first' }, tries: number) {
    if (tries === 0) phase.value = 'saving'
    try {
      sentAt.value = (await settle({ ...entry, outcome: 'sent' })).at
      phase.value = 'sent'
      told()
    } catch (thrown) {
      failure.value = asFailure(thrown)
      phase.value = 'keeping'
      const wait = AGAIN_MS[tries]
      // Gone: the next page that opens tells the server (outbox `flush`).
      if (wait && !gone && failure.value.retryable) timer = setTimeout(() => void record(entry, tries + 1), wait)
    }
  }

  async function keepNow() {
    const prepared = attempt.value
    if (prepared) await record({ attempt: prepared.id, form: form.value, ...(of ? { of } : {}) }, AGAIN_MS.length)
    void flush()
  }

  const locked = computed(() => ['sending', 'saving'].includes(phase.value))
  return { phase, attempt, failure, refusal, sentAt, form, noticeLanguage, locked, prepare, send, again, keepNow }
}

const messageOf = (attempt: NoticeAttempt, form: 'text' | 'card'): Message =>
  form === 'text'
    ? { form, text: attempt.text }
    : { form, link: attempt.link, title: attempt.card.title, text: attempt.card.text }
