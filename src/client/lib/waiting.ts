import { readonly, ref, watch } from 'vue'
import { addNote } from '../../shared/note'
import { addPromise, keepPromise } from '../../shared/promise'
import type { Input } from '../../shared/endpoint'
import { asFailure, call, keyOf } from './api'
import { putBack } from './draft'
import { readKept, writeKept } from './kept'
import { newer, onTheWay } from './line'

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
  /** It has left once, and what became of it is not known: only the server can say, so it is not taken back here. */
  tried?: boolean | undefined
  /** The draft that the words came from, and go back to when they are taken back. */
  draft?: string | undefined
  /** The server has read it and will not take it; its writer decides. */
  refused?: string
}

const STORE = 'jiebang.waiting'
const AGAIN_MS = 4000
/** So long until another page of ours sees what this one has written into the storage. */
const SEEN_MS = 50
/** Under the promise of lib/draft.ts: all we keep is under 100 KB. */
const MOST = 30

const list = ref<Waiting[]>(parse(readKept(localStorage, STORE)))
export const waiting = readonly(list)
/** What the server has refused is shown as the server has it. */
const shown = (all: readonly Waiting[]) => all.filter(({ refused }) => !refused).map(({ input }) => input['promise'])
watch(list, (all) => (onTheWay.value = shown(all)), { immediate: true, flush: 'sync' })
const listeners = new Set<(door: Door, done: boolean) => void>()
/** Pages that show what has just been sent, or refused. */
export function onSent(listener: (door: Door, done: boolean) => void): () => boolean {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
const tell = (door: Door, done: boolean) => listeners.forEach((listener) => listener(door, done))

function parse(text: string | null): Waiting[] {
  try {
    const read: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(read) ? (read as Waiting[]).filter(({ door }) => Object.hasOwn(doors, door)) : []
  } catch {
    return []
  }
}

/** What the storage, off or full, would not take: the page alone remembers it. */
let loose: Waiting[] = []
const stored = () => parse(readKept(localStorage, STORE))
const current = () => [...stored(), ...loose]
const without = (all: readonly Waiting[], some: readonly Waiting[]) =>
  all.filter(({ key }) => !some.some((one) => one.key === key))

/** Another page of ours on this device may have written meanwhile, so what stands there now is what is changed. */
function change(to: (all: Waiting[]) => Waiting[]): void {
  const all = to(current())
  const kept = writeKept(localStorage, STORE, all.length ? JSON.stringify(all) : null)
  loose = kept ? [] : without(all, stored())
  list.value = all
}
addEventListener('storage', ({ key }) => {
  if (key !== STORE) return
  list.value = current()
  // Whoever wrote it sends it, unless that page is gone by then.
  plan(AGAIN_MS)
})

/** False: too many wait already, and this one is not taken. */
export function sendLater<D extends Door>(
  door: D,
  input: Input<(typeof doors)[D]>,
  words: string,
  { undoMs = 0, draft }: { undoMs?: number; draft?: string } = {},
): boolean {
  if (list.value.length >= MOST) return false
  const at = Date.now()
  const one = { key: keyOf(doors[door], input), door, input: { ...input }, words, at, from: at + undoMs, draft }
  // What has no time to be undone was tried before it came here.
  change((all) => [...without(all, [one]), { ...one, tried: !undoMs && navigator.onLine }])
  plan(undoMs)
  return true
}

/** Whether it still waits to be undone. A clock that was put back does not hold it up for ever. */
export const isSoon = ({ at, from }: Pick<Waiting, 'at' | 'from'>, now = Date.now()): boolean => now >= at && now < from

/**
 * One page at a time has it in hand, to send it or to take it back, so that undone is undone whatever another page of ours is
 * doing (null: another one has it). Clients without locks are phones, which show one page.
 */
const inHand = <T>(key: string, act: () => Promise<T>): Promise<T | null> => {
  const { locks } = navigator as { locks?: LockManager | null }
  return locks ? locks.request(`jiebang.${key}`, { ifAvailable: true }, (lock) => (lock ? act() : null)) : act()
}

export const mayUndo = ({ tried, refused }: Pick<Waiting, 'tried' | 'refused'>): boolean => !tried || Boolean(refused)

/** Takes it out and gives its words back to their draft. False: it is under way this moment, or may have arrived. */
export async function undo(key: string): Promise<boolean> {
  if (sending === key) return false
  const found = await inHand(key, async () => {
    const one = current().find((each) => each.key === key && mayUndo(each))
    if (!one) return undefined
    drop(key)
    if (one.draft) putBack(one.draft, one.words)
    await new Promise((seen) => setTimeout(seen, SEEN_MS))
    return one
  })
  return Boolean(found)
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
    // There may be room by now for what was not taken before.
    if (loose.length) change((all) => all)
    const next = list.value.find(({ refused }) => !refused)
    if (!next) return
    if (isSoon(next)) return plan(next.from - Date.now())
    sending = next.key
    const left = await inHand(next.key, () => send(next)).finally(() => (sending = null))
    if (!left) return plan(AGAIN_MS)
  }
}

async function send({ key, door, input }: Waiting): Promise<boolean> {
  list.value = current()
  // Another page has sent it, or taken it back.
  if (!list.value.some((one) => one.key === key)) return true
  if (navigator.onLine) alter(key, { tried: true })
  try {
    await call(doors[door], input as never, key)
    drop(key)
    tell(door, true)
  } catch (thrown) {
    const failure = asFailure(thrown)
    // A page of the release before does not know what this server wants to hear; the next one does.
    if (failure.retryable || failure.code === 'signed_out' || newer.value) return false
    // It was done before its answer was lost.
    if (failure.code === 'repeated') drop(key)
    else alter(key, { refused: failure.message })
    tell(door, failure.code === 'repeated')
  }
  return true
}

const alter = (key: string, to: Partial<Waiting>) =>
  change((all) => all.map((one) => (one.key === key ? { ...one, ...to } : one)))
const drop = (key: string) => change((all) => all.filter((one) => one.key !== key))

addEventListener('online', () => plan(0))
