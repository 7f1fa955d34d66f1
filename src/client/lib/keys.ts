import { ref } from 'vue'
import { readKept, writeKept } from './kept'

const KEY = 'jiebang.keys'

/** Whoever speaks to the computer, or rests a hand on it, may switch single keys off (WCAG 2.1.4). */
export const keysOn = ref(readKept(localStorage, KEY) !== 'off')
export function switchKeys(on: boolean): void {
  keysOn.value = on
  writeKept(localStorage, KEY, on ? null : 'off')
}

/** Rows that `j` and `k` walk, whatever list they stand in. */
const ROWS = '.row-body[href], .in-group a, .entry'

/** Beside what every browser does with Tab and Enter: single keys, never while somebody types, never over an open sheet. */
export function listenKeys(help: () => void): void {
  const acts: Record<string, () => boolean> = {
    '/': () => focusOn(visible('input[type=search]')[0]),
    j: () => step(1),
    k: () => step(-1),
    '?': () => {
      help()
      return true
    },
  }
  document.addEventListener('keydown', (event) => {
    const { key, target } = event
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    // A sheet has keys of its own (ui/BottomSheet.vue).
    if (document.querySelector('[role=dialog]')) return
    if (key === 'Escape') return back(target)
    if (!keysOn.value || isTyping(target)) return
    if (acts[key]?.()) event.preventDefault()
  })
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))

const visible = (selector: string): HTMLElement[] =>
  [...document.querySelectorAll<HTMLElement>(selector)].filter((element) => element.getClientRects().length > 0)

function focusOn(element: HTMLElement | undefined): boolean {
  if (!element) return false
  // A record is no control: it takes the focus from here, and Tab still passes it by.
  if (element.tabIndex < 0) element.tabIndex = -1
  element.focus()
  element.scrollIntoView({ block: 'nearest' })
  return true
}

function step(by: 1 | -1): boolean {
  const rows = visible(ROWS)
  const now = document.activeElement
  const at = rows.findIndex((row) => row === now || row.contains(now))
  return focusOn(at < 0 ? rows[0] : rows[at + by])
}

/** Out of a field first, then one page back where there is one. */
function back(target: EventTarget | null): void {
  if (isTyping(target)) (target as HTMLElement).blur()
  else document.querySelector<HTMLElement>('.page-back')?.click()
}
