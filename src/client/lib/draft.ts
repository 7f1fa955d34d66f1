import { getCurrentScope, onScopeDispose, ref, watch, type Ref } from 'vue'
import { readKept, writeKept } from './kept'

const PREFIX = 'jiebang.draft.'
/** From the first key after a pause, however fast the next ones come: within 300 ms of each it is kept (quality C2). */
const WAIT_MS = 200
const LIFE_MS = 14 * 24 * 3600_000
/** Characters of all drafts together; a browser counts two bytes each, and all we keep stays under 100 KB (C3, Q55). */
const MOST = 40_000

/** The fields that show a draft now: what one of them, or another page of ours, writes or sends is so in all of them. */
type Follow = (name: string, before: string, now: string) => void
const fields = new Set<Follow>()
const tell: Follow = (...change) => fields.forEach((follow) => follow(...change))
addEventListener('storage', ({ key, oldValue, newValue }) => {
  if (key?.startsWith(PREFIX)) tell(key, wordsIn(oldValue), wordsIn(newValue))
})

/**
 * Text being written, kept per customer: the client destroys the page on a chat switch, and the tab's own storage with it. It
 * stays on the device until it is sent, for two weeks, or until its writer logs out, leaves, or somebody else comes.
 * `key` holds our ids only, never WeCom's. `clear` takes away what was sent, and nothing that was written meanwhile.
 */
export function useDraft(key: string): { text: Ref<string>; clear: (sent?: string) => void } {
  const name = PREFIX + key
  const text = ref(wordsIn(readKept(localStorage, name)))
  let timer: ReturnType<typeof setTimeout> | undefined
  const settle = () => {
    clearTimeout(timer)
    timer = undefined
  }
  const save = () => {
    settle()
    keep(name, text.value)
  }
  watch(text, () => (timer ??= setTimeout(save, WAIT_MS)), { flush: 'sync' })
  const follow: Follow = (changed, before, now) => {
    if (changed !== name || text.value !== before) return
    text.value = now
    settle()
  }
  const clear = (sent = text.value) => {
    leave()
    // The sheet may be gone, and the customer's next words begun in another one.
    if (wordsIn(readKept(localStorage, name)).trim() === sent.trim()) keep(name, '')
    if (text.value.trim() !== sent.trim()) return
    text.value = ''
    settle()
  }
  const leave = () => timer && save()
  fields.add(follow)
  addEventListener('pagehide', leave)
  if (getCurrentScope())
    onScopeDispose(() => {
      leave()
      fields.delete(follow)
      removeEventListener('pagehide', leave)
    })
  return { text, clear }
}

/** Words that were to be saved and were taken back: they are a draft again, after what was begun since. */
export function putBack(key: string, words: string): void {
  const begun = wordsIn(readKept(localStorage, PREFIX + key))
  keep(PREFIX + key, begun ? `${begun}\n${words}` : words)
}

function wordsIn(kept: string | null): string {
  const [, at = '0', words = ''] = /^(\d+) ([^]*)$/.exec(kept ?? '') ?? []
  return Date.now() - Number(at) < LIFE_MS ? words : ''
}

/** Where storage is full the version before stays. */
function keep(name: string, words: string): void {
  const before = wordsIn(readKept(localStorage, name))
  if (words) makeRoom(name, MOST - words.length)
  writeKept(localStorage, name, words ? `${Date.now()} ${words}` : null)
  tell(name, before, words)
}

/** The oldest go first. */
function makeRoom(own: string, left: number): void {
  try {
    const drafts = Object.keys(localStorage)
      .filter((name) => name.startsWith(PREFIX) && name !== own)
      .map((name) => ({ name, kept: localStorage.getItem(name) ?? '' }))
      .sort((a, b) => parseInt(b.kept, 10) - parseInt(a.kept, 10))
    let room = left
    for (const { name, kept } of drafts) if ((room -= kept.length) < 0) localStorage.removeItem(name)
  } catch {
    // switched off: see kept.ts
  }
}
