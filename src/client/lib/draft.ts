import { getCurrentScope, onScopeDispose, ref, watch, type Ref } from 'vue'
import { readKept, writeKept } from './kept'

const PREFIX = 'jiebang.draft.'
/** From the first key after a pause, however fast the next ones come: within 300 ms of each it is kept (quality C2). */
const WAIT_MS = 200
const LIFE_MS = 14 * 24 * 3600_000
/** Characters of all drafts together; a browser counts two bytes each, and all we keep stays under 100 KB (C3, Q55). */
const MOST = 40_000

/**
 * Text being written, kept per customer: the client destroys the page on a chat switch, and the tab's own storage with it. It
 * stays on the device until it is sent, for two weeks, or until its writer logs out, leaves, or somebody else comes.
 * `key` holds our ids only, never WeCom's.
 */
export function useDraft(key: string, text: Ref<string> = ref('')): { text: Ref<string>; clear: () => void } {
  const name = PREFIX + key
  text.value ||= readDraft(name)
  let timer: ReturnType<typeof setTimeout> | undefined
  const save = () => {
    clearTimeout(timer)
    timer = undefined
    keep(name, text.value)
  }
  watch(text, () => (timer ??= setTimeout(save, WAIT_MS)), { flush: 'sync' })
  const clear = () => {
    text.value = ''
    save()
  }
  const leave = () => timer && save()
  addEventListener('pagehide', leave)
  if (getCurrentScope())
    onScopeDispose(() => {
      leave()
      removeEventListener('pagehide', leave)
    })
  return { text, clear }
}

function readDraft(name: string): string {
  const [, at = '0', words = ''] = /^(\d+) ([^]*)$/.exec(readKept(localStorage, name) ?? '') ?? []
  return Date.now() - Number(at) < LIFE_MS ? words : ''
}

function keep(name: string, words: string): void {
  writeKept(localStorage, name, null)
  if (!words || words.length > MOST) return
  makeRoom(MOST - words.length)
  writeKept(localStorage, name, `${Date.now()} ${words}`)
}

/** The oldest go first. */
function makeRoom(left: number): void {
  try {
    const drafts = Object.keys(localStorage)
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => ({ name, kept: localStorage.getItem(name) ?? '' }))
      .sort((a, b) => parseInt(b.kept, 10) - parseInt(a.kept, 10))
    let room = left
    for (const { name, kept } of drafts) if ((room -= kept.length) < 0) localStorage.removeItem(name)
  } catch {
    // switched off: see kept.ts
  }
}
