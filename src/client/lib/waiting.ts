import { readonly, ref, watch } from 'vue'
import { addNote } from '../../shared/note'
import { addPromise, keepPromise } from '../../shared/promise'
import type { Input } from '../../shared/endpoint'
import { asFailure, call, keyOf } from './api'
import { readKept, writeKept } from './kept'
import { onTheWay } from './line'

/**
 * What may wait for the line: what only colleagues see. Nothing that a customer sees is ever sent later than it was pressed. A
 * new one is a line here.
 */
const doors = { addPromise, keepPromise, addNote }
type Door = keyof typeof doors

interface Waiting {
  /** Its idempotency key, the one it was tried with before it had to wait: whatever became of that, it happens once. */
  key: string
  door: Door
  /** With the ids it was begun for, whatever chat the page stands beside when it is sent (quality C2). */
  input: Record<string, unknown>
  /** What its writer reads of it. */
  words: string
  at: number
  /** Until then it can be undone: nothing has left. */
  from: number
  /** The server has read it and will not take it; its writer decides. */
  refused?: string
}

const STORE = 'jiebang.waiting'
const AGAIN_MS = 4000
/** Under the promise of lib/draft.ts: all we keep is under 100 KB. */
const MOST = 30

const list = ref<Waiting[]>(parse(readKept(localStorage, STORE)))
export const waiting = readonly(list)
watch(list, (all) => (onTheWay.value = all.map(({ input }) => input['promise'])), { immediate: true, flush: 'sync' })
const listeners = new Set<(door: Door) => void>()
/** Pages that show what has just been sent. */
export function onSent(listener: (door: Door) => void): () => boolean {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function parse(text: string | null): Waiting[] {
  try {
    const read: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(read) ? (read as Waiting[]).filter(({ door }) => Object.hasOwn(doors, door)) : []
  } catch {
    return []
  }
}

let stored = list.value.length > 0

/** Another page of ours on this device may have written meanwhile, so what stands there now is what is changed. */
function change(to: (all: Waiting[]) => Waiting[]): void {
  const kept = readKept(localStorage, STORE)
  const all = to(kept === null && !stored ? list.value : parse(kept))
  list.value = all
  writeKept(localStorage, STORE, all.length ? JSON.stringify(all) : null)
  // Where storage is off, the page alone remembers.
  stored = !all.length || readKept(localStorage, STORE) !== null
}
addEventListener('storage', ({ key, newValue }) => {
  if (key === STORE) list.value = parse(newValue)
})

/** False: too many wait already, and this one is not taken. */
export function sendLater<D extends Door>(
  door: D,
  input: Input<(typeof doors)[D]>,
  words: string,
  undoMs = 0,
): boolean {
  if (list.value.length >= MOST) return false
  const at = Date.now()
  const one = { key: keyOf(doors[door], input), door, input: { ...input }, words, at, from: at + undoMs }
  change((all) => [...all.filter(({ key }) => key !== one.key), one])
  plan(undoMs)
  return true
}

/** Gives back what was taken out, unless it is under way this moment. */
export function undo(key: string): Waiting | undefined {
  if (sending === key) return undefined
  const found = list.value.find((one) => one.key === key)
  drop(key)
  return found
}

let sending: string | null = null
let timer: ReturnType<typeof setTimeout> | undefined

function plan(ms: number): void {
  clearTimeout(timer)
  timer = setTimeout(() => void flush(), ms)
}

/** In the order they were written; what cannot be sent now holds up what came after it. */
export async function flush(): Promise<void> {
  while (!sending) {
    const next = list.value.find(({ refused }) => !refused)
    if (!next) return
    if (next.from > Date.now()) return plan(next.from - Date.now())
    sending = next.key
    const left = await send(next).finally(() => (sending = null))
    if (!left) return plan(AGAIN_MS)
  }
}

async function send({ key, door, input }: Waiting): Promise<boolean> {
  try {
    await call(doors[door], input as never, key)
    drop(key)
    for (const listener of listeners) listener(door)
  } catch (thrown) {
    const failure = asFailure(thrown)
    if (failure.retryable || failure.code === 'signed_out') return false
    // It was done before its answer was lost.
    if (failure.code === 'repeated') drop(key)
    else change((all) => all.map((one) => (one.key === key ? { ...one, refused: failure.message } : one)))
  }
  return true
}

const drop = (key: string) => change((all) => all.filter((one) => one.key !== key))

addEventListener('online', () => plan(0))
