import { readKept, writeKept } from './kept'

/**
 * The page's own name for a writing, kept with its draft: a second tap, a retry, a webview that came back say the same name, and
 * the server writes once. Other words are another writing, so that nothing that was changed after a lost answer is dropped.
 */
export function onceOf(draft: string, text: string): string {
  const name = `jiebang.once.${draft}`
  const [key = '', said = ''] = (readKept(sessionStorage, name) ?? memory.get(name) ?? '').split(' ')
  const now = mark(text)
  if (key && said === now) return key
  const fresh = crypto.getRandomValues(new Uint32Array(4)).join('-')
  writeKept(sessionStorage, name, `${fresh} ${now}`)
  memory.set(name, `${fresh} ${now}`)
  return fresh
}

/** It is written: the same words again are a new writing. */
export function forgetOnce(draft: string): void {
  writeKept(sessionStorage, `jiebang.once.${draft}`, null)
  memory.delete(`jiebang.once.${draft}`)
}

/** Storage may be off; within the page's life the memory alone must do. */
const memory = new Map<string, string>()

/** Which words it was, without keeping them (FNV-1a). */
function mark(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return `${hash >>> 0}-${text.length}`
}
